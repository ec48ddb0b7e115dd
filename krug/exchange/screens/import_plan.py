"""The plan of an import as a form: what each table is, where its columns go, how known records are treated."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from krug.access.models import User
from krug.exchange.importing.encodings import ENCODINGS, SHOWN_LINES, encoding_called
from krug.exchange.importing.guessing import guess_table, importable, samples_of
from krug.exchange.importing.intake import keys_of, keys_of_model, targets_of
from krug.exchange.importing.plans import ColumnPlan, Days, Missing, OnMatch, Plan, TablePlan
from krug.exchange.importing.readings import read_again, way_called
from krug.exchange.importing.tables import Table, Way
from krug.kernel.attributes.models import Attribute
from krug.kernel.attributes.serving import is_extensible
from krug.kernel.doors import create_record
from krug.kernel.errors import BadRequest
from krug.kernel.fields.text import refuse_longer
from krug.kernel.journal.differences import sentence
from krug.kernel.links import record_number
from krug.kernel.registry import get_entity
from krug.kernel.visibility import may

ATTRIBUTE, NEW = "attribute", "+"
KINDS = (Attribute.Kind.TEXT, Attribute.Kind.NUMBER, Attribute.Kind.DATE, Attribute.Kind.YES_NO)
FIRST_LINES, FIRST_COLUMNS, SHOWN_CELL = 3, 8, 60
LONGEST_CONSTANT, LONGEST_SYSTEM = 500, 60
SPLITTERS = (";", ",", "|", "/")
Choices = list[tuple[str, Any]]


@dataclass(frozen=True)
class ColumnForm:
    """One line of the form: a column, what stands in it, and where it goes."""

    name: str
    plan: ColumnPlan
    samples: list[str]
    ways: Choices


@dataclass(frozen=True)
class TableForm:
    """The form of one table."""

    name: str
    plan: TablePlan
    label: str
    entities: Choices
    targets: Choices
    fields: Choices
    columns: list[ColumnForm]
    keys: Choices
    head: str
    heads: Choices
    encodings: Choices
    separators: Choices
    unreadable: str
    first: list[list[str]]

    @property
    def heads_shown(self) -> list[dict[str, str]]:
        """The names of the first columns, above the first lines."""
        return [{"label": column.plan.column} for column in self.columns[:FIRST_COLUMNS]]


def forms_of(plan: Plan, tables: list[Table], files: dict[str, Any], user: User) -> list[TableForm]:
    """The forms of all tables of a plan."""
    by_name = {table.name: table for table in tables}
    kinds: Choices = [("", _("Skip this table"))]
    kinds += [(entity.code, str(entity.plural)) for entity in importable(user)]
    return [
        _table_form(f"t{place}", each, by_name[each.table], files.get(each.table, {}), kinds=kinds, user=user)
        for place, each in enumerate(plan.tables)
        if each.table in by_name
    ]


def _table_form(
    name: str, plan: TablePlan, table: Table, kept: dict[str, Any], *, kinds: Choices, user: User
) -> TableForm:
    samples = samples_of(table)
    targets = targets_of(get_entity(plan.entity)) if plan.entity else {}
    choices: Choices = [("", _("Do not import")), *((code, sentence(each.label)) for code, each in targets.items())]
    columns = []
    for number, column in enumerate(plan.columns):
        field = targets[column.target].field if column.target in targets else None
        ways: Choices = []
        if field is not None and field.kind == "reference":
            known = keys_of_model(field.model)  # type: ignore[attr-defined]  # a reference has one
            ways = [("", _("By any of its names")), *((key.code, sentence(key.label)) for key in known.values())]
        columns.append(ColumnForm(f"{name}c{number}", column, samples.get(column.column, []), ways))
    keys = [(key.code, sentence(key.label)) for key in keys_of(get_entity(plan.entity)).values()] if plan.entity else []
    label = str(get_entity(plan.entity).plural) if plan.entity else _("Left out")
    added = new_fields(plan.entity, user)
    fields = [("", _("Nothing")), *choices[1:]]
    names = [*choices, *added]
    head, heads = str(table.head), _heads(table)
    encodings, separators = _ways(table, kept)
    return TableForm(
        name, plan, label, kinds, names, fields, columns, keys, head, heads,
        encodings, separators, _unreadable(kept), _first(table),
    )  # fmt: skip


def _first(table: Table) -> list[list[str]]:
    """The first rows as they are read now."""
    shown = table.columns[:FIRST_COLUMNS]
    return [[row.get(name)[:SHOWN_CELL] for name in shown] for row in islice(table.rows(), FIRST_LINES)]


def _ways(table: Table, kept: dict[str, Any]) -> tuple[Choices, Choices]:
    """In which encodings and with which separators a text file may be read, what was recognised first."""
    if "encoding" not in kept:
        return [], []
    words = _("Recognised: %(what)s")
    encodings: Choices = [("", words % {"what": encoding_called(kept["encoding"])}), *ENCODINGS.items()]
    if not kept["separator"]:
        return encodings, []
    names = {",": _("comma"), ";": _("semicolon"), "\t": _("tab"), "|": _("vertical bar"), "#": _("number sign")}
    return encodings, [("", words % {"what": names[kept["separator"]]}), *names.items()]


def _unreadable(kept: dict[str, Any]) -> str:
    """How many bytes can not be read, and where they stand."""
    found = kept.get("unreadable", {})
    count, lines = found.get("count", 0), found.get("lines", [])
    if not count:
        return ""
    words = ngettext(
        "%(count)s byte can not be read as %(encoding)s: line %(lines)s. It is shown as “�”.",
        "%(count)s bytes can not be read as %(encoding)s: lines %(lines)s. They are shown as “�”.",
        count,
    )
    listed = ", ".join(map(str, lines)) + ("…" if len(lines) >= SHOWN_LINES else "")
    return words % {"count": count, "encoding": encoding_called(found["encoding"]), "lines": listed}


def _heads(table: Table) -> Choices:
    """The lines that may name the columns; files that bring the names of their fields along have none."""
    if not table.may_be_headed:
        return []
    lines = [
        (number, " · ".join(cell.strip() for cell in cells if cell.strip())) for number, cells in table.first_lines()
    ]
    told = [
        (str(number), _("Line %(number)s: %(words)s") % {"number": number, "words": words[:80]})
        for number, words in lines
    ]
    return [*told, ("0", _("No line: the columns have no names"))]


def new_fields(code: str, user: User) -> Choices:
    """The kinds of field that may be added to the type right here, by whoever may add fields."""
    if not code or not is_extensible(get_entity(code)) or not may(user, ATTRIBUTE, "create"):
        return []
    return [(NEW + kind, _("New field: %(kind)s") % {"kind": sentence(Attribute.Kind(kind).label)}) for kind in KINDS]


def plan_sent(request: HttpRequest, plan: Plan, tables: list[Table], user: User) -> Plan:
    """The plan as the form says; a table whose type was changed is guessed anew."""
    by_name = {table.name: table for table in tables}
    ways = dict(_ways_sent(request.POST, plan, by_name))
    if ways:
        return read_again(plan, tables, ways, user)
    return replace(
        plan,
        tables=tuple(
            _table_sent(request.POST, f"t{place}", each, by_name[each.table], user)
            for place, each in enumerate(plan.tables)
            if each.table in by_name
        ),
    )


def _ways_sent(sent: QueryDict, plan: Plan, tables: dict[str, Table]) -> Iterator[tuple[str, Way]]:
    """The files that somebody wants to be read another way than now."""
    for place, each in enumerate(plan.tables):
        now = (each.encoding, each.separator)
        wanted = (sent.get(f"t{place}-encoding", now[0]), sent.get(f"t{place}-separator", now[1]))
        if each.table in tables and wanted != now:
            yield each.table, way_called(*wanted)


def _table_sent(sent: QueryDict, name: str, plan: TablePlan, table: Table, user: User) -> TablePlan:
    code = sent.get(f"{name}-entity", plan.entity)
    if code and code not in {entity.code for entity in importable(user)}:
        raise BadRequest(_("Choose what the rows are."), field=f"{name}-entity")
    read: dict[str, Any] = {"encoding": plan.encoding, "separator": plan.separator}
    head = record_number(sent.get(f"{name}-head", "")) or 0 if f"{name}-head" in sent else table.head
    if head != table.head:
        return replace(guess_table(table.headed(head), user, code), head=head, **read)
    if code != plan.entity:
        return replace(guess_table(table, user, code), head=plan.head, **read) if code else replace(plan, entity="")
    if not code:
        return plan
    columns = tuple(
        _column_sent(sent, f"{name}c{number}", column, code, user) for number, column in enumerate(plan.columns)
    )  # fmt: skip
    constant, target = _short(sent, f"{name}-constant", LONGEST_CONSTANT), sent.get(f"{name}-fixed", "")
    if constant and target:
        columns += (ColumnPlan("", target, constant),)
    return replace(
        plan,
        columns=columns,
        keys=tuple(key for key in keys_of(get_entity(code)) if key in sent.getlist(f"{name}-keys")),
        on_match=_one_of(sent.get(f"{name}-on", plan.on_match), OnMatch.values),
        days=_one_of(sent.get(f"{name}-days", plan.days), Days.values),
        decimal=_one_of(sent.get(f"{name}-decimal", plan.decimal), ["", ".", ","]),
        system=" ".join(_short(sent, f"{name}-system", LONGEST_SYSTEM, plan.system).split()) or "file",
    )


def _column_sent(sent: QueryDict, name: str, column: ColumnPlan, code: str, user: User) -> ColumnPlan:
    target = sent.get(f"{name}-target", column.target)
    if target in dict(new_fields(code, user)):
        target = _added_field(code, column.column, target.removeprefix(NEW), user)
    words = column.words if target == column.target else {}
    return replace(
        column,
        target=target,
        words=words,
        by=sent.get(f"{name}-by", column.by if target == column.target else ""),
        missing=_one_of(sent.get(f"{name}-missing", column.missing), Missing.values),
        constant=_short(sent, f"{name}-constant", LONGEST_CONSTANT, column.constant),
        splitter=sent.get(f"{name}-splitter", column.splitter)[:3],
    )


def _short(sent: QueryDict, name: str, limit: int, known: str = "") -> str:
    return refuse_longer(sent.get(name, known).strip(), limit, name)


def _added_field(code: str, name: str, kind: str, user: User) -> str:
    """Add a field called like the column; it stands at once on every form, list and call of the type."""
    names = {"name_ru": name[:80], "name_en": name[:80]}
    made = create_record(get_entity(ATTRIBUTE), {"entity": code, "kind": kind, **names}, by=user)
    return str(made.key)


def _one_of(value: str, known: list[str]) -> str:
    if value not in known:
        raise BadRequest(_("Choose one of the list."), code="NOT_A_CHOICE")
    return value
