"""Sessions live in the database with their user, so that they can be listed and ended at once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.utils import timezone

FIRST_LIFE = timedelta(hours=1)


class SessionStore(DatabaseStore):
    """Keeps the user beside each session; how long one lives is decided by the doorkeeper, not by the cookie."""

    row: Any = None

    @classmethod
    def get_model_class(cls) -> Any:
        from krug.access.models import Session

        return Session

    def _get_session_from_db(self) -> Any:
        self.row = super()._get_session_from_db()  # type: ignore[misc]  # the stubs lack the private parts of the store
        return self.row

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        row = super().create_model_instance(data)
        row.expire_date = timezone.now() + FIRST_LIFE
        row.user_id = _user_in(data)  # type: ignore[attr-defined]  # the stubs lack the private parts of the store
        return row

    def save(self, must_create: bool = False) -> None:
        """Write what changed; a session that was ended meanwhile is not brought back."""
        if must_create or self.session_key is None:
            super().save(must_create=must_create)
            return
        data = self._get_session(no_load=False)  # type: ignore[attr-defined]  # the stubs lack the private parts of the store
        rows: Any = self.get_model_class().objects
        written = rows.filter(session_key=self.session_key, expire_date__gt=timezone.now()).update(
            session_data=self.encode(data), user_id=_user_in(data)
        )
        if not written:
            raise UpdateError


def _user_in(data: dict[str, Any]) -> int | None:
    return int(data[SESSION_KEY]) if SESSION_KEY in data else None
