"""What the tests cost in processor time of their own process, nearly the same on a quiet and on a busy machine.

A clock on the wall would fail on a busy server and prove nothing. What browser, product and database use is not in it.
"""

from __future__ import annotations

import os
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

WHOLE_RUN = 2_000  # tests; fewer are somebody's look at one part
MOST_IN_ALL = 520  # seconds for everything but the journeys: 414 were measured, and machines differ
MOST_FOR_ONE = 20  # seconds for one test with what it alone makes first
SHOWN = 10
JOURNEYS = "tests/journeys/"
_spent: dict[str, float] = defaultdict(float)
_mark = [time.process_time()]


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport() -> Iterator[None]:
    """Each report of a phase carries what the phase has cost."""
    outcome: Any = yield
    now = time.process_time()
    outcome.get_result().processor = now - _mark[0]
    _mark[0] = now


def pytest_runtest_logreport(report: Any) -> None:
    """Gathered where the run is led, whichever process has made the test."""
    _spent[report.nodeid] += getattr(report, "processor", 0.0)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A whole run that costs too much fails, though every test has passed."""
    if over_budget() and exitstatus == pytest.ExitCode.OK and "PYTEST_XDIST_WORKER" not in os.environ:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """The dearest tests of a whole run; all of them go to the file that KRUG_COSTS names."""
    if to := os.environ.get("KRUG_COSTS"):
        lines = [f"{seconds:.3f}\t{name}\n" for name, seconds in _dearest_first()]
        Path(to).write_text("".join(lines), encoding="utf-8")
    if len(_spent) < WHOLE_RUN:
        return
    terminalreporter.section("processor time of the tests")
    terminalreporter.line(f"{_in_all():7.1f} s in all but the journeys; {MOST_IN_ALL} are allowed")
    for name, seconds in _dearest_first()[:SHOWN]:
        terminalreporter.line(f"{seconds:7.1f} s {name}")
    for reason in over_budget():
        terminalreporter.line(reason, red=True)


def over_budget() -> list[str]:
    """Why a whole run costs too much."""
    if len(_spent) < WHOLE_RUN:
        return []
    dear = [f"{name} takes more than {MOST_FOR_ONE} s" for name, took in _dearest_first() if took > MOST_FOR_ONE]
    return ([f"The tests take {_in_all():.0f} s of processor time"] if _in_all() > MOST_IN_ALL else []) + dear


def _in_all() -> float:
    return sum(seconds for name, seconds in _spent.items() if not name.startswith(JOURNEYS))


def _dearest_first() -> list[tuple[str, float]]:
    return sorted(_spent.items(), key=lambda item: -item[1])
