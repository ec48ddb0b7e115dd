"""Guesses what a table is and where its columns go, by the heads in either language and by what the cells look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import sha256
from itertools import islice
from typing import Any

from django.utils.translation import override

from krug.access.models import User
from krug.exchange.importing.cells import NUMERIC
from krug.exchange.importing.intake import Target, intake_of, keys_of, targets_of
from krug.exchange.importing.plans import (
    ColumnPlan,
    Missing,
    OnMatch,
    Plan,
    SetPlan,
    TablePlan,
    plan_from,
    shipped_plans,
)
from krug.exchange.importing.tables import Table
from krug.exchange.models import ImportRun
from krug.kernel.entity import Entity
from krug.kernel.fields.reference import ReferenceField
from krug.kernel.registry import entities, entity_of, get_entity
from krug.kernel.visibility import may

SAMPLES, LOOKED_THROUGH = 3, 200
EXACT, NEAR, LOOKS = 3, 1, 2


def importable(user: User) -> list[Entity]:
    """The types that this user may take in."""
    return [entity for entity in entities() if entity.editable and may(user, entity.code, "import")]


def plain_head(text: str) -> str:
    """A head as it is compared: letters and digits, in lower case."""
    return " ".join(re.findall(r"[^\W_]+", re.sub(r"([a-zа-я])([A-ZА-Я])", r"\1 \2", text).lower().replace("ё", "е")))


def signature_of(tables: Iterable[Table]) -> str:
    """By what a set of files is known again: the heads of its tables."""
    heads = "\n".join("\t".join(table.columns) for table in tables)
    return sha256(heads.encode()).hexdigest()


def samples_of(table: Table) -> dict[str, list[str]]:
    """A few different values of each column."""
    found: dict[str, list[str]] = {column: [] for column in table.columns}
    for row in islice(table.rows(), LOOKED_THROUGH):
        for column, kept in found.items():
            text = row.get(column)[:120]
            if text and len(kept) < SAMPLES and text not in kept:
                kept.append(text)
    return found


def guess(tables: Sequence[Table], user: User) -> Plan:
    """The plan of a set: as it was taken in last time, else as shipped, else by its heads and cells."""
    kept = (
        ImportRun.objects.filter(signature=signature_of(tables), plan__has_key="tables")
        .exclude(state=ImportRun.State.PLANNING)
        .filter(created_by=user)
        .first()
    )
    if kept is not None and len(kept.plan["tables"]) == len(tables):
        last = plan_from(kept.plan)
        names = {table.name: table for table in tables}
        if all(each.table in names for each in last.tables):
            tables_now = (_as_read_now(each, names[each.table], kept.files) for each in last.tables)
            return replace(last, tables=tuple(tables_now))
    return _shipped(tables) or Plan(_in_order([guess_table(table, user) for table in tables]))


def _as_read_now(plan: TablePlan, table: Table, then: dict[str, Any]) -> TablePlan:
    """An encoding that was chosen for a file that looked another way says nothing of this one."""
    was = then.get(plan.table, {}).get("encoding", table.encoding)
    return plan if was == table.encoding else replace(plan, encoding="", separator="")


def _shipped(tables: Sequence[Table]) -> Plan | None:
    for known in shipped_plans():
        found = [(table, fit(known, table)) for table in tables]
        if all(place is not None for _table, place in found) and found:
            placed = sorted(found, key=lambda each: each[1] or 0)
            return Plan(tuple(_named(known, place or 0, table) for table, place in placed), known.code)
    return None


def fit(known: SetPlan, table: Table) -> int | None:
    """Which table of a shipped plan this one is, by its heads; `note` names no columns and fits all of them."""
    columns = set(table.columns)
    fitting = [
        place
        for place, plan in enumerate(known.tables)
        if {column.column for column in plan.columns if column.column} <= columns
    ]
    return max(fitting, key=lambda place: len(known.tables[place].columns), default=None)


def _named(known: SetPlan, place: int, table: Table) -> TablePlan:
    plan = known.tables[place]
    planned = {column.column for column in plan.columns}
    rest = tuple(ColumnPlan(column) for column in table.columns if column not in planned)
    return replace(plan, table=table.name, columns=(*plan.columns, *rest))


def guess_table(table: Table, user: User, code: str = "") -> TablePlan:
    """The plan of one table; its type is chosen by most heads known, unless it is given."""
    samples = samples_of(table)
    candidates = [get_entity(code)] if code else importable(user)
    best: tuple[float, str, dict[str, str]] = (0, "", {})
    for entity in candidates:
        mapped, score = _mapped(entity, table, samples)
        score += _named_so(entity, table.name)
        if score > best[0]:
            best = (score, entity.code, mapped)
    _score, chosen, mapped = best
    if not chosen:
        return TablePlan(table.name, code, tuple(ColumnPlan(column) for column in table.columns))
    columns = tuple(
        ColumnPlan(column, mapped.get(column, ""), missing=_missing(chosen, mapped.get(column, ""), user))
        for column in table.columns
    )
    return TablePlan(table.name, chosen, columns, _keys(chosen, mapped.values()), OnMatch.SKIP.value)


def _missing(code: str, name: str, user: User) -> str:
    """What comes along with a record may bring the record that it names: the company of a person, say."""
    target = targets_of(get_entity(code)).get(name)
    if target is None or target.part is None or not isinstance(target.field, ReferenceField):
        return Missing.REFUSE.value
    linked = entity_of(target.field.model)
    makes = linked is not None and intake_of(linked).from_text is not None and may(user, linked.code, "create")
    return Missing.CREATE.value if makes else Missing.REFUSE.value


def _mapped(entity: Entity, table: Table, samples: dict[str, list[str]]) -> tuple[dict[str, str], float]:
    targets = list(targets_of(entity).values())
    heads = _heads(entity)
    mapped: dict[str, str] = {}
    score: float = 0
    for column in table.columns:
        found = _best(plain_head(column), samples[column], targets, heads, set(mapped.values()))
        if found is not None:
            mapped[column] = found[1]
            score += found[0]
    needed = {name for name in entity.editable if entity.fields[name].required and name != entity.owner}
    return mapped, score - 2 * len(needed - set(mapped.values()))


def _heads(entity: Entity) -> dict[str, frozenset[str]]:
    """By which heads each target is known, in both languages."""
    found: dict[str, set[str]] = {}
    for language in ("en", "ru"):
        with override(language):
            for target in targets_of(entity).values():
                labels = (str(target.label), str(target.field.label))
                words = {*map(plain_head, labels), *map(plain_head, target.words)}
                found.setdefault(target.code, {plain_head(target.code)}).update(words - {""})
    return {name: frozenset(words) for name, words in found.items()}


def _best(
    head: str, cells: list[str], targets: list[Target], heads: dict[str, frozenset[str]], taken: set[str]
) -> tuple[float, str] | None:
    best: tuple[float, str] | None = None
    numberless = re.sub(r"\s*\d+$", "", head)
    are_days = bool(cells) and all(map(NUMERIC.match, cells))
    for target in targets:
        many = target.part is not None and bool(target.part.same)
        if target.code in taken and not many:
            continue
        known = heads[target.code]
        value = EXACT if head in known else EXACT - 1 if numberless in known else 0
        if not value and any(
            len(word) > 3 and (head.startswith(f"{word} ") or head.endswith(f" {word}")) for word in known
        ):
            value = NEAR
        looks = target.part.looks if target.part else ""
        if looks and are_days:
            continue  # a day has the digits of a phone and is none, whatever its column is called
        fits = bool(looks and cells) and all(re.fullmatch(looks, cell) for cell in cells)
        value = LOOKS if fits and value < LOOKS else 0 if looks and cells and not fits and value <= NEAR else value
        if value and (best is None or value > best[0]):
            best = (value, target.code)
    return best


def _named_so(entity: Entity, name: str) -> float:
    """A file is often called after what it holds."""
    said = plain_head(name)
    for language in ("en", "ru"):
        with override(language):
            for word in (entity.label, entity.plural, entity.plural_url, entity.code):
                if plain_head(str(word)) and plain_head(str(word)) in said:
                    return 1.5
    return 0


def _keys(code: str, mapped: Iterable[str]) -> tuple[str, ...]:
    """By what known records are recognised: all sure ways that the file tells, and the name when there is no other."""
    told = set(mapped)
    usable = [key.code for key in keys_of(get_entity(code)).values() if any(set(group) & told for group in key.targets)]
    sure = [each for each in usable if each != "name"]
    return tuple(sure or usable)


def _in_order(plans: list[TablePlan]) -> tuple[TablePlan, ...]:
    """What is named by others is written before them."""
    codes = [plan.entity for plan in plans]

    def depth(code: str, seen: tuple[str, ...] = ()) -> int:
        if not code or code in seen:
            return 0
        linked = {
            other
            for target in targets_of(get_entity(code)).values()
            if target.is_reference
            for other in codes
            if other and other != code and get_entity(other).model is target.field.model  # type: ignore[attr-defined]  # a reference has one
        }
        return 1 + max((depth(other, (*seen, code)) for other in linked), default=0)

    return tuple(sorted(plans, key=lambda plan: depth(plan.entity)))
