"""The register of calls: who it was, how it ended, and that whoever was missed is called back."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from krug.access.models import Reach
from krug.activities.actions.calls import (
    Rung,
    archive_call,
    attach_call,
    change_call,
    create_call,
    register_call,
    settle_call,
)
from krug.activities.actions.tasks import cancel_task, complete_task
from krug.activities.models import Call, Task
from krug.activities.testing import make_call, make_phone_extension, make_phone_line
from krug.administration.actions.company import describe_company
from krug.kernel.errors import Refusal
from krug.kernel.journal.models import JournalEntry
from krug.kernel.registry import get_entity
from krug.kernel.testing.cast import make_role, make_user
from krug.parties.testing import make_contact, make_party, make_point, make_position

pytestmark = pytest.mark.django_db
NUMBER = "+78125550142"
MONDAY = datetime(2026, 11, 23, 7, 30, tzinfo=UTC)


@pytest.fixture
def caller(anna):
    """Fyodorova of Severny Veter, and her phone."""
    party, person = make_party("Северный Ветер", owner=anna), make_contact("Фёдорова Анна Сергеевна", owner=anna)
    make_position(contact=person, party=party, by=anna)
    make_point("8 (812) 555-01-42", contact=person, by=anna)
    return party, person


def test_whoever_writes_a_call_down_by_hand_has_answered_it_now(anna, caller):
    call = create_call(number="8 (812) 555 01 42", topic="Asked for the price", by=anna)
    assert (call.number, call.employee, call.direction, call.result) == (NUMBER, anna, "in", "answered")
    assert (call.party, call.contact) == caller
    assert abs(call.started_at - datetime.now(UTC)) < timedelta(minutes=1)


def test_a_number_that_two_customers_share_belongs_to_neither_until_somebody_says_so(anna, caller, happened):
    other = make_party("Ладога-Тепло", owner=anna)
    make_point(NUMBER, party=other, by=anna)
    call = make_call(NUMBER, owner=anna)
    assert (call.party, call.contact, call.is_unattached) == (None, None, True)
    attach_call(call, by=anna, party=other)
    call.refresh_from_db()
    assert (call.party, call.is_unattached, happened()[-1]) == (other, False, "CallAttached")


def test_the_customer_who_holds_the_number_goes_before_others_where_the_person_works(anna, caller):
    party, person = caller
    make_position(contact=person, party=make_party("Балтика", owner=anna), by=anna)
    assert make_call(NUMBER, owner=anna).party is None
    make_point(NUMBER, party=party, by=anna)
    call = make_call(NUMBER, owner=anna)
    assert (call.party, call.contact) == caller


def test_a_hidden_number_is_a_call_too(anna):
    call = make_call("", owner=anna)
    assert (call.number, call.party, str(call) != "") == ("", None, True)


@pytest.mark.parametrize(("typed", "code"), [("12", "PHONE_INVALID"), ("звонок", "PHONE_FORMAT")])
def test_a_number_typed_wrong_is_refused_and_one_told_by_the_exchange_is_kept(anna, typed, code):
    with pytest.raises(Refusal) as no:
        create_call(number=typed, by=anna)
    assert (no.value.field, no.value.code[:5], Call.objects.count()) == ("number", code[:5], 0)
    assert make_call(typed, owner=anna, provider="exchange", uid="1").number == typed


def test_a_call_cannot_begin_in_the_future_nor_end_before_it_began(anna):
    with pytest.raises(Refusal) as no:
        create_call(number=NUMBER, started_at=datetime.now(UTC) + timedelta(hours=1), by=anna)
    assert no.value.code == "IN_THE_FUTURE"
    call = make_call(NUMBER, owner=anna, started_at=MONDAY)
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.filter(pk=call.pk).update(ended_at=MONDAY - timedelta(seconds=1))


def test_hours_waits_and_talks_are_those_of_the_clock(anna):
    answered, ended = MONDAY + timedelta(seconds=12), MONDAY + timedelta(minutes=3, seconds=12)
    call = make_call(NUMBER, owner=anna, started_at=MONDAY, answered_at=answered, ended_at=ended)
    assert (call.weekday, call.hour, call.wait_seconds, call.talk_seconds) == (1, 10, 12, 180)
    change_call(call, {"started_at": MONDAY - timedelta(hours=11)}, by=anna)
    call.refresh_from_db()
    assert (call.weekday, call.hour, call.wait_seconds) == (7, 23, 11 * 3600 + 12)


def test_a_missed_call_is_one_task_for_whoever_answers_for_the_line_within_a_quarter_of_an_hour(anna, boris, caller):
    line = make_phone_line(owner=boris)
    call = make_call(NUMBER, by=anna, result="missed", line=line)
    task = Task.objects.get()
    assert (call.task, task.assignee, task.party, task.is_open) == (task, boris, caller[0], True)
    due = datetime.combine(task.due_on, task.due_time, tzinfo=ZoneInfo(boris.timezone))
    assert timedelta(minutes=13) < due - datetime.now(UTC) <= timedelta(minutes=15)
    change_call(call, {"topic": "Wanted the price"}, by=anna)
    assert Task.objects.count() == 1


def test_without_a_line_the_owner_of_the_customer_calls_back(anna, boris, caller):
    assert make_call(NUMBER, by=boris, result="no_answer").task.assignee == anna


def test_a_talk_with_the_same_number_settles_what_was_missed_and_says_who_called_back(anna, boris, caller, happened):
    began = datetime.now(UTC) - timedelta(hours=1)
    missed = [make_call(NUMBER, by=anna, result="missed", started_at=began + timedelta(minutes=n)) for n in (0, 5)]
    other = make_call("+78125550143", by=anna, result="missed", started_at=began)
    make_call(NUMBER, by=boris, direction="out", result="no_answer", started_at=began + timedelta(minutes=6))
    assert list(Call.objects.waiting().order_by("pk")) == [*missed, other]
    make_call(NUMBER, owner=boris, direction="out", started_at=began + timedelta(minutes=7))
    assert list(Call.objects.waiting()) == [other]
    for call in missed:
        call.refresh_from_db()
        assert (call.called_back_by, call.task.state) == (boris, "done")
    assert happened().count("CallSettled") == 2


def test_an_earlier_talk_settles_nothing_that_was_missed_later(anna, caller):
    missed = make_call(NUMBER, by=anna, result="missed", started_at=MONDAY + timedelta(hours=1))
    make_call(NUMBER, owner=anna, direction="out", started_at=MONDAY)
    assert list(Call.objects.waiting()) == [missed]


def test_only_a_missed_call_is_called_back_and_only_once(anna, happened):
    answered, missed = make_call(NUMBER, owner=anna), make_call("+78125550143", by=anna, result="missed")
    with pytest.raises(Refusal):
        settle_call(answered, by=anna)
    settle_call(missed, by=anna)
    before = happened()
    settle_call(missed, by=anna)
    assert happened() == before


def test_one_call_of_the_exchange_is_one_row(anna):
    rung = Rung(number=NUMBER, provider="exchange", uid="a-1", employee=anna)
    assert register_call(rung, by=anna) == register_call(rung, by=anna) == Call.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Call.objects.bulk_create([make_copy(Call.objects.get())])


def make_copy(call):
    call.pk = None
    return call


def test_a_seller_sees_own_calls_and_those_of_his_customers_only(anna, boris, caller):
    verbs = ("settle", "attach", "change", "create")
    own = {"party": (Reach.OWN, ()), "call": (Reach.OWN, verbs)}
    olga = make_user("olga@example.org", role=make_role("seller-of-own", own))
    theirs = make_call("+78125550143", owner=olga)
    about = make_call("+78125550144", owner=boris, party=make_party(owner=olga))
    foreign = make_call(NUMBER, owner=boris)
    assert set(get_entity("call").rows_for(olga).values_list("pk", flat=True)) == {theirs.pk, about.pk}
    client = Client()
    client.force_login(olga)
    assert client.post(f"/calls/{foreign.pk}/settle/", {"version": foreign.version}).status_code == 404


def test_a_call_is_written_down_on_the_form_with_one_field(anna, caller):
    desk = Client()
    desk.force_login(anna)
    assert desk.get("/calls/new/").status_code == 200
    sent = {"number": "8 812 555 01 42", "direction": "in", "result": "answered", "once": "c-1"}
    assert desk.post("/calls/new/", sent).status_code == 303
    assert Call.objects.get().party == caller[0]


def test_the_number_of_a_missed_call_stands_nowhere_but_on_the_call(anna, caller):
    """The task is seen by those who may not see phones; its words tell none."""
    make_call(NUMBER, by=anna, result="missed")
    task = Task.objects.get()
    assert not re.search(r"\d", f"{task.name} {task.outcome}")
    kept = JournalEntry.objects.filter(event="TaskPlanned").values_list("data", flat=True)
    assert "5550142" not in str(list(kept))
    own = {"party": (Reach.ALL, ()), "call": (Reach.ALL, ()), "task": (Reach.ALL, ())}
    client = Client()
    client.force_login(make_user("eye@example.org", role=make_role("sees-no-phones", own)))
    for address in ("/calls/", "/tasks/", f"/calls/{Call.objects.get().pk}/", f"/tasks/{task.pk}/", "/search/?q=0142"):
        page = client.get(address).content.decode()
        assert not re.search(r"555.?01.?42", page), address


def test_hours_are_those_of_the_house_wherever_it_stands(gleb, anna):
    facts = {"name": "Восток", "language": "ru", "timezone": "Asia/Vladivostok", "currency": "RUB"}
    describe_company(facts, by=gleb)
    call = make_call(NUMBER, owner=anna, started_at=datetime(2026, 11, 22, 19, 0, tzinfo=UTC))
    assert (call.weekday, call.hour) == (1, 5)


@pytest.mark.parametrize("number", ["anonymous", "101", "0142"])
def test_a_number_too_short_to_tell_is_nobodys(anna, caller, number):
    assert make_call(number, owner=anna, provider="exchange", uid=number).party is None


def test_missed_calls_of_the_past_ask_nobody_and_three_of_one_number_ask_once(anna, caller):
    make_call(NUMBER, by=anna, result="missed", started_at=datetime.now(UTC) - timedelta(days=2))
    assert not Task.objects.exists()
    now = datetime.now(UTC)
    calls = [make_call(NUMBER, by=anna, result="missed", started_at=now - timedelta(minutes=n)) for n in (9, 5, 1)]
    assert {call.task for call in calls} == {Task.objects.get()}


def test_the_task_done_settles_its_calls_and_the_task_dropped_lets_them_go(anna, boris, caller):
    first, second = make_call(NUMBER, by=anna, result="missed"), make_call("+78125550143", by=anna, result="missed")
    complete_task(first.task, by=boris)
    cancel_task(second.task, by=boris, reason="A robot")
    for call, who in ((first, boris), (second, None)):
        call.refresh_from_db()
        assert (call.is_waiting, call.called_back_by) == (False, who)
    told = JournalEntry.objects.filter(event__startswith="Call").order_by("id").values_list("event", flat=True)
    assert list(told)[-2:] == ["CallSettled", "CallForgone"]


@pytest.mark.parametrize("end", [lambda call, by: change_call(call, {"result": "answered"}, by=by), archive_call])
def test_a_call_that_waits_no_more_leaves_no_task(anna, end):
    call = make_call(NUMBER, by=anna, result="missed")
    end(call, by=anna)
    assert Task.objects.get().state == "cancelled"


def test_whoever_types_a_call_for_a_colleague_stands_in_the_journal_and_the_colleague_has_called_back(anna, boris):
    missed = make_call(NUMBER, by=anna, result="missed", started_at=datetime.now(UTC) - timedelta(minutes=5))
    make_call(NUMBER, by=anna, employee=boris, direction="out")
    missed.refresh_from_db()
    assert missed.called_back_by == boris
    assert JournalEntry.objects.get(event="CallSettled").actor_id == anna.pk


def test_nobody_who_left_is_asked_to_call_back(anna, boris):
    line = make_phone_line(owner=boris)
    boris.is_active = False
    boris.save()
    assert make_call(NUMBER, by=anna, result="missed", line=line).task.assignee == anna


def test_the_inner_number_tells_who_answered(anna, boris):
    make_phone_extension("117", owner=boris)
    assert make_call(NUMBER, by=anna, extension="117").employee == boris


def test_who_it_was_is_somebody_and_the_task_goes_along(anna, caller):
    call, (party, person) = make_call("+78125550143", by=anna, result="missed"), caller
    client = Client()
    client.force_login(anna)
    assert client.post(f"/calls/{call.pk}/attach/", {"version": call.version, "party": ""}).status_code == 422
    with pytest.raises(Refusal) as no:
        attach_call(call, by=anna, party=make_party(owner=anna), contact=person)
    assert no.value.code == "CONTACT_ELSEWHERE"
    attach_call(Call.objects.get(), by=anna, party=party, contact=person)
    assert (Task.objects.get().party, Task.objects.get().contact) == caller


def test_a_call_is_not_moved_into_the_future(anna):
    call = make_call(NUMBER, owner=anna)
    with pytest.raises(Refusal) as no:
        change_call(call, {"started_at": datetime(2099, 1, 1, tzinfo=UTC)}, by=anna)
    assert no.value.code == "IN_THE_FUTURE"


@pytest.mark.parametrize(
    ("times", "field"),
    [
        ({"answered_at": MONDAY - timedelta(minutes=1)}, "answered_at"),
        ({"ended_at": MONDAY - timedelta(minutes=1)}, "ended_at"),
        ({"answered_at": MONDAY + timedelta(minutes=5), "ended_at": MONDAY + timedelta(minutes=1)}, "ended_at"),
    ],
)
def test_times_out_of_order_are_named_at_their_field(anna, times, field):
    with pytest.raises(Refusal) as no:
        create_call(number=NUMBER, started_at=MONDAY, by=anna, **times)
    assert (no.value.field, no.value.code, Call.objects.count()) == (field, "CALL_ORDER", 0)


def test_a_call_of_nobody_about_nothing_is_not_written_down(anna):
    with pytest.raises(Refusal) as no:
        create_call(by=anna)
    assert (no.value.field, Call.objects.count()) == ("number", 0)


def test_nobody_has_answered_a_missed_call_whatever_the_form_proposes(anna):
    assert create_call(number=NUMBER, result="missed", employee=anna, by=anna).employee is None
    assert create_call(number=NUMBER, result="no_answer", direction="out", employee=anna, by=anna).employee == anna
