"""Merging and splitting by page and by API."""

import json

import pytest

from krug.access.models import Reach
from krug.kernel.models import RecordMerge
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.tokens import issue
from krug.parties.models import Party
from krug.parties.testing import make_party
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db


def in_english(user):
    user.language = "en"
    user.save(update_fields=["language"])


def test_the_page_shows_values_and_what_moves_and_merges(anna, client):
    in_english(anna)
    keeper, loser = make_party("Ромашка", owner=anna), make_party("Romashka", owner=anna, city="Казань")
    make_deal(party=loser, owner=anna)
    client.force_login(anna)
    page = client.get(f"/parties/{keeper.pk}/merge/?with={loser.pk}").content.decode()
    assert "Deals: 1" in page and "Казань" in page and 'name="take__display_name"' in page
    answer = client.post(
        f"/parties/{keeper.pk}/merge/",
        {"with": [loser.pk], "stays": keeper.pk, "take__display_name": loser.pk, "take__city": loser.pk},
    )
    assert (answer.status_code, answer["Location"]) == (303, f"/parties/{keeper.pk}/")
    keeper.refresh_from_db()
    assert (keeper.display_name, keeper.city) == ("Romashka", "Казань")


def test_the_old_address_leads_to_the_one_that_stays(anna, client):
    keeper, loser = make_party(owner=anna), make_party(owner=anna)
    client.force_login(anna)
    client.post(f"/parties/{keeper.pk}/merge/", {"with": [loser.pk], "stays": keeper.pk})
    assert client.get(f"/parties/{loser.pk}/")["Location"] == f"/parties/{keeper.pk}/"
    assert client.get(f"/parties/{loser.pk}/?own=1").status_code == 200


def test_the_history_of_both_is_read_as_one(anna, client):
    in_english(anna)
    keeper, loser = make_party("Ромашка", owner=anna), make_party("Лютик", owner=anna)
    client.force_login(anna)
    client.post(f"/parties/{keeper.pk}/merge/", {"with": [loser.pk], "stays": keeper.pk})
    page = client.get(f"/parties/{keeper.pk}/").content.decode()
    assert page.count("Merged into it: Лютик") == 1


def test_a_split_by_page_brings_the_record_back(anna, client):
    keeper, loser = make_party(owner=anna), make_party(owner=anna)
    client.force_login(anna)
    client.post(f"/parties/{keeper.pk}/merge/", {"with": [loser.pk], "stays": keeper.pk})
    later = make_deal(party=keeper, owner=anna)
    assert f"deal:{later.pk}" in client.get(f"/parties/{loser.pk}/split/").content.decode()
    client.post(f"/parties/{loser.pk}/split/", {"also": [f"deal:{later.pk}"]})
    later.refresh_from_db(), loser.refresh_from_db()
    assert (later.party_id, loser.is_archived) == (loser.pk, False)
    assert client.get(f"/parties/{loser.pk}/").status_code == 200


def test_the_card_and_its_timeline_lead_to_the_splitting_while_the_merge_stands(anna, client):
    in_english(anna)
    keeper, loser, other = (make_party(name, owner=anna) for name in ("Ромашка", "Лютик", "Василёк"))
    client.force_login(anna)
    page = client.get(f"/parties/{keeper.pk}/").content.decode()
    assert "/split/" not in page
    answer = client.post(
        f"/parties/{keeper.pk}/merge/", {"with": [loser.pk, other.pk], "stays": keeper.pk}, follow=True
    )
    page = answer.content.decode()
    assert "Each can be split off again from the menu or the timeline" in page
    menu, line = page.split('id="timeline-panel"')
    for gone in (loser, other):
        assert f'href="/parties/{gone.pk}/split/"' in menu and f"Split off “{gone}”" in menu
        assert line.count(f'href="/parties/{gone.pk}/split/"') == 1
    client.post(f"/parties/{loser.pk}/split/", {})
    page = client.get(f"/parties/{keeper.pk}/").content.decode()
    assert f"/parties/{loser.pk}/split/" not in page and page.count(f"/parties/{other.pk}/split/") == 2


def test_who_may_not_change_is_not_led_to_a_splitting(anna, client):
    keeper, loser = make_party(owner=anna), make_party(owner=anna)
    client.force_login(anna)
    client.post(f"/parties/{keeper.pk}/merge/", {"with": [loser.pk], "stays": keeper.pk})
    reader = make_user(role=make_role("reader", {"party": (Reach.ALL, [])}))
    client.force_login(reader)
    assert "/split/" not in client.get(f"/parties/{keeper.pk}/").content.decode()


def test_a_stranger_meets_no_such_record(anna, boris, client):
    keeper, loser = make_party(owner=anna), make_party(owner=anna)
    client.force_login(boris)
    assert client.get(f"/parties/{keeper.pk}/merge/?with={loser.pk}").status_code == 404
    assert client.post(f"/parties/{keeper.pk}/merge/", {"with": [loser.pk]}).status_code == 404
    assert not RecordMerge.objects.exists()


def test_by_the_api_merge_and_split_answer_with_the_record(anna, client):
    keeper, loser = make_party(owner=anna), make_party(owner=anna, city="Казань")
    token = issue(anna).text
    headers = {"HTTP_AUTHORIZATION": f"Bearer {token}", "content_type": "application/json"}

    def post(path, sent):
        return client.post(f"/api/v1/parties/{path}/", json.dumps(sent), **headers)

    merged = post(f"{keeper.pk}/merge", {"with": [loser.pk], "values": {"city": loser.pk}})
    assert (merged.status_code, merged.json()["city"]) == (200, "Казань")
    old = client.get(f"/api/v1/parties/{loser.pk}/", **headers)
    assert (old.status_code, old["Location"]) == (301, f"/api/v1/parties/{keeper.pk}/")
    assert post(f"{loser.pk}/split", {}).json()["is_archived"] is False
    assert Party.objects.get(pk=keeper.pk).city == ""
    assert post(f"{loser.pk}/split", {}).status_code == 422
    assert post(f"{keeper.pk}/merge", {"with": "all"}).status_code == 400
    assert post(f"{keeper.pk}/merge", {"with": [keeper.pk]}).status_code == 422


def test_ticked_rows_of_a_list_are_merged_into_one(anna, client):
    one, two, three = (make_party(name, owner=anna) for name in ("Альфа", "Альфа плюс", "Бета"))
    client.force_login(anna)
    page = client.post("/parties/bulk/", {"id": [three.pk, one.pk, two.pk]}).content.decode()
    way = f"/parties/{one.pk}/merge/?with={two.pk}%2C{three.pk}&amp;next=%2Fparties%2F"
    assert way in page
    merging = client.get(way.replace("&amp;", "&")).content.decode()
    assert all(name in merging for name in ("Альфа плюс", "Бета"))
    assert "/merge/?with=" not in client.post("/parties/bulk/", {"id": [one.pk]}).content.decode()
