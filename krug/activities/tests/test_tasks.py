"""Tasks: planned, done, postponed with a count, dropped with a reason."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from krug.activities.actions.tasks import cancel_task, complete_task, postpone_task, reopen_task
from krug.activities.entities.activities import with_a_day
from krug.activities.models import Task
from krug.activities.testing import make_task
from krug.kernel.dates import today_in, zone_called
from krug.kernel.errors import Refusal

pytestmark = pytest.mark.django_db


def test_a_done_task_leaves_the_list(anna, happened):
    task = make_task(owner=anna, due_on=date(2026, 11, 20))
    assert list(Task.objects.overdue(date(2026, 11, 21))) == [task]
    complete_task(task, by=anna, outcome="Reached")
    assert not Task.objects.overdue(date(2026, 11, 21)).exists()
    task.refresh_from_db()
    assert (task.state, task.outcome, task.is_open) == ("done", "Reached", False)
    assert happened()[-1] == "TaskDone"


def test_a_closed_task_is_not_done_twice(anna, happened):
    task = complete_task(make_task(owner=anna), by=anna)
    before = happened()
    for again in (lambda: complete_task(task, by=anna), lambda: cancel_task(task, by=anna, reason="No need")):
        with pytest.raises(Refusal):
            again()
    assert happened() == before


def test_each_move_to_another_day_is_counted(anna):
    task, monday = make_task(owner=anna, due_on=date(2026, 11, 20)), date(2999, 11, 23)
    postpone_task(task, by=anna, due_on=monday, reason="On holiday")
    postpone_task(task, by=anna, due_on=monday)
    task.refresh_from_db()
    assert (task.due_on, task.postponed_times) == (monday, 1)


def test_nothing_is_postponed_into_the_past(anna, happened):
    task = make_task(owner=anna, due_on=date(2999, 11, 20))
    before, today = happened(), today_in(zone_called(anna.timezone))
    with pytest.raises(Refusal) as no:
        postpone_task(task, by=anna, due_on=today - timedelta(days=1))
    assert (no.value.field, no.value.code) == ("due_on", "ASSIGN_DUE_PAST")
    task.refresh_from_db()
    assert (task.due_on, task.postponed_times, happened()) == (date(2999, 11, 20), 0, before)
    postpone_task(task, by=anna, due_on=today)
    assert task.due_on == today


def test_a_task_is_dropped_only_with_a_reason(anna):
    task = make_task(owner=anna)
    with pytest.raises(Refusal) as no:
        cancel_task(task, by=anna, reason=" ")
    assert no.value.field == "reason"
    task.refresh_from_db()
    assert task.is_open


def test_a_closed_task_can_be_put_back(anna):
    task = complete_task(make_task(owner=anna), by=anna)
    reopen_task(task, by=anna)
    task.refresh_from_db()
    assert task.is_open


def test_a_stranger_does_not_see_the_task(anna, boris):
    from krug.activities.entities.activities import TASK

    task = make_task(owner=anna)
    assert TASK.rows_for(anna).filter(pk=task.pk).exists()
    assert not TASK.rows_for(boris).filter(pk=task.pk).exists()


@pytest.mark.parametrize(
    ("due", "suggested"), [(date(2126, 11, 20), date(2126, 11, 21)), (date(2126, 11, 22), date(2126, 11, 25))]
)
def test_a_task_is_put_off_to_the_next_working_day(anna, due, suggested):
    new_day, _reason = with_a_day(make_task(owner=anna, due_on=due), anna, {})
    assert new_day.default == suggested


def test_the_menu_leads_to_the_tasks_still_to_be_done(anna, client):
    make_task("Call them", owner=anna)
    complete_task(make_task("Write to them", owner=anna), by=anna)
    client.force_login(anna)
    page = client.get("/tasks/?saved=in-work").content.decode()
    assert 'href="/tasks/?saved=in-work"' in page
    assert "Call them" in page
    assert "Write to them" not in page
