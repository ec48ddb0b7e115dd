"""What a domain may say of its board: the columns in order, and the marks on heads and cards."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count, Q, Sum, Value
from django.utils.translation import gettext as _

from krug.kernel.fields import MoneyField, ReferenceField, YesNoField
from krug.kernel.listing.filters import Condition, Group, conditions_in, read_tree
from krug.kernel.listing.query import in_order, rows_matching
from krug.kernel.listing.state import ListState, filter_text
from krug.kernel.moment import looking_back
from krug.lists.rules.branches import Branch, branch_of
from krug.lists.rules.counting import Look as CountLook
from krug.lists.rules.counting import sums_below
from krug.lists.rules.levels import read_level
from krug.lists.rules.nodes import Way
from krug.lists.rules.short_lists import MOST_COLUMNS, labels_of, may_be_empty, values_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from krug.kernel.entity import Board, Entity
    from krug.kernel.fields import Field, Reading

MOST_CARDS, FEWEST_A_COLUMN = 100, 10
MANY = 2_000
KEPT_SECONDS = 10
Heads = dict[Any, dict[str, tuple[int, Any]]]


@dataclass(frozen=True, kw_only=True)
class BoardColumn:
    """One column: the value that its cards share, who answers for it and by what result.

    `same` are further values that mean the same, such as a stage of an earlier edition. `has_cards` is false where the
    column only receives, like the closed stages.
    """

    value: Any
    label: str
    same: tuple[Any, ...] = ()
    who: str = ""
    result: str = ""
    has_cards: bool = True

    def condition(self, by: str) -> Condition:
        """What the cards of the column have in common."""
        if self.value is None:
            return Condition(by, "empty")
        return Condition(by, "in", [self.value, *self.same]) if self.same else Condition(by, "eq", self.value)


@dataclass(frozen=True)
class BoardLayout:
    """The columns in order, and the boards one may switch between as label, filter, and whether it is this one.

    `meant(record, value)` gives the value that the column means for a record, where columns hold several.
    """

    columns: list[BoardColumn]
    choices: tuple[tuple[str, Any, bool], ...] = ()
    meant: Callable[[Any, Any], Any] | None = None


@dataclass(frozen=True, kw_only=True)
class HeadMark:
    """What a head says beyond count and sum: the weighted sum, and how many cards are stale or stepless."""

    weighted: str = ""
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class CardMark:
    """What a card says of its next step and of how long it has stood."""

    next: str = ""
    next_late: bool = False
    stale: str = ""


@dataclass(frozen=True, kw_only=True)
class BoardMarks:
    """Marks by column value and by record id; the heads may be a function, called only when they are needed."""

    heads: dict[Any, HeadMark] | Callable[[], dict[Any, HeadMark]] = field(default_factory=dict)
    cards: dict[int, CardMark] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ColumnFacts:
    """One column read from the database: how many, for how much, and the first cards."""

    column: BoardColumn
    count: int
    sums: tuple[tuple[str, Any], ...]
    ids: tuple[int, ...]
    mark: HeadMark = HeadMark()
    is_exact: bool = True

    @property
    def has_more(self) -> bool:
        """Whether the list holds cards that the column does not show."""
        return self.count > len(self.ids)


def board_state(entity: Entity, board: Board, state: ListState) -> ListState:
    """The state narrowed to what is in work, unless the board or the user's filter speaks of the same fields."""
    if not entity.in_work:
        return state
    usual, chosen = read_tree(entity.in_work), {condition.field for condition in conditions_in(read_tree(state.tree))}
    if (chosen | {board.by}) & {condition.field for condition in conditions_in(usual)}:
        return state
    return replace(state, tree=Group("all", (*usual.nodes, *read_tree(state.tree).nodes)).to_json())


@dataclass(frozen=True)
class Look:
    """One reader's look at one board."""

    entity: Entity
    board: Board
    state: ListState
    reading: Reading

    @cached_property
    def by(self) -> Field:
        """The field that makes the columns."""
        return self.entity.field(self.board.by)

    @cached_property
    def at(self) -> str:
        """The column of the database that the board is made by."""
        return self.by.id_at if isinstance(self.by, ReferenceField) else self.by.at

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """All records of the board."""
        return rows_matching(self.entity, self.state, self.reading)

    @cached_property
    def layout(self) -> BoardLayout:
        """The columns in order, and the other boards: as the domain says, or every value of the field."""
        if self.board.columns is None:
            return BoardLayout(_usual_columns(self))
        layout: BoardLayout = self.board.columns(self.reading.user, self.state.tree)
        return replace(layout, columns=layout.columns[:MOST_COLUMNS])

    @cached_property
    def way(self) -> Way:
        """The field as the one level of a tree."""
        return Way((read_level(self.entity, self.board.by, self.reading.user),))

    @cached_property
    def branch(self) -> Branch:
        """Where the domain says nothing: how many records each value has, counted as a tree counts them."""
        return branch_of(CountLook(self.entity, self.state, self.reading), self.way)

    @cached_property
    def sums(self) -> dict[Any, dict[str, Any]]:
        """And what they add up to, where the type says which field heads add up and all were counted."""
        if not self.board.total or not self.branch.is_exact:
            return {}
        counted = CountLook(self.entity, self.state, self.reading)
        return sums_below(counted, self.way, self.entity.field(self.board.total))

    def holds(self, column: BoardColumn) -> Q:
        """The records of a column."""
        if column.value is None:
            return self.by.empty_condition(True)
        if self.by.is_attribute:
            return self.by.compare("eq", column.value)
        return Q(**{f"{self.at}__in": [column.value, *column.same]})


def _usual_columns(look: Look) -> list[BoardColumn]:
    """A column for each value that may be given, then those that only occur, then what has none."""
    values = values_of(look.by, look.reading)
    counted = {node.way.steps[-1].value: node.count for node in look.branch.nodes if node.way and node.count}
    occurring = sorted((value for value in counted if value is not None), key=lambda value: -counted[value])
    values += [value for value in occurring if value not in values]
    labels = labels_of(look.by, values, look.reading)
    made = [BoardColumn(value=value, label=labels[value]) for value in values if value in labels][:MOST_COLUMNS]
    if isinstance(look.by, YesNoField) or not (None in counted or may_be_empty(look.entity, look.by)):
        return made
    return [*made, BoardColumn(value=None, label=_("No value"))]


def read_columns(
    look: Look, columns: list[BoardColumn], *, with_cards: bool = True
) -> tuple[list[ColumnFacts], BoardMarks]:
    """Heads and first cards of all columns in two statements, however many cards there are."""
    if look.board.columns is None:
        return _usual_facts(look, columns, with_cards=with_cards), BoardMarks()
    filled = [column for column in columns if column.has_cards]
    kept = _kept_heads(look, columns) if with_cards else None
    heads = kept[0] if kept else _heads(look, columns)
    share = _share(filled)
    if not kept:
        filled = [column for column in filled if _added(heads, column)]
    cards, marks, head_marks = {}, BoardMarks(), kept[1] if kept else {}
    if with_cards:
        cards = _first_cards(look, filled, share)
        shown = [pk for ids in cards.values() for pk in ids]
        marks = look.board.marks(look.rows, shown, look.reading.user) if look.board.marks else BoardMarks()
        if not kept:
            head_marks = marks.heads() if callable(marks.heads) else marks.heads
            _keep_heads(look, columns, (heads, head_marks))
    facts = []
    for column in columns:
        per_currency = _added(heads, column) if column.has_cards else {}
        facts.append(
            ColumnFacts(
                column=column,
                count=sum(count for count, _sum in per_currency.values()),
                sums=tuple((currency, total) for currency, (_count, total) in _most_used(per_currency)),
                ids=tuple(cards.get(column.value, ())),
                mark=head_marks.get(column.value, HeadMark()),
            )
        )
    return facts, marks


def _usual_facts(look: Look, columns: list[BoardColumn], *, with_cards: bool) -> list[ColumnFacts]:
    counts = {node.way.steps[-1].value: node.count for node in look.branch.nodes if node.way is not None}
    filled = [column for column in columns if counts.get(column.value) or not look.branch.is_exact]
    cards = _first_cards(look, filled, _share(columns)) if with_cards else {}
    return [
        ColumnFacts(
            column=column,
            count=counts.get(column.value, 0),
            sums=tuple(sorted(look.sums.get(column.value, {}).items())),
            ids=tuple(cards.get(column.value, ())),
            is_exact=look.branch.is_exact,
        )
        for column in columns
    ]


def _added(heads: Heads, column: BoardColumn) -> dict[str, tuple[int, Any]]:
    """The figures of all values of a column together, per currency."""
    found: dict[str, tuple[int, Any]] = {}
    for value in (column.value, *column.same):
        for currency, (count, amount) in heads.get(value, {}).items():
            before = found.get(currency, (0, None))
            both = before[1] if amount is None else amount if before[1] is None else before[1] + amount
            found[currency] = (before[0] + count, both)
    return found


def _most_used(per_currency: dict[str, tuple[int, Any]]) -> list[tuple[str, tuple[int, Any]]]:
    return sorted(per_currency.items(), key=lambda item: (-item[1][0], item[0]))


def _kept_heads(look: Look, columns: list[BoardColumn]) -> tuple[Heads, dict[Any, HeadMark]] | None:
    """Figures of the heads of very many records, which are kept for some seconds."""
    kept: tuple[Heads, dict[Any, HeadMark]] | None = cache.get(_key(look, columns))
    return kept


def _keep_heads(look: Look, columns: list[BoardColumn], found: tuple[Heads, dict[Any, HeadMark]]) -> None:
    if sum(count for per_currency in found[0].values() for count, _sum in per_currency.values()) > MANY:
        cache.set(_key(look, columns), found, KEPT_SECONDS)


def forget_heads(look: Look, columns: list[BoardColumn]) -> None:
    """Add up anew at the next look, because a card was moved."""
    cache.delete(_key(look, columns))


def _key(look: Look, columns: list[BoardColumn]) -> str:
    values = [column.value for column in columns]
    past, reading = looking_back(), look.reading
    seen = [look.entity.code, reading.user.pk, reading.language, filter_text(look.state.tree), look.state.q]
    seen += [past.text if past else "", *values]
    return f"board:{sha256(json.dumps(seen, default=str).encode()).hexdigest()}"


def _heads(look: Look, columns: list[BoardColumn]) -> Heads:
    """Count and sum per column and currency."""
    filled = [value for column in columns if column.has_cards for value in (column.value, *column.same)]
    total = look.entity.field(look.board.total) if look.board.total else None
    currency = total.currency_at if isinstance(total, MoneyField) else None
    groups = look.rows.filter(**{f"{look.at}__in": filled}).order_by()
    counted = groups.values_list(*filter(None, (look.at, currency))).annotate(
        how_many=Count("pk"), **({"how_much": Sum(total.at)} if total else {})
    )
    found: Heads = {}
    for row in counted:
        value, code = row[0], row[1] if currency else ""
        count, amount = row[2 if currency else 1], row[-1] if total else None
        found.setdefault(value, {})[code] = (count, amount)
    return found


def _share(columns: list[BoardColumn]) -> int:
    """How many cards a column shows."""
    return max(MOST_CARDS // max(len(columns), 1), FEWEST_A_COLUMN)


def _first_cards(look: Look, columns: list[BoardColumn], share: int) -> dict[Any, list[int]]:
    """The first cards of each column: one statement, each part of which walks its own index range."""
    if not columns:
        return {}
    rows = in_order(look.rows, look.entity, look.state, look.reading)
    parts = [
        rows.filter(look.holds(column)).annotate(place=Value(place)).values_list("place", "pk")[:share]
        for place, column in enumerate(columns)
    ]
    found: dict[Any, list[int]] = {}
    for place, pk in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        found.setdefault(columns[place].value, []).append(pk)
    return found
