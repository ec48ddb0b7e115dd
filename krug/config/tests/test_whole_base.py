"""The search through a whole base in the database finds what the matcher finds in memory, in bounded memory."""

from __future__ import annotations

import pytest

from krug.config.bench.dedupe import SETS, gold_of, profiles_in
from krug.duplicates.matching import pairing, scoring
from krug.duplicates.matching.keeping import write_keys
from krug.duplicates.matching.pairing import brought_together
from krug.duplicates.matching.scoring import Base
from krug.kernel.testing.shared import shared
from krug.language.matching.blocking import candidates
from krug.language.matching.choosing import judged, sure_pairs
from krug.language.matching.comparing import Profile
from krug.language.matching.weighing import SURE

pytestmark = pytest.mark.django_db


def silent(done: int, total: int) -> None:
    """Nobody watches."""


def found_in_database(profiles, traits, *, most=100_000):
    """The sure pairs of records that are read from outside by their numbers, as places in the list."""
    shifted = {each.id + 1: Profile(each.id + 1, each.values) for each in profiles}
    write_keys("set", shifted.values(), traits)
    asked = []

    def read(ids):
        asked.append(len(ids))
        return [shifted[pk] for pk in ids]

    base = Base(shifted, read, traits)
    base.learn_words(silent)
    with brought_together("set", len(base.ids)) as count:
        likely = base.likely_pairs(most, count, silent, SURE)
    assert max(asked) <= 2 * pairing.READ_AT_ONCE
    return {(pair.one - 1, pair.two - 1) for pair in likely}, count


def test_the_database_finds_chunk_by_chunk_exactly_what_memory_finds(monkeypatch):
    """The same was seen with the sets of five thousand; here are the thousand of the first, in many small chunks."""
    for place, name in ((pairing, "AT_ONCE"), (pairing, "READ_AT_ONCE"), (scoring, "AT_ONCE")):
        monkeypatch.setattr(place, name, 90)
    told = SETS[0]
    profiles, traits, _border = profiles_in(told, shared("data/dedupe"))
    pairs = list(candidates(profiles, traits))
    possible = len(profiles) * (len(profiles) - 1) // 2
    in_memory = {(item.one, item.two) for item in sure_pairs(judged(profiles, traits, pairs, possible))}
    found, compared = found_in_database(profiles, traits)
    gold = gold_of(told, shared("data/dedupe"))
    assert abs(compared - len(pairs)) <= len(pairs) // 100
    assert len(found & gold) >= len(in_memory & gold)
    assert len(found - gold) <= len(in_memory - gold)
