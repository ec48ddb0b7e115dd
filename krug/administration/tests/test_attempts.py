"""Guessing is slow on every door, and nobody is shut out for good."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Lock

import pytest
from django.db import close_old_connections, connection
from django.utils import timezone

from krug.access.models import AttemptCounter
from krug.kernel.attempts import PER_ACCOUNT, PER_ADDRESS, WINDOW, count_attempt, forget_old_attempts, normal_name

HOME, OFFICE = "198.51.100.7", "203.0.113.9"


@pytest.mark.django_db
def test_the_sixth_attempt_for_one_account_waits_fifteen_minutes():
    answers = [count_attempt("sign-in", "anna@example.org", f"198.51.100.{number}") for number in range(6)]
    assert [answer.allowed for answer in answers] == [True] * 5 + [False]
    assert 880 <= answers[-1].retry_after <= 900


@pytest.mark.django_db
def test_the_twenty_first_attempt_from_one_address_waits():
    answers = [count_attempt("sign-in", f"user{number}@example.org", HOME) for number in range(21)]
    assert [answer.allowed for answer in answers].count(True) == PER_ADDRESS
    assert count_attempt("sign-in", "somebody@example.org", OFFICE).allowed


@pytest.mark.django_db
def test_all_doors_share_the_allowance_of_an_account():
    for door in ("sign-in", "password", "token", "e-mail", "sign-in"):
        assert count_attempt(door, "anna@example.org", None).allowed
    assert not count_attempt("password", "anna@example.org", None).allowed


@pytest.mark.django_db
@pytest.mark.parametrize(
    "variant", ["ANNA@example.org", " anna@example.org ", "ａｎｎａ@example.org", "Anna@EXAMPLE.ORG"]
)
def test_another_spelling_of_the_name_buys_nothing(variant):
    for number in range(PER_ACCOUNT):
        count_attempt("sign-in", "anna@example.org", f"198.51.100.{number}")
    assert normal_name(variant) == "anna@example.org"
    assert not count_attempt("sign-in", variant, OFFICE).allowed


@pytest.mark.django_db
def test_a_known_device_has_an_allowance_of_its_own():
    for _number in range(30):
        count_attempt("sign-in", "anna@example.org", HOME)
    assert not count_attempt("sign-in", "anna@example.org", HOME).allowed
    answers = [count_attempt("sign-in", "anna@example.org", HOME, device="d1").allowed for _number in range(6)]
    assert answers == [True] * 5 + [False]


@pytest.mark.django_db
def test_a_right_proof_frees_the_account_and_costs_the_address_nothing():
    for _number in range(4):
        count_attempt("sign-in", "anna@example.org", HOME)
    count_attempt("sign-in", "anna@example.org", HOME).succeeded()
    assert sorted(AttemptCounter.objects.values_list("count", flat=True)) == [4]
    assert count_attempt("sign-in", "anna@example.org", HOME).allowed


@pytest.mark.django_db
def test_the_lock_ends_fifteen_minutes_after_the_fifth_failure_however_often_one_knocks():
    for _number in range(12):
        count_attempt("sign-in", "anna@example.org", None)
    AttemptCounter.objects.update(window_started_at=timezone.now() - WINDOW - timedelta(seconds=1))
    assert count_attempt("sign-in", "anna@example.org", None).allowed


@pytest.mark.django_db
def test_a_household_of_new_addresses_shares_one_allowance():
    for number in range(PER_ADDRESS):
        count_attempt("sign-in", f"user{number}@example.org", f"2001:db8:1:2::{number + 1:x}")
    assert not count_attempt("sign-in", "other@example.org", "2001:db8:1:2:ffff::1").allowed
    assert count_attempt("sign-in", "other@example.org", "2001:db8:1:3::1").allowed


@pytest.mark.django_db
def test_counters_hold_no_names_and_no_addresses_and_are_forgotten():
    count_attempt("sign-in", "anna@example.org", HOME)
    assert not [key for key in AttemptCounter.objects.values_list("key", flat=True) if "anna" in key or HOME in key]
    assert forget_old_attempts(timezone.now()) == 0
    assert forget_old_attempts(timezone.now() + timedelta(minutes=16)) == 2


@pytest.mark.django_db(transaction=True)
def test_fifty_attempts_at_the_same_moment_are_not_more_than_five():
    start, allowed, lock = Barrier(50), [], Lock()

    def knock(number: int) -> None:
        close_old_connections()
        try:
            connection.ensure_connection()
            start.wait(timeout=30)
            answer = count_attempt("sign-in", "anna@example.org", f"10.0.{number}.1")
            with lock:
                allowed.append(answer.allowed)
        finally:
            connection.close()

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(knock, range(50)))
    assert len(allowed) == 50
    assert allowed.count(True) == PER_ACCOUNT
