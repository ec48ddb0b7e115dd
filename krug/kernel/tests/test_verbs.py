"""Verbs from the page: the small form, its refusals, and a press that is repeated."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from krug.access.models import Reach
from krug.activities.testing import make_task
from krug.kernel.dates import today_in, zone_called
from krug.kernel.journal.models import AuditRecord
from krug.kernel.testing.cast import make_role, make_user
from krug.sales.testing import make_deal

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]


@pytest.fixture
def task(anna: Any) -> Any:
    return make_task("Позвонить", by=anna)


@pytest.fixture
def here(anna: Any, client: Any) -> Any:
    client.force_login(anna)
    return client


def test_a_verb_is_done_and_the_record_opens_again(here, task, happened):
    answer = here.post(f"/tasks/{task.pk}/complete/", {"outcome": "Договорились"})
    assert (answer.status_code, answer["Location"]) == (303, f"/tasks/{task.pk}/")
    task.refresh_from_db()
    assert (task.state, task.outcome) == ("done", "Договорились")
    assert happened()[-1] == "TaskDone"


def test_the_message_after_a_verb_names_the_record(here, task):
    here.post(f"/tasks/{task.pk}/complete/", {})
    assert here.session["toasts"][0]["text"] == "Задача выполнена: Позвонить"


def test_the_message_tells_the_deed_as_the_journal_does(here, anna):
    deal = make_deal(owner=anna)
    deal.name = "Поставка насосов"
    deal.save(update_fields=["name", "updated_at"])
    here.post(f"/deals/{deal.pk}/suspend/", {"until": "31.12.2099"})
    assert here.session["toasts"][0]["text"] == "Поставка насосов. Приостановлена до 31.12.2099"


def test_a_double_press_does_it_once(here, task, happened):
    sent = {"outcome": "Договорились", "once": "one-and-the-same"}
    first, second = (here.post(f"/tasks/{task.pk}/complete/", sent) for _press in range(2))
    assert first.status_code == second.status_code == 303
    assert happened().count("TaskDone") == 1


def test_the_small_form_asks_only_for_what_the_verb_needs(here, task):
    text = here.get(f"/tasks/{task.pk}/postpone/").content.decode()
    assert 'name="due_on"' in text
    assert 'name="reason"' in text
    assert 'name="assignee"' not in text


def test_what_can_not_be_read_is_said_at_its_field_and_nothing_is_done(here, task, happened):
    before = happened()
    answer = here.post(f"/tasks/{task.pk}/postpone/", {"due_on": "31.02.2027", "reason": "Заболел"})
    text = answer.content.decode()
    assert answer.status_code == 422
    assert 'id="f-due_on-error"' in text
    assert 'value="31.02.2027"' in text
    assert 'value="Заболел"' in text
    assert happened() == before


def test_a_sum_that_is_too_large_is_told_the_limit(here, anna):
    deal = make_deal(owner=anna)
    answer = here.post(f"/deals/{deal.pk}/field/amount/", {"amount": "999999999999999999"})
    assert answer.status_code == 422
    assert "10\u00a0000\u00a0000\u00a0000\u00a0000\u00a0000" in answer.content.decode()
    deal.refresh_from_db()
    assert deal.amount != 999999999999999999


def test_a_day_in_plain_words_is_understood(anna, here, task):
    here.post(f"/tasks/{task.pk}/postpone/", {"due_on": "завтра"})
    task.refresh_from_db()
    assert task.due_on == today_in(zone_called(anna.timezone)) + timedelta(days=1)


def test_a_refusal_of_the_business_keeps_the_form(here, anna, happened):
    deal = make_deal(owner=anna)
    before = happened()
    answer = here.post(f"/deals/{deal.pk}/win/", {})
    assert answer.status_code == 422
    assert "error-summary" in answer.content.decode()
    deal.refresh_from_db()
    assert deal.is_open
    assert happened() == before


def test_a_verb_in_the_wrong_state_is_refused_with_words(here, task, happened):
    here.post(f"/tasks/{task.pk}/complete/", {})
    before = happened()
    assert here.post(f"/tasks/{task.pk}/complete/", {}).status_code == 422
    assert happened() == before


def test_a_verb_on_an_old_version_is_held_back(here, task, happened):
    before = happened()
    answer = here.post(f"/tasks/{task.pk}/complete/", {"version": "0", "outcome": "Договорились"})
    assert answer.status_code == 409
    assert 'value="Договорились"' in answer.content.decode()
    assert happened() == before


def test_a_verb_without_the_right_is_refused_and_written_down(task, client, happened):
    reader = make_user("reader@example.org", role=make_role("test-reader", {"*": (Reach.ALL, [])}))
    client.force_login(reader)
    before = happened()
    for ask in (client.get, client.post):
        assert ask(f"/tasks/{task.pk}/complete/").status_code == 403
    task.refresh_from_db()
    assert task.state == "open"
    assert happened() == before
    assert (
        list(AuditRecord.objects.filter(kind="refused").values_list("actor", "is_refused")) == [(reader.pk, True)] * 2
    )


def test_a_verb_that_does_not_exist_is_not_found(here, task):
    assert here.post(f"/tasks/{task.pk}/explode/").status_code == 404


def test_the_form_comes_as_a_dialog_when_only_a_part_is_asked_for(here, task):
    answer = here.get(f"/tasks/{task.pk}/postpone/", headers={"HX-Request": "true", "HX-Target": "dialog"})
    text = answer.content.decode()
    assert "<html" not in text
    assert "layer-head" in text


def test_after_a_verb_the_list_it_was_pressed_in_opens(here, task):
    assert here.post(f"/tasks/{task.pk}/complete/", {"next": "/tasks/?sort=name"})["Location"] == "/tasks/?sort=name"


@pytest.mark.parametrize(
    "next_url", ["https://example.com/", "//example.com/", "javascript:alert(1)", "/\\example.com"]
)
def test_a_foreign_address_is_never_followed(here, task, next_url):
    answer = here.post(f"/tasks/{task.pk}/complete/", {"next": next_url})
    assert answer["Location"] == f"/tasks/{task.pk}/"
