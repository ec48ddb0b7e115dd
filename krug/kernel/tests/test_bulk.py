"""Many records are changed at once: looked at ahead, carried out in parts, told with what was skipped, taken back."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import OperationalError, connection, transaction

from krug.kernel.doors import change_record
from krug.kernel.errors import BadRequest, Invalid, NotAllowed, Refusal
from krug.kernel.journal import jobs
from krug.kernel.journal.models import JournalEntry, RowChange
from krug.kernel.journal.runs import begin_undo, undone_among
from krug.kernel.listing import bulk
from krug.kernel.listing.bulk import Deed, Selection, preview, reading_for, start
from krug.kernel.models import ChangeRun
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db
PARTY = "party"


@pytest.fixture
def parties(anna):
    return [make_party(owner=anna, employees=number) for number in range(1, 8)]


@pytest.fixture(autouse=True)
def small_chunks(monkeypatch) -> Iterator[None]:
    monkeypatch.setattr(bulk, "CHUNK", 3)
    yield


def everything(*but):
    return Selection(ids=tuple(record.pk for record in but), is_all=True)


def ticked(*records):
    return Selection(ids=tuple(record.pk for record in records))


def edit(**values):
    return Deed("edit", values)


def run_now(selection, deed, by):
    run = start(get_entity(PARTY), selection, deed, reading_for(by))
    jobs.bulk_run.func(run.pk)
    run.refresh_from_db()
    return run


def undo_now(run, by):
    back = begin_undo(run, by=by)
    jobs.undo_run.func(back.pk)
    back.refresh_from_db()
    return back


def employees(parties):
    kept = dict(Party.objects.values_list("pk", "employees"))
    return [kept[party.pk] for party in parties]


def test_a_look_ahead_counts_shows_the_first_changes_and_leaves_nothing(anna, parties):
    seen = preview(get_entity(PARTY), everything(parties[6]), edit(employees="3"), reading_for(anna))
    assert (seen.count, seen.looked_at, seen.outcome.changed) == (6, 6, 5)
    assert [(change[0], change[2][0].old, change[2][0].new) for change in seen.changes][:2] == [
        (parties[0].display_name, "1", "3"),
        (parties[1].display_name, "2", "3"),
    ]
    assert len(seen.changes) == 5
    assert seen.outcome.skipped == {"Already so": {"count": 1, "first": [parties[2].display_name]}}
    assert employees(parties) == [1, 2, 3, 4, 5, 6, 7]
    assert not JournalEntry.objects.filter(event="RecordChanged").exists()


def test_all_but_one_are_changed_in_parts_and_taken_back_as_one(anna, parties):
    run = run_now(everything(parties[6]), edit(employees="3"), anna)
    assert employees(parties) == [3, 3, 3, 3, 3, 3, 7]
    assert (run.state, run.total, run.done, run.changed, run.left_alone, run.acts.count()) == ("done", 6, 6, 5, 1, 2)
    back = undo_now(run, anna)
    assert employees(parties) == [1, 2, 3, 4, 5, 6, 7]
    assert (back.state, back.done, back.changed, back.left_alone) == ("done", 2, 5, 0)
    assert undone_among(run.acts.values_list("act", flat=True)) == set(run.acts.values_list("act", flat=True))


def test_each_record_tells_of_the_change_in_its_own_history(anna, parties):
    run_now(ticked(*parties[:2]), edit(employees="9"), anna)
    entry = JournalEntry.objects.get(event="RecordChanged", entity=PARTY, subject_id=parties[0].pk)
    change = RowChange.objects.get(act=entry.act, table_name="party", row_id=parties[0].pk)
    assert (entry.actor_id, change.old["employees"], change.new["employees"]) == (anna.pk, 1, 9)
    parties[0].refresh_from_db()
    assert (parties[0].version, parties[0].updated_by_id) == (2, anna.pk)


def test_undoing_is_undone_too(anna, parties):
    run = run_now(ticked(*parties), edit(employees="9"), anna)
    undo_now(undo_now(run, anna), anna)
    assert employees(parties) == [9] * 7


def test_what_somebody_changed_since_is_left_and_told(anna, gleb, parties):
    run = run_now(ticked(*parties), edit(employees="9"), anna)
    change_record(get_entity(PARTY), parties[1].pk, {"employees": 50}, by=gleb)
    back = undo_now(run, anna)
    assert employees(parties) == [1, 50, 3, 4, 5, 6, 7]
    assert back.left_alone == 1 and "Громов" in str(back.skipped)


def test_a_hand_over_goes_through_the_action_of_the_type(anna, boris, parties):
    boss = make_user(role=make_role("all-parties", {"party": ("all", ["*"]), "user": ("all", [])}))
    run_now(ticked(*parties[:2]), edit(owner=str(boris.pk)), boss)
    assert list(Party.objects.filter(owner=boris).values_list("pk", flat=True).order_by("pk")) == [
        parties[0].pk,
        parties[1].pk,
    ]
    assert JournalEntry.objects.filter(event="OwnerChanged").count() == 2


def test_what_the_database_forbids_for_one_is_skipped_for_that_one_only(anna, parties):
    run = run_now(ticked(*parties), edit(parent=str(parties[0].pk)), anna)
    assert (run.state, run.changed, run.left_alone) == ("done", 6, 1)
    assert Party.objects.filter(parent=parties[0]).count() == 6


def test_strangers_records_are_never_among_them(anna, boris, parties):
    run = run_now(Selection(ids=tuple(p.pk for p in [*parties, make_party(owner=boris)])), edit(employees="9"), anna)
    assert (run.total, run.changed) == (7, 7)
    assert Party.objects.filter(employees=9).count() == 7


def test_records_are_archived_and_brought_back_together(anna, parties):
    run = run_now(ticked(*parties[:3]), Deed("archive"), anna)
    assert Party.objects.filter(is_archived=True).count() == 3
    undo_now(run, anna)
    assert Party.objects.filter(is_archived=True).count() == 0


def test_a_run_stops_when_it_is_told_to_and_what_is_done_can_be_taken_back(anna, parties):
    run = start(get_entity(PARTY), everything(), edit(employees="9"), reading_for(anna))
    assert bulk._next_chunk(run.pk)
    ChangeRun.objects.filter(pk=run.pk).update(is_cancelled=True)
    jobs.bulk_run.func(run.pk)
    run.refresh_from_db()
    assert (run.state, run.done, employees(parties)) == ("cancelled", 3, [9, 9, 9, 4, 5, 6, 7])
    undo_now(run, anna)
    assert employees(parties) == [1, 2, 3, 4, 5, 6, 7]


def test_a_run_that_was_killed_goes_on_where_it_stood(anna, parties):
    run = start(get_entity(PARTY), everything(), edit(employees="9"), reading_for(anna))
    assert bulk._next_chunk(run.pk)
    jobs.bulk_run.func(run.pk)
    run.refresh_from_db()
    assert (run.state, run.changed, run.acts.count()) == ("done", 7, 3)


def test_who_may_not_change_is_refused_and_nothing_changes(parties):
    reader = make_user(role=make_role("reader", {"party": ("all", [])}))
    with pytest.raises(NotAllowed):
        start(get_entity(PARTY), everything(), edit(employees="9"), reading_for(reader))
    assert not ChangeRun.objects.exists()


@pytest.mark.parametrize(
    ("values", "status", "code"),
    [
        ({"state": "verified"}, 400, "PROTECTED_FIELD"),
        ({"nothing": "1"}, 400, "UNKNOWN_FIELD"),
        ({"employees": "many"}, 422, "NOT_A_NUMBER"),
    ],
)
def test_what_no_form_may_change_no_bulk_edit_may(anna, parties, values, status, code):
    with pytest.raises(Invalid) as no:
        start(get_entity(PARTY), everything(), Deed("edit", values), reading_for(anna))
    assert no.value.status == status
    assert [fault.code for fault in no.value.faults] == [code], no.value.faults
    assert employees(parties) == [1, 2, 3, 4, 5, 6, 7]


def test_more_ticks_than_a_page_holds_are_refused(anna):
    with pytest.raises(BadRequest):
        Selection(ids=tuple(range(1, 1002))).rows(get_entity(PARTY), reading_for(anna))


def test_an_edit_without_fields_is_refused(anna, parties):
    with pytest.raises(Refusal) as no:
        start(get_entity(PARTY), everything(), edit(), reading_for(anna))
    assert no.value.code == "NO_FIELDS"


@pytest.mark.django_db(transaction=True)
def test_new_work_with_a_record_that_a_bulk_change_holds_waits_for_nothing(anna):
    party = make_party(owner=anna)
    other = connection.copy()
    try:
        with transaction.atomic(), other.cursor() as cursor:
            assert [record.pk for record in bulk.held(get_entity(PARTY), [party.pk], anna)] == [party.pk]
            cursor.execute("SET lock_timeout = '1s'")
            cursor.execute("SELECT id FROM party WHERE id = %s FOR KEY SHARE", [party.pk])  # as a row that points to it
            assert cursor.fetchone() == (party.pk,)
            with pytest.raises(OperationalError):
                cursor.execute("SELECT id FROM party WHERE id = %s FOR SHARE", [party.pk])
    finally:
        other.close()
