"""The board: columns with their sums, cards with their marks, and the move of a card from one to another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from krug.kernel.attributes.listed import ChoiceAttribute
from krug.kernel.doors import change_record, get_visible, perform
from krug.kernel.entity import Board, Verb
from krug.kernel.errors import BadRequest, Invalid, NotFound, Refusal, Stale
from krug.kernel.fields import FieldFault, MoneyField, Reading, ReferenceField
from krug.kernel.journal.changes import changes_in
from krug.kernel.journal.timeline import names_of
from krug.kernel.listing.concealing import rows_told
from krug.kernel.listing.filters import with_condition
from krug.kernel.listing.saved_views import asked_state
from krug.kernel.listing.state import ListState, list_url
from krug.kernel.moment import looking_back, then
from krug.kernel.registry import entity_of
from krug.kernel.screens.answers import go_to, local
from krug.kernel.screens.controls import Control, reading_of, sentence
from krug.kernel.screens.forms import version_of
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
from krug.lists.rules.short_lists import board_of, columns_by, first_board, raw_of

if TYPE_CHECKING:
    from krug.kernel.entity import Entity
    from krug.kernel.fields import Field


def board_context(entity: Entity, first: Board, state: ListState, reading: Reading) -> dict[str, Any]:
    """Heads and cards ready to print: three statements, and what the domain's own marks cost."""
    board = (board_of(entity, state.by) if state.by else None) or first_board(entity, first, reading)
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
        "board_lack": _lack(look, by_words),
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


def _lack(look: Look, words: str) -> dict[str, str]:
    """What to say, and where to go, when there is nothing to make columns of, or only one of them."""
    columns = look.layout.columns
    if len(columns) > 1:
        return {}
    told = (
        _("“%(field)s” has only one value, so there is only one column.")
        if any(column.value is not None for column in columns)
        else _("“%(field)s” has no values yet, so there is nothing to make columns of.")
    )
    field, user, url = look.by, look.reading.user, ""
    target = entity_of(field.model) if isinstance(field, ReferenceField) else None
    if target and target.editable and may(user, target.code, "create"):
        url = f"{target.url()}new/"
    elif isinstance(field, ChoiceAttribute) and may(user, "attribute", "change"):
        url = reverse("field-values", args=[field.number])
    return {"text": told % {"field": words}, "url": url}


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
    look = Look(entity, board, asked_state(entity, reading.user, request.GET), reading)
    value = look.layout.meant(record, value) if done and look.layout.meant else value
    try:
        moved, words = _carry_out(look, done, record, value, sent)
    except (Refusal, Invalid) as no:
        if done is None:
            raise
        return _asked_more(request, entity, done, record, {board.by: by.raw(value)}, no=no)
    except Stale:
        return _moved_meanwhile(request, look, get_visible(entity, reading.user, record.pk))
    toast(request, words, undo_url=undo_url())
    if "next" in request.POST or not wants_part(request):
        return go_to(request, local(request, entity.url()))
    answer = _heads_anew(request, look, {left, column})
    answer["X-Version"] = str(moved.version)
    return answer


def _carry_out(look: Look, done: Verb | None, record: Any, value: Any, sent: Any) -> tuple[Any, str]:
    """The move of a card that is still as it was shown: the record as it is now, and what is said of it."""
    entity, by, user, version = look.entity, look.by, look.reading.user, version_of(sent.get("version", ""))
    if done is None:
        changed = change_record(entity, record.pk, {by.name: value}, by=user, version=version)
        return changed, _("Saved: %(field)s, %(record)s") % {"field": by.label, "record": entity.name_of(record)}
    perform(entity, done.name, record.pk, by=user, once=sent.get("once"), version=version, **{by.name: value})
    moved = get_visible(entity, user, record.pk)
    return moved, told_of(entity, moved)


def _moved_meanwhile(request: HttpRequest, look: Look, record: Any) -> HttpResponse:
    """Somebody changed the record after it was shown: nothing is moved, and it is told who did, and when."""
    last = next(iter(changes_in(record, 1)), None)
    author = names_of({last["actor_id"] or 0}).get(last["actor_id"] or 0, "") if last else ""
    words = _(
        "This record was changed after it was shown to you (%(who_and_when)s), so it was not moved. Look at it as it "
        "is now, and move it again if that is still right."
    ) % {
        "who_and_when": ", ".join(
            filter(None, (author, formats.moment(timezone.localtime(last["at"])) if last else ""))
        )
    }
    if "next" not in request.POST and wants_part(request):
        raise Stale(words, record=record)
    return _choice_of_column(request, look, record, told=words)


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


def _choice_of_column(request: HttpRequest, look: Look, record: Any, *, told: str = "") -> HttpResponse:
    """The small form that moves a card without dragging it; `told` is why it was not moved just now."""
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
        "errors": {"": told} if told else {},
        "hidden": {"card": str(record.pk), "version": str(record.version), "next": back},
        "cancel": back,
        "is_offered": True,
        "is_danger": False,
        "needed": "",
        "steering": "",
    }
    return render(request, "kernel/verb_form.html", context, status=Stale.status if told else 200)


def _heads_anew(request: HttpRequest, asked: Look, touched: set[str]) -> HttpResponse:
    """The heads of the two columns with their new figures."""
    look = Look(asked.entity, asked.board, board_state(asked.entity, asked.board, asked.state), asked.reading)
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
    rows = rows_told(shown_rows, entity, [*fields, title], look.reading.user, also=("id", "version")) if shown else []
    language, others = look.reading.language, [field for field in fields if field.name != title.name]
    cards = {}
    for row in rows:
        pk, url = row["id"], then(entity.url(row["id"]))
        cards[pk] = {
            "id": pk,
            "version": row["version"],
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
        if text and (not is_moment or text not in facts[place]):
            facts[place] = f"{facts[place]} · {text}" if facts[place] else text
    facts["initials"] = "".join(word[0] for word in facts["owner"].replace(NBSP, " ").split()[:2])
    return facts
