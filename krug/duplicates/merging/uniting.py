"""Merging: the values are chosen, what refers to the others is led to the one that stays, the others are put away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.duplicates.events import RecordsMerged
from krug.duplicates.merging.moving import counted, move_all, referring_to
from krug.duplicates.models import DuplicatePair
from krug.kernel import writing
from krug.kernel.errors import BadRequest, NotFound, Refusal
from krug.kernel.fields import title_names
from krug.kernel.journal.recording import begin_act, record
from krug.kernel.links import record_number
from krug.kernel.models import RecordMerge
from krug.kernel.sight import seen_by
from krug.kernel.visibility import demand

if TYPE_CHECKING:
    from krug.kernel.entity import Entity

MOST = 10
Choices = Mapping[str, int]


@dataclass(frozen=True)
class Difference:
    """A field in which the records differ: the value of each in words, and whose is suggested."""

    name: str
    label: str
    values: list[tuple[int, str]]
    chosen: int


@dataclass(frozen=True)
class Prospect:
    """What a merge would do, before it is done."""

    keeper: Any
    records: list[Any]
    differences: list[Difference]
    moving: dict[str, int] = field(default_factory=dict)


def mergeable(entity: Entity) -> bool:
    """People, teams and roles are never made one: their rights and deeds are their own."""
    return entity.model._meta.app_label != User._meta.app_label


def merge_at_door(
    entity: Entity, keeper: int | str, losers: Sequence[int | str], *, choices: Choices | None = None, by: User
) -> Any:
    """Merge for an outside caller, who must see all of the records and hold the right to change them."""
    with transaction.atomic():
        staying, *others = held(entity, keeper, losers, by)
        gone = set(_merged_into(entity, staying.pk))
        if {other.pk for other in others} <= gone:
            return staying
        return merge_records(entity, staying, others, choices=choices or {}, by=by)


def held(entity: Entity, keeper: int | str, losers: Sequence[int | str], by: User, *, lock: bool = True) -> list[Any]:
    """The records named, the keeper first; a stranger's does not exist."""
    wanted = [record_number(pk) for pk in (keeper, *losers)]
    if not mergeable(entity):
        raise Refusal(_("Records of this type are not merged."), code="NOT_MERGED_EVER")
    if len(set(wanted)) != len(wanted) or not 2 <= len(wanted) <= MOST:
        raise Refusal(
            _("Choose between two and %(most)s different records.") % {"most": MOST}, code="HOW_MANY", field="with"
        )
    rows = entity.rows_for(by)
    rows = rows.select_for_update(of=("self",)) if lock else rows
    found = {row.pk: row for row in rows.filter(pk__in=[pk for pk in wanted if pk]).order_by("pk")}
    if len(found) != len(wanted):
        raise NotFound(_("There is no such record, or it is not open to you."))
    demand(by, entity.code, "change")
    if entity.guard:
        entity.guard(_differing(entity, list(found.values())), by)
    return [found[pk] for pk in wanted if pk]


def _differing(entity: Entity, records: list[Any]) -> set[str]:
    fields = ((name, entity.everything.fields[name]) for name in entity.everything.editable)
    return {name for name, item in fields if any(item.differs(records[0], item.value_of(one)) for one in records)}


@transaction.atomic
def merge_records(entity: Entity, keeper: Any, losers: Sequence[Any], *, choices: Choices, by: User) -> Any:
    """Make several records one; each that goes is an act of its own, so that each can be split off by itself."""
    losers = sorted(losers, key=lambda loser: int(loser.pk))
    _refuse_the_gone(entity, keeper, losers)
    taken = _values_taken(entity, keeper, losers, choices)
    for loser in losers:
        begin_act(by)
        with seen_by(None):
            keeper = _unite(entity, keeper, loser, taken.get(loser.pk, {}), by)
    _settle_pairs(entity, [keeper.pk, *(loser.pk for loser in losers)], by)
    return keeper


def _unite(entity: Entity, keeper: Any, loser: Any, taken: dict[str, Any], by: User) -> Any:
    """One record goes; as behind any door nothing is closed here, so that no value is lost on the way."""
    if not loser.is_archived:
        loser.is_archived = True
        loser.save(update_fields=["is_archived", "updated_at"])
    move_all(entity, loser, keeper)
    keeper.refresh_from_db()
    RecordMerge.objects.create(entity=entity.code, loser_id=loser.pk, keeper_id=keeper.pk, act=_act(), by=by)
    names = dict.fromkeys([*title_names(entity.model), *taken])
    record(RecordsMerged(record=keeper, losers=[loser], fields=list(names), by=by))
    return writing.alter(entity, keeper, taken, by=by) if taken else keeper


def prospect(entity: Entity, records: Sequence[Any], user: User, *, language: str) -> Prospect:
    """What would be chosen and what would move, the fullest record staying unless another is put first."""
    keeper = records[0]
    others = [other.pk for other in records[1:]]
    return Prospect(
        keeper,
        list(records),
        _differences(entity, records, language),
        counted(entity, others, keeper.pk, user),
    )


def fullest_first(entity: Entity, records: Sequence[Any]) -> list[Any]:
    """The record about which most is known and to which most refers comes first; of equals, the oldest."""
    places = list(referring_to(entity.model))

    def rank(one: Any) -> tuple[bool, int, int]:
        filled = sum(entity.fields[name].value_of(one) not in (None, "", []) for name in entity.editable)
        referred = sum(min(place.rows(one.pk).count(), 20) for place in places)
        return one.is_archived, -(filled + referred), one.pk

    return sorted(records, key=rank)


def _differences(entity: Entity, records: Sequence[Any], language: str) -> list[Difference]:
    found = []
    for name in entity.editable:
        item = entity.fields[name]
        values = [(one.pk, item.value_of(one)) for one in records]
        if len({item.raw(value) for _pk, value in values}) < 2:
            continue
        chosen = next((pk for pk, value in values if value not in (None, "", [])), records[0].pk)
        words = [(pk, item.show(value, language)) for pk, value in values]
        found.append(Difference(name, str(item.label), words, chosen))
    return found


def _values_taken(entity: Entity, keeper: Any, losers: Sequence[Any], choices: Choices) -> dict[int, dict[str, Any]]:
    """By record that goes, the values that are taken from it: those chosen, and those that the keeper lacks."""
    by_number = {one.pk: one for one in (keeper, *losers)}
    for name, pk in choices.items():
        if name not in entity.editable:
            raise BadRequest(_("There is no field “%(name)s” here.") % {"name": name[:80]}, field=name[:80])
        if pk not in by_number:
            raise BadRequest(_("Choose the value of one of the records that are merged."), field=name)
    taken: dict[int, dict[str, Any]] = {}
    for name in entity.everything.editable:
        item = entity.everything.fields[name]
        full = (pk for pk in by_number if item.value_of(by_number[pk]) not in (None, "", []))
        pk = choices[name] if name in choices else next(full, keeper.pk)
        value = item.value_of(by_number[pk])
        if pk != keeper.pk and item.editable and getattr(value, "pk", None) not in by_number:
            taken.setdefault(pk, {})[name] = value
    return taken


def _refuse_the_gone(entity: Entity, keeper: Any, losers: Sequence[Any]) -> None:
    if keeper.is_archived:
        raise Refusal(_("The record that stays is in the archive. Bring it back first."), code="ARCHIVED")
    if RecordMerge.objects.filter(entity=entity.code, loser_id__in=[loser.pk for loser in losers]).exists():
        raise Refusal(_("One of the records has been merged into another already."), code="MERGED")


def _merged_into(entity: Entity, keeper: int) -> list[int]:
    return list(RecordMerge.objects.filter(entity=entity.code, keeper_id=keeper).values_list("loser_id", flat=True))


def _settle_pairs(entity: Entity, numbers: list[int], by: User) -> None:
    DuplicatePair.objects.filter(
        entity=entity.code, one_id__in=numbers, two_id__in=numbers, state=DuplicatePair.State.OPEN
    ).update(state=DuplicatePair.State.MERGED, decided_by=by, decided_at=timezone.now())


def _act() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT krug_act()")
        return cursor.fetchone()[0]
