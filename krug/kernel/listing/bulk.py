"""Changing many records at once: which ones, what is to become of them, a look ahead, and the work itself."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import doors, writing
from krug.kernel.dates import today_in, zone_called
from krug.kernel.errors import BadRequest, No, Refusal
from krug.kernel.fields import Reading
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.differences import Difference, Wording
from krug.kernel.journal.models import RowChange
from krug.kernel.journal.recording import begin_act
from krug.kernel.journal.runs import add_skipped, end
from krug.kernel.listing.query import count_up_to, rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.models import ChangeRun, RunAct
from krug.kernel.registry import get_entity
from krug.kernel.search.indexing import indexed_at_the_end
from krug.kernel.sight import seen_by
from krug.kernel.together import gathering, together
from krug.kernel.visibility import demand

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from krug.kernel.entity import Entity

CHUNK = 500
LOOKED_AHEAD = 20_000
PATIENCE = 3.0
SHOWN = 5
MOST_TICKED = 1000
Skipped = dict[str, dict[str, Any]]
DoTo = Callable[[Any, "Outcome"], bool]


@dataclass(frozen=True)
class Selection:
    """Which records: those ticked, or all that a filter finds but for a few."""

    ids: tuple[int, ...] = ()
    is_all: bool = False
    tree: dict[str, Any] | None = None
    q: str = ""

    def rows(self, entity: Entity, reading: Reading) -> QuerySet[Any]:
        """The records that are meant, as far as the user sees them."""
        if len(self.ids) > MOST_TICKED:
            raise BadRequest(
                _("Tick at most %(most)s records, or take all that the filter finds.") % {"most": MOST_TICKED},
                code="SELECTION",
            )
        if not self.is_all:
            return entity.rows_for(reading.user).filter(pk__in=self.ids)  # type: ignore[no-any-return]  # a queryset
        return rows_matching(entity, ListState(tree=self.tree, q=self.q), reading).exclude(pk__in=self.ids)

    def to_json(self) -> dict[str, Any]:
        """The selection as a run keeps it."""
        return {"ids": list(self.ids), "is_all": self.is_all, "tree": self.tree, "q": self.q}


@dataclass(frozen=True)
class Deed:
    """What is to become of the records: fields with their new values, the archive, or a verb."""

    kind: str
    values: dict[str, Any] = field(default_factory=dict)
    verb: str = ""

    def right(self) -> str:
        """The right that it needs."""
        return {"edit": "change", "archive": "archive"}.get(self.kind, self.verb)

    def allow(self, entity: Entity, user: User) -> None:
        """Refuse what this user, or this type, does not allow."""
        verb = entity.verb(self.verb)
        if self.kind == "verb" and (verb is None or not verb.bulk):
            raise BadRequest(_("There is no such act for many records."), code="NO_SUCH_ACT")
        if self.kind == "edit" and not self.values:
            raise Refusal(_("Choose at least one field to change."), field="pick", code="NO_FIELDS")
        demand(user, entity.code, self.right())

    def read(self, entity: Entity, reading: Reading) -> dict[str, Any]:
        """The values ready to be written."""
        return writing.read_values(entity, dict(self.values), reading, whole=False) if self.kind == "edit" else {}

    def do(self, entity: Entity, record: Any, values: dict[str, Any], by: User) -> None:
        """Do it to one record that is held."""
        if self.kind == "edit":
            writing.alter(entity, record, dict(values), by=by)
        elif self.kind == "archive":
            (entity.archive(record, by=by) if entity.archive else writing.archive(entity, record, by=by))
        elif verb := entity.verb(self.verb):
            doors.do(verb, record, by=by, **values)


@dataclass
class Outcome:
    """What came of some records: how many changed, and why the others did not."""

    changed: int = 0
    skipped: Skipped = field(default_factory=dict)


@dataclass(frozen=True)
class Preview:
    """A look ahead: how many records, the first changes in words, what would be skipped and why."""

    count: int
    is_exact: bool
    looked_at: int
    outcome: Outcome
    changes: list[tuple[str, str, list[Difference]]]


def preview(entity: Entity, selection: Selection, deed: Deed, reading: Reading) -> Preview:
    """Do it in truth, to all or for as long as people wait, read what changed, and take it back (decision 0009)."""
    deed.allow(entity, reading.user)
    rows = selection.rows(entity, reading)
    found = count_up_to(rows, 200_000)
    with transaction.atomic():
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:LOOKED_AHEAD])
        act = begin_act(reading.user)
        outcome, looked_at = _looked_ahead(entity, ids, deed, reading)
        changed = RowChange.objects.filter(act=act, table_name=entity.model._meta.db_table, kind="U").order_by("row_id")
        first = list(changed.values("row_id", "kind", "old", "new")[:SHOWN])
        wording = Wording(reading.user, reading.language)
        wording.expect(entity, first)
        named = entity.rows_for(reading.user).in_bulk([row["row_id"] for row in first])
        changes = [
            (entity.name_of(named[row["row_id"]]), entity.url(row["row_id"]), wording.differences(entity, row))
            for row in first
            if row["row_id"] in named
        ]
        transaction.set_rollback(True)
    return Preview(found.count, found.is_exact, looked_at, outcome, changes)


def _looked_ahead(entity: Entity, ids: list[int], deed: Deed, reading: Reading) -> tuple[Outcome, int]:
    """What would come of the records, chunk by chunk while there is patience, and how many were looked at."""
    outcome, looked_at, until = Outcome(), 0, time.monotonic() + PATIENCE
    while looked_at < len(ids) and (not looked_at or time.monotonic() < until):
        chunk = ids[looked_at : looked_at + CHUNK]
        found = apply(entity, chunk, deed, reading, outcome.skipped)
        outcome = Outcome(outcome.changed + found.changed, found.skipped)
        looked_at += len(chunk)
    return outcome, looked_at


def start(entity: Entity, selection: Selection, deed: Deed, reading: Reading) -> ChangeRun:
    """Have it done by a job."""
    from krug.kernel.journal.jobs import bulk_run

    deed.allow(entity, reading.user)
    deed.read(entity, reading)
    rows = selection.rows(entity, reading)
    last = rows.order_by("-pk").values_list("pk", flat=True).first()
    if last is None:
        raise Refusal(_("Choose at least one record."), code="NO_RECORDS")
    with transaction.atomic():
        run = ChangeRun.objects.create(
            kind=deed.kind,
            entity=entity.code,
            created_by=reading.user,
            total=count_up_to(rows, 5_000_000).count,
            wanted={**selection.to_json(), "values": deed.values, "verb": deed.verb, "last": last},
        )
        audit("bulk", actor=reading.user, object=entity.code, data={"what": deed.right(), "count": run.total})
        bulk_run.defer(run_id=run.pk)
    return run


def carry_out(run: ChangeRun) -> None:
    """Chunk by chunk, each for good and an act of its own; after a kill the work goes on where it stood."""
    while _next_chunk(run.pk):
        pass
    end(run)


def _next_chunk(run_id: int) -> bool:
    with transaction.atomic(), indexed_at_the_end():
        run = ChangeRun.objects.select_for_update(of=("self",)).get(pk=run_id)
        if not run.is_running or run.is_cancelled:
            return False
        user = User.objects.get(pk=run.created_by_id)
        with seen_by(user):
            return _work_on(run, user)


def _work_on(run: ChangeRun, user: User) -> bool:
    """One chunk, with the rights that the user has at this moment."""
    entity, reading = get_entity(run.entity), reading_for(user)
    deed = deed_of(run)
    deed.allow(entity, user)
    rows = selection_of(run).rows(entity, reading).filter(pk__gt=run.reached, pk__lte=run.wanted["last"])
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[:CHUNK])
    if not ids:
        return False
    act = begin_act(user, f"{entity.code}.{deed.right()}")
    outcome = apply(entity, ids, deed, reading, run.skipped)
    if outcome.changed:
        RunAct.objects.create(act=act, run=run)
    run.changed += outcome.changed
    run.done, run.reached, run.skipped = run.done + len(ids), ids[-1], outcome.skipped
    run.save(update_fields=["changed", "done", "reached", "skipped"])
    return True


def apply(entity: Entity, ids: Sequence[int], deed: Deed, reading: Reading, skipped: Skipped | None = None) -> Outcome:
    """Do it to these records: together first, and one by one when the database refuses the whole."""
    values = deed.read(entity, reading)

    def do_to(record: Any, outcome: Outcome) -> bool:
        try:
            with nullcontext() if deed.kind == "edit" and gathering() else transaction.atomic():
                deed.do(entity, record, values, reading.user)
        except No as no:
            add_skipped(outcome.skipped, str(no), entity.name_of(record))
        except (IntegrityError, DataError):
            add_skipped(outcome.skipped, _("A rule of these records forbids it"), entity.name_of(record))
        else:
            return True
        return False

    def fresh() -> Outcome:
        return Outcome(
            skipped={reason: {**each, "first": [*each["first"]]} for reason, each in (skipped or {}).items()}
        )

    try:
        with transaction.atomic(), seen_by(None):
            return _together(entity, held(entity, ids, reading.user), do_to, fresh())
    except (IntegrityError, DataError):
        with seen_by(None):
            return _one_by_one(entity, held(entity, ids, reading.user), do_to, fresh())


def _together(entity: Entity, records: Any, do_to: DoTo, outcome: Outcome) -> Outcome:
    with together() as gathered:
        for record in records:
            mark = gathered.mark()
            if not do_to(record, outcome):
                gathered.back_to(mark)
            elif gathered.mark() == mark:
                add_skipped(outcome.skipped, _("Already so"), entity.name_of(record))
            else:
                outcome.changed += 1
    return outcome


def _one_by_one(entity: Entity, records: Any, do_to: DoTo, outcome: Outcome) -> Outcome:
    for record in records:
        version = record.version
        if not do_to(record, outcome):
            continue
        if type(record)._default_manager.filter(pk=record.pk, version=version).exists():
            add_skipped(outcome.skipped, _("Already so"), entity.name_of(record))
        else:
            outcome.changed += 1
    return outcome


def held(entity: Entity, ids: Sequence[int], user: User) -> Any:
    """These records with what they point to, locked in the order of their numbers."""
    rows = entity.rows_for(user).filter(pk__in=ids).select_for_update(of=("self",), no_key=True)
    links = [
        each.name for each in entity.model._meta.concrete_fields if each.is_relation and each.name in entity.fields
    ]
    return rows.order_by("pk").prefetch_related(*links)


def selection_of(run: ChangeRun) -> Selection:
    """Which records the run is about."""
    wanted = run.wanted
    return Selection(tuple(wanted["ids"]), wanted["is_all"], wanted["tree"], wanted["q"])


def deed_of(run: ChangeRun) -> Deed:
    """What the run does to them."""
    return Deed(run.kind, run.wanted["values"], run.wanted["verb"])


def reading_for(user: User) -> Reading:
    """Who reads, on his day, in his language."""
    return Reading(user=user, today=today_in(zone_called(user.timezone)), language=user.language)
