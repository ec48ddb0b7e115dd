"""Finds settings by their words in both languages, read as forgivingly as the search box reads."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override
from markupsafe import escape

from krug.access.models import Reach, User
from krug.administration.settings_pages import GROUPS, MENU, SettingsPage, open_pages, what_it_changes
from krug.kernel.attributes.catalogue import catalogue
from krug.kernel.entity import Entity
from krug.kernel.fields import title_from, title_names
from krug.kernel.registry import entities
from krug.kernel.screens.searching import Line
from krug.kernel.visibility import rights_of
from krug.language.calendar_words import speech
from krug.language.readings import Kind, near_words, normalise, readings, typo_readings

SHOWN = 40
MOST_ROWS = 2_000
SHORTEST_WORD = 3
ATTRIBUTES = "/settings/attributes/"


@dataclass(frozen=True)
class Place:
    """One thing that can be arranged: its name, where, of what kind, what to say of it, and the words that find it."""

    label: str
    url: str
    kind: str
    icon: str
    says: Callable[[], str]
    words: str

    @property
    def note(self) -> str:
        """What is said of it where it is shown; worked out only there."""
        return self.says()


@dataclass(frozen=True)
class FoundPlaces:
    """What was found, and by which reading."""

    places: list[Place]
    reading: Kind | None = None
    text: str = ""


def find_settings(query: str, user: User, *, with_records: bool = True) -> FoundPlaces:
    """The settings that answer a query; records of dictionaries, roles and people only where they are asked for."""
    known = [*_pages(user), *_attributes(user), *(_records(user) if with_records else ())]
    tried = readings(query.strip()[:120])
    for reading in tried:
        if found := _matching(known, reading.text):
            return FoundPlaces(found, reading.kind, reading.text)
    vocabulary = {word for place in known for word in place.words.split()}
    typed = normalise(query).split()
    near = {each for word in typed for each in [*near_words(word, list(vocabulary)), word] if each in vocabulary}
    for reading in typo_readings(query, near):
        if found := _matching(known, reading.text):
            return FoundPlaces(found, "typo", reading.text)
    return FoundPlaces([])


def _matching(places: Iterable[Place], text: str) -> list[Place]:
    words = text.split()
    found = [place for place in places if words and all(word in place.words for word in words)]
    found.sort(key=lambda place: (not normalise(place.label).startswith(text), place.words.find(text), place.label))
    return found[:SHOWN]


def in_both(*texts: Any) -> str:
    """Words in both languages, as they are compared."""
    said = []
    for language in ("ru", "en"):
        with override(language):
            said += [str(text) for text in texts]
    return normalise(" ".join(said))


@cache
def _page_words(title: Any, words: Any) -> str:
    return in_both(title, words)


def _pages(user: User) -> Iterator[Place]:
    for page in open_pages(user):
        yield Place(
            str(page.title),
            page.url,
            _("Settings"),
            page.icon,
            partial(what_it_changes, page),
            " ".join(_page_words(*said) for said in _named_as(page)),
        )


def _named_as(page: SettingsPage) -> Iterator[tuple[Any, Any]]:
    """What the page is looked for by; also one of what it covers: whoever types “role” means the roles."""
    yield page.title, page.words
    yield GROUPS[page.group], ""
    yield from ((entity.label, "") for entity in entities() if entity.code in page.covers)


def _attributes(user: User) -> Iterator[Place]:
    known = catalogue()
    if not rights_of(user).may("attribute", "change"):
        return
    for code, attributes in known.attributes.items():
        entity = next((each for each in entities() if each.code == code), None)
        for attribute in attributes if entity else ():
            values = known.values.get(attribute.pk, [])[:200]
            listed = " ".join(f"{value.name_ru} {value.name_en}" for value in values if not value.is_archived)
            yield Place(
                str(attribute),
                f"{ATTRIBUTES}{code}/",
                _("Added field"),
                "list",
                partial("{}: {}".format, entity.plural if entity else "", attribute.get_kind_display()),
                normalise(f"{attribute.name_ru} {attribute.name_en} {listed}"),
            )


def _records(user: User) -> Iterator[Place]:
    """The values of dictionaries, the roles, the people: what stands in lists that belong to the settings."""
    rights = rights_of(user)
    for entity in entities():
        if entity.menu.partition("/")[0] == MENU and rights.reach(entity.code) != Reach.NONE:
            yield from _rows(entity, user)


def _rows(entity: Entity, user: User) -> Iterator[Place]:
    columns = {column.name for column in entity.model._meta.concrete_fields}
    named = [*title_names(entity.model), *(name for name in ("code", "position", "email") if name in columns)]
    rows = entity.rows_for(user).filter(**({"is_archived": False} if "is_archived" in columns else {}))
    count = len(title_names(entity.model))
    for pk, *told in rows.order_by("pk").values_list("pk", *named)[:MOST_ROWS]:
        title = title_from(entity.model, tuple(told[:count]), speech())
        yield Place(
            title, entity.url(pk), str(entity.label), entity.icon, str, normalise(" ".join(str(each) for each in told))
        )


def settings_beside(query: str, user: User) -> list[Line]:
    """What the search box shows of the settings beside records: pages and added fields."""
    if len(query) < SHORTEST_WORD or not rights_of(user).may("user", "change"):
        return []
    places = find_settings(query, user, with_records=False).places
    return [Line(escape(place.label), place.url, place.kind, place.note, place.icon) for place in places]
