"""Boards, files, trees and filters on added fields as of a moment: what stood there then."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection

from krug.administration.testing import make_attribute
from krug.administration.tests.attribute_cast import filled, found
from krug.kernel.doors import change_record
from krug.kernel.journal.as_of import looking_at
from krug.kernel.registry import get_entity
from krug.lists.actions.trees import Wanted, make_tree
from krug.lists.tests.test_trees import told, tree_over
from krug.parties.testing import make_party
from krug.sales.testing import make_deal

pytestmark = [pytest.mark.django_db]
PARTY, DEAL = get_entity("party"), get_entity("deal")


def moment() -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        return cursor.fetchone()[0]


@pytest.mark.parametrize(
    ("kind", "before", "after", "asked", "given"),
    [
        ("text", "Красный кирпич", "Синий", "contains", "красный к"),
        ("number", "5", "9", "eq", "5"),
        ("date", "2026-01-05", "2026-09-09", "eq", "2026-01-05"),
        ("yes_no", "1", "0", "eq", True),
        ("choice", 0, 1, "in", [0]),
        ("choices", 0, 1, "eq", 0),
    ],
)
def test_a_filter_on_an_added_field_asks_the_value_of_then(kind, before, after, asked, given, gleb):
    field = make_attribute("Wall", kind=kind, **({"values": ("Old", "New")} if kind.startswith("choice") else {}))
    if kind.startswith("choice"):
        ids = [str(value.pk) for value in field.values.order_by("pk")]
        before, after = ids
        given = [ids[0]] if asked == "in" else ids[0]
    later = "синий" if kind == "text" else False if kind == "yes_no" else after
    party = make_party("Wall", owner=gleb)
    filled(PARTY, party, gleb, **{field.key: before})
    then = moment()
    filled(PARTY, PARTY.rows_for(gleb).get(pk=party.pk), gleb, **{field.key: after})
    assert found(PARTY, gleb, field.key, asked, given) == []
    with looking_at(then):
        assert found(PARTY, gleb, field.key, asked, given) == [party.pk]
        assert found(PARTY, gleb, field.key, asked, [after] if asked == "in" else later) == []


def test_a_tree_over_added_fields_counts_what_stood_there_then(gleb):
    one = make_attribute("Class", kind="choice", values=("A", "B"))
    several = make_attribute("Brands", kind="choices", values=("Left", "Right"))
    party = make_party("Wall", owner=gleb)
    first = {"a": str(one.values.first().pk), "b": str(several.values.first().pk)}
    filled(PARTY, party, gleb, **{one.key: first["a"], several.key: first["b"]})
    then = moment()
    filled(PARTY, PARTY.rows_for(gleb).get(pk=party.pk), gleb, **{one.key: "", several.key: ""})
    for key, label in ((one.key, "A"), (several.key, "Left")):
        look, top = tree_over(gleb, key)
        assert told(look, top) == [("No value", 1)]
        with looking_at(then):
            assert told(look, top) == [(label, 1)]


def test_the_board_of_then_shows_the_cards_in_the_columns_of_then(gleb, client):
    gleb.language = "en"
    gleb.save(update_fields=["language"])
    client.force_login(gleb)
    deal = make_deal("Pumps of then", owner=gleb)
    then = moment()
    change_record(DEAL, deal.pk, {"name": "Pumps of now"}, by=gleb)
    page = client.get("/deals/", {"view": "board", "as_of": then.isoformat()}).content.decode()
    assert "Pumps of then" in page and "Pumps of now" not in page
    assert 'id="as-of"' in page and f"/deals/{deal.pk}/?as_of=" in page
    assert "/deals/move/" not in page
    assert "Pumps of now" in client.get("/deals/", {"view": "board"}).content.decode()


def test_the_calendar_of_then_shows_a_record_on_the_added_day_of_then(gleb, client):
    client.force_login(gleb)
    day = make_attribute("Audit", kind="date")
    party = make_party("Wall", owner=gleb)
    filled(PARTY, party, gleb, **{day.key: "2026-02-05"})
    then = moment()
    filled(PARTY, PARTY.rows_for(gleb).get(pk=party.pk), gleb, **{day.key: "2026-02-06"})
    asked = {"view": "calendar", "by": day.key, "month": "2026-02"}
    for more, filled_day, empty_day in (({}, "06", "05"), ({"as_of": then.isoformat()}, "05", "06")):
        page = client.get("/parties/", asked | more).content.decode()
        cells = {one: page.split(f'<time datetime="2026-02-{one}">')[1].split("</td>")[0] for one in ("05", "06")}
        assert f'href="/parties/{party.pk}/' in cells[filled_day] and "<li>" not in cells[empty_day], more


def test_a_file_of_then_holds_the_rows_of_then_and_says_so(gleb, client):
    gleb.language = "en"
    gleb.save(update_fields=["language"])
    client.force_login(gleb)
    party = make_party("Name of then", owner=gleb)
    then = moment()
    change_record(PARTY, party.pk, {"display_name": "Name of now"}, by=gleb)
    tree = json.dumps({"field": "display_name", "operator": "contains", "value": "Name of"})
    for kind in ("csv", "jsonl"):
        answer = client.get("/parties/export/", {"as_of": then.isoformat(), "filter": tree, "format": kind})
        text = answer.content.decode()
        assert "Name of then" in text and "Name of now" not in text
        assert "-as-of-" in answer["Content-Disposition"]
    listed = client.get("/parties/", {"as_of": then.isoformat()}).content.decode()
    assert "/parties/export/?as_of=" in listed


def test_the_panel_of_a_tree_looks_at_the_same_moment(gleb, client):
    client.force_login(gleb)
    party = make_party("Wall", owner=gleb, region="Then")
    tree = make_tree(PARTY, Wanted("Regions", "", ("region",)), by=gleb)
    then = moment()
    change_record(PARTY, party.pk, {"region": "Now"}, by=gleb)
    page = client.get("/parties/", {"tree": tree.pk, "as_of": then.isoformat()}).content.decode()
    url = page.split('hx-get="/trees/parties/panel/')[1].split('"')[0].replace("&amp;", "&")
    panel = client.get(f"/trees/parties/panel/{url}").content.decode()
    assert ">Then<" in panel and ">Now<" not in panel and panel.count("as_of=") >= 2
