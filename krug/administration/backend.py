"""Who the person of a session is; proving it is the business of the sign-in action."""

from __future__ import annotations

from django.contrib.auth.backends import BaseBackend

from krug.access.models import User


class PeopleBackend(BaseBackend):
    """Finds the person behind a session, as long as that person may come in."""

    def get_user(self, user_id: int) -> User | None:
        """The person, unless sent away meanwhile."""
        return User.objects.filter(pk=user_id, is_active=True, is_archived=False, is_system=False).first()
