"""The one search box: a page of its own, and the list inside the palette."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from markupsafe import Markup, escape

from krug.access.models import User
from krug.kernel.entity import Entity
from krug.kernel.fields import ReferenceField
from krug.kernel.phrases import new_of
from krug.kernel.registry import entities, get_entity
from krug.kernel.screens.door import SIGNED_IN, asker, door
from krug.kernel.screens.seen import recent_records
from krug.kernel.search.finding import Found, Hit, search
from krug.kernel.ui import formats
from krug.kernel.ui.names import whole_name
from krug.kernel.ui.pages import render
from krug.kernel.visibility import may
from krug.language.calendar_words import speech
from krug.language.readings import PHONE_DIGITS

EXAMPLES = 8
BESIDE = 5
Offer = Callable[[str, User], "tuple[str, str] | None"]
Beside = Callable[[str, User], "Iterable[Line]"]
Deeds = Callable[[Sequence[Hit], User], Mapping[tuple[str, int], list[tuple[str, str]]]]
_offers: list[Offer] = []
_beside: list[Beside] = []
_deeds: list[Deeds] = []


@dataclass(frozen=True)
class Line:
    """One result as the palette shows it."""

    label: Markup
    url: str
    kind: str
    note: str
    icon: str
    actions: Sequence[tuple[str, ...]] = ()


def offer_when_nothing_is_found(function: Offer) -> None:
    """A domain offers to begin a record with what was looked for in vain: the words and the address of the form."""
    if function not in _offers:
        _offers.append(function)


def find_beside(function: Beside) -> None:
    """A domain adds what is found beside records, such as pages of the settings."""
    if function not in _beside:
        _beside.append(function)


def begin_with(function: Deeds) -> None:
    """A domain adds what can be done at once with some of what was found, such as calling: words and addresses."""
    if function not in _deeds:
        _deeds.append(function)


@door(SIGNED_IN)
def search_page(request: HttpRequest) -> HttpResponse:
    """What was found, by which reading; before anything is typed, what was opened last."""
    query = request.GET.get("q", "").strip()[:120]
    found = search(query, asker(request)) if query else None
    context = {
        "query": query,
        "found": found,
        "said": reading_said(found.reading, found.text) if found else "",
        "lines": lines_of(found, asker(request)) if found else [],
        "recent": recent_records(asker(request), EXAMPLES) if not query else [],
        "language": speech(),
        "beside": [line for also in _beside for line in also(query, asker(request))][:BESIDE] if query else [],
        "offers": offers_for(query, asker(request)) if found and not found.hits else [],
    }
    template = (
        "kernel/_palette.html"
        if request.headers.get("HX-Request") or request.GET.get("palette")
        else "kernel/search.html"
    )
    return render(request, template, context)


def offers_for(query: str, user: User) -> list[tuple[str, str]]:
    """What may be begun with these words by this person."""
    return [offer for function in _offers if (offer := function(query, user)) is not None]


def reading_said(reading: str | None, text: str) -> str:
    """The line that says how a query was understood."""
    words = {
        "layout": _("Read in the other keyboard layout: “%(text)s”"),
        "transliteration": _("Read in the other alphabet: “%(text)s”"),
        "typo": _("One letter corrected: “%(text)s”"),
        "digits": _("Found by digits: %(text)s"),
        "as_typed": _("Found as typed: “%(text)s”"),
    }
    return words[reading] % {"text": text} if reading else ""


def lines_of(found: Found, user: User) -> list[Line]:
    """What was found, line by line."""
    deeds = [function(found.hits, user) for function in _deeds]
    begun = {code: beginnings(get_entity(code), user) for code in {hit.entity for hit in found.hits}}
    phones = _phones_among(found, user)
    return [
        _line_of(
            hit, found, (hit.entity, hit.id) in phones,
            [
                *(deed for one in deeds for deed in one.get((hit.entity, hit.id), ())),
                *((label, f"{address}{hit.id}", place) for label, address, place in begun[hit.entity]),
            ],
        )
        for hit in found.hits
    ]  # fmt: skip


def _line_of(hit: Hit, found: Found, is_phone: bool, actions: Sequence[tuple[str, ...]]) -> Line:
    """One result: its name with the matched part marked, and what can be begun from it."""
    entity = get_entity(hit.entity)
    name = whole_name(hit.title) if hasattr(entity.model, "surname") else hit.title
    title = marked(name, found.text)
    if found.reading == "digits":
        number = _number_in(hit, found)
        shown = marked_digits(formats.phone(f"+7{number}") if is_phone else number, found.text)
        title = Markup('{} <span class="found-note">{}</span>').format(name, shown)
    return Line(title, hit.url, str(entity.label), hit.note, entity.icon, actions)


def _number_in(hit: Hit, found: Found) -> str:
    return next((each for each in hit.digits.split() if found.text in each), "")


def _phones_among(found: Found, user: User) -> set[tuple[str, int]]:
    """The records of which the ten figures found are a phone, not a tax number."""
    numbers: dict[str, dict[int, str]] = {}
    for hit in found.hits if found.reading == "digits" else ():
        if len(number := _number_in(hit, found)) == PHONE_DIGITS:
            numbers.setdefault(hit.entity, {})[hit.id] = number
    return {
        (code, pk)
        for code, by_id in numbers.items()
        for path in get_entity(code).search_digits
        if path.endswith("digits")
        for pk, number in get_entity(code).rows_for(user).filter(pk__in=by_id).values_list("pk", path)
        if by_id[pk] == number
    }


def marked(text: str, part: str) -> Markup:
    """The text with the part that matched the query marked."""
    place = text.casefold().replace("ё", "е").find(part)
    if not part or place < 0:
        return escape(text)
    return Markup("{}<mark>{}</mark>{}").format(
        text[:place], text[place : place + len(part)], text[place + len(part) :]
    )


def marked_digits(text: str, digits: str) -> Markup:
    """The number with the figures marked that matched, whatever stands between them."""
    found = re.search(r"\D*".join(digits), text)
    return marked(text, found.group()) if found and digits else escape(text)


def beginnings(entity: Entity, user: User) -> list[tuple[str, str, str]]:
    """The records that can be begun about one of this type: their names, and addresses that want its number."""
    return [
        (new_of(other), f"{other.url()}new/?{urlencode({name: ''})}", "sheet")
        for other in entities()
        if other.menu and may(user, other.code, "create")
        for name in other.editable
        if isinstance(field := other.fields.get(name), ReferenceField) and field.model is entity.model
    ][:6]
