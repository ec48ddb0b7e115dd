"""What a domain may say of its board: the columns in order, and the marks on heads and cards."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from django.db.models import Count, Sum

from krug.kernel.fields import MoneyField, ReferenceField
from krug.kernel.listing.filters import Group, conditions_in, read_tree
from krug.kernel.listing.labels import label_references
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from krug.kernel.entity import Board, Entity
    from krug.kernel.fields import Reading

CARDS_A_COLUMN = 50
MOST_COLUMNS = 30


@dataclass(frozen=True, kw_only=True)
class BoardColumn:
    """One column: the value that its cards share, who answers for it and by what result.

    `move` is the verb for cards dropped here when it is not the usual one, such as `win` or `lose`;
    `has_cards` is false where the column only receives, like the closed stages.
    """

    value: Any
    label: str
    who: str = ""
    result: str = ""
    move: str = ""
    has_cards: bool = True


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
    """Marks by column value and by record id."""

    heads: dict[Any, HeadMark] = field(default_factory=dict)
    cards: dict[int, CardMark] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class ColumnFacts:
    """One column read from the database: how many, for how much, and the first cards."""

    column: BoardColumn
    count: int
    sums: tuple[tuple[str, Any], ...]
    ids: tuple[int, ...]

    @property
    def has_more(self) -> bool:
        """Whether the list holds cards that the column does not show."""
        return self.count > len(self.ids)


def board_state(board: Board, state: ListState) -> ListState:
    """The state with the board's own filter, unless the user's filter speaks of the same fields."""
    if not board.only:
        return state
    usual, chosen = read_tree(board.only), {condition.field for condition in conditions_in(read_tree(state.tree))}
    if chosen & {condition.field for condition in conditions_in(usual)}:
        return state
    return replace(state, tree=Group("all", (*usual.nodes, *read_tree(state.tree).nodes)).to_json())


def columns_of(entity: Entity, board: Board, state: ListState, reading: Reading) -> list[BoardColumn]:
    """The columns in order: as the domain says, or every value that occurs."""
    if board.columns is not None:
        return list(board.columns(reading.user, state.tree))[:MOST_COLUMNS]
    by = entity.field(board.by)
    choices = getattr(by, "choices", None)
    if choices:
        return [BoardColumn(value=value, label=str(label)) for value, label in choices][:MOST_COLUMNS]
    at = f"{by.at}_id" if isinstance(by, ReferenceField) else by.at
    rows = rows_matching(entity, state, reading)
    values = list(rows.order_by(at).values_list(at, flat=True).distinct()[:MOST_COLUMNS])
    labels = label_references(by, values, reading) if isinstance(by, ReferenceField) else {}
    return [BoardColumn(value=value, label=labels.get(value) or by.show(value, reading.language)) for value in values]


def read_columns(
    entity: Entity, board: Board, state: ListState, reading: Reading, columns: list[BoardColumn]
) -> list[ColumnFacts]:
    """Heads and first cards of all columns in two statements, however many cards there are."""
    by = entity.field(board.by)
    at = f"{by.at}_id" if isinstance(by, ReferenceField) else by.at
    rows = rows_matching(entity, state, reading)
    filled = [column.value for column in columns if column.has_cards]
    heads = _heads(entity, board, rows.filter(**{f"{at}__in": filled}), at)
    ids = _first_cards(rows, at, filled, state.order_of(entity))
    facts = []
    for column in columns:
        per_currency = heads.get(column.value, {}) if column.has_cards else {}
        facts.append(
            ColumnFacts(
                column=column,
                count=sum(count for count, _sum in per_currency.values()),
                sums=tuple((currency, total) for currency, (_count, total) in sorted(per_currency.items())),
                ids=tuple(ids.get(column.value, ())),
            )
        )
    return facts


def _heads(entity: Entity, board: Board, rows: QuerySet[Any], at: str) -> dict[Any, dict[str, tuple[int, Any]]]:
    """Count and sum per column and currency."""
    total = entity.field(board.total) if board.total else None
    currency = total.currency_at if isinstance(total, MoneyField) else None
    groups = rows.order_by().values_list(*filter(None, (at, currency)))
    counted = groups.annotate(how_many=Count("pk"), **({"how_much": Sum(total.at)} if total else {}))
    found: dict[Any, dict[str, tuple[int, Any]]] = {}
    for row in counted:
        value, code = row[0], row[1] if currency else ""
        count, amount = row[2 if currency else 1], row[-1] if total else None
        found.setdefault(value, {})[code] = (count, amount)
    return found


def _first_cards(rows: QuerySet[Any], at: str, values: list[Any], order: tuple[Any, ...]) -> dict[Any, list[int]]:
    """The first cards of each column: one statement, each part of which walks its own index range."""
    if not values:
        return {}
    parts = [rows.filter(**{at: value}).order_by(*order).values_list(at, "pk")[:CARDS_A_COLUMN] for value in values]
    found: dict[Any, list[int]] = {}
    for value, pk in parts[0].union(*parts[1:], all=True) if len(parts) > 1 else parts[0]:
        found.setdefault(value, []).append(pk)
    return found
