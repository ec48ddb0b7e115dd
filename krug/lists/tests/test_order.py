"""Lists sorted by fields that the company added: in order, page by page, those without a value last."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from krug.administration.testing import make_attribute
from krug.administration.tests.attribute_cast import filled, reading
from krug.kernel.errors import BadRequest
from krug.kernel.journal.as_of import looking_at
from krug.kernel.listing import bulk
from krug.kernel.listing.bulk import Deed, Selection, preview
from krug.kernel.listing.query import read_page
from krug.kernel.listing.state import ListState, read_state
from krug.kernel.registry import get_entity
from krug.lists.tests.test_past import moment
from krug.parties.testing import make_party

pytestmark = [pytest.mark.django_db]
PARTY = get_entity("party")
VALUES = {
    "number": ("10", "9", "-2", "9", None, None),
    "text": ("вода", "Бетон", "ёлка", "бетон", None, None),
    "date": ("2026-12-01", "2026-02-03", "2025-12-31", "2026-02-03", None, None),
    "money": ("10,50", "9,90", "100", "9,90", None, None),
}
ORDER = {"number": [2, 1, 3, 0], "text": [1, 3, 0, 2], "date": [2, 1, 3, 0], "money": [1, 3, 0, 2]}


def made(kind: str, user: Any) -> tuple[str, list[int]]:
    field = make_attribute("Sorted", kind=kind)
    ids = []
    for at, value in enumerate(VALUES[kind]):
        party = make_party(f"Number {at}", owner=user)
        if value is not None:
            filled(PARTY, party, user, **{field.key: value})
        ids.append(party.pk)
    return field.key, ids


def walked(user: Any, sort: str, *, backwards: bool = False) -> list[int]:
    """All pages of two rows each, from the first on or from the last back."""
    state, found = ListState(sort=sort, limit=2), []
    page = read_page(PARTY, state, reading(user), ("id",))
    while True:
        numbers = [row["id"] for row in page.rows]
        found = numbers + found if backwards else found + numbers
        cursor = page.previous if backwards else page.next
        if not cursor:
            return found
        state = ListState(sort=sort, limit=2, **{"before" if backwards else "after": cursor})
        page = read_page(PARTY, state, reading(user), ("id",))


@pytest.mark.parametrize("kind", VALUES)
def test_pages_follow_the_order_of_the_values(kind, gleb):
    key, ids = made(kind, gleb)
    rising = [ids[at] for at in ORDER[kind]] + ids[4:]
    assert walked(gleb, key) == rising
    falling = walked(gleb, f"-{key}")
    assert falling == [ids[at] for at in reversed(ORDER[kind])] + [ids[5], ids[4]]
    first = read_page(PARTY, ListState(sort=key, limit=200), reading(gleb), ("id",))
    assert (first.previous, first.next) == ("", "")


def test_the_way_back_from_a_later_page_is_the_same_rows(gleb):
    key, ids = made("number", gleb)
    one = read_page(PARTY, ListState(sort=key, limit=2), reading(gleb), ("id",))
    two = read_page(PARTY, ListState(sort=key, limit=2, after=one.next), reading(gleb), ("id",))
    back = read_page(PARTY, ListState(sort=key, limit=2, before=two.previous), reading(gleb), ("id",))
    assert [row["id"] for row in back.rows] == [row["id"] for row in one.rows]
    three = read_page(PARTY, ListState(sort=key, limit=2, after=two.next), reading(gleb), ("id",))
    assert [row["id"] for row in three.rows] == ids[4:]
    middle = read_page(PARTY, ListState(sort=key, limit=2, before=three.previous), reading(gleb), ("id",))
    assert [row["id"] for row in middle.rows] == [row["id"] for row in two.rows]


def test_only_visible_records_that_the_filter_finds_are_sorted(anna, boris, gleb):
    key, ids = made("number", anna)
    other = make_party("Of another", owner=boris)
    filled(PARTY, other, gleb, **{key: "1"})
    assert other.pk not in walked(anna, key) and len(walked(anna, key)) == len(ids)
    tree = {"field": "display_name", "operator": "in", "value": ["Number 0", "Number 4"]}
    page = read_page(PARTY, ListState(sort=f"-{key}", tree=tree), reading(anna), ("id",))
    assert [row["id"] for row in page.rows] == [ids[0], ids[4]]


def test_the_head_sorts_or_says_that_it_can_not(gleb, client):
    gleb.language = "en"
    gleb.save(update_fields=["language"])
    client.force_login(gleb)
    key, ids = made("number", gleb)
    choice = make_attribute("Class", kind="choice", values=("A", "B"))
    page = client.get(f"/parties/?columns=display_name,{key},{choice.key}&sort={key}").content.decode()
    assert f"sort=-{key}" in page and 'aria-sort="ascending"' in page
    assert "This column can not be sorted quickly." in page
    opened = page.split("data-open>")[0].rsplit('href="', 1)[1].split('"')[0].replace("&amp;", "&")
    assert "list" in parse_qs(urlsplit(opened).query)
    assert f"/parties/{ids[1]}/" in client.get(opened).content.decode()
    assert 'class="chip left-out"' in client.get(f"/parties/?sort={choice.key}").content.decode()


@pytest.mark.parametrize("kind", ["text", "number", "date"])
def test_the_list_of_the_past_stands_in_the_order_of_then(kind, gleb, client):
    client.force_login(gleb)
    key, ids = made(kind, gleb)
    held = {pk: PARTY.model.objects.get(pk=pk).custom for pk in ids}
    before = in_order(gleb, key)
    then = moment()
    for pk, other in zip(ids, reversed(ids), strict=True):
        PARTY.model.objects.filter(pk=pk).update(custom=held[other])
    assert in_order(gleb, key) != before
    with looking_at(then):
        assert in_order(gleb, key) == before
    assert client.get("/parties/", {"sort": key, "as_of": then.isoformat()}).status_code == 200


def in_order(person, key):
    state, found = ListState(sort=key, limit=2), []
    page = read_page(PARTY, state, reading(person), ("id",))
    while page.next:
        found += [row["id"] for row in page.rows]
        page = read_page(PARTY, ListState(sort=key, limit=2, after=page.next), reading(person), ("id",))
    return found + [row["id"] for row in page.rows]


def test_a_place_of_another_list_is_refused(gleb):
    key, _ids = made("number", gleb)
    page = read_page(PARTY, ListState(sort=key, limit=2), reading(gleb), ("id",))
    with pytest.raises(BadRequest):
        read_page(PARTY, ListState(sort=f"-{key}", limit=2, after=page.next), reading(gleb), ("id",))
    assert read_state(PARTY, {"sort": key}).sort == key


def test_a_look_ahead_counts_all_records_or_says_how_many_it_looked_at(gleb, monkeypatch):
    ids = [make_party(f"Many {at}", owner=gleb, city="Тверь" if at % 2 else "").pk for at in range(5)]
    monkeypatch.setattr(bulk, "CHUNK", 2)
    deed = Deed("edit", {"city": "Тверь"})
    whole = preview(PARTY, Selection(tuple(ids)), deed, reading(gleb))
    assert (whole.count, whole.looked_at, whole.outcome.changed) == (5, 5, 3)
    assert {reason: each["count"] for reason, each in whole.outcome.skipped.items()} == {"Already so": 2}
    monkeypatch.setattr(bulk, "PATIENCE", 0.0)
    part = preview(PARTY, Selection(tuple(ids)), deed, reading(gleb))
    assert (part.count, part.looked_at, part.outcome.changed) == (5, 2, 1)
    assert sorted(PARTY.model.objects.filter(pk__in=ids).values_list("city", flat=True)) == [
        "",
        "",
        "",
        "Тверь",
        "Тверь",
    ]
