"""The map of any type with coordinates: marks gathered by a grid, each the link to exactly its records."""

from __future__ import annotations

import json
import re
from datetime import date
from html import unescape
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from krug.access.models import Grant, Reach
from krug.activities.testing import make_task
from krug.kernel.attributes.serving import served
from krug.kernel.fields import Reading
from krug.kernel.listing.query import rows_matching
from krug.kernel.listing.state import ListState
from krug.kernel.registry import entities, get_entity
from krug.kernel.screens.beside import layouts_of
from krug.kernel.testing.cast import make_role, make_user
from krug.lists.rules.map import Coordinates, Frame, coordinates_of, frame_of, lines_of, marks_in, outline_in, placed
from krug.lists.screens.map import degrees
from krug.parties.testing import make_address, make_party
from krug.sales.testing import make_deal

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
    places = placed(ADDRESS, Coordinates(), ListState(), reading(spread))
    frame = frame_of(places)
    marks = marks_in(places, frame, None)
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
    assert page.count('class="map-mark"') == 3 and "° N" in page.replace("\u00a0", " ")
    urls = [
        unescape(part.split('"')[0])
        for part in page.split('<svg class="map"')[1].split("</svg>")[0].split('href="')[1:]
    ]
    urls.sort(key=lambda url: "view=map" not in url)
    sent = parse_qs(urlsplit(urls[0]).query)
    assert sent["view"] == ["map"]
    assert rows_matching(ADDRESS, ListState(tree=json.loads(sent["filter"][0])), reading(spread)).count() == 2
    alone = [address.pk for address in ADDRESS.model.objects.filter(latitude__in=("55.75", "43.11"))]
    assert sorted(urls[1:]) == sorted(ADDRESS.url(pk) for pk in alone)
    nearer = client.get(urls[0]).content.decode()
    assert nearer.count('class="map-mark"') == 2 and "Place 0" in nearer and "Place 1" in nearer
    assert 'class="map-land" d="M' in page
    assert "http" not in page.split('<svg class="map"')[1].split("</svg>")[0]


def test_only_visible_records_are_on_the_map_and_none_says_what_to_do(spread, boris, client):
    boris.language = "en"
    boris.save(update_fields=["language"])
    client.force_login(boris)
    page = client.get("/addresses/?view=map").content.decode()
    assert 'class="map-mark"' not in page and "None of these records has coordinates yet" in page


def test_types_with_coordinates_have_a_map_and_others_fall_back_to_the_table(spread, client):
    with_map = [entity.code for entity in entities() if "map" in layouts_of(entity)]
    assert {"address", "party", "deal", "task"} <= set(with_map) and "industry" not in with_map
    spread.language = "en"
    spread.save(update_fields=["language"])
    client.force_login(spread)
    page = client.get("/industries/?view=map").content.decode()
    assert 'class="map"' not in page
    assert "There is no map: these records have neither coordinates nor addresses with them." in page


def test_customers_stand_where_their_addresses_are_each_once_a_place(spread, client):
    client.force_login(spread)
    party = get_entity("party")
    near = make_party("Neighbour", owner=spread)
    make_address(party=near, by=spread, free_text="Near", latitude="59.95", longitude="30.33")
    places = placed(party, coordinates_of(party), ListState(), reading(spread))
    marks = marks_in(places, frame_of(places), None)
    assert [mark.count for mark in marks] == [2, 1, 1]
    for mark in marks:
        assert rows_matching(party, ListState(tree=mark.tree), reading(spread)).count() == mark.count
    page = client.get("/parties/?view=map").content.decode()
    assert page.count('class="map-mark"') == 3 and f'href="{party.url(marks[1].first)}"' in page


def test_deals_and_tasks_stand_where_the_addresses_of_their_customers_are(spread, boris, client):
    client.force_login(spread)
    everywhere = get_entity("party").model.objects.get(display_name="Everywhere")
    near = make_party("Neighbour", owner=boris)
    make_address(party=near, by=spread, free_text="Near", latitude="59.95", longitude="30.33")
    for code, made in (("deal", make_deal), ("task", make_task)):
        entity = get_entity(code)
        records = [made(f"{code} {at}", owner=spread, party=party) for at, party in enumerate((everywhere, near))]
        made(f"{code} nowhere", owner=spread, party=make_party("Nowhere", owner=spread))
        view = coordinates_of(entity)
        assert view is not None and view.through is not None and view.through.name == "party"
        places = placed(entity, view, ListState(), reading(spread))
        marks = marks_in(places, frame_of(places), None)
        assert [mark.count for mark in marks] == [2, 1, 1], code
        for mark in marks:
            assert rows_matching(entity, ListState(tree=mark.tree), reading(spread)).count() == mark.count
        page = client.get(f"{entity.url()}?view=map").content.decode()
        assert page.count('class="map-mark"') == 3 and f'href="{entity.url(records[0].pk)}"' in page


def test_a_deal_of_a_customer_whom_the_reader_does_not_see_puts_his_address_on_no_map(spread, anna, client):
    hidden = make_party("Hidden", owner=spread)
    make_address(party=hidden, by=spread, free_text="", latitude="66.10", longitude="66.20")
    make_deal("Open deal", owner=anna, party=hidden)
    role = make_role("deals only", {"deal": (Reach.ALL, []), "party": (Reach.OWN, []), "address": (Reach.OWN, [])})
    client.force_login(make_user(role=role))
    page = client.get("/deals/?view=map").content.decode()
    assert "map-mark" not in page and "66," not in page.split("<main")[1]
    client.force_login(spread)
    assert "map-mark" in client.get("/deals/?view=map").content.decode()


def test_an_address_that_is_closed_puts_no_customer_on_the_map(spread, client):
    role = make_role("no places", {"party": (Reach.ALL, []), "address": (Reach.ALL, [])})
    Grant.objects.filter(role=role, entity="address").update(
        fields={"*": "edit", served(ADDRESS).groups["latitude"]: "hidden"}
    )
    client.force_login(make_user(role=role))
    page = client.get("/parties/?view=map").content.decode()
    assert "map-mark" not in page and "59.94" not in page


def test_lines_stand_at_round_degrees():
    assert lines_of(43.1, 59.9) == [45, 50, 55]
    assert lines_of(30.2, 30.4) == [30.25, 30.3, 30.35, 30.4] or len(lines_of(30.2, 30.4)) <= 8
    assert degrees(-33.5, "N", "S") == "33.5°\u00a0S"


def test_places_are_named_by_record_and_city_in_the_order_of_their_names(gleb, client):
    client.force_login(gleb)
    where = (
        ("Ёлка", "Самара", "53.19", "50.10"), ("Ель", "Самара", "53.20", "50.11"), ("Дуб", "Самара", "53.20", "50.12"),
        ("Берёза", "Казань", "68.97", "33.08"), ("Омск-Лес", "Омск", "54.98", "73.36"),
        ("Без города", "", "43.11", "131.8"), ("Липа", "Тверь", "56.86", "35.91"), ("Сосна", "Тверь", "56.86", "35.92"),
        ("Тополь", "Клин", "56.33", "36.73"),
    )  # fmt: skip
    for name, city, latitude, longitude in where:
        party = make_party(name, owner=gleb)
        make_address(
            party=party, by=gleb, free_text="", city=city, street="Лесная", latitude=latitude, longitude=longitude
        )
    page = unescape(client.get("/parties/?view=map").content.decode())
    table = re.findall(r'<th scope="row"[^>]*><a href="[^"]*">([^<]*)</a>', page)
    drawn = re.findall(r'aria-label="([^"]*)"><title>', page)
    assert (
        table
        == drawn
        == ["Без города", "Берёза, Казань", "Омск-Лес", "Самара: Ёлка и ещё 2", "Тверь и рядом: Липа и ещё 2"]
    )
    assert not re.search(r"°\s[NSEW]", page) and re.search(r"°\sв. д.", page)


def test_a_city_that_is_closed_names_no_place(gleb, client):
    party = make_party("Ель", owner=gleb)
    make_address(party=party, by=gleb, free_text="", city="Тайное", latitude="53.20", longitude="50.11")
    role = make_role("no places", {"party": (Reach.ALL, []), "address": (Reach.ALL, [])})
    client.force_login(make_user(role=role))
    assert "Тайное" in client.get("/parties/?view=map").content.decode()
    Grant.objects.filter(role=role, entity="address").update(
        fields={"*": "edit", served(ADDRESS).groups["city"]: "hidden"}
    )
    assert "Тайное" not in client.get("/parties/?view=map").content.decode()


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


def test_no_shore_runs_round_the_world():
    whole = Frame(-90, -180, 90, 180)
    pieces = [part.split("L") for part in outline_in(whole).split("M")[1:]]
    across = [[float(point.split()[0]) for point in piece] for piece in pieces]
    assert len(pieces) > 500
    assert max(abs(one - next_one) for xs in across for one, next_one in pairwise(xs)) < whole.x(0) - whole.x(-60)
