"""The page of a record: what stands on it, what belongs to it, who may open it."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone

from krug.kernel import doors
from krug.kernel.models import Seen
from krug.kernel.registry import get_entity
from krug.kernel.screens.page import record_page
from krug.kernel.screens.related import RelatedPanel, references_to, related_panels
from krug.kernel.screens.seen import look, recent_records
from krug.kernel.testing.cast import make_user
from krug.parties.testing import make_party
from krug.sales.testing import make_deal

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]


@pytest.fixture
def deal(anna: Any) -> Any:
    return make_deal("Насосы, партия 3", owner=anna, party=make_party("Северный Ветер", owner=anna))


def deals_of(party: Any, user: Any) -> RelatedPanel:
    panels = related_panels(get_entity("party"), party, user)
    return next(panel for panel in panels if panel.id == "related-deal-party")


def page(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, answer.content.decode()[:2000]
    return str(answer.content.decode())


def test_the_page_shows_the_fields_in_words_and_links_what_it_points_to(anna, client, deal):
    entity = get_entity("deal")
    doors.change_record(entity, deal.pk, {"amount": Decimal("620000.50")}, by=anna)
    client.force_login(anna)
    text = page(client, f"/deals/{deal.pk}/")
    assert "620\u00a0000,50\u00a0₽" in text
    assert f'<a href="/parties/{deal.party_id}/">Северный Ветер</a>' in text
    assert text.count("<h1") == 1


def test_a_stranger_meets_the_same_answer_as_for_a_record_that_does_not_exist(anna, boris, client, deal):
    client.force_login(boris)
    hidden, missing = client.get(f"/deals/{deal.pk}/"), client.get("/deals/999999999/")
    assert hidden.status_code == missing.status_code == 404
    plain = [answer.content.decode().split("<main")[1].split("<dialog")[0] for answer in (hidden, missing)]
    assert plain[0].replace(f"/deals/{deal.pk}/", "") == plain[1].replace("/deals/999999999/", "")


@pytest.mark.parametrize(
    "tail", ["", "edit/", "history/", "archive/", "restore/", "win/", "field/name/", "lose/", "options/../edit/"]
)
def test_every_door_of_a_hidden_record_is_a_wall(anna, boris, client, deal, tail, happened):
    client.force_login(boris)
    before = happened()
    for ask in (client.get, client.post):
        assert ask(f"/deals/{deal.pk}/{tail}").status_code in (404, 405)
    deal.refresh_from_db()
    assert happened() == before


@pytest.mark.parametrize("number", ["99999999999999999999999", "0", "-1", "abc", "1%00", "\u0661"])
def test_a_number_that_is_none_is_not_found(anna, client, number):
    client.force_login(anna)
    assert client.get(f"/deals/{number}/").status_code in (400, 404)


def test_a_party_shows_what_belongs_to_it_without_knowing_the_types(anna, deal):
    deals = deals_of(deal.party, anna)
    assert deals.title == str(get_entity("deal").plural)
    assert deals.count == "1"
    assert deals.rows[0]["url"] == f"/deals/{deal.pk}/"
    assert deals.new_url == f"/deals/new/?party={deal.party_id}"
    assert deals.all_url.startswith("/deals/?filter=")


def test_more_than_five_related_rows_are_counted_from_below(anna, deal, client):
    for _number in range(6):
        make_deal(owner=anna, party=deal.party)
    deals = deals_of(deal.party, anna)
    assert (deals.count, len(deals.rows)) == ("5+", 5)
    client.force_login(anna)
    assert client.get(deals.all_url).status_code == 200


def test_rows_of_others_do_not_stand_among_the_related(anna, boris, gleb, deal):
    make_deal("Чужая сделка", owner=boris, party=deal.party)
    assert deals_of(deal.party, anna).count == "1"


def test_the_page_offers_only_verbs_that_the_state_allows(anna, deal):
    offered = {act.name for act in record_page(get_entity("deal"), deal, anna).acts}
    assert {"win", "lose", "move"} <= offered
    assert not {"reopen", "resume"} & offered


def test_the_main_verb_stands_first(anna, deal):
    assert record_page(get_entity("deal"), deal, anna).acts[0].name == "win"


def test_an_archived_record_offers_only_to_bring_it_back(anna, client):
    party = make_party(owner=anna)
    client.force_login(anna)
    assert client.post(f"/parties/{party.pk}/archive/").status_code == 303
    party.refresh_from_db()
    assert party.is_archived
    assert record_page(get_entity("party"), party, anna).acts == []
    client.post(f"/parties/{party.pk}/restore/")
    party.refresh_from_db()
    assert not party.is_archived


def test_before_a_record_is_put_away_it_is_told_what_refers_to_it_as_far_as_one_sees(anna, boris, deal, client):
    party = deal.party
    make_deal("Чужая сделка", owner=boris, party=party)
    told = {url: count for _words, count, url in references_to(get_entity("party"), party, anna)}
    (url,) = [url for url in told if url.startswith("/deals/?")]
    assert told[url] == "1"
    client.force_login(anna)
    answer = client.get(f"/parties/{party.pk}/archive/")
    assert answer.status_code == 200 and ">Сделки</a> — 1" in answer.content.decode()
    party.refresh_from_db()
    assert not party.is_archived
    listed = client.get(url).content.decode()
    assert deal.name in listed and "Чужая сделка" not in listed
    client.force_login(make_user())
    assert client.get(f"/parties/{party.pk}/archive/").status_code in (403, 404)


def test_opening_a_page_is_noted_once_with_the_time_of_the_look_before(anna, client, deal):
    entity = get_entity("deal")
    assert look(anna, entity, deal.pk) is None
    Seen.objects.update(at=timezone.now() - timedelta(hours=1))
    first = Seen.objects.get().at
    assert look(anna, entity, deal.pk) == first
    assert look(anna, entity, deal.pk) == first, "a reload within a minute is the same look"
    assert [(recent.pk, recent.title) for recent in recent_records(anna)] == [(deal.pk, "Насосы, партия 3")]


def test_the_recent_list_forgets_what_is_no_longer_open(anna, boris):
    party = make_party(owner=anna)
    look(anna, get_entity("party"), party.pk)
    type(party).objects.filter(pk=party.pk).update(owner=boris)
    assert recent_records(anna) == []


def test_the_recent_list_leaves_out_what_nobody_looks_for(gleb):
    deal = make_deal(owner=gleb)
    version = get_entity("pipeline-version")
    assert version.rows_for(gleb).filter(pk=deal.pipeline_version_id).exists()
    look(gleb, version, deal.pipeline_version_id)
    look(gleb, get_entity("deal"), deal.pk)
    assert [recent.entity.code for recent in recent_records(gleb)] == ["deal"]


def test_a_list_is_walked_from_record_to_record(anna, client):
    party = make_party(owner=anna)
    first, second, third = (make_deal(f"Сделка {number}", owner=anna, party=party) for number in (1, 2, 3))
    client.force_login(anna)
    text = page(client, f"/deals/{second.pk}/?list=sort%3Dname")
    assert f'href="/deals/{first.pk}/?list=sort%3Dname"' in text
    assert f'href="/deals/{third.pk}/?list=sort%3Dname"' in text
    assert 'href="/deals/?sort=name"' in text


def test_a_list_peeks_at_the_record_in_a_drawer(anna, client, deal):
    client.force_login(anna)
    answer = client.get(f"/deals/{deal.pk}/", headers={"HX-Request": "true", "HX-Target": "drawer"})
    text = answer.content.decode()
    assert "<html" not in text
    assert "layer-head" in text
    assert "<h1" not in text


def test_the_page_costs_the_same_for_one_related_row_and_for_five(anna, client, deal):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(anna)
    page(client, f"/parties/{deal.party_id}/")
    with CaptureQueriesContext(connection) as few:
        page(client, f"/parties/{deal.party_id}/")
    for _number in range(5):
        make_deal(owner=anna, party=deal.party)
    with CaptureQueriesContext(connection) as many:
        page(client, f"/parties/{deal.party_id}/")
    assert len(many) <= len(few) + 1
