"""What may be a password, and what changes when one is replaced."""

from __future__ import annotations

import pytest

from krug.access.models import Session
from krug.administration.actions.company import describe_company
from krug.administration.actions.passwords import change_password, common_passwords, is_right, refuse_weak
from krug.kernel import tokens
from krug.kernel.errors import Busy, Refusal
from krug.kernel.testing.cast import make_user

GOOD = "восемь синих слонов"
GUESSED = """
    123456789012 987654321098 aaaaaaaaaaaa ababababababab abcabcabcabc qwertyuiop[] QWERTY123456 1q2w3e4r5t6y
    1qaz2wsx3edc йцукенгшщзхъ abcdefghijkl абвгдеёжзийк password1234 2026Football2026 CorrectHorseBatteryStaple
    парольпароль1 2024-2024-2024
"""


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    ["xkdqpwmzbtrv", ("слон идёт в гору " * 8)[:128], "   а   бы   как   ", GOOD, "aB3$ пробел \U0001f418 yes"],
)
def test_any_composition_of_twelve_to_128_characters_is_a_password(password):
    refuse_weak(password)
    user = make_user()
    change_password(user, password, by=user)
    assert is_right(user, password)
    assert not is_right(user, password.swapcase() if password.swapcase() != password else password + " ")


@pytest.mark.django_db
@pytest.mark.parametrize("password", ["", "elevenchars", "ж" * 129])
def test_too_short_or_too_long_is_refused(password):
    with pytest.raises(Refusal) as no:
        refuse_weak(password)
    assert no.value.field == "password"


@pytest.mark.django_db
def test_the_passwords_that_are_tried_first_are_refused_in_any_case():
    assert len(common_passwords()) > 19_000
    long_ones = [word for word in common_passwords() if len(word) >= 12][:20]
    assert long_ones
    for word in long_ones:
        with pytest.raises(Refusal):
            refuse_weak(word.upper())


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    GUESSED.split(),
)
def test_runs_repetitions_and_common_words_with_digits_around_are_refused(password):
    with pytest.raises(Refusal) as no:
        refuse_weak(password)
    assert no.value.field == "password"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password", ["восемь синих слонов", "rainy tuesday umbrella", "Kx7#pq29-Lm4", "дом 12 у старой мельницы"]
)
def test_words_of_ones_own_stay_passwords(password):
    refuse_weak(password)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "password",
    ["krugkrugkrug", "Krug-CRM-2026", "Соколова-Анна", "anna.sokolova1", "северсталькруг1", "Northern Light 1"],
)
def test_words_of_the_product_the_company_and_the_person_are_no_password(anna, gleb, password):
    describe_company(
        {"name": "Northern Light, Северсталь", "currency": "RUB", "timezone": "Europe/Moscow", "language": "ru"},
        by=gleb,
    )
    anna.email = "anna.sokolova@example.org"
    with pytest.raises(Refusal):
        refuse_weak(password, person=anna)


@pytest.mark.django_db
def test_a_sentence_that_happens_to_hold_such_a_word_is_a_password(anna):
    refuse_weak("krug and nothing else", person=anna)


@pytest.mark.django_db
def test_a_new_password_ends_other_sessions_and_tokens(anna, client, happened):
    client.force_login(anna)
    issued = tokens.issue(anna)
    change_password(anna, GOOD, by=anna)
    assert not Session.objects.filter(user=anna).exists()
    assert tokens.token_from(f"Bearer {issued.text}") is None
    assert happened() == ["PasswordChanged"]


@pytest.mark.django_db
def test_tokens_stay_when_they_are_to_stay(anna):
    issued = tokens.issue(anna)
    change_password(anna, GOOD, by=anna, keep_tokens=True)
    assert tokens.token_from(f"Bearer {issued.text}") is not None


@pytest.mark.django_db
def test_a_weak_password_changes_nothing(anna, happened):
    before = anna.password
    with pytest.raises(Refusal):
        change_password(anna, "short", by=anna)
    anna.refresh_from_db()
    assert anna.password == before
    assert happened() == []


@pytest.mark.django_db
def test_nobody_has_no_password(anna):
    assert not is_right(None, "krug and nothing else")
    anna.set_unusable_password()
    assert not is_right(anna, "")


@pytest.mark.django_db
def test_too_many_at_once_are_told_to_wait(anna, monkeypatch):
    from threading import BoundedSemaphore

    from krug.administration.actions import passwords

    full = BoundedSemaphore(1)
    full.acquire()
    monkeypatch.setattr(passwords, "_hashing", full)
    monkeypatch.setattr(passwords, "LONGEST_WAIT", 0.01)
    with pytest.raises(Busy) as no:
        is_right(anna, "krug and nothing else")
    assert (no.value.status, no.value.retry_after) == (503, 5)
