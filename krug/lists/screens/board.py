"""The board: columns with their sums, cards with their marks, and the move of a card from one to another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.kernel.doors import change_record, get_visible, perform
from krug.kernel.entity import Board, Verb
from krug.kernel.errors import BadRequest, Invalid, NotFound, Refusal
from krug.kernel.fields import FieldFault, MoneyField, Reading, ReferenceField
from krug.kernel.listing.concealing import rows_told
from krug.kernel.listing.filters import with_condition
from krug.kernel.listing.saved_views import asked_state
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.moment import looking_back, then
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.controls import Control, reading_of, sentence
from krug.kernel.screens.undoing import undo_url
from krug.kernel.screens.verb import placed, still_asked, told_of, usual, verb_form
from krug.kernel.ui import formats
from krug.kernel.ui.names import NBSP
from krug.kernel.ui.pages import render, wants_part
from krug.kernel.ui.toasts import toast
from krug.kernel.visibility import demand, may
from krug.lists.rules.boards import (
    BoardMarks,
    CardMark,
    ColumnFacts,
    Look,
    board_state,
    forget_heads,
    read_columns,
)
from krug.lists.rules.short_lists import board_of, columns_by, raw_of

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Field


def board_context(entity: Entity, first: Board, state: ListState, reading: Reading) -> dict[str, Any]:
    """Heads and cards ready to print: three statements, and what the domain's own marks cost."""
    board = board_of(entity, state.by) or first
    look = Look(entity, board, board_state(entity, board, state), reading)
    facts, marks = read_columns(look, look.layout.columns)
    shown = [pk for column in facts for pk in column.ids]
    sent = urlencode({**state.to_params(), "by": board.by, "next": list_url(entity, state)})
    moves = is_moved_by(entity, board, reading)
    cards = _cards(look, shown, marks, sent if moves else "")
    by_words = sentence(look.by.label)
    return {
        "board_columns": [
            {**head_of(look, column), "cards": [cards[pk] for pk in column.ids if pk in cards]} for column in facts
        ],
        "board_choices": [
            (label, list_url(entity, state, tree=tree), is_this) for label, tree, is_this in look.layout.choices
        ],
        "board_by": by_words,
        "board_fields": [
            (sentence(entity.field(name).label), list_url(entity, state, by=name), name == board.by)
            for name in dict.fromkeys((*((first.by,) if first.columns else ()), *columns_by(entity)))
        ],
        "board_total": sums_words([pair for column in facts for pair in column.sums], reading),
        "board_still": "" if moves else _stays(entity, board, by_words),
        "move_url": f"{entity.url()}move/?{sent}" if moves else "",
        "empty": None,
    }


def is_moved_by(entity: Entity, board: Board, reading: Reading) -> bool:
    """Whether the reader takes cards from column to column: by the board's verb, or by editing its field."""
    if looking_back() is not None:
        return False
    if board.move:
        return may(reading.user, entity.code, board.move)
    return board.by in entity.editable and may(reading.user, entity.code, "change")


def _stays(entity: Entity, board: Board, words: str) -> str:
    """Why cards stay where they are."""
    if looking_back() is not None:
        return ""
    if board.move or board.by in entity.editable:
        return _("Your role does not change these records, so cards stay where they are.")
    return _("“%(field)s” is changed by acts of the record itself, so cards stay where they are.") % {"field": words}


def head_of(look: Look, facts: ColumnFacts) -> dict[str, Any]:
    """One head: name, count, sum, and what the domain adds."""
    column = facts.column
    tree = with_condition(look.state.tree, column.condition(look.board.by))
    listed = list_url(look.entity, look.state, view="table", by="", tree=tree)
    raw, sign = raw_of(look.by, column.value), "" if facts.is_exact else "≈ "
    return {
        "id": raw or "none",
        "raw": raw,
        "label": column.label,
        "count": f"{sign}{formats.number(facts.count)}" if column.has_cards else "",
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


@require_http_methods(["GET", "POST"])
def board_move(request: HttpRequest, entity: Entity) -> HttpResponse:
    """Take a card to another column: by the board's verb, which asks what is missing, or by editing its field."""
    board, reading = board_of(entity, request.GET.get("by", "")), reading_of(request)
    done = entity.verb(board.move) if board else None
    if board is None or (done is None and board.by not in entity.editable):
        raise NotFound(_("There is no such act."))
    sent = request.GET if request.method == "GET" else request.POST
    record, by = get_visible(entity, reading.user, sent.get("card", "")), entity.field(board.by)
    if done is None:
        demand(reading.user, entity.code, "change")
    if request.method == "GET" and done is not None:
        return go_to(request, f"{entity.url(record.pk)}{done.name}/")
    if request.method == "GET":
        return _choice_of_column(request, Look(entity, board, ListState(), reading), record)
    column, left = sent.get("column", ""), raw_of(by, by.value_of(record))
    value = _column_value(by, column, reading, may_be_empty=done is None)
    if done is not None:
        meant = Look(entity, board, asked_state(entity, reading.user, request.GET), reading).layout.meant
        value = meant(record, value) if meant else value
        try:
            perform(entity, done.name, record.pk, by=reading.user, once=sent.get("once"), **{board.by: value})
        except (Refusal, Invalid) as no:
            return _asked_more(request, entity, done, record, {board.by: by.raw(value)}, no=no)
        words = told_of(entity, get_visible(entity, reading.user, record.pk))
    else:
        change_record(entity, record.pk, {board.by: value}, by=reading.user)
        words = _("Saved: %(field)s, %(record)s") % {"field": by.label, "record": entity.name_of(record)}
    toast(request, words, undo_url=undo_url())
    if "next" in request.POST or not wants_part(request):
        return go_to(request, local(request, entity.url()))
    return _moved(request, entity, board, reading, {left, column})


def _column_value(by: Field, column: str, reading: Reading, *, may_be_empty: bool) -> Any:
    try:
        return by.parse_or_empty(column, reading)
    except FieldFault as fault:
        if not column and may_be_empty:
            raise Refusal(fault.message, field=by.name, code=fault.code) from fault
        raise BadRequest(fault.message, field=by.name, code=fault.code) from fault


def _asked_more(
    request: HttpRequest, entity: Entity, done: Verb, record: Any, moved: dict[str, str], *, no: Refusal | Invalid
) -> HttpResponse:
    """The small form of the verb with what is still missing."""
    reading, (name,) = reading_of(request), moved
    asked = still_asked(entity, done, record, reading.user, moved)
    typed = {**usual(asked, reading), **moved}
    wrong, asks_more = placed(no, asked), any(item.name != name for item in asked)
    needed = " ".join(wrong.values()) if asks_more else ""
    return verb_form(request, entity, done, record, typed=typed, errors={} if asks_more else wrong, needed=needed)


def _choice_of_column(request: HttpRequest, look: Look, record: Any) -> HttpResponse:
    """The small form that moves a card without dragging it."""
    name, words = look.entity.name_of(record), sentence(look.by.label)
    columns = [(raw_of(look.by, column.value), column.label) for column in look.layout.columns]
    here = raw_of(look.by, look.by.value_of(record))
    back = local(request, look.entity.url())
    context = {
        "entity": look.entity,
        "title": f"{words}: {name}",
        "crumbs": ((str(look.entity.plural), look.entity.url()), (name, look.entity.url(record.pk)), (words, "")),
        "action": f"{look.entity.url()}move/?{request.GET.urlencode()}",
        "submit": _("Move"),
        "controls": [Control("column", words, "select", value=here, options=tuple(columns))],
        "errors": {},
        "hidden": {"card": str(record.pk), "next": back},
        "cancel": back,
        "is_offered": True,
        "is_danger": False,
        "needed": "",
        "steering": "",
    }
    return render(request, "kernel/verb_form.html", context)


def _moved(request: HttpRequest, entity: Entity, board: Board, reading: Reading, touched: set[str]) -> HttpResponse:
    """The heads of the two columns with their new figures."""
    look = Look(entity, board, board_state(entity, board, asked_state(entity, reading.user, request.GET)), reading)
    every = look.layout.columns
    forget_heads(look, every)
    columns = [
        column for column in every if touched & {raw_of(look.by, value) for value in (column.value, *column.same)}
    ]
    heads = [head_of(look, facts) for facts in read_columns(look, columns, with_cards=False)[0]]
    return render(request, "lists/_column_sums.html", {"columns": heads})


def _cards(look: Look, shown: list[int], marks: BoardMarks, sent: str) -> dict[int, dict[str, Any]]:
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
            "move_url": _move_url(entity, board, url, pk, sent) if sent else "",
        }
    return cards


def _move_url(entity: Entity, board: Board, url: str, pk: int, sent: str) -> str:
    if board.move:
        return f"{url}{board.move}/?{urlencode({'next': dict(parse_qsl(sent)).get('next', '')})}"
    return f"{entity.url()}move/?card={pk}&{sent}"


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
