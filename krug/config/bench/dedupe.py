"""How well the matcher of the product finds the known duplicates of public sets."""

from __future__ import annotations

import csv
import re
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path

from django.db import transaction

from krug.duplicates.matching.keeping import write_keys
from krug.duplicates.matching.pairing import brought_together
from krug.duplicates.matching.scoring import Base
from krug.language.matching.blocking import Pair, candidates
from krug.language.matching.choosing import best_partners, judged
from krug.language.matching.comparing import Kind, Profile, Trait, told
from krug.language.matching.weighing import SURE

PERSON: dict[str, Kind] = {
    "given_name": "name", "surname": "name", "street_number": "code", "address_1": "name", "address_2": "name",
    "suburb": "name", "postcode": "code", "state": "same", "date_of_birth": "date", "soc_sec_id": "digits",
}  # fmt: skip
PLACE: dict[str, Kind] = {"name": "name", "phone_number": "digits", "street": "name"}
GOODS: dict[str, Kind] = {"name": "words", "title": "words", "manufacturer": "name", "price": "amount"}


@dataclass(frozen=True)
class Set:
    """One public set: its files, what its columns are, and which rows are records of the type."""

    name: str
    files: tuple[str, ...]
    columns: dict[str, Kind]
    gold: str = ""
    only: str = ""
    separator: str = ","


@dataclass(frozen=True)
class Result:
    """What was found in one set, and by which way."""

    name: str
    way: str
    records: int
    true: int
    compared: int
    found: int
    right: int
    seconds: float

    @property
    def precision(self) -> float:
        """How many of those found are right."""
        return self.right / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """How many of the known ones are found."""
        return self.right / self.true if self.true else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        return 2 * self.right / (self.found + self.true) if self.found + self.true else 0.0


SETS = (
    Set("FEBRL 1", ("febrl/dataset1.csv",), PERSON),
    Set("FEBRL 2", ("febrl/dataset2.csv",), PERSON),
    Set("FEBRL 3", ("febrl/dataset3.csv",), PERSON),
    Set(
        "Restaurants", ("restaurants/rest1.csv", "restaurants/rest2.csv"), PLACE, "restaurants/gt.csv",
        only="phone_number", separator="|",
    ),
    Set("Abt-Buy", ("abt_buy/abt.csv", "abt_buy/buy.csv"), GOODS, "abt_buy/gt.csv", separator="|"),
    Set(
        "Amazon-Google", ("amazon_google/amazon.csv", "amazon_google/gp.csv"), GOODS, "amazon_google/gt.csv",
        separator="#",
    ),
)  # fmt: skip


BASE, SOURCES = "one base, in the database", "two sources, in memory"
# Unsupervised workflows, configured for each set with its truth known: github.com/AI-team-UoA/pyJedAI,
# docs/pages/benchmarks.md at 7d232c23956c3210ef285dc2239902855be98eed (D1, D2, D3).
PUBLISHED = {"Restaurants": 0.881, "Abt-Buy": 0.947, "Amazon-Google": 0.625}
MOST, SCRATCH = 100_000, "set"


def measure_dedupe(folder: Path, wanted: Sequence[str] = ()) -> list[Result]:
    """Run the matcher over the sets whose names begin with one of the wanted words.

    Each set is searched as the job of the product searches a base. Where the set has two sources that hold each
    thing once, it is also matched knowing that.
    """
    chosen = [one for one in SETS if not wanted or any(one.name.casefold().startswith(w.casefold()) for w in wanted)]
    return [measure_set(one, folder, way) for one in chosen for way in (BASE, SOURCES)[: len(one.files)]]


def as_markdown(results: Sequence[Result]) -> str:
    """One line a set."""
    lines = [
        "| Set | Searched as | Records | Known pairs | Compared | Precision | Recall | F1 | Published F1 | Seconds |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in results:
        lines.append(
            f"| {one.name} | {one.way} | {one.records} | {one.true} | {one.compared} | {one.precision:.4f}"
            f" | {one.recall:.4f} | {one.f1:.4f} | {PUBLISHED.get(one.name, '')} | {one.seconds:.1f} |"
        )
    return "\n".join(lines)


def profiles_in(one: Set, folder: Path) -> tuple[list[Profile], list[Trait], int]:
    """The records of a set, what tells them apart, and where the second of two files begins."""
    files = _files(one, folder)
    present = {column for rows in files for column in rows[0]}
    traits = [Trait(name, kind) for name, kind in one.columns.items() if name in present]
    profiles = [
        Profile(place, tuple(_values(row.get(trait.name) or "", trait.kind) for trait in traits))
        for place, row in enumerate(row for rows in files for row in rows)
    ]
    return profiles, traits, len(files[0]) if len(files) == 2 else 0


def gold_of(one: Set, folder: Path) -> set[Pair]:
    """The pairs of a set that are known to be one."""
    return _gold(one, folder, _files(one, folder))


def _files(one: Set, folder: Path) -> list[list[dict[str, str]]]:
    return [[row for row in _rows(folder / name, one.separator) if not one.only or row[one.only]] for name in one.files]


def measure_set(one: Set, folder: Path, way: str) -> Result:
    """How well one set is matched in one of the two ways."""
    profiles, traits, border = profiles_in(one, folder)
    gold = gold_of(one, folder)
    began = time.perf_counter()
    if way == BASE:
        found, compared = found_in_database(profiles, traits)
        # The truth of two sources says nothing of what is twice within one of them.
        found = {pair for pair in found if not border or pair[0] < border <= pair[1]}
    else:
        found, compared = _found_between(profiles, traits, border)
    took = time.perf_counter() - began
    return Result(one.name, way, len(profiles), len(gold), compared, len(found), len(found & gold), took)


def found_in_database(profiles: Sequence[Profile], traits: Sequence[Trait]) -> tuple[set[Pair], int]:
    """The sure pairs as the search through a whole base finds them, as places in the list; nothing of it stays."""
    shifted = {each.id + 1: Profile(each.id + 1, each.values) for each in profiles}
    with transaction.atomic():
        write_keys(SCRATCH, shifted.values(), traits)
        base = Base(shifted, lambda ids: [shifted[pk] for pk in ids], traits)
        base.learn_words(_silent)
        with brought_together(SCRATCH, len(base.ids)) as count:
            likely = base.likely_pairs(MOST, count, _silent, SURE)
        transaction.set_rollback(True)
    return {(pair.one - 1, pair.two - 1) for pair in likely}, count


def _silent(done: int, total: int) -> None:
    """Nobody watches."""


def _found_between(profiles: Sequence[Profile], traits: Sequence[Trait], border: int) -> tuple[set[Pair], int]:
    pairs = list(candidates(profiles, traits, apart=lambda place: place < border))
    kept = best_partners(judged(profiles, traits, pairs, border * (len(profiles) - border)))
    return {(item.one, item.two) for item in kept}, len(pairs)


def _values(text: str, kind: Kind) -> tuple[str, ...]:
    said = told(text, kind)
    return (said,) if said else ()


def _rows(path: Path, separator: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, delimiter=separator)
        names = [re.split(r"[#/]", name.strip())[-1] if "://" in name else name.strip() for name in next(reader)]
        return [dict(zip(names, (value.strip() for value in row), strict=False)) for row in reader]


def _gold(one: Set, folder: Path, files: list[list[dict[str, str]]]) -> set[Pair]:
    if one.gold:
        first, second = ({row["id"]: place for place, row in enumerate(rows)} for rows in files)
        border = len(files[0])
        rows = _rows(folder / one.gold, one.separator)
        return {(first[row["D1"]], border + second[row["D2"]]) for row in rows}
    people: dict[str, list[int]] = defaultdict(list)
    for place, row in enumerate(files[0]):
        people[row["rec_id"].split("-")[1]].append(place)
    return {pair for places in people.values() for pair in combinations(places, 2)}
