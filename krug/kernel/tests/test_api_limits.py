"""Too many calls are told when to come again, counted for all processes; one key has one effect, even at once."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from krug.access.models import AttemptCounter
from krug.administration.jobs import forget_old_doors
from krug.kernel.api import idempotency
from krug.kernel.journal.models import OncePerformed
from krug.kernel.tests.test_api import Program
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db
WIDE = {"token": 1_000, "user": 1_000, "address": 1_000, "route": 1_000}


def statuses(program, path, times):
    return [program.call("GET", path).status_code for _turn in range(times)]


@pytest.mark.parametrize("kind", ["token", "user", "address", "route"])
def test_each_limit_of_a_minute_answers_429_with_the_seconds_to_wait(anna, settings, kind):
    settings.KRUG_API_LIMITS = {**WIDE, kind: 3}
    program = Program(anna)
    assert statuses(program, "/parties/count", 4) == [200, 200, 200, 429]
    answer = program.call("GET", "/parties/count")
    assert (answer.status_code, answer.json()["code"]) == (429, "TOO_MANY")
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer["Content-Type"] == "application/problem+json"
    AttemptCounter.objects.update(window_started_at=timezone.now() - timedelta(minutes=5))
    assert program.call("GET", "/parties/count").status_code == 200


def test_what_shares_a_limit_and_what_does_not(anna, boris, settings):
    settings.KRUG_API_LIMITS = {**WIDE, "token": 2}
    first, second = Program(anna), Program(anna)
    assert statuses(first, "/parties/count", 3)[-1] == 429
    assert second.call("GET", "/parties/count").status_code == 200  # another token of the same person
    settings.KRUG_API_LIMITS = {**WIDE, "user": 2}
    assert [statuses(each, "/tasks/count", 1)[0] for each in (first, second, Program(boris))][-2:] == [429, 200]
    settings.KRUG_API_LIMITS = {**WIDE, "route": 2}
    fresh = Program(boris)
    assert statuses(fresh, "/parties/count", 3) == [200, 200, 429]
    assert fresh.call("GET", "/parties/count/").status_code == 429  # the same call under its other address
    assert fresh.call("GET", "/tasks/count").status_code == 200


def test_a_refused_call_changes_nothing_and_counting_costs_one_statement(anna, settings):
    settings.KRUG_API_LIMITS = {**WIDE, "token": 1}
    program = Program(anna)
    with CaptureQueriesContext(connections["default"]) as questions:
        program.call("GET", "/parties/count")
    assert sum("attempt_counter AS kept" in each["sql"] for each in questions) == 1
    assert program.call("POST", "/parties/", {"display_name": "Лишняя"}).status_code == 429
    assert not Party.objects.exists()


def at_once(number, work):
    """The same work on so many threads at the same moment."""
    ready, found = threading.Barrier(number), []

    def run():
        try:
            ready.wait()
            found.append(work())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run) for _number in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


@pytest.mark.django_db(transaction=True)
def test_twenty_equal_requests_at_once_have_one_effect_and_one_answer(anna):
    program, sent = Program(anna), {"display_name": "Один раз"}
    answers = at_once(20, lambda: program.call("POST", "/parties/", sent, **{"Idempotency-Key": "once"}))
    assert Party.objects.count() == 1
    assert {answer.status_code for answer in answers} <= {201, 409}
    made = [answer.json() for answer in answers if answer.status_code == 201]
    assert made and all(each == made[0] for each in made)
    assert {a.json()["code"] for a in answers if a.status_code == 409} <= {"ONCE_RUNNING"}


@pytest.mark.django_db(transaction=True)
def test_while_the_first_request_still_runs_the_second_is_told_so(anna, monkeypatch):
    monkeypatch.setattr(idempotency, "PATIENCE", "200ms")
    program, entered, leave = Program(anna), threading.Event(), threading.Event()

    def hold():
        with transaction.atomic():
            OncePerformed.objects.create(actor=anna, route="POST parties", key="busy", digest="x")
            entered.set()
            leave.wait(5)
        connections.close_all()

    thread = threading.Thread(target=hold)
    thread.start()
    entered.wait(5)
    answer = program.call("POST", "/parties/", {"display_name": "Вторая"}, **{"Idempotency-Key": "busy"})
    leave.set()
    thread.join()
    assert (answer.status_code, answer.json()["code"]) == (409, "ONCE_RUNNING")
    assert not Party.objects.exists()


def test_a_verb_is_repeated_by_its_key_and_a_refusal_keeps_no_key(anna):
    party, program = make_party(owner=anna), Program(anna)
    key = {"Idempotency-Key": "v-1"}
    first = program.call("POST", f"/parties/{party.pk}/verify/", {}, **key)
    second = program.call("POST", f"/parties/{party.pk}/verify/", {}, **key)
    if first.status_code == 200:
        assert (second.status_code, second["Idempotent-Replay"]) == (200, "true")
    else:
        assert first.json() == second.json() and not OncePerformed.objects.exists()
    assert program.call("POST", "/parties/", {"display_name": ""}, **{"Idempotency-Key": "v-2"}).status_code == 422
    assert program.call("POST", "/parties/", {"display_name": "Имя"}, **{"Idempotency-Key": "v-2"}).status_code == 201


def test_a_change_and_a_putting_away_are_repeated_by_their_keys_without_a_second_effect(anna):
    program, party = Program(anna), make_party(owner=anna)
    keyed = {"Idempotency-Key": "change-1"}
    first = program.call("PATCH", f"/parties/{party.pk}/", {"city": "Казань"}, **keyed)
    program.call("PATCH", f"/parties/{party.pk}/", {"city": "Омск"})
    again = program.call("PATCH", f"/parties/{party.pk}/", {"city": "Казань"}, **keyed)
    assert (again.status_code, again.json(), again["Idempotent-Replay"]) == (200, first.json(), "true")
    assert again["ETag"] == first["ETag"]
    other = program.call("PATCH", f"/parties/{party.pk}/", {"city": "Тверь"}, **keyed)
    assert (other.status_code, other.json()["code"]) == (422, "ONCE_KEY_REUSED")
    assert Party.objects.get(pk=party.pk).city == "Омск"
    gone = program.call("DELETE", f"/parties/{party.pk}/", **{"Idempotency-Key": "away-1"})
    Party.objects.filter(pk=party.pk).update(is_archived=False)
    back = program.call("DELETE", f"/parties/{party.pk}/", **{"Idempotency-Key": "away-1"})
    assert (back.status_code, back.json()) == (200, gone.json())
    assert not Party.objects.get(pk=party.pk).is_archived


def test_a_refused_change_keeps_no_key(anna):
    program, party = Program(anna), make_party(owner=anna)
    keyed = {"Idempotency-Key": "change-2", "If-Match": '"v999"'}
    assert program.call("PATCH", f"/parties/{party.pk}/", {"city": "Казань"}, **keyed).status_code == 412
    assert program.call("PATCH", f"/parties/{party.pk}/", {"state": "verified"}, **keyed).status_code == 400
    assert not OncePerformed.objects.exists()


def test_the_clock_forgets_keys_after_seven_days_and_not_before(anna):
    program = Program(anna)
    for key in ("old", "young"):
        program.call("POST", "/parties/", {"display_name": key}, **{"Idempotency-Key": key})
    now = timezone.now()
    OncePerformed.objects.filter(key="old").update(at=now - timedelta(days=7, minutes=1))
    OncePerformed.objects.filter(key="young").update(at=now - timedelta(days=6, hours=23))
    forget_old_doors(0)
    assert [*OncePerformed.objects.values_list("key", flat=True)] == ["young"]


def test_every_answer_tells_how_much_is_left_of_the_nearest_limit(anna, settings):
    settings.KRUG_API_LIMITS = {**WIDE, "user": 3}
    program = Program(anna)
    told = [program.call("GET", "/parties/count") for _turn in range(4)]
    assert [answer["RateLimit-Policy"] for answer in told] == ['"user";q=3;w=60'] * 4
    assert [answer["RateLimit"].partition(";t=")[0] for answer in told] == [
        '"user";r=2',
        '"user";r=1',
        '"user";r=0',
        '"user";r=0',
    ]
    assert all(1 <= int(answer["RateLimit"].partition(";t=")[2]) <= 60 for answer in told)
    assert told[-1].status_code == 429
    assert program.call("GET", "/parties/987654321/")["RateLimit"].startswith('"user"')
