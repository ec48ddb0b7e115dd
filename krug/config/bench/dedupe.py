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

from krug.language.matching.blocking import Pair, candidates
from krug.language.matching.choosing import best_partners, judged, sure_pairs
from krug.language.matching.comparing import Kind, Profile, Trait, told

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
    """What was found in one set."""

    name: str
    records: int
    true: int
    compared: int
    reachable: int
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


def measure_dedupe(folder: Path, wanted: Sequence[str] = ()) -> list[Result]:
    """Run the matcher over the sets whose names begin with one of the wanted words."""
    chosen = [one for one in SETS if not wanted or any(one.name.casefold().startswith(w.casefold()) for w in wanted)]
    return [_measure(one, folder) for one in chosen]


def as_markdown(results: Sequence[Result]) -> str:
    """One line a set."""
    lines = [
        "| Set | Records | Known pairs | Compared | Of them known | Precision | Recall | F1 | Seconds |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for one in results:
        lines.append(
            f"| {one.name} | {one.records} | {one.true} | {one.compared} | {one.reachable / one.true:.3f}"
            f" | {one.precision:.4f} | {one.recall:.4f} | {one.f1:.4f} | {one.seconds:.1f} |"
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


def _measure(one: Set, folder: Path) -> Result:
    profiles, traits, border = profiles_in(one, folder)
    gold = gold_of(one, folder)
    began = time.perf_counter()
    pairs = list(candidates(profiles, traits, apart=(lambda place: place < border) if border else None))
    count = len(profiles)
    possible = border * (count - border) if border else count * (count - 1) // 2
    judgements = judged(profiles, traits, pairs, possible)
    kept = best_partners(judgements) if border else sure_pairs(judgements)
    found = {(item.one, item.two) for item in kept}
    return Result(
        one.name, len(profiles), len(gold), len(pairs), len(gold & set(pairs)), len(found), len(found & gold),
        time.perf_counter() - began,
    )  # fmt: skip


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
