"""Who is meant by an e-mail or a number."""

from __future__ import annotations

from django.db.models.functions import Lower

from krug.access.models import User


def person_named(name: str) -> User | None:
    """The user with that e-mail in its normal spelling, if there is one."""
    if not name or "\0" in name:
        return None
    return User.objects.alias(low=Lower("email")).filter(low=name).first()


def person_numbered(pk: int) -> User | None:
    """The user with that number, as long as the door may open for that person at all."""
    person = User.objects.filter(pk=pk).first()
    return person if person is not None and person.may_come_in else None


def email_of(pk: int) -> str:
    """The address under which somebody signs in; empty for whoever may not come in any more."""
    person = person_numbered(pk)
    return person.email if person is not None else ""
