"""The map of any type with coordinates: marks gathered by a grid, each the link to exactly its records."""

from __future__ import annotations

import json
from datetime import date
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from krug.access.models import Grant, Reach
from krug.kernel.attributes.serving import served
from krug.kernel.fields import Reading
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.registry import entities, get_entity
from krug.kernel.screens.beside import layouts_of
from krug.kernel.testing.cast import make_role, make_user
from krug.lists.rules.map import frame_of, lines_of, marks_in, placed
from krug.lists.screens.map import degrees
from krug.parties.testing import make_address, make_party

pytestmark = [pytest.mark.django_db]
ADDRESS = get_entity("address")
PLACES = (("59.93", "30.31"), ("59.94", "30.32"), ("55.75", "37.62"), ("43.11", "131.87"), (None, None))


@pytest.fixture
def spread(gleb: Any) -> Any:
    party = make_party("Everywhere", owner=gleb)
    for at, (latitude, longitude) in enumerate(PLACES):
        make_address(party=party, by=gleb, free_text=f"Place {at}", latitude=latitude, longitude=longitude)
    return gleb


def reading(user: Any) -> Reading:
    return Reading(user=user, today=date(2026, 11, 21), language="en")


def test_near_records_make_one_mark_whose_filter_finds_exactly_them(spread):
    rows = placed(ADDRESS, ListState(), reading(spread))
    frame = frame_of(rows)
    marks = marks_in(rows, frame, None)
    assert [mark.count for mark in marks] == [2, 1, 1]
    for mark in marks:
        found = rows_matching(ADDRESS, ListState(tree=mark.tree), reading(spread))
        assert found.count() == mark.count
        assert 0 < frame.x(mark.longitude) < 960 and 0 < frame.y(mark.latitude) < frame.height


def test_the_map_is_drawn_with_links_and_a_table(spread, client):
    spread.language = "en"
    spread.save(update_fields=["language"])
    client.force_login(spread)
    page = client.get("/addresses/?view=map").content.decode()
    assert page.count('class="map-mark"') == 3 and "59.94° N" in page.replace("\u00a0", " ")
    url = page.split('<svg class="map"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    tree = json.loads(parse_qs(urlsplit(url).query)["filter"][0])
    assert rows_matching(ADDRESS, ListState(tree=tree), reading(spread)).count() == 2
    assert "http" not in page.split('<svg class="map"')[1].split("</svg>")[0]


def test_only_visible_records_are_on_the_map_and_none_says_what_to_do(spread, boris, client):
    boris.language = "en"
    boris.save(update_fields=["language"])
    client.force_login(boris)
    page = client.get("/addresses/?view=map").content.decode()
    assert 'class="map-mark"' not in page and "None of these records has coordinates yet" in page


def test_types_with_coordinates_have_a_map_and_others_fall_back_to_the_table(spread, client):
    with_map = [entity.code for entity in entities() if "map" in layouts_of(entity)]
    assert "address" in with_map and "task" not in with_map
    client.force_login(spread)
    assert 'class="map"' not in client.get("/tasks/?view=map").content.decode()


def test_lines_stand_at_round_degrees():
    assert lines_of(43.1, 59.9) == [45, 50, 55]
    assert lines_of(30.2, 30.4) == [30.25, 30.3, 30.35, 30.4] or len(lines_of(30.2, 30.4)) <= 8
    assert degrees(-33.5, "N", "S") == "33.5°\u00a0S"


def test_hidden_coordinates_draw_no_map(spread, client):
    role = make_role("reader", {"party": (Reach.ALL, []), "address": (Reach.ALL, [])})
    client.force_login(make_user(role=role))
    assert "map-mark" in client.get("/addresses/?view=map").content.decode()
    Grant.objects.filter(role=role, entity="address").update(
        fields={"*": "edit", served(ADDRESS).groups["latitude"]: "hidden"}
    )
    page = client.get("/addresses/?view=map").content.decode()
    assert "map-mark" not in page and "59.94" not in page
    assert "view=map" not in client.get("/addresses/").content.decode()
