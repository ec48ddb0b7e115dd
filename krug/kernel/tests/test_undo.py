"""What was done is taken back for thirty days: exactly that, and nothing that somebody did since."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.utils import timezone

from krug.activities.testing import make_interaction
from krug.kernel.doors import archive_record, change_record, create_record, perform, restore_record
from krug.kernel.errors import NotAllowed, NotFound, Refusal
from krug.kernel.journal import undo
from krug.kernel.journal.models import JournalEntry, RowChange
from krug.kernel.journal.recording import begin_act, last_act, record_many
from krug.kernel.journal.undo import undo_acts
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.writing import RecordChanged
from krug.parties.models import Party
from krug.parties.testing import make_party
from krug.sales.actions.works import plan_work
from krug.sales.models import Deal, Stage, StageResult, StageVisit
from krug.sales.testing import (
    make_deal,
    make_draft,
    make_loss_reason,
    make_winnable_deal,
    make_work,
    prove,
    stage_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def party(anna):
    return make_party(owner=anna, city="Самара", employees=5)


def change(party, by, **values):
    change_record(get_entity(party._meta.db_table), party.pk, values, by=by)
    return last_act()


def undone(act, by):
    return undo_acts([act], by=by)


def now(record):
    return type(record)._default_manager.get(pk=record.pk)


def test_an_edit_is_taken_back_and_the_journal_says_so(anna, party, happened):
    act = change(party, anna, city="Тула", employees=7)
    result = undone(act, anna)
    assert (now(party).city, now(party).employees, result.rows, result.left) == ("Самара", 5, 1, 0)
    assert happened()[-2:] == ["RecordChanged", "ChangeUndone"]
    entry = JournalEntry.objects.get(event="ChangeUndone")
    assert (entry.actor_id, entry.data["what"], entry.data["act"]) == (anna.pk, "RecordChanged", str(act))


def test_an_undoing_is_undone_like_any_act(anna, party):
    first = undone(change(party, anna, city="Тула"), anna)
    undone(first.act, anna)
    assert now(party).city == "Тула"


def test_a_record_that_somebody_changed_since_stays_and_is_told_while_the_rest_goes_back(anna, gleb, party):
    act = change(party, anna, city="Тула", employees=7)
    change(party, gleb, city="Тверь")
    two = JournalEntry.objects.get(act=act)
    other = make_party(owner=anna, city="Омск")
    RowChange.objects.create(
        at=timezone.now(),
        act=act,
        table_name="party",
        row_id=other.pk,
        kind="U",
        old={"city": "Уфа"},
        new={"city": "Омск"},
    )
    result = undone(two.act, anna)
    assert (now(party).city, now(party).employees, now(other).city) == ("Тверь", 7, "Уфа")
    assert [(clash.row, clash.columns, clash.actor_id) for clash in result.clashes] == [(party.pk, ("city",), gleb.pk)]


def test_where_all_of_it_changed_since_nothing_happens_and_the_refusal_names_who(anna, gleb, party, happened):
    act = change(party, anna, employees=6)
    change(party, gleb, employees=9)
    before = happened()
    with pytest.raises(Refusal) as no:
        undone(act, anna)
    assert no.value.code == "NOTHING_TO_UNDO" and "Gromov" in str(no.value)
    assert (now(party).employees, happened()) == (9, before)


def test_the_second_undoing_of_the_same_act_finds_nothing(anna, party):
    act = change(party, anna, city="Тула")
    undone(act, anna)
    with pytest.raises(Refusal) as no:
        undone(act, anna)
    assert no.value.code == "NOTHING_TO_UNDO"
    assert now(party).city == "Самара"


def test_a_new_record_goes_again_and_comes_back_under_its_number(anna):
    made = create_record(get_entity("party"), {"display_name": "Лишний"}, by=anna)
    first = undone(last_act(), anna)
    assert not Party.objects.filter(pk=made.pk).exists()
    undone(first.act, anna)
    assert now(made).display_name == "Лишний"


def test_a_new_record_that_others_refer_to_is_put_into_the_archive(anna, gleb):
    made = create_record(get_entity("party"), {"display_name": "Уже нужен"}, by=anna)
    act = last_act()
    begin_act(gleb)
    make_winnable_deal(owner=gleb, party=made)
    undone(act, anna)
    assert now(made).is_archived


def test_a_new_record_that_somebody_changed_since_is_left_alone(anna, gleb):
    made = create_record(get_entity("party"), {"display_name": "Новый"}, by=anna)
    act = last_act()
    change(made, gleb, city="Тверь")
    with pytest.raises(Refusal):
        undone(act, anna)
    assert now(made).city == "Тверь"


def test_archiving_and_bringing_back_are_taken_back(anna, party):
    archive_record(get_entity("party"), party.pk, by=anna)
    undone(last_act(), anna)
    assert not now(party).is_archived
    archive_record(get_entity("party"), party.pk, by=anna)
    restore_record(get_entity("party"), party.pk, by=anna)
    undone(last_act(), anna)
    assert now(party).is_archived


@pytest.fixture
def deal(anna):
    made = make_winnable_deal(owner=anna)
    perform(get_entity("deal"), "suspend", made.pk, by=anna, until=date(2100, 1, 1))
    return made


def test_a_verb_is_taken_back_with_everything_it_did(anna, deal, happened):
    undone(last_act(), anna)
    assert (now(deal).state, now(deal).suspended_until) == (Deal.State.OPEN, None)
    assert happened()[-1] == "ChangeUndone"
    assert JournalEntry.objects.get(event="ChangeUndone", entity="deal").data["what"] == "DealSuspended"


def test_a_verb_is_taken_back_whole_or_not_at_all(anna, deal):
    act = last_act()
    begin_act(anna)
    Deal.objects.filter(pk=deal.pk).update(suspended_until=date(2099, 1, 1))
    with pytest.raises(Refusal) as no:
        undone(act, anna)
    assert no.value.code == "CHANGED_SINCE"
    assert (now(deal).state, now(deal).suspended_until) == (Deal.State.SUSPENDED, date(2099, 1, 1))


def test_a_won_deal_goes_back_to_its_stage_and_is_won_again(anna):
    deal = make_winnable_deal(owner=anna)
    stage, stay = deal.stage_id, deal.visits.get(left_at=None)
    perform(get_entity("deal"), "win", deal.pk, by=anna)
    back = undone(last_act(), anna)
    assert (now(deal).state, now(deal).stage_id, now(deal).closed_at) == (Deal.State.OPEN, stage, None)
    assert (now(stay).left_at, now(stay).outcome, now(stay).result_id) == (None, "", None)
    undone(back.act, anna)
    assert now(deal).state == Deal.State.WON and now(stay).outcome == "won" and now(stay).left_at is not None


def test_a_lost_deal_takes_up_the_works_that_its_loss_called_off(anna):
    work = make_work(owner=anna)
    deal, reason = work.deal, make_loss_reason()
    perform(get_entity("deal"), "lose", deal.pk, by=anna, loss_reason=reason)
    assert now(work).state == "cancelled"
    undone(last_act(), anna)
    assert (now(deal).state, now(deal).loss_reason_id, now(work).state) == (Deal.State.OPEN, None, "planned")


def test_a_won_deal_that_was_reopened_since_is_not_unwon_and_the_refusal_says_what_stands_in_the_way(anna):
    deal = make_winnable_deal(owner=anna)
    perform(get_entity("deal"), "win", deal.pk, by=anna)
    win = last_act()
    perform(get_entity("deal"), "reopen", deal.pk, by=anna, reason="Too early")
    reopening = last_act()
    with pytest.raises(Refusal) as no:
        undone(win, anna)
    assert no.value.code == "CHANGED_SINCE" and f"№ {deal.pk}" in str(no.value)
    assert now(deal).state == Deal.State.OPEN and deal.visits.count() == StageVisit.objects.filter(deal=deal).count()
    undone(reopening, anna)
    assert now(deal).state == Deal.State.WON
    undone(win, anna)
    assert now(deal).state == Deal.State.OPEN


def test_a_move_takes_the_result_with_it_that_was_given_in_its_own_form(anna):
    deal = make_deal(owner=anna)
    first = deal.stage_id
    said = make_interaction(by=anna, party=deal.party, about=deal, kind="meeting", text="Agreed on a showing")
    perform(get_entity("deal"), "move", deal.pk, by=anna, stage=stage_of(deal, 2), evidence=said)
    assert StageResult.objects.filter(deal=deal).count() == 1
    undone(last_act(), anna)
    assert (now(deal).stage_id, StageResult.objects.filter(deal=deal).count()) == (first, 0)
    assert StageVisit.objects.get(deal=deal, left_at=None).result is None


def test_a_move_on_whose_stage_somebody_worked_since_is_refused_with_the_name_of_the_work(anna, happened):
    deal = make_deal(owner=anna)
    prove(deal, by=anna)
    target = stage_of(deal, 2)
    perform(get_entity("deal"), "move", deal.pk, by=anna, stage=target)
    move = last_act()
    begin_act(anna)
    plan_work(now(deal), by=anna, name="Count once more")
    before = happened()
    with pytest.raises(Refusal) as no:
        undone(move, anna)
    assert no.value.code == "BUILT_UPON" and "Work" in str(no.value)
    assert (now(deal).stage_id, happened()) == (target.pk, before)


def test_what_a_rule_of_the_database_forbids_is_refused_whole(gleb):
    version = make_draft()
    Stage.objects.create(pipeline_version=version, position=1, name_en="Only", kind="open")
    perform(get_entity("pipeline-version"), "activate", version.pk, by=gleb)
    act = last_act()
    begin_act(gleb)
    make_deal(owner=gleb, pipeline=version.pipeline)
    with pytest.raises(Refusal) as no:
        undone(act, gleb)
    assert no.value.code == "BUILT_UPON" and now(version).state == "active"


def test_the_right_of_the_verb_is_asked_again(anna, deal):
    clerk = make_user(role=make_role("clerk", {"deal": ("all", ["change"]), "party": ("all", [])}))
    with pytest.raises(NotAllowed):
        undone(last_act(), clerk)
    assert now(deal).state == Deal.State.SUSPENDED


def test_a_stranger_meets_no_such_act(anna, boris, party):
    act = change(party, anna, city="Тула")
    with pytest.raises(NotFound):
        undone(act, boris)
    assert now(party).city == "Тула"


def test_who_may_not_change_the_record_may_not_undo_its_change(anna, party):
    reader = make_user(role=make_role("reader", {"party": ("all", [])}))
    act = change(party, anna, city="Тула")
    with pytest.raises(NotAllowed):
        undone(act, reader)
    assert now(party).city == "Тула"


def test_what_is_older_than_thirty_days_stays_with_words(anna, party, monkeypatch):
    act = change(party, anna, city="Тула")
    monkeypatch.setattr(undo, "oldest_undoable", lambda: timezone.now() + timedelta(minutes=1))
    with pytest.raises(Refusal) as no:
        undone(act, anna)
    assert no.value.code == "TOO_OLD" and "30 days" in str(no.value)
    assert now(party).city == "Тула"


def test_rights_are_not_regained_by_undoing(gleb, anna):
    entity = get_entity("user")
    begin_act(gleb, "user.change")
    anna.set_password("новый пароль из слов")
    anna.save(update_fields=["password"])
    record_many([RecordChanged(record=anna, fields=["password"], by=gleb)])
    with pytest.raises(Refusal) as no:
        undone(last_act(), gleb)
    assert no.value.code == "NOTHING_TO_UNDO"
    assert entity.model.objects.get(pk=anna.pk).check_password("новый пароль из слов")


def test_two_attributes_changed_by_two_people_do_not_hinder_each_other(anna, party):
    Party.objects.filter(pk=party.pk).update(custom={"floors": 1, "pool": False})
    act = change(party, anna, city="Тула")
    begin_act(anna)
    Party.objects.filter(pk=party.pk).update(custom={"floors": 2, "pool": False})
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT krug_back(%s, %s, %s)",
            ['{"c": {"a": 2, "b": 9}}', '{"c": {"a": 1, "b": 0}}', '{"c": {"a": 2, "b": 0}}'],
        )
        assert cursor.fetchone()[0] in ('{"c": {"a": 1, "b": 9}}', {"c": {"a": 1, "b": 9}})
    undone(act, anna)
    assert now(party).custom == {"floors": 2, "pool": False}
