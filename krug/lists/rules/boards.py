"""What a domain may say of its board: the columns in order, and the marks on heads and cards."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.core.cache import cache
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from krug.kernel.fields import MoneyField, ReferenceField
from krug.kernel.listing.filters import Group, conditions_in, read_tree
from krug.kernel.listing.labels import label_references
from krug.kernel.listing.query import in_order, rows_matching
from krug.kernel.listing.state import ListState, filter_text
from krug.kernel.moment import looking_back

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from krug.kernel.entity import Board, Entity
    from krug.kernel.fields import Reading

MOST_CARDS, FEWEST_A_COLUMN = 100, 10
MOST_COLUMNS = 30
MANY = 2_000
KEPT_SECONDS = 10
Heads = dict[Any, dict[str, tuple[int, Any]]]


@dataclass(frozen=True, kw_only=True)
class BoardColumn:
    """One column: the value that its cards share, who answers for it and by what result.

    `has_cards` is false where the column only receives, like the closed stages.
    """

    value: Any
    label: str
    who: str = ""
    result: str = ""
    has_cards: bool = True


@dataclass(frozen=True)
class BoardLayout:
    """The columns in order, and the boards one may switch between as label, filter, and whether it is this one."""

    columns: list[BoardColumn]
    choices: tuple[tuple[str, Any, bool], ...] = ()


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

    @property
    def has_more(self) -> bool:
        """Whether the list holds cards that the column does not show."""
        return self.count > len(self.ids)


def board_state(entity: Entity, state: ListState) -> ListState:
    """The state narrowed to what is in work, unless the user's filter speaks of the same fields."""
    if not entity.in_work:
        return state
    usual, chosen = read_tree(entity.in_work), {condition.field for condition in conditions_in(read_tree(state.tree))}
    if chosen & {condition.field for condition in conditions_in(usual)}:
        return state
    return replace(state, tree=Group("all", (*usual.nodes, *read_tree(state.tree).nodes)).to_json())


def layout_of(entity: Entity, board: Board, state: ListState, reading: Reading) -> BoardLayout:
    """The columns in order: as the domain says, or every value that occurs."""
    if board.columns is None:
        return BoardLayout(_usual_columns(entity, board, state, reading))
    layout: BoardLayout = board.columns(reading.user, state.tree)
    return replace(layout, columns=layout.columns[:MOST_COLUMNS])


def _usual_columns(entity: Entity, board: Board, state: ListState, reading: Reading) -> list[BoardColumn]:
    by = entity.field(board.by)
    choices = getattr(by, "choices", None)
    if choices:
        return [BoardColumn(value=value, label=str(label)) for value, label in choices][:MOST_COLUMNS]
    at = f"{by.at}_id" if isinstance(by, ReferenceField) else by.at
    rows = rows_matching(entity, state, reading)
    values = list(rows.order_by(at).values_list(at, flat=True).distinct()[:MOST_COLUMNS])
    labels = label_references(by, values, reading) if isinstance(by, ReferenceField) else {}
    unseen = _("(not open to you)") if isinstance(by, ReferenceField) else ""
    return [
        BoardColumn(value=value, label=labels.get(value) or (value and unseen) or by.show(value, reading.language))
        for value in values
    ]


@dataclass(frozen=True)
class Look:
    """One reader's look at one board."""

    entity: Entity
    board: Board
    state: ListState
    reading: Reading

    @cached_property
    def at(self) -> str:
        """The column of the database that the board is made by."""
        by = self.entity.field(self.board.by)
        return f"{by.at}_id" if isinstance(by, ReferenceField) else by.at

    @cached_property
    def rows(self) -> QuerySet[Any]:
        """All records of the board."""
        return rows_matching(self.entity, self.state, self.reading)

    @cached_property
    def layout(self) -> BoardLayout:
        """The columns, and the other boards."""
        return layout_of(self.entity, self.board, self.state, self.reading)


def read_cards(look: Look, columns: list[BoardColumn]) -> tuple[dict[Any, list[int]], BoardMarks]:
    """The first cards of each column, and what the domain says of them."""
    filled = [column.value for column in columns if column.has_cards]
    cards = _first_cards(look, filled)
    shown = [pk for ids in cards.values() for pk in ids]
    marks = look.board.marks(look.rows, shown, look.reading.user) if look.board.marks else BoardMarks()
    return cards, marks


def read_columns(
    look: Look, columns: list[BoardColumn], *, with_cards: bool = True
) -> tuple[list[ColumnFacts], BoardMarks]:
    """Heads and first cards of all columns in two statements, however many cards there are."""
    cards, marks = read_cards(look, columns) if with_cards else ({}, BoardMarks())
    heads, head_marks = _remembered_heads(look, columns, marks) if with_cards else (_heads(look, columns), {})
    facts = []
    for column in columns:
        per_currency = heads.get(column.value, {}) if column.has_cards else {}
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


def _most_used(per_currency: dict[str, tuple[int, Any]]) -> list[tuple[str, tuple[int, Any]]]:
    return sorted(per_currency.items(), key=lambda item: (-item[1][0], item[0]))


def _remembered_heads(look: Look, columns: list[BoardColumn], marks: BoardMarks) -> tuple[Heads, dict[Any, HeadMark]]:
    """Figures of the heads; those of very many records are kept for some seconds."""
    key = _key(look, columns)
    kept: tuple[Heads, dict[Any, HeadMark]] | None = cache.get(key)
    if kept is not None:
        return kept
    found = _heads(look, columns), marks.heads() if callable(marks.heads) else marks.heads
    if sum(count for per_currency in found[0].values() for count, _sum in per_currency.values()) > MANY:
        cache.set(key, found, KEPT_SECONDS)
    return found


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
    filled = [column.value for column in columns if column.has_cards]
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


def _first_cards(look: Look, values: list[Any]) -> dict[Any, list[int]]:
    """The first cards of each column: one statement, each part of which walks its own index range."""
    if not values:
        return {}
    share = max(MOST_CARDS // len(values), FEWEST_A_COLUMN)
    rows, at = in_order(look.rows, look.entity, look.state, look.reading), look.at
    parts = [rows.filter(**{at: value}).values_list(at, "pk")[:share] for value in values]
    found: dict[Any, list[int]] = {}
    for value, pk in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        found.setdefault(value, []).append(pk)
    return found
