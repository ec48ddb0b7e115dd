"""The board of deals: its figures, its moves by drop, and the totals that the list, the board and the API share."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from krug.access.models import Reach
from krug.kernel.doors import change_record
from krug.kernel.errors import BadRequest
from krug.kernel.fields import Reading
from krug.kernel.listing.state import ListState
from krug.kernel.listing.totals import Total, totals
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.sales.actions.pipelines import activate_version, new_version
from krug.sales.testing import make_deal, make_version, stage_of


@pytest.fixture
def pipeline(anna):
    """Two stages that ask for nothing and one that asks for the minutes of a meeting."""
    return make_version("", "", "meeting_minutes", by=anna).pipeline


def board(client, pipeline, **params):
    only = {"field": "pipeline", "operator": "eq", "value": pipeline.pk}
    answer = client.get("/deals/", {"view": "board", "filter": json.dumps(only), **params})
    assert answer.status_code == 200
    return answer.content.decode()


def heads(text):
    found = re.findall(r'-sums"><span>(.*?)</span><span>(.*?)</span>', text)
    return [(count, total.replace("\u00a0", " ")) for count, total in found]


def drop(client, deal, stage, **more):
    url = "/deals/move/?view=board&next=/deals/"
    return client.post(
        url, {"card": deal.pk, "column": stage.pk, **more}, headers={"HX-Request": "true", "HX-Target": "dialog"}
    )


def test_heads_count_and_sum_the_open_deals_of_each_stage(anna, client, pipeline):
    first = make_deal(owner=anna, pipeline=pipeline, amount=Decimal("100000"))
    make_deal(owner=anna, pipeline=pipeline, amount=Decimal("250000"))
    make_deal(owner=anna, pipeline=pipeline, amount=Decimal("40"), currency="EUR")
    client.force_login(anna)
    drop(client, first, stage_of(first, 2))
    assert heads(board(client, pipeline))[:3] == [("2", "40 € · 250 000 ₽"), ("1", "100 000 ₽"), ("0", "")]


def test_a_drop_moves_the_deal_and_answers_with_both_heads(anna, client, pipeline, happened):
    deal = make_deal(owner=anna, pipeline=pipeline, amount=Decimal("620000"))
    client.force_login(anna)
    answer = drop(client, deal, stage_of(deal, 2))
    deal.refresh_from_db()
    assert answer.status_code == 200
    assert deal.stage == stage_of(deal, 2)
    assert happened()[-1] == "DealMoved"
    text = answer.content.decode()
    assert text.count('hx-swap-oob="true"') == 2


def test_a_drop_without_the_result_asks_for_it_and_moves_nothing(anna, client, pipeline, happened):
    deal = make_deal(owner=anna, pipeline=pipeline)
    client.force_login(anna)
    drop(client, deal, stage_of(deal, 3))
    told = happened()
    answer = drop(client, deal, stage_of(deal, 4))
    deal.refresh_from_db()
    assert answer.status_code == 422
    assert "<form" in answer.content.decode() and f"/deals/{deal.pk}/move/" in answer.content.decode()
    text = answer.content.decode()
    assert "error-summary" not in text and 'class="error"' not in text and 'class="banner info"' in text
    assert deal.stage == stage_of(deal, 3)
    assert happened() == told


def test_the_same_drop_sent_twice_moves_once(anna, client, pipeline, happened):
    deal = make_deal(owner=anna, pipeline=pipeline)
    client.force_login(anna)
    assert drop(client, deal, stage_of(deal, 2), once="k-1").status_code == 200
    told = happened()
    assert drop(client, deal, stage_of(deal, 2), once="k-1").status_code == 200
    assert happened() == told


def test_a_drop_of_a_card_that_a_colleague_moved_meanwhile_moves_nothing(anna, vera, client, pipeline, happened):
    deal = make_deal(owner=anna, pipeline=pipeline, amount=Decimal("10"))
    anna.language = "en"
    anna.save(update_fields=["language"])
    client.force_login(anna)
    [seen] = re.findall(rf'data-card="{deal.pk}" data-version="(\d+)"', board(client, pipeline))
    change_record(get_entity("deal"), deal.pk, {"amount": Decimal("20")}, by=vera)
    told = happened()
    refused = drop(client, deal, stage_of(deal, 2), version=seen, once="late")
    deal.refresh_from_db()
    assert (
        refused.status_code == 409 and "This record was changed after it was shown to you" in refused.content.decode()
    )
    assert (deal.stage, deal.amount, happened()) == (stage_of(deal, 1), Decimal("20"), told)
    [seen] = re.findall(rf'data-card="{deal.pk}" data-version="(\d+)"', board(client, pipeline))
    done = drop(client, deal, stage_of(deal, 2), version=seen, once="late")
    deal.refresh_from_db()
    assert (done.status_code, deal.stage, done["X-Version"]) == (200, stage_of(deal, 2), str(deal.version))


def test_a_stranger_can_neither_see_nor_drop_the_card(anna, boris, client, pipeline):
    deal = make_deal(owner=anna, pipeline=pipeline)
    client.force_login(boris)
    assert f"card-{deal.pk}" not in board(client, pipeline)
    assert drop(client, deal, stage_of(deal, 2)).status_code == 404


def test_who_may_not_move_gets_no_handles(anna, client, pipeline):
    deal = make_deal(owner=anna, pipeline=pipeline)
    reader = make_user(role=make_role("deal-reader", {"*": (Reach.ALL, [])}))
    client.force_login(reader)
    text = board(client, pipeline)
    assert f"card-{deal.pk}" in text and "card-move" not in text and 'data-move-url=""' in text
    assert drop(client, deal, stage_of(deal, 2)).status_code == 403
    deal.refresh_from_db()
    assert deal.stage == stage_of(deal, 1)


@pytest.mark.parametrize("column", ["", "x", "0", "999999999"])
def test_a_column_that_does_not_exist_is_refused(anna, client, pipeline, column):
    deal = make_deal(owner=anna, pipeline=pipeline)
    client.force_login(anna)
    assert client.post("/deals/move/", {"card": deal.pk, "column": column}).status_code == 400


def test_one_card_costs_as_many_queries_as_twenty(anna, client, pipeline):
    make_deal(owner=anna, pipeline=pipeline)
    client.force_login(anna)
    costs = []
    for more in (0, 19):
        for _number in range(more):
            make_deal(owner=anna, pipeline=pipeline)
        board(client, pipeline)
        cache.clear()
        with CaptureQueriesContext(connection) as caught:
            text = board(client, pipeline)
        costs.append((text.count('class="card"'), len(caught)))
    assert [cards for cards, _cost in costs] == [1, 20]
    assert costs[0][1] == costs[1][1]


def test_the_columns_share_a_hundred_cards_and_lead_to_all(anna, client, pipeline):
    for _number in range(51):
        make_deal(owner=anna, pipeline=pipeline, party=None)
    client.force_login(anna)
    text = board(client, pipeline)
    assert text.count('class="card"') == 100 // 3
    assert len(re.findall(r'class="column-more"', text)) == 1


def test_sums_of_two_currencies_stay_apart(anna, pipeline):
    for amount, currency in ((100, "RUB"), (200, "RUB"), (7, "EUR")):
        make_deal(owner=anna, pipeline=pipeline, amount=Decimal(amount), currency=currency)
    reading = Reading(user=anna, today=date(2026, 11, 21), language="en")
    tree = {"field": "pipeline", "operator": "eq", "value": pipeline.pk}
    with translation.override("en"):
        found = totals(get_entity("deal"), reading, by="state", sum="amount", state=ListState(tree=tree))
    assert found == [
        Total("open", "In work", 2, Decimal(300), "RUB"),
        Total("open", "In work", 1, Decimal(7), "EUR"),
    ]
    assert found[0].to_json() == {"value": "open", "label": "In work", "count": 2, "sum": "300.00", "currency": "RUB"}


def test_totals_follow_the_owner_to_the_office_of_his_team(anna, vera, boris, gleb, pipeline):
    anna.team.office = "Tver"
    anna.team.save(update_fields=["office"])
    for owner in (anna, anna, vera, boris):
        make_deal(owner=owner, pipeline=pipeline, by=gleb)
    reading = Reading(user=gleb, today=date(2026, 11, 21), language="en")
    found = totals(get_entity("deal"), reading, by="owner__team__office", sum="amount")
    assert [(total.value, total.count, total.sum) for total in found] == [
        ("Tver", 3, Decimal("1860000.00")),
        ("", 1, Decimal("620000.00")),
    ]


def test_a_field_that_is_worked_out_can_be_filtered_but_neither_sorted_nor_counted_by(anna, client):
    client.force_login(anna)
    assert 'class="chip left-out"' in client.get("/deals/", {"view": "table", "sort": "reached"}).content.decode()
    assert client.get("/deals/", {"view": "table", "add": "reached"}).status_code == 200
    with pytest.raises(BadRequest):
        totals(get_entity("deal"), Reading(user=anna, today=date(2026, 11, 21), language="en"), by="reached")


def test_the_board_shows_each_stage_once_whatever_the_edition_and_moves_a_deal_by_its_own(anna, client, pipeline):
    old = make_deal(owner=anna, pipeline=pipeline, amount=Decimal("100000"))
    left = make_deal(owner=anna, pipeline=pipeline, amount=Decimal("7000"))
    draft = new_version(pipeline, by=anna)
    renamed = draft.stages.get(position=2)
    change_record(get_entity("stage"), renamed.pk, {"name_ru": "Иначе", "name_en": "Otherwise"}, by=anna)
    activate_version(draft, by=anna)
    new = make_deal(owner=anna, pipeline=pipeline, amount=Decimal("50000"))
    assert old.pipeline_version_id != new.pipeline_version_id == draft.pk
    client.force_login(anna)
    text = board(client, pipeline)
    assert re.findall(r'data-column="(\d+)"', text) == [str(stage.pk) for stage in draft.stages.order_by("position")]
    assert heads(text)[0] == ("3", "157 000 ₽")
    answer = drop(client, old, draft.stages.get(position=3))
    assert answer.status_code == 200, answer.content.decode()[:500]
    old.refresh_from_db()
    assert old.stage == stage_of(old, 3) and old.pipeline_version_id != draft.pk
    assert heads(board(client, pipeline))[:3:2] == [("2", "57 000 ₽"), ("1", "100 000 ₽")]
    drop(client, left, stage_of(left, 2))
    text = board(client, pipeline)
    assert re.findall(r'data-column="(\d+)"', text)[0] == str(stage_of(left, 2).pk)
    refused = drop(client, left, renamed)
    left.refresh_from_db()
    assert refused.status_code == 422 and left.stage == stage_of(left, 2)
