"""A card of any board is moved without dragging: by a small form, as a page or as a dialog."""

from __future__ import annotations

import re
from decimal import Decimal
from html import unescape

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from krug.access.models import Grant, Reach
from krug.administration.actions.attribute_values import add_value
from krug.administration.actions.people import setup_actor
from krug.administration.testing import make_attribute
from krug.kernel import doors
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.models import Industry
from krug.parties.testing import make_party
from krug.sales.testing import make_deal

pytestmark = [pytest.mark.django_db]
PARTY = get_entity("party")
ASKED = "/parties/move/?by=industry&view=board&next=/parties/%3Fview%3Dboard&card="


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "dialog"}])
def test_the_small_form_names_every_column_and_moves_the_card(headers, anna, client):
    water, paper = (Industry.objects.create(name_ru=name, name_en=name) for name in ("Water", "Paper"))
    party = make_party("Customer", owner=anna, industry=water)
    client.force_login(anna)
    form = client.get(f"{ASKED}{party.pk}", headers=headers)
    text = form.content.decode()
    assert form.status_code == 200 and 'name="column"' in text
    assert f'<option value="{water.pk}" selected' in text and f'<option value="{paper.pk}"' in text
    sent = {"card": party.pk, "column": paper.pk, "next": "/parties/?view=board"}
    done = client.post(f"{ASKED}{party.pk}", sent, headers=headers)
    party.refresh_from_db()
    where = done.headers.get("HX-Redirect") or done.headers.get("HX-Location") or done["Location"]
    assert "/parties/?view=board" in where and party.industry == paper


def test_whoever_may_not_change_moves_nothing_and_is_told_why(anna, client):
    water = Industry.objects.create(name_ru="Вода", name_en="Water")
    party = make_party("Customer", owner=anna)
    reader = make_user(role=make_role("reader", {"party": (Reach.ALL, [])}))
    reader.language = "en"
    reader.save(update_fields=["language"])
    client.force_login(reader)
    page = client.get("/parties/?view=board&by=industry").content.decode()
    assert "Your role does not change these records, so cards stay where they are." in page
    assert 'data-move-url=""' in page and "/parties/move/" not in page
    refused = client.post(f"{ASKED}{party.pk}", {"card": party.pk, "column": water.pk}, headers={"HX-Request": "true"})
    party.refresh_from_db()
    assert refused.status_code == 403 and party.industry is None


def shown_on(client, address: str, pk: int) -> str:
    """The version that the card bears."""
    page = client.get(address).content.decode()
    [version] = re.findall(rf'data-card="{pk}" data-version="(\d+)"', page)
    return version


DRAG = {"HX-Request": "true", "HX-Target": "dialog", "X-Submit": "1"}
TOLD = "This record was changed after it was shown to you ("


def test_a_drop_of_a_card_that_somebody_changed_meanwhile_is_refused_with_who_and_when(anna, vera, client, happened):
    water, paper = (Industry.objects.create(name_ru=name, name_en=name) for name in ("Water", "Paper"))
    party = make_party("Customer", owner=anna, industry=water)
    anna.language = "en"
    anna.save(update_fields=["language"])
    client.force_login(anna)
    seen = shown_on(client, "/parties/?view=board&by=industry", party.pk)
    doors.change_record(PARTY, party.pk, {"city": "Tver"}, by=vera)
    told = happened()
    sent = {"card": party.pk, "column": paper.pk, "version": seen}
    refused = client.post("/parties/move/?by=industry&view=board", sent, headers=DRAG)
    party.refresh_from_db()
    text = unescape(refused.content.decode())
    assert refused.status_code == 409 and TOLD in text and "(Vera Lebedeva, " in text
    assert (party.industry, party.city) == (water, "Tver") and happened() == told
    again = shown_on(client, "/parties/?view=board&by=industry", party.pk)
    moved = client.post("/parties/move/?by=industry&view=board", {**sent, "version": again}, headers=DRAG)
    party.refresh_from_db()
    assert (moved.status_code, party.industry, party.city) == (200, paper, "Tver")
    assert moved["X-Version"] == str(party.version), "the card goes on with the version that it has now"
    back = {**sent, "column": water.pk, "version": moved["X-Version"]}
    assert client.post("/parties/move/?by=industry&view=board", back, headers=DRAG).status_code == 200


@pytest.mark.parametrize("headers", [{}, DRAG])
def test_the_small_form_stays_open_when_somebody_changed_the_record_meanwhile(headers, anna, vera, client):
    water, paper = (Industry.objects.create(name_ru=name, name_en=name) for name in ("Water", "Paper"))
    party = make_party("Customer", owner=anna, industry=water)
    anna.language = "en"
    anna.save(update_fields=["language"])
    client.force_login(anna)
    asked = f"{ASKED}{party.pk}"
    [version] = re.findall(r'name="version" value="(\d+)"', client.get(asked, headers=headers).content.decode())
    doors.change_record(PARTY, party.pk, {"industry": None}, by=vera)
    sent = {"card": party.pk, "column": paper.pk, "version": version, "next": "/parties/?view=board"}
    refused = client.post(asked, sent, headers=headers)
    party.refresh_from_db()
    text = unescape(refused.content.decode())
    assert refused.status_code == 409 and TOLD in text and party.industry is None
    [version] = re.findall(r'name="version" value="(\d+)"', text)
    done = client.post(asked, {**sent, "version": version}, headers=headers)
    party.refresh_from_db()
    assert done.status_code in (200, 204, 303) and party.industry == paper


def columns_on(client, address: str) -> list[tuple[str, str, str]]:
    """Each column with its count and its sums."""
    page = client.get(address).content.decode().replace("\u00a0", " ")
    found = re.findall(r'</span>([^<]*)</h2>\s*<p class="column-sums"[^>]*><span>(.*?)</span><span>(.*?)</span>', page)
    return [(unescape(label), count, total) for label, count, total in found]


def in_english(user):
    user.language = "en"
    user.save(update_fields=["language"])
    return user


def test_a_board_by_another_field_adds_up_what_the_type_declares(anna, boris, client):
    colour = make_attribute("Colour", entity="deal", kind="choice", values=("Red", "Blue", "Green"))
    red, blue, _green = (value.pk for value in colour.values.order_by("position", "pk"))
    for amount, currency, value, kind in (
        (100, "RUB", red, "new"),
        (250, "RUB", red, "repeat"),
        (40, "EUR", blue, "new"),
    ):
        deal = make_deal(owner=anna, amount=Decimal(amount), currency=currency)
        type(deal).objects.filter(pk=deal.pk).update(custom={colour.key: value}, type=kind)
    make_deal(owner=anna, amount=None)
    make_deal(owner=boris, amount=Decimal(7_000))
    client.force_login(in_english(anna))
    assert columns_on(client, f"/deals/?view=board&by={colour.key}") == [
        ("Red", "2", "350 ₽"),
        ("Blue", "1", "40 €"),
        ("Green", "0", ""),
        ("No value", "1", ""),
    ]
    by_type = {label: (count, total) for label, count, total in columns_on(client, "/deals/?view=board&by=type")}
    assert by_type["New"] == ("3", "40 € · 100 ₽") and by_type["Repeat"] == ("1", "250 ₽")


def test_whoever_may_not_see_amounts_sees_no_sums_of_them(anna, client):
    make_deal(owner=anna, amount=Decimal(100))
    role = make_role("no money", {"deal": (Reach.ALL, [])})
    Grant.objects.filter(role=role, entity="deal").update(fields={"*": "edit", "money": "hidden"})
    reader = in_english(make_user(role=role))
    client.force_login(reader)
    found = columns_on(client, "/deals/?view=board&by=type")
    assert [(count, total) for _label, count, total in found if count != "0"] == [("1", "")]


def test_a_card_under_a_part_of_a_classifier_stands_once_in_the_column_of_the_whole(anna, client):
    place = make_attribute("Place", entity="party", kind="tree", values=("North", "South"))
    north, _south = place.values.order_by("position", "pk")
    inner = add_value(attribute=place, name_ru="Архангельск", name_en="Archangel", parent=north, by=setup_actor())
    party = make_party("Customer", owner=anna)
    type(party).objects.filter(pk=party.pk).update(custom={place.key: inner.pk})
    client.force_login(in_english(anna))
    address = f"/parties/?view=board&by={place.key}"
    assert columns_on(client, address) == [("North", "1", ""), ("South", "0", ""), ("No value", "0", "")]
    assert client.get(address).content.decode().count(f'data-card="{party.pk}"') == 1


def test_no_cards_are_asked_for_of_columns_that_are_known_to_be_empty(anna, client):
    water, *_others = [Industry.objects.create(name_ru=name, name_en=name) for name in ("Water", "Paper", "Wood")]
    first, second = (make_party(name, owner=anna, industry=water) for name in ("One", "Two"))
    client.force_login(in_english(anna))
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/parties/?view=board&by=industry").content.decode()
    assert page.count("data-card=") == 2 and f"card-{first.pk}" in page and f"card-{second.pk}" in page
    cards = [query["sql"] for query in asked.captured_queries if '"place"' in query["sql"]]
    assert len(cards) == 1 and "UNION" not in cards[0] and str(water.pk) in cards[0]
    assert columns_on(client, "/parties/?view=board&by=industry")[0] == ("Water", "2", "")


def test_a_board_with_nothing_to_make_columns_of_says_so_and_where_values_are_added(anna, gleb, client):
    make_party("Customer", owner=anna)
    client.force_login(in_english(gleb))
    page = unescape(client.get("/parties/?view=board&by=industry").content.decode())
    assert "“Industry” has no values yet, so there is nothing to make columns of." in page
    assert '<a href="/industries/new/">Add values</a>' in page
    only = Industry.objects.create(name_ru="Вода", name_en="Water")
    assert columns_on(client, "/parties/?view=board&by=industry") == [("Water", "0", ""), ("No value", "1", "")]
    colour = make_attribute("Colour", entity="party", kind="choice", values=())
    page = unescape(client.get(f"/parties/?view=board&by={colour.key}").content.decode())
    assert "“Colour” has no values yet" in page
    assert f'<a href="/settings/attributes/fields/{colour.pk}/values/">Add values</a>' in page
    client.force_login(in_english(make_user(role=make_role("reader", {"party": (Reach.ALL, [])}))))
    page = unescape(client.get(f"/parties/?view=board&by={colour.key}").content.decode())
    assert "“Colour” has no values yet" in page and "Add values" not in page
    assert only.pk


def test_a_board_begins_with_a_field_that_makes_two_columns_or_more(anna, client):
    make_party("Customer", owner=anna)
    client.force_login(in_english(anna))
    assert "Columns: Kind" in client.get("/parties/?view=board").content.decode()
    for name in ("Water", "Paper"):
        Industry.objects.create(name_ru=name, name_en=name)
    assert "Columns: Industry" in client.get("/parties/?view=board").content.decode()
