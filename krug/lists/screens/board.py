"""The board: columns with their sums, cards with their marks, and the move of a card from one to another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from krug.kernel.doors import get_visible, perform
from krug.kernel.entity import Board
from krug.kernel.errors import BadRequest, Invalid, NotFound, Refusal
from krug.kernel.fields import FieldFault, MoneyField, Reading, ReferenceField
from krug.kernel.listing.concealing import rows_told
from krug.kernel.listing.filters import Condition, with_condition
from krug.kernel.listing.saved_views import asked_state
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.moment import then
from krug.kernel.screens.controls import reading_of
from krug.kernel.screens.undoing import undo_url
from krug.kernel.screens.verb import placed, still_asked, told_of, usual, verb_form
from krug.kernel.ui import formats
from krug.kernel.ui.names import NBSP
from krug.kernel.ui.pages import render
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import may
from krug.lists.rules.boards import (
    BoardMarks,
    CardMark,
    ColumnFacts,
    Look,
    board_state,
    forget_heads,
    read_columns,
)

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Field


def board_of(entity: Entity) -> Board | None:
    """The board that the type declares."""
    return next((view for view in entity.views if isinstance(view, Board)), None)


def is_moved(entity: Entity) -> bool:
    """Whether cards of this type are taken from column to column."""
    board = board_of(entity)
    return bool(board and board.move)


def board_context(entity: Entity, board: Board, state: ListState, reading: Reading) -> dict[str, Any]:
    """Heads and cards ready to print: three statements, and what the domain's own marks cost."""
    look = Look(entity, board, board_state(entity, state), reading)
    facts, marks = read_columns(look, look.layout.columns)
    shown = [pk for column in facts for pk in column.ids]
    moves = bool(board.move) and may(reading.user, entity.code, board.move)
    back = urlencode({"next": list_url(entity, state)})
    cards = _cards(look, shown, marks, back if moves else "")
    return {
        "board_columns": [
            {**head_of(look, column), "cards": [cards[pk] for pk in column.ids if pk in cards]} for column in facts
        ],
        "board_choices": [
            (label, list_url(entity, state, tree=tree), is_this) for label, tree, is_this in look.layout.choices
        ],
        "board_total": sums_words([pair for column in facts for pair in column.sums], reading),
        "move_url": f"{entity.url()}move/?{urlencode(state.to_params())}&{back}" if moves else "",
        "empty": None,
    }


def head_of(look: Look, facts: ColumnFacts) -> dict[str, Any]:
    """One head: name, count, sum, and what the domain adds."""
    column = facts.column
    tree = with_condition(look.state.tree, Condition(look.board.by, "eq", column.value))
    listed = list_url(look.entity, look.state, view="table", tree=tree)
    return {
        "id": column.value,
        "label": column.label,
        "count": formats.number(facts.count) if column.has_cards else "",
        "total": sums_words(facts.sums, look.reading),
        "weighted": _("weighted %(sum)s") % {"sum": facts.mark.weighted} if facts.mark.weighted else "",
        "note": facts.mark.note,
        "who": column.who,
        "result": column.result,
        "list_url": listed if column.has_cards else "",
        "more_url": listed if facts.has_more else "",
    }


def sums_words(sums: Iterable[tuple[str, Any]], reading: Reading) -> str:
    """Sums of each currency, short."""
    per_currency: dict[str, Any] = {}
    for currency, amount in sums:
        if amount is not None:
            per_currency[currency] = per_currency.get(currency, 0) + amount
    shown = [(amount, currency or "RUB") for currency, amount in per_currency.items()]
    return " · ".join(formats.short_money(amount, currency, reading.language) for amount, currency in shown)


@require_POST
def board_move(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Take a card to another column by the board's verb; what is missing is asked in one small form."""
    board = board_of(entity)
    done = entity.verb(board.move) if board else None
    if board is None or done is None:
        raise NotFound(_("There is no such act."))
    reading, card, column = reading_of(request), request.POST.get("card", ""), request.POST.get("column", "")
    record, by = get_visible(entity, reading.user, card), entity.field(board.by)
    left = by.raw(by.value_of(record))
    try:
        value = by.parse_or_empty(column, reading)
    except FieldFault as fault:
        raise BadRequest(fault.message, field=board.by, code=fault.code) from fault
    try:
        perform(entity, done.name, card, by=reading.user, once=request.POST.get("once"), **{board.by: value})
    except (Refusal, Invalid) as no:
        asked = still_asked(entity, done, record, reading.user, {board.by: column})
        typed = {**usual(asked, reading), board.by: column}
        wrong, asks_more = placed(no, asked), any(item.name != board.by for item in asked)
        needed = " ".join(wrong.values()) if asks_more else ""
        return verb_form(request, entity, done, record, typed=typed, errors={} if asks_more else wrong, needed=needed)
    toast(request, told_of(entity, get_visible(entity, reading.user, card)), undo_url=undo_url())
    return _moved(request, entity, board, reading, {left, column})


def _moved(request: HttpRequest, entity: Entity, board: Board, reading: Reading, touched: set[str]) -> HttpResponse:
    """The heads of the two columns with their new figures."""
    look = Look(entity, board, board_state(entity, asked_state(entity, reading.user, request.GET)), reading)
    every = look.layout.columns
    forget_heads(look, every)
    columns = [column for column in every if str(column.value) in touched]
    heads = [head_of(look, facts) for facts in read_columns(look, columns, with_cards=False)[0]]
    return render(request, "lists/_column_sums.html", {"columns": heads})


def _cards(look: Look, shown: list[int], marks: BoardMarks, back: str) -> dict[int, dict[str, Any]]:
    """The cards by number, one statement for all of them."""
    entity, board = look.entity, look.board
    names = board.card or tuple(name for name in entity.columns if name != board.by)[:5]
    fields = [entity.field(name) for name in names]
    title = entity.field(entity.title) if entity.title in entity.fields else fields[0]
    shown_rows = entity.model._default_manager.filter(pk__in=shown)
    rows = rows_told(shown_rows, entity, [*fields, title], look.reading.user, also=("id",)) if shown else []
    language, others = look.reading.language, [field for field in fields if field.name != title.name]
    cards = {}
    for row in rows:
        pk, url = row["id"], then(entity.url(row["id"]))
        cards[pk] = {
            "id": pk,
            "url": url,
            "title": title.cell(row, language).text or f"№ {pk}",
            **_facts(row, others, language),
            "mark": marks.cards.get(pk, CardMark()) if board.marks else None,
            "move_url": f"{url}{board.move}/?{back}" if back else "",
        }
    return cards


def _facts(row: dict[str, Any], fields: list[Field], language: str) -> dict[str, str]:
    """The fields of a card by their place on it: money, person, date, and everything else in one line."""
    facts = {"amount": "", "owner": "", "date": "", "about": ""}
    for field in fields:
        text = field.cell(row, language).text
        is_person = isinstance(field, ReferenceField) and field.is_person
        is_moment = field.kind in ("date", "datetime")
        place = (
            "amount" if isinstance(field, MoneyField) else "owner" if is_person else "date" if is_moment else "about"
        )
        if text:
            facts[place] = f"{facts[place]} · {text}" if facts[place] else text
    facts["initials"] = "".join(word[0] for word in facts["owner"].replace(NBSP, " ").split()[:2])
    return facts
