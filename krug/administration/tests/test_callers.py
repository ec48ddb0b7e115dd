"""The address is the one the connection came from, unless our own proxy says more."""

from __future__ import annotations

import pytest
from django.test import RequestFactory

from krug.kernel.callers import client_address, device_named


def asked(remote: str, forwarded: str = "") -> object:
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    return RequestFactory().get("/", REMOTE_ADDR=remote, **headers)


def test_a_told_address_is_ignored_without_a_trusted_proxy():
    assert client_address(asked("198.51.100.7", "203.0.113.1")) == "198.51.100.7"


@pytest.mark.parametrize(
    ("forwarded", "address"),
    [
        ("203.0.113.1", "203.0.113.1"),
        ("1.2.3.4, 203.0.113.1", "203.0.113.1"),
        ("203.0.113.1, 10.0.0.2", "203.0.113.1"),
        ("nonsense", "10.0.0.1"),
        ("", "10.0.0.1"),
    ],
)
def test_a_trusted_proxy_tells_the_address_behind_it(settings, forwarded, address):
    settings.KRUG_TRUSTED_PROXIES = ["10.0.0.0/24"]
    assert client_address(asked("10.0.0.1", forwarded)) == address


def test_a_stranger_can_not_speak_for_a_proxy(settings):
    settings.KRUG_TRUSTED_PROXIES = ["10.0.0.1"]
    assert client_address(asked("198.51.100.7", "203.0.113.1")) == "198.51.100.7"


def test_an_old_address_in_new_clothes_is_the_same_address():
    assert client_address(asked("::ffff:198.51.100.7")) == "198.51.100.7"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605 Version/17 Safari/605", "Safari, macOS"),
        ("curl/8.0<script>", "curl/8.0script"),
        ("", ""),
    ],
)
def test_a_device_is_named_in_words(agent, words):
    assert device_named(agent) == words
