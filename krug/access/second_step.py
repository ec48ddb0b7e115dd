"""Whether somebody must show a second step of signing in and has none: asked by every door, and by jobs (AUT-09)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Min
from django.utils import timezone

if TYPE_CHECKING:
    from datetime import date

    from krug.access.models import User


def required_from(person: User) -> date | None:
    """Since or from which day one of the person's roles asks for the second step."""
    day: date | None = person.roles.filter(is_archived=False).aggregate(day=Min("factor_from"))["day"]
    return day


def lacks_step(person: User) -> bool:
    """Whether the person must have a second step today and has none."""
    day = required_from(person)
    return day is not None and day <= timezone.localdate() and not person.has_second_step
