"""Trees: nodes are filters, counts add up and keep to rights, sharing is as of views, the form works by itself."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from krug.administration.testing import make_attribute, make_value
from krug.administration.tests.attribute_cast import filled
from krug.kernel.errors import BadRequest, NotFound, Refusal
from krug.kernel.fields import Reading
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState, filter_text
from krug.kernel.registry import get_entity
from krug.lists.actions.trees import Wanted, change_tree, delete_tree, make_tree, the_tree, trees_of
from krug.lists.models import ListTree
from krug.lists.rules import counting
from krug.lists.rules.branches import branch_of
from krug.lists.rules.counting import Look
from krug.lists.rules.levels import read_level
from krug.lists.rules.nodes import Way, chosen_in, with_node
from krug.parties.testing import make_industry, make_party
from krug.sales.testing import make_deal

pytestmark = [pytest.mark.django_db]
PARTY = get_entity("party")


def reading(user: Any) -> Reading:
    return Reading(user=user, today=date(2026, 11, 21), language="en")


def tree_over(user: Any, *levels: str, entity: Any = PARTY, tree: Any = None) -> tuple[Look, Way]:
    return Look(entity, ListState(tree=tree), reading(user)), Way(
        tuple(read_level(entity, level, user) for level in levels)
    )


def told(look: Look, way: Way) -> list[tuple[str, int]]:
    return [(node.label, node.count) for node in branch_of(look, way).nodes]


def under(look: Look, way: Way, *labels: str) -> Way:
    """The way to the node of these labels, one under the other."""
    for label in labels:
        way = next(node.way for node in branch_of(look, way).nodes if node.label == label and node.way)
    return way


def everything_adds_up(look: Look, way: Way, depth: int = 0) -> None:
    """Each node says as many records as its filter finds, and its own nodes make as many together."""
    branch = branch_of(look, way)
    assert branch.total == look.rows(way).count()
    for node in branch.nodes:
        if node.way is None:
            continue
        found = rows_matching(look.entity, ListState(tree=with_node(look.state.tree, node.way)), look.reading).count()
        assert node.count == found, (node.label, node.count, found)
        if node.way.next_place() is not None and node.count and depth < 6:
            everything_adds_up(look, node.way, depth + 1)


@pytest.fixture
def spread(gleb: Any) -> Any:
    """Five customers over regions, industries and cities."""
    food, pumps = make_industry(name_en="Food"), make_industry(name_en="Pumps")
    for name, region, industry, city in (
        ("Alpha", "North", food, "Pskov"),
        ("Beta", "North", food, "Vologda"),
        ("Gamma", "North", pumps, ""),
        ("Delta", "South", None, "Sochi"),
        ("Omega", "", pumps, "Sochi"),
    ):
        make_party(name, owner=gleb, region=region, industry=industry, city=city)
    return gleb


def test_nodes_stand_under_one_another_in_the_order_of_the_levels(spread):
    look, top = tree_over(spread, "region", "industry", "city")
    assert told(look, top) == [("North", 3), ("South", 1), ("No value", 1)]
    assert told(look, under(look, top, "North")) == [("Food", 2), ("Pumps", 1)]
    assert told(look, under(look, top, "North", "Food")) == [("Pskov", 1), ("Vologda", 1)]
    assert told(look, under(look, top, "No value")) == [("Pumps", 1)]
    assert under(look, top, "North", "Food", "Pskov").next_place() is None
    everything_adds_up(look, top)


def test_the_same_fields_in_another_order_make_another_tree(spread):
    look, top = tree_over(spread, "industry", "region")
    assert told(look, top) == [("Food", 2), ("Pumps", 2), ("No value", 1)]
    assert told(look, under(look, top, "Pumps")) == [("North", 1), ("No value", 1)]
    everything_adds_up(look, top)


def test_a_filter_of_the_list_holds_in_all_nodes(spread):
    look, top = tree_over(
        spread, "region", "city", tree={"all": [{"field": "city", "operator": "eq", "value": "Sochi"}]}
    )
    assert told(look, top) == [("South", 1), ("No value", 1)]
    everything_adds_up(look, top)


def test_a_node_is_told_by_the_filter_and_read_back_from_it(spread):
    look, top = tree_over(spread, "region", "industry")
    way = under(look, top, "North", "Pumps")
    kept = {"all": [{"field": "city", "operator": "empty"}]}
    both = with_node(kept, way)
    found, rest = chosen_in(way.levels, json.loads(filter_text(both)))
    assert found == way
    assert rest == kept
    assert chosen_in(way.levels, kept) == (None, kept)


def test_days_are_laid_out_by_years_and_months(gleb):
    for name, day in (("One", "2025-12-31"), ("Two", "2026-01-01"), ("Three", "2026-11-30"), ("Four", None)):
        make_deal(name, owner=gleb, expected_on=day)
    deal = get_entity("deal")
    look, top = tree_over(gleb, "expected_on:year", "expected_on:month", entity=deal)
    assert told(look, top) == [("2026", 2), ("2025", 1), ("No value", 1)]
    assert told(look, under(look, top, "2026")) == [("November 2026", 1), ("January 2026", 1)]
    everything_adds_up(look, top)


def test_moments_fall_into_the_month_of_the_readers_clock(gleb):
    gleb.timezone = "Asia/Vladivostok"
    party = make_party("Late", owner=gleb)
    PARTY.model.objects.filter(pk=party.pk).update(created_at="2026-10-31T20:00:00Z")
    look, top = tree_over(gleb, "created_at:month")
    assert told(look, top) == [("November 2026", 1)]
    everything_adds_up(look, top)


def test_a_classifier_unfolds_into_its_parts_and_what_stands_at_none_of_them(gleb):
    field = make_attribute("Trade", kind="tree")
    metal = make_value("Metal", attribute=field)
    steel = make_value("Steel", attribute=field, parent=metal)
    wire = make_value("Wire", attribute=field, parent=steel)
    wood = make_value("Wood", attribute=field)
    for at, value in enumerate((metal, steel, wire, wire, wood, None)):
        party = make_party(f"Works {at}", owner=gleb, region="East" if at % 2 else "West")
        if value:
            filled(PARTY, party, gleb, **{field.key: str(value.pk)})
    look, top = tree_over(gleb, field.key, "region")
    assert told(look, top) == [("Metal", 4), ("Wood", 1), ("No value", 1)]
    assert told(look, under(look, top, "Metal")) == [("Steel", 3), ("Metal, nothing closer", 1)]
    assert told(look, under(look, top, "Metal", "Steel")) == [("Wire", 2), ("Steel, nothing closer", 1)]
    assert told(look, under(look, top, "Metal", "Steel", "Wire")) == [("East", 1), ("West", 1)]
    everything_adds_up(look, top)


def test_every_kind_of_attribute_makes_a_level(gleb):
    choice = make_attribute("Class", kind="choice", values=("A", "B"))
    text, yes = make_attribute("Code", kind="text"), make_attribute("Checked", kind="yes_no")
    day, number = make_attribute("Review", kind="date"), make_attribute("Floors", kind="number")
    one, two = make_party("One", owner=gleb), make_party("Two", owner=gleb)
    values = {value.name_en: str(value.pk) for value in choice.values.all()}
    filled(PARTY, one, gleb, **{choice.key: values["B"], text.key: "Ёлка", yes.key: "1", day.key: "21.11.2026"})
    filled(PARTY, two, gleb, **{choice.key: values["A"], number.key: "7"})
    for field, expected in (
        (choice.key, [("A", 1), ("B", 1)]),
        (text.key, [("Ёлка", 1), ("No value", 1)]),
        (yes.key, [("Yes", 1), ("No", 1)]),
        (f"{day.key}:year", [("2026", 1), ("No value", 1)]),
        (number.key, [("7", 1), ("No value", 1)]),
    ):
        look, top = tree_over(gleb, field, "region")
        assert sorted(told(look, top)) == sorted(expected)
        everything_adds_up(look, top)


def test_a_record_with_several_values_stands_in_each_of_their_nodes(gleb):
    field = make_attribute("Brands", kind="choices", values=("Left", "Right"))
    ids = [str(value.pk) for value in field.values.order_by("pk")]
    both, one, none = (make_party(name, owner=gleb) for name in ("Both", "One", "None"))
    filled(PARTY, both, gleb, **{field.key: ids})
    filled(PARTY, one, gleb, **{field.key: ids[:1]})
    look, top = tree_over(gleb, field.key)
    assert told(look, top) == [("Left", 2), ("Right", 1), ("No value", 1)]
    assert branch_of(look, top).is_several
    assert none.pk in rows_matching(
        PARTY, ListState(tree=with_node(None, under(look, top, "No value"))), look.reading
    ).values_list("pk", flat=True)


def test_counts_hold_only_what_the_reader_sees_and_name_nothing_hidden(anna, boris):
    ours, theirs = make_party("Ours", owner=anna, region="North"), make_party("Theirs", owner=boris, region="South")
    deal = make_deal("Through a stranger", owner=boris, party=theirs)
    make_deal("Our own", owner=anna, party=ours)
    type(deal).objects.filter(pk=deal.pk).update(owner=anna)
    look, top = tree_over(anna, "region")
    assert told(look, top) == [("North", 1)]
    for level in ("party__region", "party"):
        look, top = tree_over(anna, level, entity=get_entity("deal"))
        nodes = branch_of(look, top).nodes
        seen = "North" if level != "party" else "Ours"
        assert [(node.label, node.count) for node in nodes] == [(seen, 1), ("(not open to you)", 1)]
        assert nodes[1].way is None


def test_a_large_set_is_counted_from_a_sample_that_adds_up_and_says_so(spread, monkeypatch):
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE party")
    monkeypatch.setattr(counting, "QUICK", 0)
    monkeypatch.setattr(counting, "HOPELESS", 0)
    look, top = tree_over(spread, "region", "industry")
    branch = branch_of(look, top, 500)
    assert not branch.is_exact
    assert [(node.label, node.count) for node in branch.nodes] == [("North", 300), ("South", 100), ("No value", 100)]


def test_the_database_is_asked_no_longer_than_said_and_then_as_patiently_as_before(db):
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        before = cursor.fetchone()
        with pytest.raises(OperationalError), counting.at_most("20ms"):
            cursor.execute("SELECT pg_sleep(2)")
        with counting.at_most("20ms"):
            cursor.execute("SELECT 1")
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == before


def test_an_opened_node_costs_one_grouped_question(spread):
    look, top = tree_over(spread, "region", "industry")
    way = under(look, top, "North")
    with CaptureQueriesContext(connection) as asked:
        told(look, way)
    assert sum("GROUP BY" in each["sql"] for each in asked) == 1
    assert len(asked) <= 3


def test_a_tree_is_shared_like_a_view(anna, vera, boris):
    tree = make_tree(PARTY, Wanted("Regions", "team", ("region", "industry")), by=anna)
    assert [each.name for each in trees_of(PARTY, vera)] == ["Regions"]
    assert trees_of(PARTY, boris) == []
    with pytest.raises(NotFound):
        the_tree(PARTY, boris, tree.pk)
    change_tree(PARTY, tree, Wanted("Regions", "all", ("region",)), by=anna)
    assert [each.levels for each in trees_of(PARTY, boris)] == [["region"]]
    for refused in (
        lambda: change_tree(PARTY, tree, Wanted("Mine", "", ("city",)), by=boris),
        lambda: delete_tree(tree, by=boris),
    ):
        with pytest.raises(Refusal) as no:
            refused()
        assert no.value.code == "NOT_OWN_TREE"
    assert ListTree.objects.get().levels == ["region"]
    assert delete_tree(tree, by=anna) == "Regions"
    assert ListTree.objects.count() == 0


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted("", "", ("region",)), "name"),
        (Wanted("Empty", "", ("", "")), "level1"),
        (Wanted("Twice", "", ("region", "city", "region")), "level3"),
        (Wanted("Second", "", ("region",)), "name"),
    ],
)
def test_a_tree_that_can_not_be_is_refused_and_nothing_is_kept(wanted, field, anna):
    make_tree(PARTY, Wanted("Second", "", ("city",)), by=anna)
    with pytest.raises(Refusal) as no:
        make_tree(PARTY, wanted, by=anna)
    assert no.value.field == field
    assert [tree.name for tree in ListTree.objects.all()] == ["Second"]


@pytest.mark.parametrize("level", ["note", "annual_revenue", "created_at", "region:year", "custom", "nothing"])
def test_what_records_can_not_be_put_under_is_no_level(level, gleb):
    with pytest.raises(BadRequest):
        make_tree(PARTY, Wanted("No", "", (level,)), by=gleb)


def test_the_form_makes_reorders_and_drops_a_tree_without_scripts(spread, client):
    spread.language = "en"
    spread.save(update_fields=["language"])
    client.force_login(spread)
    sent = {"name": "Regions", "shared": "all", "level1": "region", "level2": "industry", "level3": ""}
    moved = client.post("/trees/parties/", {**sent, "deed": "down:0"}).content.decode()
    assert moved.index('value="industry" selected') < moved.index('value="region" selected')
    assert ListTree.objects.count() == 0
    answer = client.post("/trees/parties/", {**sent, "deed": "save"})
    tree = ListTree.objects.get()
    assert (answer.status_code, answer["Location"]) == (303, f"/parties/?tree={tree.pk}")
    page = client.get(f"/parties/?tree={tree.pk}").content.decode()
    assert f"/trees/parties/panel/?tree={tree.pk}" in page
    nodes = client.get(f"/trees/parties/panel/?tree={tree.pk}").content.decode()
    assert 'role="tree"' in nodes and "North" in nodes and "No value" in nodes
    wrong = client.post(f"/trees/parties/{tree.pk}/", {**sent, "name": "", "deed": "save"})
    assert wrong.status_code == 422
    assert client.post(f"/trees/parties/{tree.pk}/", {**sent, "deed": "delete"}).status_code == 303
    assert ListTree.objects.count() == 0


def test_the_address_holds_the_node_and_opens_the_way_to_it(spread, client):
    spread.language = "en"
    spread.save(update_fields=["language"])
    client.force_login(spread)
    tree = make_tree(PARTY, Wanted("Regions", "", ("region", "industry", "city")), by=spread)
    look, top = tree_over(spread, "region", "industry", "city")
    way = under(look, top, "North", "Food")
    query = urlencode({"tree": tree.pk, "filter": filter_text(with_node(None, way))})
    page = client.get(f"/parties/?{query}", headers={"Accept-Language": "en"}).content.decode()
    assert "Alpha" in page and "Beta" in page and "Gamma" not in page
    panel = client.get(f"/trees/parties/panel/?{query}").content.decode()
    assert "Pskov" in panel and panel.count('aria-selected="true"') == 1
    nodes = [part for part in panel.split('data-nodes="')[1:] if "South" not in part[:20]]
    url = nodes[0].split('"')[0].replace("&amp;", "&")
    assert parse_qs(urlsplit(url).query)["of"] == ["3"]
    opened = client.get(url, headers={"HX-Request": "true", "HX-Target": "tree-nodes"}).content.decode()
    assert "Food" in opened and "Pumps" in opened
    assert client.get(f"/trees/parties/nodes/?tree={tree.pk}&at={{}}").status_code == 400


def test_a_stranger_meets_no_tree_that_is_not_shared(anna, boris, client):
    tree = make_tree(PARTY, Wanted("Mine", "", ("region",)), by=anna)
    client.force_login(boris)
    for url in (
        f"/trees/parties/{tree.pk}/",
        f"/trees/parties/panel/?tree={tree.pk}",
        f"/trees/parties/nodes/?tree={tree.pk}",
    ):
        assert client.get(url).status_code == 404
    assert client.post(f"/trees/parties/{tree.pk}/", {"deed": "delete"}).status_code == 404
    assert ListTree.objects.count() == 1
    assert client.get(f"/parties/?tree={tree.pk}").status_code == 200


def test_a_level_through_a_link_is_told_by_the_record_it_leads_to(gleb):
    make_deal("Pumps", owner=gleb, party=make_party("North wind", owner=gleb, city="Tver"))
    look, top = tree_over(gleb, "party__city", entity=get_entity("deal"))
    assert told(look, top) == [("Tver", 1)]
    everything_adds_up(look, top)
