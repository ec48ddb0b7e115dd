"""What the server refuses to be."""

import pytest

from krug.config.serving.installation import Unfit
from krug.config.serving.safety import refuse_unsafe_settings


@pytest.fixture
def safe(settings):
    settings.DEBUG = False
    settings.SECRET_KEY = "9mXr-Wd2h7Qe0uTzKf5sLb8vYc1nPj4aGi6oRx3tHk_EwUqZyDl"
    settings.ALLOWED_HOSTS = ["crm.example.org"]
    return settings


def test_ordinary_settings_are_accepted(safe):
    refuse_unsafe_settings()


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("DEBUG", True, "debug"),
        ("SECRET_KEY", "secret", "too short"),
        ("SECRET_KEY", "x" * 80, "too short"),
        ("ALLOWED_HOSTS", ["*"], r"\*"),
    ],
)
def test_unsafe_settings_are_refused(safe, name, value, said):
    setattr(safe, name, value)
    with pytest.raises(Unfit, match=said):
        refuse_unsafe_settings()


def test_every_answer_carries_its_headers(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    policy = answer.headers["Content-Security-Policy"]
    assert "'unsafe-inline'" not in policy and "'unsafe-eval'" not in policy
    for part in ("object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "script-src 'self' 'nonce-"):
        assert part in policy
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"
    assert client.get("/healthz").headers["Content-Security-Policy"] != policy


def test_a_foreign_host_is_refused(client):
    assert client.get("/healthz", headers={"host": "evil.example"}).status_code == 400
