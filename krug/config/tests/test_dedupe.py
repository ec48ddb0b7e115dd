"""The matcher finds the known duplicates of public sets as well as it says."""

import pytest

from krug.config.bench.dedupe import as_markdown, measure_dedupe
from krug.kernel.testing.shared import shared


@pytest.mark.parametrize(
    "name, least",
    [("FEBRL 1", 0.99), ("FEBRL 2", 0.99), ("FEBRL 3", 0.99), ("Rest", 0.85), ("Abt", 0.9), ("Amazon", 0.68)],
)
def test_known_duplicates_are_found(name, least):
    found = measure_dedupe(shared("data/dedupe"), [name])
    assert [one.f1 >= least for one in found] == [True]


def test_the_figures_are_printed_one_line_a_set():
    printed = as_markdown(measure_dedupe(shared("data/dedupe"), ["FEBRL 1"]))
    assert printed.splitlines()[2].startswith("| FEBRL 1 | 1000 | 500 |")
