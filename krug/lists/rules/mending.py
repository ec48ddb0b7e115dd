"""An address with something in it that can not be: what of it holds, and what was left out with the reasons."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest
from krug.kernel.listing.chips import in_words
from krug.kernel.listing.filters import Condition, Group, Node, check, field_seen_through, read_tree
from krug.kernel.listing.query import read_page
from krug.kernel.listing.saved_views import kept_state
from krug.kernel.listing.state import KEPT, PLACED, filter_text, list_url, read_state

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Reading

PAGE = ("after", "before")
LONGEST = 80


@dataclass(frozen=True)
class LeftOut:
    """One part of an address that does not hold: its words, why, and what the form needs to have it corrected."""

    words: str
    why: str
    again: dict[str, Any] = field(default_factory=dict)


def mended(entity: Entity, sent: QueryDict, reading: Reading, no: BadRequest) -> tuple[QueryDict, list[dict[str, str]]]:
    """The address without the parts that do not hold, from the first page on, and a chip for each that was left out."""
    kept = kept_state(entity, reading.user, sent.get("saved", ""))
    good, left = _sorted_out(entity, sent, kept, reading, no)
    return good, [_chip(list_url(entity, read_state(entity, good, kept)), each) for each in left]


def _chip(url: str, left: LeftOut) -> dict[str, str]:
    """What the address asked and the list does not hold, with the way to correct it and the way to forget it."""
    again = f"{url}{'&' if '?' in url else '?'}{urlencode(left.again, doseq=True)}" if left.again else ""
    return {"field": left.words, "why": left.why, "again_url": again, "remove_url": url}


def _sorted_out(
    entity: Entity, sent: QueryDict, kept: dict[str, str], reading: Reading, no: BadRequest
) -> tuple[QueryDict, list[LeftOut]]:
    good, left = sent.copy(), []
    for name in PAGE:
        good.pop(name, None)
    for name in (*KEPT, *PLACED):
        given = ",".join(sent.getlist(name)) if name in sent else kept.get(name, "")
        parts = _parts(name, given) if given and name not in PAGE else []
        held = []
        for part in parts:
            try:
                _check(entity, name, part, reading)
                held.append(part)
            except BadRequest as fault:
                left.append(_left_out(entity, name, part, fault, reading, of_view=name not in sent))
        if len(held) < len(parts):
            good[name] = _joined(name, held)
    blamed = "add" if _is_unknown(entity, sent.get("add", ""), reading) else no.field or ""
    if (blamed in good or kept.get(blamed)) and not left:
        asked = _("the layout") if no.code == "NO_SUCH_LAYOUT" else sent.get(blamed) or _("A part of this view")
        left.append(LeftOut(asked[:LONGEST], str(no)))
        good.pop(blamed, None)
        if kept.get(blamed):
            good[blamed] = ""
    elif not left and any(name in sent for name in PAGE):
        left.append(LeftOut(_("A place in the list"), str(no)))
    return good, left


def _parts(name: str, given: str) -> list[str]:
    if name == "columns":
        return [part for part in given.split(",") if part]
    if name != "filter":
        return [given]
    try:
        return [filter_text(Group("all", (node,)).to_json()) for node in read_tree(given).nodes]
    except BadRequest:
        return [given]


def _joined(name: str, held: list[str]) -> str:
    if name != "filter" or not held:
        return ",".join(held)
    return filter_text(Group("all", tuple(node for part in held for node in read_tree(part).nodes)).to_json())


def _check(entity: Entity, name: str, part: str, reading: Reading) -> None:
    state = read_state(entity, {name: part})
    if state.tree:
        check(entity, state.tree, reading)
    if state.sort:
        read_page(entity, replace(state, limit=1), reading, ("id",))


def _left_out(entity: Entity, name: str, part: str, fault: BadRequest, reading: Reading, *, of_view: bool) -> LeftOut:
    why = (
        _("It is closed to you or is no longer there.") if of_view and fault.code.startswith("NO_SUCH_") else str(fault)
    )
    if name != "filter":
        return LeftOut(_("A part of this view") if of_view else part[:LONGEST], why)
    try:
        node: Node = read_tree(part).nodes[0]
    except BadRequest:
        return LeftOut(part[:LONGEST], why)
    try:
        words = in_words(entity, node, reading)
    except BadRequest:
        return LeftOut(_("A condition of this view") if of_view else _raw(node), why)
    again = {"add": node.field, "operator": node.operator, "value": node.value} if isinstance(node, Condition) else {}
    return LeftOut(words, why, {} if isinstance(again.get("value"), dict) else again)


def _raw(node: Node) -> str:
    said = (node.field, node.operator, node.value) if isinstance(node, Condition) else (_("A group of conditions"),)
    return " ".join(str(each) for each in said if each is not None)[:LONGEST]


def _is_unknown(entity: Entity, name: str, reading: Reading) -> bool:
    try:
        return bool(name) and not field_seen_through(entity, name, reading.user)
    except BadRequest:
        return True
