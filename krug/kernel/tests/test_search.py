"""The search box: any part of a name, digits, wrong layout, other alphabet, one slip; only what one may see."""

from __future__ import annotations

import pytest
from django.test import Client

from krug.kernel import writing
from krug.kernel.journal.models import Owed
from krug.kernel.journal.recording import pay_owed
from krug.kernel.registry import get_entity
from krug.kernel.search.finding import search
from krug.parties.testing import make_party, make_point, make_position, make_requisites
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db


@pytest.fixture
def wind(anna, django_capture_on_commit_callbacks):
    """«Северный Ветер» with its phone and Фёдорова."""
    with django_capture_on_commit_callbacks(execute=True):
        party = make_party("Северный Ветер", owner=anna)
        make_point("+7 812 555-01-42", party=party, by=anna)
        make_position(party=party, by=anna)
    return party


def names(query, user):
    found = search(query, user)
    return [hit.title for hit in found.hits], found.reading


@pytest.mark.parametrize(
    ("query", "reading"),
    [
        ("сев", "as_typed"),
        ("ВЕТЕР", "as_typed"),
        ("ерный вет", "as_typed"),
        ("ctdthysq", "layout"),
        ("severnyj", "transliteration"),
        ("severnyy", "transliteration"),
        ("северный втер", "typo"),
        ("0142", "digits"),
        ("8 (812) 555 01 42", "digits"),
        ("+78125550142", "digits"),
    ],
)
def test_a_customer_is_found_however_it_is_typed(wind, anna, query, reading):
    titles, how = names(query, anna)
    assert "Северный Ветер" in titles
    assert how == reading


@pytest.mark.parametrize(
    ("query", "reading"),
    [("atljhjdf", "layout"), ("федорова", "as_typed"), ("фёдорова", "as_typed"), ("fedorova", "transliteration")],
)
def test_a_person_is_found_with_ye_in_the_wrong_layout_and_in_latin(wind, anna, query, reading):
    titles, how = names(query, anna)
    assert any("Фёдорова" in title for title in titles)
    assert how == reading


def test_a_tax_number_finds_its_customer(wind, anna):
    requisites = make_requisites(party=wind, by=anna)
    assert names(requisites.inn, anna)[0][0] == "Северный Ветер"


def test_a_deal_is_found_by_its_customer(wind, anna):
    deal = make_deal("Насосы, партия 3", owner=anna, party=wind)
    assert deal.name in names("насосы", anna)[0]
    assert deal.name in names("северный", anna)[0]


def test_nothing_is_found_for_nonsense(wind, anna):
    assert names("яяяя", anna) == ([], None)


def test_nobody_finds_what_he_may_not_see(wind, boris):
    for query in ("сев", "0142", "федорова", "ctdthysq"):
        assert names(query, boris)[0] == []


def test_what_is_put_away_leaves_the_search_and_comes_back(wind, anna):
    entity = get_entity("party")
    writing.archive(entity, wind, by=anna)
    assert "Северный Ветер" not in names("сев", anna)[0]
    writing.restore(entity, wind, by=anna)
    assert "Северный Ветер" in names("сев", anna)[0]


def test_the_palette_shows_the_reading_marks_digits_and_offers_a_new_customer(wind, anna):
    client = Client(headers={"HX-Request": "true", "Accept-Language": "ru"})
    client.force_login(anna)
    page = client.get("/search/?q=0142").content.decode()
    assert "+7 (812) 555-<mark>01-42</mark>" in page
    assert f"/parties/{wind.pk}/" in page
    assert f"?party={wind.pk}" in page
    nothing = client.get("/search/?q=яяяя").content.decode()
    assert "яяяя" in nothing
    assert "/parties/" in nothing


def test_a_search_costs_the_same_few_queries_for_many_hits(wind, anna, django_assert_max_num_queries):
    for number in range(15):
        make_party(f"Ветер {number}", owner=anna)
    with django_assert_max_num_queries(12):
        search("ветер", anna)


def test_a_deal_is_found_by_the_new_name_of_its_customer(wind, anna, django_capture_on_commit_callbacks):
    deal = make_deal(party=wind, owner=anna)
    with django_capture_on_commit_callbacks(execute=True):
        writing.change(get_entity("party"), wind, {"display_name": "Южный Берег"}, by=anna)
        pay_owed(Owed.objects.get().pk)
    assert {hit.entity for hit in search("южный берег", anna).hits} == {"party", "deal", "contact"}
    assert (deal.pk, "deal") not in {(hit.id, hit.entity) for hit in search("северный ветер", anna).hits}


def test_a_list_is_narrowed_by_words_signs_and_short_parts_like_the_box(wind, anna, client):
    client.force_login(anna)
    for words in ("ветер «северный»", "сев", "«Северный", "5550142", "+78125550142", "ве"):
        assert "Северный Ветер" in client.get("/parties/", {"saved": "all", "q": words}).content.decode(), words
    for words in ("ерный южный", "5550143", "«»"):
        assert 'data-row="' not in client.get("/parties/", {"saved": "all", "q": words}).content.decode(), words
