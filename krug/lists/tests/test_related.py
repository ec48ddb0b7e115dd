"""Conditions on related records: of the record a link leads to, and of the records that lead here."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from krug.access.models import Reach
from krug.activities.testing import make_interaction, make_task
from krug.administration.testing import make_attribute
from krug.administration.tests.attribute_cast import filled
from krug.catalogue.testing import make_product
from krug.kernel.errors import BadRequest
from krug.kernel.fields import Reading
from krug.kernel.listing import words
from krug.kernel.listing.chips import describe
from krug.kernel.listing.filters import check
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.tests.test_api import Program
from krug.kernel.visibility import member_ids_of, rights_of
from krug.parties.testing import make_party
from krug.sales.testing import make_deal, make_deal_line

pytestmark = [pytest.mark.django_db]
PARTY, DEAL = get_entity("party"), get_entity("deal")


def reading(user: Any) -> Reading:
    return Reading(user=user, today=timezone.localdate(), language="en")


def names(tree: Any, user: Any, entity: Any = PARTY) -> list[str]:
    rows = rows_matching(entity, ListState(tree=tree), reading(user))
    return sorted(rows.values_list(entity.title, flat=True))


def asked(field: str, operator: str, *inside: dict[str, Any]) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": {"all": list(inside)}}


@pytest.fixture
def pair(anna: Any) -> tuple[Any, Any]:
    """One customer with a deal, a call of today and an open task; one with nothing."""
    busy, idle = make_party("Busy", owner=anna), make_party("Idle", owner=anna)
    make_deal("Pumps", owner=anna, party=busy)
    make_interaction(by=anna, party=busy)
    make_task("Call back", owner=anna, party=busy)
    return busy, idle


def test_customers_with_and_without_a_deal(pair, anna):
    assert names(asked("deal.party", "has"), anna) == ["Busy"]
    assert names(asked("deal.party", "has_no"), anna) == ["Idle"]
    assert names({"field": "deal.party", "operator": "has"}, anna) == ["Busy"]


def test_no_deal_since_a_day(pair, anna):
    since = {"field": "created_at", "operator": "gte", "value": "today-30d"}
    assert names(asked("deal.party", "has_no", since), anna) == ["Idle"]
    DEAL.model.objects.update(created_at=timezone.now() - timedelta(days=90))
    assert names(asked("deal.party", "has_no", since), anna) == ["Busy", "Idle"]
    assert names(asked("deal.party", "has"), anna) == ["Busy"]


def test_no_interaction_for_thirty_days_and_an_open_task(pair, anna):
    lately = {"field": "at", "operator": "gte", "value": "today-30d"}
    assert names(asked("interaction.party", "has_no", lately), anna) == ["Idle"]
    is_open = {"field": "state", "operator": "eq", "value": "open"}
    assert names(asked("task.party", "has", is_open), anna) == ["Busy"]
    both = {"any": [asked("task.party", "has", is_open), asked("deal.party", "has_no")]}
    assert names(both, anna) == ["Busy", "Idle"]


def test_related_records_of_the_record_that_a_link_leads_to(pair, anna):
    other = make_deal("Valves", owner=anna, party=pair[1])
    lately = {"field": "at", "operator": "gte", "value": "today-30d"}
    assert names(asked("party__interaction.party", "has_no", lately), anna, DEAL) == [other.name]
    assert names({"field": "party__display_name", "operator": "eq", "value": "Busy"}, anna, DEAL) == ["Pumps"]


def test_only_what_the_reader_sees_is_asked(boris, gleb):
    anna = make_user(role=make_role("reader", {"party": (Reach.ALL, []), "deal": (Reach.OWN, [])}))
    make_deal("Of another", owner=boris, party=make_party("Shared", owner=boris))
    assert names(asked("deal.party", "has"), anna) == []
    assert names(asked("deal.party", "has_no"), anna) == ["Shared"]
    assert names(asked("deal.party", "has"), gleb) == ["Shared"]
    for amount in (1, 10**9):
        guess = {"field": "amount", "operator": "lt", "value": amount}
        assert names(asked("deal.party", "has", guess), anna) == []


def test_records_in_the_archive_count_only_when_they_are_asked_for(pair, anna):
    DEAL.model.objects.update(is_archived=True)
    assert names(asked("deal.party", "has"), anna) == []
    put_away = {"field": "is_archived", "operator": "eq", "value": True}
    assert names(asked("deal.party", "has", put_away), anna) == ["Busy"]


def test_a_link_that_the_company_added_is_followed_backwards(pair, gleb):
    link = make_attribute("Supplier", entity="deal", kind="reference", details={"target": "party"})
    deal = DEAL.model.objects.get()
    filled(DEAL, deal, gleb, **{link.key: str(pair[1].pk)})
    assert names(asked(f"deal.{link.key}", "has"), gleb) == ["Idle"]
    assert names(asked(f"deal.{link.key}", "has_no"), gleb) == ["Busy"]


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "deal.owner", "operator": "has"},
        {"field": "deal.nothing", "operator": "has"},
        {"field": "nothing.party", "operator": "has"},
        {"field": "deal.party", "operator": "eq", "value": 1},
        {
            "field": "deal.party",
            "operator": "has",
            "value": {"all": [{"field": "secret", "operator": "eq", "value": 1}]},
        },
        {"field": "deal.party", "operator": "has", "value": {"all": [{"field": "nothing.deal", "operator": "has"}]}},
        {"field": "deal.party", "operator": "has", "value": "deal"},
    ],
)
def test_what_can_not_be_asked_is_refused(condition, anna):
    with pytest.raises(BadRequest):
        names(condition, anna)


TOO_DEEP = asked("deal.party", "has", asked("work.deal", "has", asked("stage-visit.deal", "has")))


def bought(product: Any, operator: str = "has") -> dict[str, Any]:
    return asked(
        "deal.party",
        operator,
        asked("deal-line.deal", "has", {"field": "product", "operator": "eq", "value": product.pk}),
    )


def test_a_deal_of_a_product_and_no_contact_since(pair, anna):
    other = make_party("Other", owner=anna)
    pump, valve = make_product("Pump"), make_product("Valve")
    for party, product in ((pair[0], pump), (pair[1], pump), (other, valve)):
        make_deal_line(by=anna, deal=make_deal("With lines", owner=anna, party=party), product=product)
    lately = asked("interaction.party", "has_no", {"field": "at", "operator": "gte", "value": "today-30d"})
    assert names(bought(pump), anna) == ["Busy", "Idle"]
    assert names(bought(pump, "has_no"), anna) == ["Other"]
    assert names({"all": [bought(pump), lately]}, anna) == ["Idle"]
    assert names({"any": [bought(valve), {"all": [bought(pump), {"not": lately}]}]}, anna) == ["Busy", "Other"]
    inside = asked(
        "deal.party", "has", {"any": [asked("deal-line.deal", "has_no"), {"field": "id", "operator": "eq", "value": 0}]}
    )
    assert names(inside, anna) == ["Busy"]


def test_the_same_is_found_whether_few_records_lead_there_or_many(pair, anna, monkeypatch):
    another = make_party("Another", owner=anna)
    for party in (pair[1], another, another):
        make_deal("Valves", owner=anna, party=party, amount=5)
    cheap = {"field": "amount", "operator": "lte", "value": "5"}
    for name in ("FEW", "MANY", "DEAR"):
        assert names(asked("deal.party", "has", cheap), anna) == ["Another", "Idle"]
        monkeypatch.setattr(words, name, 0)
        assert names(asked("deal.party", "has", cheap), anna) == ["Another", "Idle"]


def test_three_kinds_of_related_records_in_a_row_are_too_many(pair, anna):
    with pytest.raises(BadRequest) as no:
        names(TOO_DEEP, anna)
    assert no.value.code == "FILTER_TOO_FAR"


def test_the_api_asks_for_related_records_of_related_ones(pair, anna):
    pump = make_product("Pump")
    make_deal_line(by=anna, deal=make_deal("With lines", owner=anna, party=pair[1]), product=pump)
    answer = Program(anna).call(
        "GET", f"/parties/?{urlencode({'filter': json.dumps(bought(pump)), 'fields': 'display_name'})}"
    )
    assert [row["display_name"] for row in answer.json()["results"]] == ["Idle"]
    assert Program(anna).call("GET", f"/parties/?{urlencode({'filter': json.dumps(TOO_DEEP)})}").status_code == 400


def test_the_plain_form_goes_a_step_deeper_and_back(pair, anna, client):
    anna.language = "en"
    anna.save(update_fields=["language"])
    client.force_login(anna)
    pump = make_product("Pump")
    make_deal_line(by=anna, deal=make_deal("With lines", owner=anna, party=pair[1]), product=pump)
    sent = {"add": "deal.party", "has": "has", "inner": "deal-line.deal"}
    assert 'value="deal-line.deal"' in client.get("/parties/?add=deal.party").content.decode()
    whether = client.get(f"/parties/?{urlencode(sent)}").content.decode()
    assert 'name="has2"' in whether and 'name="inner2"' in whether and 'name="has" value="has"' in whether
    sent |= {"has2": "has", "inner2": "product"}
    assert 'name="operator"' in client.get(f"/parties/?{urlencode(sent)}").content.decode()
    sent |= {"operator": "eq", "value": str(pump.pk)}
    done = client.get(f"/parties/?{urlencode(sent)}")
    assert done.status_code == 302
    tree = json.loads(parse_qs(urlsplit(done["Location"]).query)["filter"][0])
    assert tree == {"all": [{"field": "deal.party", "operator": "has", "value": {"all": [
        {"field": "deal-line.deal", "operator": "has", "value": {"all": [
            {"field": "product", "operator": "eq", "value": pump.pk}]}}]}}]}  # fmt: skip
    assert names(tree, anna) == ["Idle"]
    more = client.get(f"/parties/?{urlencode({**sent, 'more': '1'})}").content.decode()
    assert 'name="inner2"' in more and "Product is Pump" in more
    nested2 = json.dumps({"all": [{"field": "product", "operator": "eq", "value": pump.pk}]})
    back = {
        "add": "deal.party",
        "has": "has",
        "inner": "deal-line.deal",
        "has2": "has",
        "inner2": "",
        "nested2": nested2,
    }
    outer = client.get(f"/parties/?{urlencode(back)}").content.decode()
    assert 'name="inner"' in outer and 'name="inner2"' not in outer and "there are some where product is Pump" in outer
    alone = client.get(f"/parties/?{urlencode({**back, 'nested2': '', 'has2': 'has_no'})}")
    assert names(json.loads(parse_qs(urlsplit(alone["Location"]).query)["filter"][0]), anna) == ["Busy"]


def test_a_related_condition_joins_a_group_by_the_form(pair, anna, client):
    client.force_login(anna)
    first = {"all": [{"field": "display_name", "operator": "eq", "value": "Idle"}]}
    sent = {"filter": json.dumps(first), "add": "deal.party", "has": "has", "inner": "", "into": "any:0"}
    done = client.get(f"/parties/?{urlencode(sent)}")
    tree = json.loads(parse_qs(urlsplit(done["Location"]).query)["filter"][0])
    assert tree == {"all": [{"any": [*first["all"], {"field": "deal.party", "operator": "has", "value": None}]}]}
    assert names(tree, anna) == ["Busy", "Idle"]


def test_related_records_are_no_column_and_no_order(anna, client):
    client.force_login(anna)
    assert 'class="chip left-out"' in client.get("/parties/?columns=deal.party").content.decode()
    assert 'class="chip left-out"' in client.get("/parties/?sort=deal.party").content.decode()


def test_the_words_of_the_chip(pair, anna):
    since = {"field": "expected_on", "operator": "gt", "value": "2026-09-01"}
    chips = describe(PARTY, asked("deal.party", "has_no", since), reading(anna))
    assert [chip.text for chip in chips] == ["Deals: there are none where expected on after 1 Sep 2026"]


def test_the_plain_form_goes_from_whether_to_which(pair, anna, client):
    anna.language = "en"
    anna.save(update_fields=["language"])
    client.force_login(anna)
    first = client.get("/parties/?add=deal.party").content.decode()
    assert 'name="has"' in first and 'name="inner"' in first
    second = client.get("/parties/?add=deal.party&has=has_no&inner=created_at").content.decode()
    assert 'name="operator"' in second and "One more condition" in second
    sent = {"add": "deal.party", "has": "has_no", "inner": "created_at", "operator": "gte", "value": "today-30d"}
    more = client.get(f"/parties/?{urlencode({**sent, 'more': '1'})}").content.decode()
    assert "Created not earlier than 30 d. ago" in more and 'name="inner"' in more
    answer = client.get(f"/parties/?{urlencode(sent)}")
    assert answer.status_code == 302
    tree = json.loads(parse_qs(urlsplit(answer["Location"]).query)["filter"][0])
    assert tree["all"][0]["field"] == "deal.party"
    assert names(tree, anna) == ["Idle"]
    alone = client.get("/parties/?add=deal.party&has=has&inner=")
    assert names(json.loads(parse_qs(urlsplit(alone["Location"]).query)["filter"][0]), anna) == ["Busy"]
    wrong = client.get(f"/parties/?{urlencode({**sent, 'value': 'no day'})}")
    assert wrong.status_code == 422 and 'value="no day"' in wrong.content.decode()


@pytest.mark.parametrize("view", ["table", "board", "calendar"])
def test_a_request_asks_once_which_records_are_led_to_however_often_it_needs_them(view, pair, anna, client):
    client.force_login(anna)
    tree = {"field": "deal.party", "operator": "has", "value": {"field": "amount", "operator": "gte", "value": "0"}}
    with CaptureQueriesContext(connection) as asked:
        page = client.get("/parties/", {"view": view, "filter": json.dumps(tree)})
    told = [query["sql"] for query in asked.captured_queries if '"deal"' in query["sql"] and "amount" in query["sql"]]
    assert page.status_code == 200
    assert [len([sql for sql in told if sql.startswith(word)]) for word in ("EXPLAIN", "SELECT DISTINCT")] == [1, 1]


def test_whether_a_condition_can_be_read_asks_nothing_of_the_database(pair, anna, django_assert_num_queries):
    tree = {"field": "deal.party", "operator": "has", "value": {"field": "amount", "operator": "gte", "value": "0"}}
    rights_of(anna), member_ids_of(anna)
    PARTY.fields, DEAL.fields  # noqa: B018  (the added fields of both types are read once)
    with django_assert_num_queries(0):
        check(PARTY, tree, reading(anna))
    with pytest.raises(BadRequest):
        check(PARTY, {**tree, "value": {"field": "nothing", "operator": "eq", "value": "0"}}, reading(anna))
