"""Which screens are measured: each case gives one request after the other."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from itertools import cycle
from typing import Any

from django.test import Client

from krug.access.models import User
from krug.config.bench.filling import KNOWN
from krug.kernel.registry import get_entity
from krug.lists.actions.trees import Wanted, make_tree, trees_of

SAMPLE = 60
ATTRIBUTES: dict[str, Any] = {
    "a number among a million": ("decimal", "eq", 777),
    "a range of numbers": ("decimal", "gte", 500),
    "one of a list": ("choice", "eq", "last"),
    "part of a word": ("text", "contains", "пр-77777"),
    "a day": ("date", "eq", "2024-05-17"),
    "none of it": ("decimal", "gt", 5000),
    "and a city": ("decimal", "lt", 100, ("city", "eq", "Омск")),
}


@dataclass(frozen=True)
class Request:
    """One request: an address, and what is sent when something is saved."""

    url: str
    sent: dict[str, str] | None = None


@dataclass(frozen=True)
class Case:
    """One screen: its name, and the requests that are sent to it in turn."""

    name: str
    requests: Callable[[User, Client], Iterator[Request]]
    writes: bool = False


def at(url: str) -> Callable[[User, Client], Iterator[Request]]:
    """The same address again and again."""
    return lambda user, client: cycle([Request(url)])


def filtered(*conditions: tuple[str, str, object]) -> str:
    """The part of an address that narrows a list."""
    tree = {"all": [{"field": name, "operator": operator, "value": value} for name, operator, value in conditions]}
    return f"filter={json.dumps(tree, ensure_ascii=False)}"


def by_attribute(
    kind: str, operator: str, value: object, *more: tuple[str, str, object]
) -> Callable[[User, Client], Iterator[Request]]:
    """A list narrowed by a field that the company added."""

    def requests(user: User, client: Client) -> Iterator[Request]:
        fields = get_entity("party").fields.values()
        found = next((field for field in fields if field.is_attribute and field.kind == kind), None)
        code = getattr(found, "choices", ((0, ""),))[-1][0] if value == "last" else value
        asked = filtered((found.name, operator, code), *more) if found else ""
        return cycle([Request(f"/parties/?{asked}")])

    return requests


def trees(*levels: str, opened: int = 0) -> Callable[[User, Client], Iterator[Request]]:
    """The panel of a tree over the customers, and the first nodes opened one under the other."""

    def requests(user: User, client: Client) -> Iterator[Request]:
        entity = get_entity("party")
        fields = entity.fields.values()
        found = {field.kind: field.name for field in fields if field.is_attribute}
        named = tuple(found.get(level, level) for level in levels)
        name = f"Bench {' '.join(named)}"
        tree = next((each for each in trees_of(entity, user) if each.name == name), None)
        tree = tree or make_tree(entity, Wanted(name, "", named), by=user)
        url = f"/trees/parties/panel/?tree={tree.pk}"
        for _step in range(opened):
            page = client.get(url).content.decode()
            url = unescape(page.split('data-nodes="', 1)[1].split('"', 1)[0])
        return cycle([Request(url)])

    return requests


def records(code: str, tail: str = "") -> Callable[[User, Client], Iterator[Request]]:
    """The pages of records spread over what the reader may see, the best known first."""

    def requests(user: User, client: Client) -> Iterator[Request]:
        entity = get_entity(code)
        return cycle([Request(f"{entity.url(pk)}{tail}") for pk in some_of(code, user)])

    return requests


def some_of(code: str, user: User) -> list[int]:
    """Numbers of records of one type that the reader may see, old ones with much history and new ones."""
    rows = get_entity(code).rows_for(user).order_by("pk").values_list("pk", flat=True)
    last = rows.last() or 1
    found = {rows.filter(pk__gte=1 + last * place // SAMPLE).first() for place in range(SAMPLE)}
    return sorted(pk for pk in found if pk)


def deep(url: str) -> Callable[[User, Client], Iterator[Request]]:
    """Page after page of a list."""

    def requests(user: User, client: Client) -> Iterator[Request]:
        here, start = url, url.partition("?")[0] + "?"
        while True:
            links = Links.of(client.get(here).content.decode())
            here = next((link for link in links if link.startswith(start) and "after=" in link), url)
            yield Request(here)

    return requests


def saves(user: User, client: Client) -> Iterator[Request]:
    """A party is opened for editing, one field changed, and sent back."""
    for turn, pk in enumerate(cycle(some_of("party", user))):
        url = f"/parties/{pk}/edit/"
        sent = Inputs.of(client.get(url).content.decode())
        yield Request(url, {**sent, "note": f"Звонить после обеда, {turn}", "employees": str(10 + turn)})


def logs(user: User, client: Client) -> Iterator[Request]:
    """A call is written down with its next step."""
    for turn, pk in enumerate(cycle(some_of("party", user))):
        sent = Inputs.of(client.get(f"/log/?party={pk}").content.decode())
        text = f"Договорились о встрече, {turn}"
        yield Request("/log/", {**sent, "party": str(pk), "text": text, "next_step": "Позвонить завтра 10"})


def plans(user: User, client: Client) -> Iterator[Request]:
    """A work is planned in the stage of an open deal."""
    rows = get_entity("deal").rows_for(user).filter(state="open").order_by("-pk").values_list("pk", flat=True)
    for turn, pk in enumerate(cycle(rows[:SAMPLE])):
        sent = Inputs.of(client.get(f"/deals/{pk}/plan/").content.decode())
        yield Request(f"/deals/{pk}/plan/", {**sent, "name": f"Подготовить расчёт {turn}", "due": "25.12.2027"})


def sorted_by(kind: str) -> Callable[[User, Client], Iterator[Request]]:
    """The customers in the order of a field that the company added."""

    def requests(user: User, client: Client) -> Iterator[Request]:
        fields = get_entity("party").fields.values()
        found = next((field.name for field in fields if field.is_attribute and field.kind == kind), "")
        return cycle([Request(f"/parties/?saved=all&sort={found}")])

    return requests


SINCE = [{"field": "created_at", "operator": "gte", "value": "today-30d"}]
LARGE = [{"field": "amount", "operator": "gte", "value": "4900000"}]
SEARCHES = (
    ("part of a name", "вет"),
    ("two words", "северный завод"),
    ("a person", "федорова анна"),
    ("four digits", "0142"),
    ("a whole phone", "8 (812) 555 01 42"),
    ("other layout", "atljhjdf"),
    ("other alphabet", "fedorova"),
    ("one slip", "северный втер"),
    ("nothing", "яяяя"),
)
CASES = (
    Case("frame with nothing in it", at("/help/")),
    Case("list: customers", at("/parties/?saved=all")),
    Case("list: customers, page after page", deep("/parties/?saved=all&limit=50")),
    Case("list: newest customers", at("/parties/?saved=all&sort=-created_at")),
    Case("list: persons", at("/contacts/?saved=all")),
    Case("list: deals", at("/deals/?saved=all")),
    Case("list: interactions", at("/interactions/?saved=all")),
    Case("filter: city and role", at(f"/parties/?{filtered(('city', 'eq', 'Омск'), ('roles', 'eq', 'prospect'))}")),
    Case(
        "filter: open deals above a sum",
        at(f"/deals/?{filtered(('state', 'eq', 'open'), ('amount', 'gte', '4900000'))}"),
    ),
    *(Case(f"filter: attribute, {name}", by_attribute(*asked)) for name, asked in ATTRIBUTES.items()),
    Case("tree: customers by city, at the top", trees("city", "state")),
    Case("tree: customers of a city by state", trees("city", "state", opened=1)),
    Case("tree: customers by an added list", trees("choice", "city")),
    Case("tree: of one value by city", trees("choice", "city", opened=1)),
    Case("filter: no deal for thirty days", at(f"/parties/?{filtered(('deal.party', 'has_no', SINCE))}")),
    Case("filter: a deal above a sum", at(f"/parties/?{filtered(('deal.party', 'has', LARGE))}")),
    Case("sort: by an added number", sorted_by("decimal")),
    Case("filter: words in a list", at("/parties/?saved=all&q=северный гранит")),
    *(Case(f"search: {name}", at(f"/search/?palette=1&q={query}")) for name, query in SEARCHES),
    Case("dossier", records("party")),
    Case("dossier: best known customer", at(f"/parties/{KNOWN}/")),
    Case("person", records("contact")),
    Case("board", at("/deals/?view=board")),
    Case("deal", records("deal")),
    Case("my day", at("/")),
    Case("save: customer", saves, writes=True),
    Case("log: call with next step", logs, writes=True),
    Case("save: work in a deal", plans, writes=True),
)


class Inputs(HTMLParser):
    """What a browser would send from the first form of a page that sends by POST."""

    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}
        self._inside = self._done = False
        self._choice = self._area = ""

    @classmethod
    def of(cls, page: str) -> dict[str, str]:
        """The inputs by name."""
        reader = cls()
        reader.feed(page)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form" and given.get("method", "").lower() == "post" and not self._done:
            self._inside = "class" not in given or "quiet" not in given["class"]
        if not self._inside:
            return
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "input" and name and (kind not in ("checkbox", "radio", "submit") or "checked" in given):
            self.found[name] = given.get("value", "")
        elif tag == "select":
            self._choice = name
            self.found.setdefault(name, "")
        elif tag == "option" and self._choice and "selected" in given:
            self.found[self._choice] = given.get("value", "")
        elif tag == "textarea":
            self._area = name
            self.found[name] = ""

    def handle_endtag(self, tag: str) -> None:
        if tag == "form" and self._inside:
            self._inside = False
            self._done = "once" in self.found or len(self.found) > 3
            if not self._done:
                self.found.clear()
        elif tag in ("select", "textarea"):
            self._choice = self._area = ""

    def handle_data(self, data: str) -> None:
        if self._area:
            self.found[self._area] += data


class Links(HTMLParser):
    """The addresses that a page links to."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    @classmethod
    def of(cls, page: str) -> list[str]:
        """The addresses in order."""
        reader = cls()
        reader.feed(page)
        return reader.found

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]
