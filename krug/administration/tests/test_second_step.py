"""The second step of signing in: shown once, counted, asked of whoever has it or must have it, on every door."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pyotp
import pytest
from django.test import Client
from django.utils import timezone

from krug.access.locked import unlock
from krug.access.models import ApiToken, CodeKey, Passkey, RecoveryCode, Role, Session
from krug.administration.actions import second_step
from krug.administration.actions.invitations import invite_person
from krug.administration.actions.second_step import (
    begin_app,
    confirm_app,
    renew_recovery_codes,
    reset_second_step,
    show_code,
    steps_of,
)
from krug.kernel.errors import NotAllowed, Refusal, TooMany
from krug.kernel.journal.models import AuditRecord
from krug.kernel.testing.cast import make_user, seller_role

PASSWORD = "krug and nothing else"
pytestmark = pytest.mark.django_db


class Phone:
    """The app on a phone, with a clock that the test moves."""

    def __init__(self, secret: str, clock) -> None:
        self.totp, self.clock = pyotp.TOTP(secret), clock

    def code(self) -> str:
        """The code of the next half minute, so that no code is shown twice."""
        self.clock.forward(30)
        return self.totp.at(self.clock.now)


class Clock:
    def __init__(self) -> None:
        self.now = timezone.now()

    def forward(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)


@pytest.fixture
def clock(monkeypatch):
    """The clock that the second step and the counters read."""
    clock = Clock()
    for module in ("krug.administration.actions.second_step", "krug.kernel.attempts"):
        monkeypatch.setattr(f"{module}.timezone.now", lambda: clock.now)
    return clock


def connect(person, clock) -> Phone:
    phone = Phone(begin_app(person), clock)
    phone.recovery = confirm_app(person, phone.code())
    return phone


@pytest.fixture
def phone(anna, clock):
    return connect(anna, clock)


def come_in(client, email="anna@example.org", password=PASSWORD, **extra):
    return client.post("/sign-in/", {"email": email, "password": password, **extra})


def is_in(client) -> bool:
    return client.get("/me/").status_code == 200


def demand(code: str = "test-seller", since: date | None = None) -> None:
    Role.objects.filter(code=code).update(factor_from=since or timezone.localdate())


def test_whoever_has_an_app_comes_in_by_password_and_code(anna, phone, client):
    answer = come_in(client, next="/deals/")
    assert (answer.status_code, answer["Location"]) == (303, "/sign-in/code/")
    assert not is_in(client)
    answer = client.post("/sign-in/code/", {"code": phone.code()})
    assert (answer.status_code, answer["Location"]) == (303, "/deals/")
    assert is_in(client)


def test_between_password_and_code_nothing_can_be_reached_on_page_or_api(anna, phone, client):
    come_in(client)
    assert not Session.objects.filter(user=anna).exists()
    for url in ("/", "/me/", "/me/second-step/", "/me/tokens/", "/deals/", "/settings/", "/sign-in/second-step/"):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (302, "/sign-in/"), url
    for url in ("/api/v1/deals/", "/api/v1/users/", "/api/v1/me/"):
        assert client.get(url).status_code in (401, 404), url
    assert client.post("/api/v1/parties/", {"name": "x"}, content_type="application/json").status_code == 401
    assert client.get("/sign-in/code/").status_code == 200


def test_a_code_opens_once(anna, phone, client):
    come_in(client)
    code = phone.code()
    assert client.post("/sign-in/code/", {"code": code}).status_code == 303
    other = Client()
    come_in(other)
    answer = other.post("/sign-in/code/", {"code": code})
    assert answer.status_code == 422
    assert not is_in(other)


def test_an_earlier_code_is_dead_when_a_later_one_was_used(anna, phone):
    earlier = phone.code()
    show_code(anna, phone.code(), address=None)
    with pytest.raises(Refusal):
        show_code(anna, earlier, address=None)


@pytest.mark.parametrize("spelt", [lambda code: f" {code[:3]} {code[3:]} ", lambda code: code])
def test_a_code_may_be_typed_with_spaces(anna, phone, spelt):
    show_code(anna, spelt(phone.code()), address=None)


@pytest.mark.parametrize("nonsense", ["", "0", "12345", "1234567", "абвгде", "٠١٢٣٤٥", "1" * 500, "\0", "' OR 1=1"])
def test_nonsense_is_no_code(anna, phone, nonsense):
    with pytest.raises(Refusal):
        show_code(anna, nonsense, address=None)


def test_five_codes_are_looked_at_within_five_minutes_and_then_even_the_right_one_waits(anna, phone, clock, client):
    come_in(client)
    for _number in range(5):
        assert client.post("/sign-in/code/", {"code": "000000"}).status_code == 422
    locked = client.post("/sign-in/code/", {"code": phone.code()})
    assert locked.status_code == 429
    assert 0 < int(locked["Retry-After"]) <= 300
    assert not is_in(client)
    assert AuditRecord.objects.filter(kind="code.locked", actor=anna, is_refused=True).count() == 1
    clock.forward(301)
    assert client.post("/sign-in/code/", {"code": phone.code()}).status_code == 303


def test_signing_in_again_buys_no_further_tries(anna, phone):
    for _number in range(5):
        browser = Client()
        come_in(browser)
        browser.post("/sign-in/code/", {"code": "000000"})
    browser = Client()
    come_in(browser)
    assert browser.post("/sign-in/code/", {"code": phone.code()}).status_code == 429


def test_a_wrong_code_does_not_shut_the_password_and_a_wrong_password_not_the_code(anna, phone, client):
    for _number in range(6):
        with pytest.raises((Refusal, TooMany)):
            show_code(anna, "000000", address=None)
    assert come_in(client)["Location"] == "/sign-in/code/"


def test_of_ten_recovery_codes_each_opens_once(anna, phone, client):
    assert len(set(phone.recovery)) == 10
    assert all(re.fullmatch(r"([a-z2-9]{4}-){3}[a-z2-9]{4}", code) for code in phone.recovery)
    come_in(client)
    assert client.post("/sign-in/code/", {"code": phone.recovery[3].upper().replace("-", " ")}).status_code == 303
    assert is_in(client)
    assert steps_of(anna).recovery_left == 9
    with pytest.raises(Refusal):
        show_code(anna, phone.recovery[3], address=None)
    line = AuditRecord.objects.get(kind="step.code-used")
    assert (line.actor, line.data) == (anna, {"left": 9})


def test_a_recovery_code_of_somebody_else_opens_nothing(anna, phone, boris, clock):
    theirs = connect(boris, clock).recovery
    with pytest.raises(Refusal):
        show_code(anna, theirs[0], address=None)
    assert steps_of(boris).recovery_left == 10


def test_new_recovery_codes_make_the_earlier_useless(anna, phone):
    fresh = renew_recovery_codes(anna)
    with pytest.raises(Refusal):
        show_code(anna, phone.recovery[0], address=None)
    show_code(anna, fresh[0], address=None)


def test_neither_the_secret_nor_a_code_stands_in_the_database_as_it_is(anna, phone):
    key = CodeKey.objects.get(user=anna)
    secret = unlock(key.secret, purpose="code-key")
    assert len(secret) == 32 and secret not in key.secret
    assert unlock(key.secret, purpose="mail") == ""
    kept = set(RecoveryCode.objects.values_list("digest", flat=True))
    assert not kept & {code.replace("-", "") for code in phone.recovery}


def test_an_app_that_was_not_confirmed_is_no_second_step(anna, client):
    begin_app(anna)
    assert not steps_of(anna)
    assert come_in(client)["Location"] == "/"


def test_the_waiting_between_the_steps_ends_after_ten_minutes_and_with_the_password(anna, phone, client, monkeypatch):
    come_in(client)
    anna.set_password("something else entirely")
    anna.save()
    answer = client.post("/sign-in/code/", {"code": phone.code()})
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    come_in(client, password="something else entirely")
    monkeypatch.setattr("krug.administration.screens.admission.PARKED_FOR", -1)
    assert client.post("/sign-in/code/", {"code": phone.code()}).status_code == 302
    assert not is_in(client)


def test_the_session_number_changes_at_each_step(anna, phone, client):
    client.get("/sign-in/")
    come_in(client)
    between = client.cookies["session"].value
    client.post("/sign-in/code/", {"code": phone.code()})
    assert client.cookies["session"].value != between
    assert not Session.objects.filter(session_key=between).exists()


def test_a_link_for_a_new_password_does_not_pass_the_second_step(anna, phone, gleb, client):
    secret = invite_person(anna, by=gleb)
    answer = client.post(f"/join/{secret}/", {"password": "mountains without echo"})
    assert answer["Location"] == "/sign-in/code/"
    assert not is_in(client) and steps_of(anna).has_app
    assert client.post("/sign-in/code/", {"code": phone.code()}).status_code == 303
    assert is_in(client)


def test_over_a_page_the_dialog_asks_for_the_code_and_then_gives_the_token(anna, phone, client):
    part = {"HX-Request": "true", "HX-Target": "dialog"}
    shown = client.post(
        f"/sign-in/?over=1&as={anna.pk}", {"email": "anna@example.org", "password": PASSWORD}, headers=part
    )
    assert shown.status_code == 401
    assert f'action="/sign-in/code/?over=1&amp;as={anna.pk}"' in shown.content.decode()
    assert "<html" not in shown.content.decode() and not is_in(client)
    url = f"/sign-in/code/?over=1&as={anna.pk}"
    assert client.post(url, {"code": "000000"}, headers=part).status_code == 422
    right = client.post(url, {"code": phone.code()}, headers=part)
    assert (right.status_code, len(right["X-CSRFToken"])) == (204, 64)


def test_a_role_may_ask_for_the_second_step_which_is_set_up_at_the_next_sign_in(anna, clock, client):
    demand()
    answer = come_in(client, next="/deals/")
    assert answer["Location"] == "/sign-in/second-step/"
    assert not is_in(client)
    page = client.get("/sign-in/second-step/").content.decode()
    assert "<svg" in page
    secret = "".join(re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', page)[1].split())
    assert client.post("/sign-in/second-step/", {"code": "000000"}).status_code == 422
    assert not is_in(client)
    done = client.post("/sign-in/second-step/", {"code": Phone(secret, clock).code()})
    assert done.status_code == 200
    assert len(re.findall(r"<li><code>[a-z2-9-]{19}</code>", done.content.decode())) == 10
    assert 'href="/deals/"' in done.content.decode()
    assert is_in(client)


def test_whoever_waits_to_set_up_goes_back_once_the_person_has_a_step(anna, client):
    demand()
    come_in(client)
    Passkey.objects.create(user=anna, name="Key", credential="01", public=b"1")
    for answer in (client.get("/sign-in/second-step/"), client.post("/sign-in/second-step/", {"code": "1"})):
        assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert not CodeKey.objects.exists() and not is_in(client)


def test_a_role_that_asks_from_a_later_day_tells_so_and_lets_in(anna, client):
    demand(since=timezone.localdate() + timedelta(days=7))
    assert come_in(client)["Location"] == "/"
    assert "you need a second step to sign in" in client.get("/").content.decode()


def test_a_session_without_the_step_that_a_role_asks_for_ends_within_a_minute(anna, client):
    come_in(client)
    demand()
    assert is_in(client)
    Session.objects.update(seen_at=timezone.now() - timedelta(seconds=61))
    assert client.get("/me/").status_code == 302
    assert not Session.objects.filter(user=anna).exists()


def test_over_a_page_nothing_is_set_up(anna, client):
    demand()
    answer = client.post(f"/sign-in/?over=1&as={anna.pk}", {"email": "anna@example.org", "password": PASSWORD})
    assert answer.status_code == 422 and not is_in(client)


def test_the_first_administrator_is_asked_after_seven_days(db):
    from krug.administration.actions.company import found_company
    from krug.administration.actions.people import setup_actor

    company = {"name": "Волна", "currency": "RUB", "timezone": "Europe/Moscow", "language": "ru"}
    found_company(company, {"email": "first@example.org"}, password="mountains without echo", by=setup_actor())
    assert Role.objects.get(code="administrator").factor_from == timezone.localdate() + timedelta(days=7)


def test_the_only_step_can_not_be_removed_when_a_role_asks_for_it(anna, phone):
    demand()
    with pytest.raises(Refusal):
        second_step.remove_app(anna)
    assert steps_of(anna).has_app
    demand(since=timezone.localdate() + timedelta(days=1))
    second_step.remove_app(anna)
    assert not steps_of(anna) and steps_of(anna).recovery_left == 0


def test_setting_up_and_taking_away_ask_for_a_fresh_proof(anna, client, clock):
    client.force_login(anna)
    for method, url in (
        (client.get, "/me/second-step/app/"),
        (client.post, "/me/second-step/app/off/"),
        (client.post, "/me/second-step/codes/"),
    ):
        answer = method(url)
        assert (answer.status_code, answer["Location"].partition("?")[0]) == (303, "/me/confirm/"), url
    before = client.cookies["session"].value
    assert client.post("/me/confirm/", {"current": "wrong words here"}).status_code == 422
    assert client.get("/me/second-step/app/").status_code == 303
    answer = client.post("/me/confirm/", {"current": PASSWORD, "next": "/me/second-step/app/"})
    assert answer["Location"] == "/me/second-step/app/"
    assert client.cookies["session"].value != before
    page = client.get("/me/second-step/app/").content.decode()
    secret = "".join(re.search(r'class="secret"[^>]*>([A-Z2-7 ]+)<', page)[1].split())
    done = client.post("/me/second-step/app/", {"code": Phone(secret, clock).code()})
    assert len(re.findall(r"<li><code>", done.content.decode())) == 10
    assert client.post("/me/second-step/codes/").content.decode().count("<li><code>") == 10
    assert client.post("/me/second-step/app/off/").status_code == 303
    assert not steps_of(anna)


def test_a_code_is_a_fresh_proof_too(anna, phone, client):
    client.force_login(anna)
    assert client.post("/me/confirm/", {"code": phone.code()})["Location"] == "/me/second-step/"
    assert client.post("/me/second-step/codes/").status_code == 200


def test_an_administrator_resets_what_is_lost_and_every_session_ends(anna, phone, gleb, client, happened):
    client.force_login(anna)
    reset_second_step(anna, by=gleb)
    assert happened()[-1] == "SecondStepReset"
    assert not steps_of(anna) and not Session.objects.filter(user=anna).exists()
    line = AuditRecord.objects.get(kind="step.reset")
    assert (line.actor, line.object) == (gleb, f"user:{anna.pk}")
    assert come_in(client)["Location"] == "/"


def test_nobody_resets_ones_own_step_or_that_of_who_may_more(anna, phone, gleb, clock):
    connect(gleb, clock)
    for person, by, no in ((anna, anna, Refusal), (gleb, anna, NotAllowed)):
        with pytest.raises(no):
            reset_second_step(person, by=by)
    assert steps_of(anna).has_app and steps_of(gleb).has_app


def test_only_who_may_all_that_a_role_may_says_that_it_needs_the_step(gleb, db):
    from krug.administration.actions.roles import change_role
    from krug.kernel.testing.cast import administrator_role, make_role

    lesser = make_user(role=make_role("role-keeper", {"role": ("all", ["change"])}))
    with pytest.raises(NotAllowed):
        change_role(administrator_role(), {"factor_from": timezone.localdate()}, by=lesser)
    change_role(seller_role(), {"factor_from": timezone.localdate()}, by=gleb)
    assert Role.objects.get(code="test-seller").factor_from == timezone.localdate()
    assert AuditRecord.objects.filter(kind="step.demanded", actor=gleb).count() == 1


def test_a_token_is_not_asked_for_a_code_but_making_one_needs_a_fresh_proof(anna, phone, client):
    client.force_login(anna)
    assert client.post("/me/tokens/", {"name": "x", "days": "7"}).status_code == 422
    assert not ApiToken.objects.exists()
