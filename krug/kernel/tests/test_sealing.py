"""The chain over the history: whole while nobody touches it, broken by any change, loss or late row."""

from __future__ import annotations

import os
import time

import psycopg
import pytest
from django.db import connection

from krug.kernel.journal import sealing
from krug.kernel.journal.models import HistorySeal, JournalEntry
from krug.kernel.journal.sealing import broken_seals, heads, seal_history
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db
LOOKS = 10  # of the clock at a server where nothing else is under way; three are enough


@pytest.fixture(autouse=True)
def nothing_announced():
    sealing._announced.clear()
    yield
    sealing._announced.clear()


@pytest.fixture
def sealed(anna):
    """Some history, and the three looks of the clock that it takes to seal it."""
    for _turn in range(3):
        make_party(owner=anna)
    assert [seal_history() for _turn in range(2)] == [0, 0]
    # The transaction of this test is itself still open: for the clock it has to count as ended.
    for announced in sealing._announced.values():
        announced.until = 0
    assert seal_history() > 0
    return list(HistorySeal.objects.filter(table_name="row_change").order_by("pk"))


def damage(statement):
    with connection.cursor() as cursor:
        cursor.execute(statement)


def test_untouched_history_is_whole_and_each_link_holds_the_one_before(sealed, anna):
    assert list(broken_seals()) == []
    first = sealed[-1]
    make_party(owner=anna)
    for _turn in range(3):
        seal_history()
        for announced in sealing._announced.values():
            announced.until = 0 if announced.until is not None else None
    second = HistorySeal.objects.filter(table_name="row_change").last()
    assert (second.previous, second.first_id) == (first.digest, first.last_id + 1)
    assert list(broken_seals()) == []
    assert heads()["row_change"] == second.digest


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE row_change SET actor_id = 999 WHERE id = (SELECT min(id) FROM row_change)",
        "UPDATE row_change SET at = at + interval '1 microsecond' WHERE id = (SELECT min(id) FROM row_change)",
        "DELETE FROM row_change WHERE id = (SELECT min(id) FROM row_change)",
        "INSERT INTO row_change (id, table_name, row_id, kind) SELECT max(id), 'party', 1, 'D' FROM row_change",
        "DELETE FROM history_seal WHERE table_name = 'row_change' AND first_id = 1",
        "UPDATE history_seal SET digest = previous WHERE table_name = 'row_change'",
    ],
)
def test_whatever_is_changed_afterwards_breaks_the_chain(sealed, statement):
    if statement.startswith("DELETE FROM history_seal"):
        HistorySeal.objects.create(
            table_name="row_change", first_id=sealed[-1].last_id + 1, last_id=sealed[-1].last_id + 1, rows=0,
            previous=sealed[-1].digest, digest=sealing._digest("row_change", sealed[-1].last_id + 1,
                                                              sealed[-1].last_id + 1, sealed[-1].digest)[1],
        )  # fmt: skip
    damage(statement)
    assert {seal.table_name for seal in broken_seals()} == {"row_change"}


def elsewhere_under_way() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM pg_stat_activity WHERE datname <> current_database()"
            " AND (backend_xid IS NOT NULL OR backend_xmin IS NOT NULL))"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_what_is_not_yet_committed_is_not_sealed_over(anna):
    make_party(owner=anna)
    settings = connection.settings_dict
    address = psycopg.conninfo.make_conninfo(os.environ["DATABASE_URL"], dbname=settings["NAME"])
    with psycopg.connect(address) as slow:
        slow.execute("INSERT INTO journal_entry (at, event, entity, subject_id) VALUES (now(), 'Slow', 'party', 1)")
        make_party(owner=anna)
        assert [seal_history() for _turn in range(4)] == [0, 0, 0, 0]
        slow.commit()
    # Transactions of other databases of the server hold the oldest number back as well, until they end.
    late = JournalEntry.objects.get(event="Slow").pk
    covering = HistorySeal.objects.filter(table_name="journal_entry", first_id__lte=late, last_id__gte=late)
    turns = LOOKS
    while turns and not covering.exists():
        turns = LOOKS if elsewhere_under_way() else turns - 1
        seal_history()
        time.sleep(0.05)
    assert covering.count() == 1  # whichever link of the chain: numbers grow from test to test
    assert list(broken_seals()) == []
