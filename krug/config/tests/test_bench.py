"""The large base keeps the rules of the small one, and every screen is measured."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from psycopg.conninfo import make_conninfo

PARTIES = 200
NAME = f"krug_bench_{PARTIES}"


@pytest.fixture(scope="module")
def address() -> str:
    """The server of the tests."""
    return os.environ["DATABASE_URL"]


@pytest.fixture(scope="module")
def bench(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[subprocess.CompletedProcess[str]]:
    """The command run once on a base of two hundred customers, which is kept to be looked at."""
    environment = os.environ | {"DATABASE_URL": address}
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    words = ["--data", str(tmp_path_factory.mktemp("data")), "bench", "--parties", str(PARTIES), "--repeat", "2"]
    done = subprocess.run(
        [sys.executable, "-m", "krug.config.cli", *words, "--keep", "--fresh"],
        env=environment,
        cwd=Path(__file__).resolve().parents[3],
        capture_output=True,
        text=True,
        timeout=540,
    )
    yield done
    with psycopg.connect(address, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME)))


def test_every_screen_answers_and_stands_in_the_table_for_both_readers(bench):
    assert bench.returncode == 0, bench.stderr[-3000:]
    assert "answered" not in bench.stderr
    for screen in ("list: customers", "filter: city and role", "search: four digits", "dossier", "board", "deal"):
        assert f"| {screen} | all |" in bench.stdout
        assert f"| {screen} | seller |" in bench.stdout
    assert "| save: customer | all |" in bench.stdout
    assert "| log: call with next step | seller |" in bench.stdout


def test_the_large_base_has_the_promised_sizes(bench, address):
    with psycopg.connect(make_conninfo(address, dbname=NAME)) as connection:
        sizes = {
            table: connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()[0]
            for table in ("party", "contact", "contact_point", "deal")
        }
        told = connection.execute("SELECT count(*) FROM journal_entry WHERE event = 'InteractionLogged'").fetchone()[0]
    assert sizes == {"party": PARTIES, "contact": 3 * PARTIES, "contact_point": 3 * PARTIES, "deal": PARTIES}
    assert told >= 10 * PARTIES


def test_deals_of_the_large_base_keep_the_rules_of_the_process(bench, address):
    broken = (
        "SELECT d.id FROM deal d WHERE (SELECT count(*) FROM stage_visit v WHERE v.deal_id = d.id AND v.left_at IS NULL"
        " AND v.stage_id = d.stage_id) <> CASE WHEN d.closed_at IS NULL THEN 1 ELSE 0 END"
    )
    unproved = (
        "SELECT v.id FROM stage_visit v JOIN stage s ON s.id = v.stage_id WHERE v.outcome IN ('forward', 'won')"
        " AND NOT EXISTS (SELECT 1 FROM stage_result r WHERE r.id = v.result_id AND r.type = s.exit_result_type)"
    )
    with psycopg.connect(make_conninfo(address, dbname=NAME)) as connection:
        assert connection.execute(broken).fetchall() == []
        assert connection.execute(unproved).fetchall() == []
