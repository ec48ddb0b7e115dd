"""The button of single sign-on may be pressed by anybody: few calls leave the house for it."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest
from django.test import Client

from krug.administration import openid
from krug.administration.openid import forget_services
from krug.administration.tests.test_sign_on import Liar, give

pytestmark = pytest.mark.django_db


@pytest.fixture
def liar(settings):
    """A provider that nobody has asked yet."""
    forget_services()
    liar = Liar()
    settings.KRUG_OUTGOING_ALLOWED = [urlsplit(liar.url).netloc]
    yield liar
    forget_services()
    liar.server.shutdown()
    liar.server.server_close()


def press(client, provider) -> int:
    return client.get(f"/sign-in/with/{provider.pk}/").status_code


def test_however_often_strangers_press_the_button_the_provider_is_asked_once(liar, client, gleb):
    provider = give(liar.url, gleb)
    assert [press(Client(), provider) for _time in range(30)] == [302] * 30
    assert liar.asked == 1


def test_a_provider_that_answers_wrongly_is_not_asked_again_at_once_but_a_little_later(liar, client, gleb, monkeypatch):
    provider = give(liar.url, gleb)
    liar.issuer_told = "https://other.example"
    assert [press(Client(), provider) for _time in range(10)] == [422] * 10
    assert liar.asked == 1
    liar.issuer_told = ""
    monkeypatch.setattr(openid, "KEPT_FAILURE", 0.0)
    assert (press(client, provider), liar.asked) == (302, 2)


def test_what_a_provider_told_is_asked_anew_after_its_time(liar, client, gleb, monkeypatch):
    provider = give(liar.url, gleb)
    press(client, provider)
    monkeypatch.setattr(openid, "KEPT", 0.0)
    assert (press(client, provider), liar.asked) == (302, 2)


def test_a_hiccup_of_the_provider_refuses_nobody_while_what_it_told_is_known(liar, gleb, monkeypatch):
    provider = give(liar.url, gleb)
    press(Client(), provider)
    monkeypatch.setattr(openid, "KEPT", 0.0)
    press(Client(), provider)
    liar.issuer_told = "https://other.example"
    assert [press(Client(), provider) for _time in range(10)] == [302] * 10
    assert liar.asked == 3
    monkeypatch.setattr(openid, "STALE", -1.0)
    assert press(Client(), provider) == 422


def test_a_provider_that_never_answered_is_asked_after_a_second_and_then_less_and_less_often(liar, gleb, monkeypatch):
    clock = [1_000.0]
    monkeypatch.setattr(openid.time, "monotonic", lambda: clock[0])
    provider = give(liar.url, gleb)
    liar.issuer_told = "https://other.example"
    asked_at = []
    for second in range(40):
        clock[0] = 1_000.0 + second
        before = liar.asked
        assert press(Client(), provider) == 422
        asked_at += [second] * (liar.asked - before)
    assert asked_at == [0, 1, 3, 7, 15, 30]
    liar.issuer_told = ""
    clock[0] = 1_045.0
    assert press(Client(), provider) == 302
