"""Whether somebody must show a second step of signing in and has none: asked by every door, and by jobs (AUT-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Exists, Min, OuterRef, Q
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import date

    from krug.access.models import User


def required_from(person: User) -> date | None:
    """Since or from which day one of the person's roles asks for the second step."""
    day: date | None = person.roles.filter(is_archived=False).aggregate(day=Min("factor_from"))["day"]
    return day


def without_step(person: str = "pk") -> Q:
    """Of rows with a person: those whose person must have a second step today and has none."""
    from krug.access.models import CodeKey, Passkey, Role

    theirs = OuterRef(person)
    asked = Role.objects.filter(users=theirs, is_archived=False, factor_from__lte=timezone.localdate())
    app = CodeKey.objects.filter(user=theirs, confirmed_at__isnull=False)
    return Q(Exists(asked), ~Exists(app), ~Exists(Passkey.objects.filter(user=theirs)))


def lacks_step(person: User) -> bool:
    """Whether the person must have a second step today and has none."""
    from krug.access.models import User

    return User.objects.filter(without_step(), pk=person.pk).exists()
