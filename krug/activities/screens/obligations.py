"""The ledger of obligations on the page of a customer, a person or a deal, and on My day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.utils import timezone

from krug.access.models import User
from krug.activities.entities.obligations import OBLIGATION
from krug.activities.models import Obligation
from krug.kernel.dates import today_in, zone_called
from krug.kernel.links import RecordLink, link_to
from krug.kernel.listing.filters import Condition, all_of
from krug.kernel.listing.state import list_url
from krug.kernel.registry import entity_of
from krug.kernel.sight import veiled
from krug.kernel.ui import formats
from krug.kernel.ui.names import short_name
from krug.kernel.visibility import may

SHOWN = 50
STANDS = Condition("state", "eq", Obligation.State.OPEN)


def obligations_panel(record: Any, user: User) -> dict[str, Any]:
    """What we promised and what they promised, overdue first; the way to all of them and to a new one."""
    link = link_to(record)
    is_own = link.entity in ("party", "contact")
    about = {link.entity: link.id} if is_own else {"about_entity": link.entity, "about_id": link.id}
    today = today_in(zone_called(user.timezone), now=timezone.now())
    rows = OBLIGATION.rows_for(user).open().filter(**about).select_related("owner").by_day()[:SHOWN]
    return {
        "sides": sides_of(rows, today),
        "back": (entity_of(type(record)) or OBLIGATION).url(record.pk),
        "all_url": list_url(OBLIGATION, tree=all_of(Condition(link.entity, "eq", record.pk), STANDS)) if is_own else "",
        "new_url": _new_url(link, user),
        "may_keep": may(user, OBLIGATION.code, "keep"),
    }


def _new_url(link: RecordLink, user: User) -> str:
    """A promise to a customer has a form; one about a deal is given in a contact with the customer."""
    if link.entity == "contact" or not may(user, OBLIGATION.code, "create"):
        return ""
    if link.entity == "party":
        return f"{OBLIGATION.url()}new/?{urlencode({'party': link.id})}"
    return f"/log/?{urlencode({'about': str(link)})}" if may(user, "interaction", "create") else ""


def sides_of(rows: Iterable[Obligation], today: date) -> list[tuple[str, list[dict[str, Any]]]]:
    """The lines of each side that has any, under the words of the side."""
    lines: dict[str, list[dict[str, Any]]] = {}
    for row in map(veiled, rows):
        lines.setdefault(row.side or "", []).append(_line(row, today))
    words = [*((str(side.label), str(side)) for side in Obligation.Side), ("", "")]
    return [(label, lines[side]) for label, side in words if side in lines]


def _line(row: Any, today: date) -> dict[str, Any]:
    owner = row.owner
    return {
        "name": row.name,
        "url": OBLIGATION.url(row.pk),
        "when": formats.short_date(row.due_on) if row.due_on else "",
        "full": formats.long_date(row.due_on) if row.due_on else "",
        "is_late": bool(row.due_on and row.due_on < today),
        "who": short_name(owner.surname, owner.given_name, owner.patronymic) if owner else "",
        "version": row.version,
    }
