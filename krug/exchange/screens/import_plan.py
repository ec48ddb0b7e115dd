"""The plan of an import as a form: what each table is, where its columns go, how known records are treated."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.exchange.importing.guessing import guess_table, importable, samples_of
from krug.exchange.importing.intake import keys_of, keys_of_model, targets_of
from krug.exchange.importing.plans import ColumnPlan, Days, Missing, OnMatch, Plan, TablePlan
from krug.exchange.importing.tables import Table
from krug.kernel.attributes.models import Attribute
from krug.kernel.attributes.serving import is_extensible
from krug.kernel.doors import create_record
from krug.kernel.errors import BadRequest
from krug.kernel.journal.differences import sentence
from krug.kernel.links import record_number
from krug.kernel.registry import get_entity
from krug.kernel.visibility import may

ATTRIBUTE, NEW = "attribute", "+"
KINDS = (Attribute.Kind.TEXT, Attribute.Kind.NUMBER, Attribute.Kind.DATE, Attribute.Kind.YES_NO)
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


def forms_of(plan: Plan, tables: list[Table], user: User) -> list[TableForm]:
    """The forms of all tables of a plan."""
    by_name = {table.name: table for table in tables}
    kinds: Choices = [("", _("Skip this table"))]
    kinds += [(entity.code, str(entity.plural)) for entity in importable(user)]
    return [
        _table_form(place, each, by_name[each.table], kinds, user)
        for place, each in enumerate(plan.tables)
        if each.table in by_name
    ]


def _table_form(place: int, plan: TablePlan, table: Table, kinds: Choices, user: User) -> TableForm:
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
        columns.append(ColumnForm(f"t{place}c{number}", column, samples.get(column.column, []), ways))
    keys = [(key.code, sentence(key.label)) for key in keys_of(get_entity(plan.entity)).values()] if plan.entity else []
    label = str(get_entity(plan.entity).plural) if plan.entity else _("Left out")
    added = new_fields(plan.entity, user)
    fields = [("", _("Nothing")), *choices[1:]]
    names = [*choices, *added]
    return TableForm(f"t{place}", plan, label, kinds, names, fields, columns, keys, str(table.head), _heads(table))


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
    return replace(
        plan,
        tables=tuple(
            _table_sent(request.POST, f"t{place}", each, by_name[each.table], user)
            for place, each in enumerate(plan.tables)
            if each.table in by_name
        ),
    )


def _table_sent(sent: QueryDict, name: str, plan: TablePlan, table: Table, user: User) -> TablePlan:
    code = sent.get(f"{name}-entity", plan.entity)
    if code and code not in {entity.code for entity in importable(user)}:
        raise BadRequest(_("Choose what the rows are."), field=f"{name}-entity")
    head = record_number(sent.get(f"{name}-head", "")) or 0 if f"{name}-head" in sent else table.head
    if head != table.head:
        return replace(guess_table(table.headed(head), user, code), head=head)
    if code != plan.entity:
        return replace(guess_table(table, user, code), head=plan.head) if code else replace(plan, entity="")
    if not code:
        return plan
    columns = tuple(
        _column_sent(sent, f"{name}c{number}", column, code, user) for number, column in enumerate(plan.columns)
    )  # fmt: skip
    constant, target = sent.get(f"{name}-constant", "")[:500].strip(), sent.get(f"{name}-fixed", "")
    if constant and target:
        columns += (ColumnPlan("", target, constant),)
    return replace(
        plan,
        columns=columns,
        keys=tuple(key for key in keys_of(get_entity(code)) if key in sent.getlist(f"{name}-keys")),
        on_match=_one_of(sent.get(f"{name}-on", plan.on_match), OnMatch.values),
        days=_one_of(sent.get(f"{name}-days", plan.days), Days.values),
        decimal=_one_of(sent.get(f"{name}-decimal", plan.decimal), ["", ".", ","]),
        system=" ".join(sent.get(f"{name}-system", plan.system).split())[:60] or "file",
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
        constant=sent.get(f"{name}-constant", column.constant)[:500],
        splitter=sent.get(f"{name}-splitter", column.splitter)[:3],
    )


def _added_field(code: str, name: str, kind: str, user: User) -> str:
    """Add a field called like the column; it stands at once on every form, list and call of the type."""
    names = {"name_ru": name[:80], "name_en": name[:80]}
    made = create_record(get_entity(ATTRIBUTE), {"entity": code, "kind": kind, **names}, by=user)
    return str(made.key)


def _one_of(value: str, known: list[str]) -> str:
    if value not in known:
        raise BadRequest(_("Choose one of the list."), code="NOT_A_CHOICE")
    return value
