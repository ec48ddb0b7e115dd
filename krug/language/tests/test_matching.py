"""Two ways to write one thing are one; two things that look alike are two."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from krug.language.matching.blocking import candidates
from krug.language.matching.choosing import judged, sure_pairs
from krug.language.matching.comparing import Profile, Rarity, Trait, level, likeness, told

NAMES = Rarity()


@pytest.mark.parametrize(
    "one, two",
    [
        ("ООО «Ромашка»", "Ромашка, ООО"),
        ("Пётр Королёв", "КОРОЛЕВ ПЕТР"),
        ("Ромашка", "Romashka LLC"),
        ("Hjvfirf", "Ромашка"),
        ("Шульц и партнёры", "Schulz i partnery"),
        ("АО «Северсталь»", "Severstal JSC"),
        ("Вега-Сервис", "Вега Сервис"),
    ],
)
def test_one_name_written_in_two_ways_is_one(one, two):
    assert likeness(one, two, "name", NAMES) >= 0.88


@pytest.mark.parametrize(
    "one, two", [("ООО «Ромашка»", "ООО «Василёк»"), ("Завод 12", "Завод 14"), ("Иванов Пётр", "Сидорова Анна")]
)
def test_different_names_stay_different(one, two):
    assert likeness(one, two, "name", NAMES) < 0.75


def test_figures_agree_differ_by_a_slip_or_differ():
    assert level(("7707083893",), ("7707083893",), "digits", NAMES) == 2
    assert level(("7707083893",), ("7707083898",), "digits", NAMES) == 1
    assert level(("19560409",), ("19560904",), "date", NAMES) == 1
    assert level(("7707083893",), ("5003052454",), "digits", NAMES) == 0
    assert level((), ("5003052454",), "digits", NAMES) is None


def test_a_phone_is_one_however_it_is_written():
    assert told("8 (495) 123-45-67", "digits") == told("+7 495 1234567", "digits")


@given(st.text(max_size=30), st.text(max_size=30))
def test_likeness_is_the_same_from_both_sides_and_between_nothing_and_all(one, two):
    found = likeness(one, two, "name", NAMES)
    assert 0 <= found <= 1
    assert found == likeness(two, one, "name", NAMES)
    assert likeness(one, one, "name", NAMES) == 1


def test_only_those_that_share_something_are_compared():
    traits = [Trait("name", "name"), Trait("phone", "digits")]
    rows = [("Ромашка", "4951234567"), ("Romashka", ""), ("Василёк", "4951234567"), ("Берёза", "8121112233")]
    people = [Profile(place, ((name,), (phone,) if phone else ())) for place, (name, phone) in enumerate(rows)]
    assert list(candidates(people, traits)) == [(0, 1), (0, 2)]


def test_the_surest_pairs_of_a_base_are_those_that_agree_in_what_is_rare():
    traits = [Trait("name", "name"), Trait("phone", "digits")]
    names = ["".join(pair) for pair in combinations("абвгдежзик", 3)]
    people = [Profile(n, ((f"Фирма {name}",), (f"49512{n:05}",))) for n, name in enumerate(names)]
    people.append(Profile(len(people), (("Фирма абв",), ("4951200000",))))
    pairs = list(candidates(people, traits))
    sure = sure_pairs(judged(people, traits, pairs, len(people) * (len(people) - 1) // 2))
    assert [(item.one, item.two) for item in sure] == [(0, len(people) - 1)]
