"""Conditions on related records: of the record a link leads to, and of the records that lead here."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.utils import timezone

from krug.access.models import Reach
from krug.activities.testing import make_interaction, make_task
from krug.administration.testing import make_attribute
from krug.administration.tests.attribute_cast import filled
from krug.kernel.errors import BadRequest
from krug.kernel.fields import Reading
from krug.kernel.listing.chips import describe
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.testing import make_party
from krug.sales.testing import make_deal

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
        {"field": "deal.party", "operator": "has", "value": {"all": [{"field": "work.deal", "operator": "has"}]}},
        {"field": "deal.party", "operator": "has", "value": "deal"},
    ],
)
def test_what_can_not_be_asked_is_refused(condition, anna):
    with pytest.raises(BadRequest):
        names(condition, anna)


def test_related_records_are_no_column_and_no_order(anna, client):
    client.force_login(anna)
    assert client.get("/parties/?columns=deal.party").status_code == 400
    assert client.get("/parties/?sort=deal.party").status_code == 400


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
