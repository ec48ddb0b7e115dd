"""Carries a planned import out: the check is the real run taken back; the writing commits chunk by chunk and goes on
after a stop where it stood."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from psycopg.types.json import Jsonb

from krug.access.models import User
from krug.exchange.importing.bringing import index_all
from krug.exchange.importing.intake import keys_of, targets_of
from krug.exchange.importing.opening import open_any
from krug.exchange.importing.plans import Missing, OnMatch, Plan, plan_from, shipped_plan
from krug.exchange.importing.presets import Progress
from krug.exchange.importing.readings import way_of
from krug.exchange.importing.recognising import References
from krug.exchange.importing.tables import Row, Table
from krug.exchange.importing.taking import Fate, Taking
from krug.exchange.models import ImportRow, ImportRun
from krug.kernel.copying import copy_rows
from krug.kernel.dates import today_in, zone_called
from krug.kernel.errors import Refusal
from krug.kernel.fields.reference import ReferenceField
from krug.kernel.journal.models import JournalEntry
from krug.kernel.journal.recording import begin_act
from krug.kernel.registry import entity_of, get_entity
from krug.kernel.sight import demand_writable
from krug.kernel.visibility import demand

CHUNK = 1_000
SPOOL = "fates.jsonl"
ROW = ("run_id", "table", "number", "fate", "record_id", "note")


class TakeBack(Exception):
    """Ends a check so that nothing of it stays."""


class Cancelled(Exception):
    """Somebody stopped the run."""


class SteppedAside(Exception):
    """A check let everything go, because somebody waited for a record that it held."""


def may_take(user: User, plan: Plan) -> None:
    """Refuse a plan that asks for more than the user may do, or that can not work."""
    used = [table for table in plan.tables if table.entity]
    if not used:
        raise Refusal(_("Say of at least one table what it is."), field="tables", code="NOTHING_PLANNED")
    for table in used:
        entity = get_entity(table.entity)
        demand(user, entity.code, "import")
        demand_writable(entity, [column.target for column in table.used], user)
        if table.on_match in (OnMatch.UPDATE, OnMatch.FILL):
            demand(user, entity.code, "change")
        targets = targets_of(entity)
        unknown = [column.target for column in table.used if column.target not in targets]
        if unknown or not table.used:
            raise Refusal(
                _("Choose where the columns of %(table)s go.") % {"table": table.table},
                field="tables",
                code="NOTHING_PLANNED",
            )
        for column in table.used:
            field = targets[column.target].field
            linked = entity_of(field.model) if isinstance(field, ReferenceField) else None
            if column.missing == Missing.CREATE and linked is not None:
                demand(user, linked.code, "create")
        if not set(table.keys) <= keys_of(entity).keys():
            raise Refusal(_("Choose how known records are recognised."), field="tables", code="NOTHING_PLANNED")


def tables_in(folder: Path, files: dict[str, Any], plan: Plan | None = None) -> list[Table]:
    """The tables of the kept files, in the order in which the files were given, with the heads that the plan chose."""
    planned = {each.table: each for each in plan.tables} if plan else {}
    heads = {name: each.head for name, each in planned.items()}
    tables = [
        table
        for name, kept in files.items()
        for table in open_any(folder / kept["kept"], name=name, way=way_of(kept, planned.get(name)))
    ]
    return [table if (head := heads.get(table.name)) is None else table.headed(head) for table in tables]


class Work:
    """One pass over a planned set; it may begin in the middle."""

    def __init__(self, plan: Plan, tables: Iterable[Table], *, by: User, counts: dict[str, Any] | None = None) -> None:
        self.plan, self.by = plan, by
        by_name = {table.name: table for table in tables}
        self.tables = [(planned, by_name[planned.table]) for planned in plan.tables if planned.table in by_name]
        self.counts: dict[str, Counter[str]] = {
            place: Counter(known) for place, known in (counts or {}).get("tables", {}).items()
        }
        self.emptied = (counts or {}).get("emptied", 0)
        self.references: dict[str, References] = {}
        self.total = 0

    def count(self) -> int:
        """How many rows the set has."""
        self.total = sum(sum(1 for _row in table.rows()) for planned, table in self.tables if planned.entity)
        return self.total

    def prepare(self) -> None:
        """What a shipped plan needs to stand before its first row, such as a pipeline."""
        shipped = shipped_plan(self.plan.preset)
        if shipped is not None and shipped.prepare is not None:
            shipped.prepare(by=self.by)

    def chunks(self, after: tuple[int, int] = (0, 0)) -> Iterator[tuple[int, Taking, list[Row]]]:
        """The rows chunk by chunk, table by table, after a place that was reached before."""
        today = today_in(zone_called(self.by.timezone), now=timezone.now())
        for place, (planned, table) in enumerate(self.tables):
            if not planned.entity or place < after[0]:
                continue
            references = self.references.setdefault(planned.system, References(self.by, planned.system))
            taking = Taking(get_entity(planned.entity), planned, references, by=self.by, today=today)
            rows = table.rows()
            if place == after[0]:
                rows = (row for row in rows if row.number > after[1])
            while chunk := list(islice(rows, CHUNK)):
                yield place, taking, chunk

    def note(self, place: int, fates: Iterable[Fate], taking: Taking) -> None:
        """Count what became of a chunk."""
        self.counts.setdefault(str(place), Counter()).update(str(fate.kind) for fate in fates)
        self.emptied, taking.teller.emptied = self.emptied + taking.teller.emptied, 0

    @property
    def done(self) -> int:
        """How many rows have their fate."""
        return sum(sum(counter.values()) for counter in self.counts.values())

    def findings(self) -> dict[str, Any]:
        """The counts as they are kept with the run."""
        made = Counter[str]()
        for references in self.references.values():
            made.update(references.made)
        return {
            "tables": {place: dict(counter) for place, counter in self.counts.items()},
            "emptied": self.emptied,
            "made": dict(made),
        }


def check(run: ImportRun, folder: Path, progress: Progress) -> None:
    """Carry the whole out and take it back; the fates are kept beside and stay."""
    plan = plan_from(run.plan)
    may_take(run.created_by, plan)
    work = Work(plan, tables_in(folder, run.files, plan), by=run.created_by)
    total = work.count()
    with (folder / SPOOL).open("w", encoding="utf-8") as spool, suppress(TakeBack), transaction.atomic():
        begin_act(run.created_by)
        work.prepare()
        for place, taking, rows in work.chunks():
            fates = taking.take(rows)
            work.note(place, fates, taking)
            for fate in fates:
                known = fate.record_id if fate.kind != ImportRow.Fate.NEW else None
                spool.write(json.dumps([place, fate.number, fate.kind, known, fate.note], default=str) + "\n")
            progress(work.done, total)
        raise TakeBack
    with (folder / SPOOL).open(encoding="utf-8") as spool, transaction.atomic():
        run.rows.all().delete()
        while lines := list(islice(spool, 5_000)):
            told = map(json.loads, lines)
            copy_rows(ImportRow, ROW, (_row(run, place, Fate(*rest)) for place, *rest in told))
    run.findings, run.done, run.total = work.findings(), work.done, total


def _row(run: ImportRun, place: int, fate: Fate) -> tuple[Any, ...]:
    return run.pk, place, fate.number, str(fate.kind), fate.record_id, Jsonb(fate.note)


def write(run: ImportRun, folder: Path) -> None:
    """Write chunk by chunk, each chunk with its fates and its place in one transaction."""
    plan = plan_from(run.plan)
    may_take(run.created_by, plan)
    is_fresh = not run.place
    work = Work(plan, tables_in(folder, run.files, plan), by=run.created_by, counts=None if is_fresh else run.findings)
    after = (0, 0) if is_fresh else (run.place[0], run.place[1])
    for place, taking, rows in work.chunks(after):
        with transaction.atomic():
            act = begin_act(run.created_by, f"{taking.entity.code}.create")
            if is_fresh:
                run.rows.all().delete()
                work.prepare()
                is_fresh = False
            fates = taking.take(rows)
            work.note(place, fates, taking)
            copy_rows(ImportRow, ROW, [_row(run, place, fate) for fate in fates])
            written = [fate.record_id for fate in fates if fate.record_id and fate.kind == ImportRow.Fate.NEW]
            index_all(taking.entity, written)
            if JournalEntry.objects.filter(act=act).exists():  # a chunk that changed nothing is not taken back
                run.acts = [*run.acts, str(act)]
            run.place, run.done, run.findings = [place, rows[-1].number], work.done, work.findings()
            run.save(update_fields=["acts", "place", "done", "findings"])
        run.refresh_from_db(fields=["is_cancelled"])
        if run.is_cancelled:
            raise Cancelled


def take_back(run: ImportRun) -> int:
    """Undo all acts of a run, the last first; answers how many changed rows could not be put back."""
    from krug.kernel.journal.undo import undo_acts

    left = 0
    for act in reversed(list(run.acts)):
        with transaction.atomic():
            left += undo_acts([UUID(act)], by=run.created_by).left
            run.acts = run.acts[:-1]
            run.save(update_fields=["acts"])
    return left
