"""The journal: one row a fact, one act for what belongs together, follow-ups that are always paid."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from krug.kernel import writing
from krug.kernel.doors import change_record, create_record
from krug.kernel.jobs import MOST_ATTEMPTS, lay_partitions, pay, sweep_unpaid
from krug.kernel.journal import recording
from krug.kernel.journal.events import Event, unpack
from krug.kernel.journal.models import JournalEntry, JournalMention, Owed, RowChange
from krug.kernel.registry import get_entity
from krug.parties.models import Party
from krug.parties.testing import make_party

PAID: list[int] = []


@dataclass(frozen=True, kw_only=True)
class PartyCheered(Event):
    """Somebody cheered a party; only tests do."""

    party: Party
    on: date | None = None


def cheer_loudly(event: PartyCheered) -> None:
    """What the cheering owes."""
    PAID.append(event.party.pk)


def fail_always(event: PartyCheered) -> None:
    """A follow-up that never succeeds."""
    raise RuntimeError("no voice today")


@pytest.fixture
def story(monkeypatch: Any) -> Any:
    """Tell a story for the event of this file, and forget it afterwards."""
    PAID.clear()

    def tell(function: Any) -> None:
        monkeypatch.setitem(recording._flows, PartyCheered, function)

    return tell


@pytest.mark.django_db
def test_the_journal_row_and_the_row_history_carry_the_same_act(anna):
    entity = get_entity("party")
    made = create_record(entity, {"display_name": "Северный Ветер"}, by=anna)
    change_record(entity, made.pk, {"city": "Самара"}, by=anna)
    created, changed = JournalEntry.objects.filter(entity="party", subject_id=made.pk).order_by("id")
    rows = list(RowChange.objects.filter(table_name="party", row_id=made.pk).order_by("id"))
    assert (rows[0].kind, rows[0].act, rows[0].actor_id) == ("I", created.act, anna.pk)
    assert (rows[-1].kind, rows[-1].act) == ("U", changed.act)
    assert (rows[-1].old["city"], rows[-1].new["city"]) == ("", "Самара")
    assert created.act != changed.act


@pytest.mark.django_db
def test_a_change_by_raw_sql_leaves_its_entry_too(anna):
    party = make_party(owner=anna)
    before = RowChange.objects.filter(table_name="party", row_id=party.pk).count()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE party SET city = 'Омск' WHERE id = %s", [party.pk])
    assert RowChange.objects.filter(table_name="party", row_id=party.pk).count() == before + 1
    version = party.version
    party.refresh_from_db()
    assert party.version == version + 1


@pytest.mark.django_db
def test_saving_what_is_the_same_leaves_no_trace(anna, happened):
    party = make_party(owner=anna)
    before, rows = happened(), RowChange.objects.count()
    writing.change(get_entity("party"), party, {"display_name": party.display_name}, by=anna)
    assert happened() == before
    assert RowChange.objects.count() == rows


@pytest.mark.django_db(transaction=True)
def test_a_fact_is_gone_with_its_transaction(anna):
    party, entries = make_party(owner=anna), JournalEntry.objects.count()
    with pytest.raises(RuntimeError), transaction.atomic():
        recording.record(PartyCheered(party=party, by=anna))
        raise RuntimeError
    assert JournalEntry.objects.count() == entries


@pytest.mark.django_db
def test_an_event_comes_out_of_the_journal_as_it_went_in(anna):
    event = PartyCheered(party=make_party(owner=anna), on=date(2026, 11, 21), by=anna)
    entry = recording.record(event)
    entry.refresh_from_db()
    assert unpack(entry.event, entry.data, anna) == event
    assert JournalMention.objects.filter(entry_id=entry.pk, entity="party", record_id=event.party.pk).exists()


@pytest.mark.django_db
def test_a_follow_up_is_owed_once_and_paid_once(anna, story):
    def cheered(event: PartyCheered) -> None:
        recording.later(cheer_loudly, event)
        recording.later(cheer_loudly, event)

    story(cheered)
    party = make_party(owner=anna)
    recording.record(PartyCheered(party=party, by=anna))
    owed = Owed.objects.get()
    recording.pay_owed(owed.pk)
    recording.pay_owed(owed.pk)
    assert [party.pk] == PAID
    owed.refresh_from_db()
    assert owed.paid_at is not None


@pytest.mark.django_db
def test_what_a_crash_left_unpaid_is_queued_again_and_what_fails_too_often_waits(anna, story):
    story(lambda event: recording.later(fail_always, event))
    recording.record(PartyCheered(party=make_party(owner=anna), by=anna))
    Owed.objects.update(owed_at=timezone.now() - timedelta(minutes=5))
    owed = Owed.objects.get()
    assert sweep_unpaid() == 1
    assert sweep_unpaid() == 0
    for _attempt in range(MOST_ATTEMPTS):
        with pytest.raises(RuntimeError):
            pay(owed_id=owed.pk)
    owed.refresh_from_db()
    assert (owed.attempts, owed.trouble, owed.paid_at) == (MOST_ATTEMPTS, "no voice today", None)
    assert sweep_unpaid() == 0


@pytest.mark.django_db
def test_events_inside_events_end_somewhere(anna, story):
    def cheered(event: PartyCheered) -> None:
        recording.record(event)

    story(cheered)
    with pytest.raises(RecursionError):
        recording.record(PartyCheered(party=make_party(owner=anna), by=anna))


@pytest.mark.django_db
def test_the_months_to_come_have_their_partitions():
    lay_partitions(timestamp=0)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT to_regclass('journal_entry_' || to_char(current_date + interval '12 months', 'YYYYMM')) IS NOT NULL"
        )
        assert cursor.fetchone()[0]
        cursor.execute("SELECT prosecdef FROM pg_proc WHERE proname = 'krug_partitions'")
        assert cursor.fetchone()[0]
