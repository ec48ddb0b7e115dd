"""The matcher finds the known duplicates of public sets as well as it says."""

import pytest

from krug.config.bench.dedupe import BASE, SETS, SOURCES, as_markdown, measure_set
from krug.duplicates.models import DuplicateKeys
from krug.kernel.testing.shared import shared

pytestmark = pytest.mark.django_db


def measured(name, way):
    one = next(each for each in SETS if each.name == name)
    return measure_set(one, shared("data/dedupe"), way)


@pytest.mark.parametrize("name", ["FEBRL 1", "FEBRL 2", "FEBRL 3"])
def test_a_search_through_the_base_finds_the_known_duplicates_of_people(name):
    found = measured(name, BASE)
    assert found.f1 >= 0.99
    assert not DuplicateKeys.objects.exists()


def test_a_search_through_the_base_finds_the_known_duplicates_of_restaurants():
    assert measured("Restaurants", BASE).f1 >= 0.83


@pytest.mark.parametrize(("name", "least"), [("Restaurants", 0.85), ("Abt-Buy", 0.9), ("Amazon-Google", 0.68)])
def test_who_knows_that_each_source_holds_a_thing_once_finds_more(name, least):
    assert measured(name, SOURCES).f1 >= least


def test_the_figures_are_printed_one_line_a_way_with_the_published_ones_beside():
    printed = as_markdown([measured("Restaurants", SOURCES)]).splitlines()
    assert printed[2].startswith(
        "| Restaurants | two sources, in memory | 865 | 89 | 3622 | 0.7699 | 0.9775 | 0.8614 | 0.881 |"
    )
