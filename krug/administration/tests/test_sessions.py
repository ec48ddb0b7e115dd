"""Sessions: listed, ended, and never longer than their limits."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from krug.access.models import Session
from krug.administration.actions.people import deactivate_person
from krug.administration.actions.roles import give_role
from krug.administration.actions.sessions import handle_of, limits_for
from krug.kernel.testing.cast import make_role

PASSWORD = "krug and nothing else"
pytestmark = pytest.mark.django_db


def signed_in(person) -> Client:
    client = Client(headers={"User-Agent": "Mozilla/5.0 (X11; Linux) Firefox/128.0"})
    assert client.post("/sign-in/", {"email": person.email, "password": PASSWORD}).status_code == 303
    return client


def row_of(client: Client) -> Session:
    return Session.objects.get(session_key=client.cookies["session"].value)


def is_in(client: Client) -> bool:
    return client.get("/me/").status_code == 200


def test_the_list_shows_ones_own_devices_and_no_session_number(anna, boris):
    here, there, foreign = signed_in(anna), signed_in(anna), signed_in(boris)
    text = here.get("/me/sessions/").content.decode()
    assert text.count("Firefox, Linux") == 2
    assert "127.0.0.1" in text
    for client in (here, there, foreign):
        assert row_of(client).session_key not in text
    assert handle_of(row_of(foreign)) not in text


def test_ending_one_device_leaves_the_others(anna):
    here, there, third = signed_in(anna), signed_in(anna), signed_in(anna)
    assert here.post(f"/me/sessions/{handle_of(row_of(there))}/end/").status_code in (302, 303)
    assert [is_in(here), is_in(there), is_in(third)] == [True, False, True]


def test_ending_all_others_leaves_this_one(anna, boris):
    here, there, foreign = signed_in(anna), signed_in(anna), signed_in(boris)
    here.post("/me/sessions/others/")
    assert [is_in(here), is_in(there), is_in(foreign)] == [True, False, True]


def test_nobody_ends_the_session_of_another(anna, boris):
    here, foreign = signed_in(anna), signed_in(boris)
    assert here.post(f"/me/sessions/{handle_of(row_of(foreign))}/end/").status_code == 404
    assert is_in(foreign)


def test_staff_may_rest_twelve_hours_and_stay_seven_days(anna, gleb):
    assert limits_for(anna) == (timedelta(hours=12), timedelta(days=7))
    assert limits_for(gleb) == (timedelta(hours=1), timedelta(hours=12))
    now = timezone.now()
    assert timedelta(hours=11, minutes=59) < row_of(signed_in(anna)).expire_date - now < timedelta(hours=12, minutes=1)
    assert timedelta(minutes=59) < row_of(signed_in(gleb)).expire_date - now < timedelta(minutes=61)


def test_an_idle_session_is_dead_on_the_server(anna):
    client = signed_in(anna)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert not is_in(client)
    answer = client.get("/me/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/?next=/me/")


def test_work_puts_the_end_off_but_not_beyond_the_whole_life(anna):
    client = signed_in(anna)
    now = timezone.now()
    Session.objects.update(
        seen_at=now - timedelta(hours=2),
        started_at=now - timedelta(days=6, hours=23),
        expire_date=now + timedelta(minutes=5),
    )
    assert is_in(client)
    row = row_of(client)
    assert timedelta(minutes=59) < row.expire_date - now < timedelta(minutes=61)
    assert row.seen_at >= now


def test_being_seen_is_written_at_most_once_a_minute(anna, django_assert_num_queries):
    client = signed_in(anna)
    at = timezone.now() - timedelta(seconds=30)
    Session.objects.update(seen_at=at)
    client.get("/me/sessions/")
    assert row_of(client).seen_at == at
    Session.objects.update(seen_at=at - timedelta(seconds=31))
    client.get("/me/sessions/")
    assert row_of(client).seen_at > at


def test_who_is_sent_away_is_out_at_once(anna, gleb):
    client = signed_in(anna)
    deactivate_person(anna, by=gleb)
    assert not is_in(client)
    assert not Session.objects.filter(user=anna).exists()


def test_a_new_role_asks_to_sign_in_again(anna, gleb):
    client = signed_in(anna)
    give_role(anna, role=make_role("extra", {"deal": ("own", ["win"])}), by=gleb)
    assert not is_in(client)


def test_changing_the_password_keeps_this_device_under_a_new_number_and_ends_the_others(anna):
    here, there = signed_in(anna), signed_in(anna)
    before = here.cookies["session"].value
    sent = {"current": PASSWORD, "password": "восемь синих слонов", "again": "восемь синих слонов"}
    assert here.post("/me/password/", sent).status_code == 303
    assert here.cookies["session"].value != before
    assert [is_in(here), is_in(there)] == [True, False]
    assert not Session.objects.filter(session_key=before).exists()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"current": "wrong words here", "password": "восемь синих слонов", "again": "восемь синих слонов"}, 422),
        ({"current": PASSWORD, "password": "восемь синих слонов", "again": "другие двенадцать"}, 422),
        ({"current": PASSWORD, "password": "short", "again": "short"}, 422),
    ],
)
def test_a_password_is_not_changed_by_a_faulty_form(anna, sent, status):
    here, there, before = signed_in(anna), signed_in(anna), anna.password
    assert here.post("/me/password/", sent).status_code == status
    anna.refresh_from_db()
    assert anna.password == before
    assert is_in(there)


def test_guessing_the_current_password_of_an_open_page_is_slow_too(anna):
    client = signed_in(anna)
    sent = {"current": "wrong words here", "password": "восемь синих слонов", "again": "восемь синих слонов"}
    assert [client.post("/me/password/", sent).status_code for _number in range(6)] == [422] * 5 + [429]


def test_an_ended_session_is_not_brought_back_by_a_request_under_way(anna):
    client = signed_in(anna)
    store = client.session
    assert store["_auth_user_id"] == str(anna.pk)
    Session.objects.filter(user=anna).delete()
    store["anything"] = 1
    from django.contrib.sessions.backends.base import UpdateError

    with pytest.raises(UpdateError):
        store.save()
    assert not Session.objects.filter(user=anna).exists()


def test_an_administrator_sees_and_ends_anybodys_sessions(anna, gleb):
    client, chief = signed_in(anna), signed_in(gleb)
    assert "Firefox, Linux" in chief.get(f"/users/{anna.pk}/").content.decode()
    assert chief.post(f"/users/{anna.pk}/sign-out/").status_code in (200, 302, 303)
    assert not is_in(client)
    assert is_in(chief)
