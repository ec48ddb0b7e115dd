"""What somebody looks for in the audit record: a kind, a person, refusals, some days."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from krug.access.models import User
from krug.kernel.dates import bounds_of_day, parse_date
from krug.kernel.errors import BadRequest, Refusal
from krug.kernel.links import record_number
from krug.kernel.registry import get_entity
from krug.kernel.ui.names import listed

MOST_PEOPLE = 1000


@dataclass(frozen=True)
class Asked:
    """The filters as they were sent, and the condition that they make; a day that can not be read is said."""

    kind: str
    who: int | None
    refused: bool
    since: str
    until: str
    condition: Q
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def query(self) -> str:
        """The filters as they stand in an address."""
        said = {
            "kind": self.kind,
            "who": self.who or "",
            "refused": "true" if self.refused else "",
            "since": self.since,
            "until": self.until,
        }
        return urlencode({name: value for name, value in said.items() if value})


def asked_of(request: HttpRequest) -> Asked:
    """Read the filters; both days count whole, in the time zone of whoever asks."""
    sent = request.GET
    kind, refused, told = sent.get("kind", "")[:60], sent.get("refused") == "true", sent.get("who", "")
    who = record_number(told)
    if told and who is None:
        raise BadRequest()
    condition = Q()
    if kind:
        condition &= Q(kind=kind)
    if who:
        condition &= Q(actor=who)
    if refused:
        condition &= Q(is_refused=True)
    days, errors = {name: sent.get(name, "").strip()[:40] for name in ("since", "until")}, {}
    for name, text in days.items():
        if not text:
            continue
        try:
            condition &= _bound(name, text)
        except Refusal as no:
            errors[name] = str(no)
    return Asked(kind, who, refused, days["since"], days["until"], condition, errors)


def _bound(name: str, text: str) -> Q:
    day = parse_date(text, today=timezone.localdate())
    begins, ends = bounds_of_day(day, timezone.get_current_timezone())
    return Q(at__gte=begins) if name == "since" else Q(at__lt=ends)


def people_to_choose(user: User) -> list[tuple[int, str]]:
    """Everybody whose acts may stand in the record, those who left included."""
    rows: Any = get_entity("user").rows_for(user)
    return [(person.pk, listed(person)) for person in rows.order_by("surname", "given_name")[:MOST_PEOPLE]]
