"""Takes the rows of one table in, chunk by chunk: recognises, compares, writes, and tells every row's fate."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _
from psycopg.errors import CheckViolation, ExclusionViolation, UniqueViolation

from krug.access.models import User
from krug.exchange.importing.bringing import bring_parts, create_all
from krug.exchange.importing.intake import SomeRefused
from krug.exchange.importing.plans import OnMatch, TablePlan
from krug.exchange.importing.recognising import References, find_by
from krug.exchange.importing.rows import RowTeller, Told
from krug.exchange.importing.tables import Row
from krug.exchange.models import ImportRow
from krug.kernel import writing
from krug.kernel.entity import Entity
from krug.kernel.errors import Invalid, No
from krug.kernel.journal.differences import sentence
from krug.kernel.sight import seen_by

Kind = ImportRow.Fate


@dataclass
class Fate:
    """What becomes of one row."""

    number: int
    kind: str
    record_id: int | None = None
    note: dict[str, Any] = field(default_factory=dict)


def known_already(title: str, number: int) -> str:
    """Which record a row has met, by name and number."""
    return _("Known already: %(title)s, № %(number)s.") % {"title": title, "number": number}


def told_refusal(cause: BaseException | None) -> str:
    """Why the database did not take a row, as far as it says so."""
    if isinstance(cause, CheckViolation):
        return _("A value has a form that is not allowed here (%(rule)s).") % {"rule": cause.diag.constraint_name}
    if isinstance(cause, (UniqueViolation, ExclusionViolation)):
        return _("The row contradicts what is recorded already: what must be unique stands there twice.")
    return _("The database did not accept the row: a value in it is too long, too large or not allowed here.")


class Taking:
    """Takes one table in by its plan; what it may touch is only what the user sees."""

    def __init__(self, entity: Entity, plan: TablePlan, references: References, *, by: User, today: date) -> None:
        self.entity, self.plan, self.by = entity, plan, by
        self.teller = RowTeller(entity, plan, references, by=by, today=today)
        self.fates: list[Fate] = []

    def take(self, rows: Sequence[Row]) -> list[Fate]:
        """The fates of a chunk of rows, in the order of the rows."""
        self.fates = []
        waiting: list[Told] = []
        wrong: list[Told] = []
        for told in self.teller.tell(rows):
            if told.left:
                self.fates.append(Fate(told.number, Kind.SKIPPED, None, {"title": told.left}))
            else:
                (wrong if told.faults else waiting).append(told)
        self._refuse(wrong)
        while waiting:
            waiting = self._round(waiting)
        return sorted(self.fates, key=lambda fate: fate.number)

    def _refuse(self, wrong: list[Told]) -> None:
        """All that is wrong with a row is told at once, what a new record of it lacks included."""
        known = self._known(wrong) if wrong else {}
        for told in wrong:
            if told.is_read and (self.plan.on_match == OnMatch.INSERT or not self._found(told, known)):
                self.teller.note_lacking(told)
            self._bad(told)

    def _round(self, waiting: list[Told]) -> list[Told]:
        """Take what no earlier row of the chunk may be; the others wait until that one is written."""
        known = self._known(waiting)
        fresh: list[Told] = []
        matched: list[tuple[Told, list[int]]] = []
        later: list[Told] = []
        seen: set[tuple[str, str]] = set()
        inserts = self.plan.on_match == OnMatch.INSERT
        for told in waiting:
            tags = set(told.keys.items())
            found = self._found(told, known)
            if tags & seen and not inserts:
                later.append(told)
            elif found and not inserts:
                matched.append((told, found))
            else:
                fresh.append(told)
            seen |= tags
        self._write([told for told in fresh if self._is_whole(told)])
        self._meet(matched)
        return later

    def _known(self, waiting: Iterable[Told]) -> dict[str, dict[str, list[int]]]:
        rows = self.entity.rows_for(self.by)
        if hasattr(self.entity.model, "is_archived"):
            rows = rows.filter(is_archived=False)
        return {
            key.code: find_by(
                rows, key, (told.keys[key.code] for told in waiting if key.code in told.keys), system=self.plan.system
            )
            for key in self.teller.keys
        }

    def _found(self, told: Told, known: dict[str, dict[str, list[int]]]) -> list[int]:
        """The records that the surest key of the row finds."""
        return next(
            (found for key in self.teller.keys if (found := known[key.code].get(told.keys.get(key.code, ""), []))), []
        )

    def _is_whole(self, told: Told) -> bool:
        if self.teller.note_lacking(told):
            self._bad(told)
        return not told.faults

    def _write(self, fresh: list[Told]) -> None:
        """Write new records with their parts; where one of many is refused, the many are halved until it is found."""
        if not fresh:
            return
        try:
            with transaction.atomic(), seen_by(None):
                made = create_all(
                    self.entity, [self._values(told) for told in fresh], by=self.by, source=self.plan.system
                )
                bring_parts([(record, told.parts) for record, told in zip(made, fresh, strict=True)], by=self.by)
        except SomeRefused as some:
            for place, no in some.refusals.items():
                self._bad(fresh[place], no)
            self._write([told for place, told in enumerate(fresh) if place not in some.refusals])
            return
        except (No, IntegrityError, DataError) as error:
            if len(fresh) == 1:
                self._bad(fresh[0], error)
                return
            middle = len(fresh) // 2
            self._write(fresh[:middle])
            self._write(fresh[middle:])
            return
        for record, told in zip(made, fresh, strict=True):
            self.fates.append(Fate(told.number, Kind.NEW, record.pk, {"title": self._called(record)}))

    def _values(self, told: Told) -> dict[str, Any]:
        if not told.values.get("source_key"):
            return {name: value for name, value in told.values.items() if name != "source_key"}
        return {**told.values, "source_system": self.plan.system}

    def _meet(self, matched: list[tuple[Told, list[int]]]) -> None:
        """What happens to rows whose record is known: nothing, a question, or the change of what differs."""
        single = [(told, found[0]) for told, found in matched if len(found) == 1]
        rows = self.entity.rows_for(self.by).filter(pk__in={pk for _told, pk in single})
        changing = self.plan.on_match in (OnMatch.UPDATE, OnMatch.FILL)
        if changing:
            rows = rows.select_for_update(of=("self",), no_key=True)
        records = {record.pk: record for record in rows}
        for told, found in matched:
            record = records.get(found[0])
            if record is None or len(found) > 1:
                reason = _("Several records are recognised: %(numbers)s.")
                self._to_decide(told, reason % {"numbers": ", ".join(map(str, found[:5]))}, None)
            elif self.plan.on_match == OnMatch.ASK:
                self._to_decide(told, known_already(self._called(record), record.pk), record)
            elif not changing:
                self.fates.append(Fate(told.number, Kind.SKIPPED, record.pk, {"title": self._called(record)}))
            else:
                self._change(told, record)

    def _change(self, told: Told, record: Any) -> None:
        differing = dict(self._differing(told, record))
        note = [self._told_change(name, record, value) for name, value in differing.items()]
        try:
            with transaction.atomic(), seen_by(None):
                if differing:
                    record = writing.alter(self.entity, record, differing, by=self.by) or record
                added = bring_parts([(record, told.parts)], by=self.by, known=True)
        except (No, IntegrityError, DataError) as error:
            self._bad(told, error)
            return
        kind = Kind.CHANGED if differing or added else Kind.SAME
        note += [[str(label), "", text] for label, text in added]
        self.fates.append(Fate(told.number, kind, record.pk, {"title": self._called(record), "changes": note[:20]}))

    def _differing(self, told: Told, record: Any) -> Iterable[tuple[str, Any]]:
        for name, value in told.values.items():
            if name not in self.entity.editable or value in (None, ""):
                continue
            now = self.entity.fields[name].value_of(record)
            if now != value and (self.plan.on_match == OnMatch.UPDATE or now in (None, "")):
                yield name, value

    def _told_change(self, name: str, record: Any, value: Any) -> list[str]:
        shown = self.entity.fields[name]
        language = self.by.language
        before = shown.show(shown.value_of(record), language)
        return [sentence(shown.label), before[:200], shown.show(value, language)[:200]]

    def _called(self, record: Any) -> str:
        return self.entity.name_of(record)[:120]

    def _faults(self, error: Exception) -> Iterable[tuple[str, str]]:
        if isinstance(error, Invalid):
            return [(self.teller.column_of(fault.field), str(fault.message)) for fault in error.faults]
        if isinstance(error, No):
            return [(self.teller.column_of(error.field), str(error))]
        return [("", told_refusal(error.__cause__))]

    def _bad(self, told: Told, error: Exception | None = None) -> None:
        for column, reason in self._faults(error) if error else ():
            told.wrong(column, reason)
        self.fates.append(Fate(told.number, Kind.BAD, None, {"faults": told.faults}))

    def _to_decide(self, told: Told, reason: str, record: Any) -> None:
        note = {"faults": [("", reason)], "title": self._called(record) if record else ""}
        self.fates.append(Fate(told.number, Kind.ASK, record.pk if record else None, note))
