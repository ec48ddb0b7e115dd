"""Coming in: by the right words only, in the same way for every kind of no."""

from __future__ import annotations

import pytest

from krug.access.models import Session, User
from krug.administration.screens.devices import cookie_name
from krug.config.serving.headers import LET_IN, mark_of
from krug.kernel.journal.models import AuditRecord
from krug.kernel.testing.cast import make_user

PASSWORD = "krug and nothing else"
pytestmark = pytest.mark.django_db


def come_in(client, email="anna@example.org", password=PASSWORD, **extra):
    return client.post("/sign-in/", {"email": email, "password": password, **extra})


def is_in(client) -> bool:
    return client.get("/me/").status_code == 200


def test_the_right_words_open_the_door(anna, client):
    answer = come_in(client)
    assert (answer.status_code, answer["Location"]) == (303, "/")
    assert is_in(client)
    row = Session.objects.get(user=anna)
    assert (row.address, row.session_key) == ("127.0.0.1", client.cookies["session"].value)
    assert list(AuditRecord.objects.values_list("kind", "actor", "is_refused")) == [("sign-in", anna.pk, False)]


@pytest.mark.parametrize("email", ["ANNA@Example.org", " anna@example.org", "ａnna@example.org"])
def test_the_name_may_be_spelt_in_any_case_and_width(anna, client, email):
    assert come_in(client, email).status_code == 303


def test_unknown_wrong_and_sent_away_meet_the_same_answer(anna, client, boris):
    User.objects.filter(pk=boris.pk).update(is_active=False)
    make_user("put.away@example.org", is_archived=True)
    make_user("clock@example.org", is_system=True)
    answers = [
        come_in(client, email, password)
        for email, password in [
            ("anna@example.org", "not the password"),
            ("nobody@example.org", PASSWORD),
            ("boris@example.org", PASSWORD),
            ("put.away@example.org", PASSWORD),
            ("clock@example.org", PASSWORD),
        ]
    ]
    assert {answer.status_code for answer in answers} == {422}
    assert all("The e-mail or the password is not right." in answer.content.decode() for answer in answers)
    assert not is_in(client)
    assert not Session.objects.filter(user__isnull=False).exists()


def test_the_same_work_is_done_for_somebody_unknown(client, monkeypatch, django_assert_num_queries):
    from django.contrib.auth.hashers import get_hasher

    hasher, hashed = type(get_hasher()), []
    encode = hasher.encode
    monkeypatch.setattr(hasher, "encode", lambda self, *given, **more: hashed.append(1) or encode(self, *given, **more))
    make_user("anna@example.org")
    hashed.clear()
    come_in(client, "anna@example.org", "wrong words here")
    known = len(hashed)
    hashed.clear()
    come_in(client, "nobody@example.org", "wrong words here")
    assert len(hashed) == known == 1


def test_after_five_failures_even_the_right_words_wait(anna, client):
    for _number in range(5):
        assert come_in(client, password="wrong words here").status_code == 422
    answer = come_in(client)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 900
    assert not is_in(client)
    assert AuditRecord.objects.filter(kind="sign-in.locked", actor=anna, is_refused=True).count() == 1


def test_a_told_address_does_not_escape_the_lock(client):
    for number in range(20):
        client.post(
            "/sign-in/",
            {"email": f"u{number}@example.org", "password": "x"},
            headers={"X-Forwarded-For": f"203.0.113.{number}"},
        )
    answer = client.post(
        "/sign-in/", {"email": "u99@example.org", "password": "x"}, headers={"X-Forwarded-For": "203.0.113.99"}
    )
    assert answer.status_code == 429


def test_a_device_that_came_in_before_is_not_locked_out_by_a_stranger(anna, client):
    from django.test import Client

    come_in(client)
    client.post("/sign-out/")
    assert client.cookies[cookie_name()]["httponly"]
    stranger = Client()
    for _number in range(25):
        come_in(stranger, password="wrong words here")
    assert come_in(stranger).status_code == 429
    assert come_in(client).status_code == 303


def test_a_forged_device_has_no_allowance_of_its_own(anna, client):
    from django.test import Client

    for _number in range(6):
        come_in(Client(), password="wrong words here")
    client.cookies[cookie_name()] = "WyJkMSIsWzFdXQ:1abcde:forged"
    assert come_in(client).status_code == 429


def test_a_session_number_brought_along_is_never_taken_over(anna, client):
    client.cookies["session"] = "a" * 32
    come_in(client)
    assert client.cookies["session"].value != "a" * 32
    assert not Session.objects.filter(session_key="a" * 32).exists()


def test_the_session_number_changes_at_sign_in(anna, boris, client):
    client.force_login(boris)
    before = client.cookies["session"].value
    come_in(client)
    assert client.cookies["session"].value != before
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", ""]
)
def test_one_is_never_led_to_a_foreign_place(anna, client, wanted):
    assert come_in(client, next=wanted)["Location"] == "/"


def test_one_is_led_back_to_the_page_that_was_wanted(anna, client):
    assert come_in(client, next="/deals/?view=board")["Location"] == "/deals/?view=board"
    assert client.get("/sign-in/?next=/deals/")["Location"] == "/deals/"


def test_over_a_page_the_dialog_gets_a_fresh_token_and_no_page(anna, client):
    part = {"HX-Request": "true", "HX-Target": "dialog"}
    url = f"/sign-in/?over=1&as={anna.pk}"
    shown = client.get(url, headers=part)
    assert "<html" not in shown.content.decode()
    assert f'action="/sign-in/?over=1&amp;as={anna.pk}"' in shown.content.decode()
    wrong = client.post(url, {"email": "anna@example.org", "password": "x"}, headers=part)
    assert wrong.status_code == 422 and "<html" not in wrong.content.decode()
    right = client.post(url, {"email": "anna@example.org", "password": PASSWORD}, headers=part)
    assert right.status_code == 204
    assert len(right["X-CSRFToken"]) == 64


def test_over_a_page_the_e_mail_is_filled_for_the_browser_that_knows_the_person(anna, boris, client):
    from django.test import Client

    come_in(client)
    Session.objects.all().delete()
    url = f"/sign-in/?over=1&as={anna.pk}"
    assert 'value="anna@example.org"' in client.get(url).content.decode()
    wrong = client.post(url, {"email": "anna@example.org", "password": "x"}).content.decode()
    assert 'value="anna@example.org"' in wrong
    for stranger, asked in ((Client(), anna.pk), (client, boris.pk), (client, "²"), (client, "' OR 1=1")):
        assert "@example.org" not in stranger.get("/sign-in/", {"over": "1", "as": asked}).content.decode()
    assert "@example.org" not in client.get(f"/sign-in/?as={anna.pk}").content.decode()


@pytest.mark.parametrize("opened_by", ["", "0", "boris", "1' OR 1=1"])
def test_over_a_page_only_the_person_who_opened_it_comes_in(opened_by, anna, boris, client):
    who = str(boris.pk) if opened_by == "boris" else opened_by
    answer = client.post(
        "/sign-in/", {"email": "anna@example.org", "password": PASSWORD}, query_params={"over": "1", "as": who}
    )
    assert answer.status_code == 422
    assert "opened by somebody else" in answer.content.decode()
    assert "X-CSRFToken" not in answer and not is_in(client)


def test_going_out_ends_the_session_and_clears_the_browser(anna, client):
    come_in(client)
    key = client.cookies["session"].value
    answer = client.post("/sign-out/")
    assert (answer.status_code, answer["Clear-Site-Data"]) == (303, '"cache", "storage"')
    assert not Session.objects.filter(session_key=key).exists()
    assert not is_in(client)
    assert client.get("/sign-out/").status_code == 405


@pytest.mark.parametrize(
    "email",
    [
        "a\0b@example.org",
        "x" * 5000,
        "' OR 1=1 --",
        "\ud83d".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
    ],
)
def test_nonsense_is_just_wrong(client, email):
    assert come_in(client, email).status_code == 422


def test_a_form_from_elsewhere_is_refused(anna):
    from django.test import Client

    assert come_in(Client(enforce_csrf_checks=True)).status_code == 403


def test_the_page_speaks_the_language_of_the_browser(client):
    assert '<html lang="ru"' in client.get("/sign-in/", headers={"Accept-Language": "ru"}).content.decode()
    assert '<html lang="en"' in client.get("/sign-in/", headers={"Accept-Language": "en"}).content.decode()


def test_the_sign_in_page_keeps_the_language_and_theme_of_who_was_here_last(anna, client):
    User.objects.filter(pk=anna.pk).update(language="en", theme="dark")
    come_in(client)
    client.get("/me/")
    client.post("/sign-out/")
    page = client.get("/sign-in/", headers={"Accept-Language": "ru"}).content.decode()
    assert '<html lang="en" data-theme="dark"' in page


def test_the_front_door_is_told_of_whoever_came_in_and_of_nobody_who_failed(anna, client):
    wrong = client.post("/sign-in/", {"email": anna.email, "password": "not this one at all"})
    assert LET_IN not in wrong.headers
    right = client.post("/sign-in/", {"email": anna.email, "password": "krug and nothing else"})
    assert right.headers[LET_IN] == mark_of(right.cookies["session"].value).hex()
    assert LET_IN not in client.get("/").headers
