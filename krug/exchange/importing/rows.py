"""Turns the rows of a table into values, parts and keys, with the reason where a row can not be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.exchange.importing.cells import cleaned, reader_of
from krug.exchange.importing.intake import Key, Part, Target, intake_of, keys_of, targets_of
from krug.exchange.importing.plans import ColumnPlan, Missing, TablePlan
from krug.exchange.importing.recognising import References
from krug.exchange.importing.tables import Row
from krug.kernel.entity import Entity
from krug.kernel.fields import FieldFault, Reading
from krug.kernel.fields.reference import ReferenceField

SPLIT_MOST, MOST_KNOWN = 50, 10_000
PLAIN = (str, int, float, Decimal, date, type(None))


@dataclass
class Told:
    """What one row tells: values of the record, parts that come along, keys to recognise it by, or a fault."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    parts: list[tuple[Part, dict[str, Any]]] = field(default_factory=list)
    keys: dict[str, str] = field(default_factory=dict)
    faults: list[tuple[str, str]] = field(default_factory=list)
    left: str = ""
    is_read: bool = True

    def wrong(self, column: str, reason: str) -> None:
        """One more thing is wrong with the row: in which column, and what."""
        if (column, reason) not in self.faults:
            self.faults.append((column, reason))


class Reader(NamedTuple):
    """One column made ready for reading."""

    column: ColumnPlan
    target: Target
    read: Callable[[str], Any] | None
    known: dict[str, Any]

    @property
    def words(self) -> dict[str, str]:
        """What cells are called here."""
        return self.column.words


class _Cells(dict[str, str]):
    """The cells of a row for a constant that names columns; an unknown name stands for nothing."""

    def __missing__(self, key: str) -> str:
        return ""


class RowTeller:
    """Reads the rows of one table by its plan."""

    def __init__(self, entity: Entity, plan: TablePlan, references: References, *, by: User, today: date) -> None:
        self.entity, self.plan, self.references = entity, plan, references
        self.reading = Reading(user=by, today=today, language=by.language)
        self.fillers = frozenset(filler.casefold() for filler in plan.fillers)
        self.emptied = 0
        targets = targets_of(entity)
        self.readers = [
            Reader(column, targets[column.target], self._reading(targets[column.target]), {})
            for column in plan.used
            if column.target in targets
        ]
        known = keys_of(entity)
        self.keys: list[Key] = [known[code] for code in plan.keys if code in known]
        given = {entity.owner, *intake_of(entity).found_out}
        self.required = [name for name in entity.editable if entity.fields[name].required and name not in given]

    def _reading(self, target: Target) -> Callable[[str], Any] | None:
        return None if target.is_reference else reader_of(target.field, self.plan, self.reading)

    def tell(self, rows: Iterable[Row]) -> list[Told]:
        """What these rows tell; all records that they name are looked up together."""
        read = [(row, [self._text(reader, row) for reader in self.readers]) for row in rows]
        for place, reader in enumerate(self.readers):
            if isinstance(reader.target.field, ReferenceField):
                texts = {piece for _row, cells in read for piece in self._pieces(reader, cells[place])}
                self.references.learn(reader.target.field, reader.column.by, texts)
        return [self._told(row, cells) for row, cells in read]

    def _text(self, reader: Reader, row: Row) -> str:
        column = reader.column
        cell = row.values.get(column.column, "") if column.column else ""
        text = cleaned(cell, self.fillers)
        if not text and cell.strip():
            self.emptied += 1
        text = text or (column.constant.format_map(_Cells(row.values)) if "{" in column.constant else column.constant)
        return column.words.get(text, column.words.get("*", text)) if column.words and text else text

    def _pieces(self, reader: Reader, text: str) -> list[str]:
        if not reader.column.splitter:
            return [text] if text else []
        return [piece.strip() for piece in text.split(reader.column.splitter)[:SPLIT_MOST] if piece.strip()]

    def _told(self, row: Row, cells: list[str]) -> Told:
        told = Told(row.number)
        texts: dict[str, str] = {}
        groups: dict[str, dict[str, Any]] = {}
        told.left = next(
            (row.get(column) for column, words in self.plan.leave.items() if row.get(column).casefold() in words), ""
        )
        if told.left:
            return told
        if row.strayed:
            fault = _("%(cells)s cells do not fit the columns: look for a stray separator or an open quotation mark.")
            told.wrong("", fault % {"cells": row.strayed})
            told.is_read = False
            return told
        for reader, text in zip(self.readers, cells, strict=True):
            if not text:
                continue
            code = reader.target.code
            try:
                for piece in self._pieces(reader, text):
                    self._take(told, groups, reader, self._value(reader, piece))
            except (FieldFault, ValueError) as fault:
                told.wrong(reader.column.column or code, str(getattr(fault, "message", fault)))
                continue
            texts[code] = f"{texts[code]} {text}" if code in texts and not reader.target.part else text
        for part, values in told.parts:
            reason = part.check(values) if part.check else ""
            if reason:
                told.wrong(self._column_of(f"{part.code}.{next(iter(values))}"), reason)
        told.keys = dict(self._keys(texts))
        return told

    def _value(self, reader: Reader, piece: str) -> Any:
        """The value of a cell; where unreadable ones are left out, the constant stands in for them."""
        if reader.read is not None:
            if piece in reader.known:
                return reader.known[piece]
            try:
                value = reader.read(piece)
                if len(reader.known) < MOST_KNOWN and isinstance(value, PLAIN):
                    reader.known[piece] = value
                return value
            except FieldFault:
                if reader.column.missing != Missing.EMPTY:
                    raise
                self.emptied += 1
                return reader.read(reader.column.constant) if reader.column.constant else None
        field = reader.target.field
        assert isinstance(field, ReferenceField)
        return self.references.named(field, reader.column.by, piece, reader.column.missing)

    def _take(self, told: Told, groups: dict[str, dict[str, Any]], reader: Reader, value: Any) -> None:
        part, code = reader.target.part, reader.target.code
        if value is None:
            return
        if part is None:
            before = told.values.get(code)
            joins = before and isinstance(value, str) and reader.target.field.kind in ("text", "long_text")
            told.values[code] = f"{before} {value}" if joins else value
        elif len(part.fields) == 1:
            told.parts.append((part, {reader.target.field.name: value}))
        else:
            if part.code not in groups:
                groups[part.code] = {}
                told.parts.append((part, groups[part.code]))
            groups[part.code][reader.target.field.name] = value

    def _keys(self, texts: dict[str, str]) -> Iterator[tuple[str, str]]:
        for key in self.keys:
            for group in key.targets:
                line = " ".join(texts[name] for name in group if texts.get(name))
                if line:
                    compared = key.normal(line)
                    if compared:
                        yield key.code, compared
                    break

    def note_lacking(self, told: Told) -> bool:
        """Whether a new record of this row lacks anything; what, is told with the row."""
        columns = {column for column, _reason in told.faults}
        missing = [name for name in self.required if told.values.get(name) in (None, "")]
        for name in (name for name in missing if self._column_of(name) not in columns):
            label = self.entity.fields[name].label
            told.wrong(self._column_of(name), _("“%(field)s” is empty, and a new record needs it.") % {"field": label})
        return bool(missing)

    def _column_of(self, code: str) -> str:
        return next((reader.column.column for reader in self.readers if reader.target.code == code), code)

    def column_of(self, name: str | None) -> str:
        """The column behind a field of a refusal."""
        return self._column_of(name) if name else ""
