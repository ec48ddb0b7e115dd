"""The doors themselves: how long a no takes, what a cookie is, how long a statement may run, what settings must say."""

from __future__ import annotations

import json
import os
import re
import statistics
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection, connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from krug.access.models import AttemptCounter, User
from krug.config.settings.database import database_from
from krug.config.settings.hashing import Argon2
from krug.kernel.journal.models import AuditRecord
from krug.kernel.testing.cast import administrator_role, make_user
from krug.kernel.testing.patience import stretched
from krug.kernel.tokens import issue
from krug.parties.testing import make_party

PROJECT = Path(__file__).resolve().parents[1]
PASSWORD = "krug and nothing else"
TOLERANCE = 0.030


def come_in(email: str, password: str = PASSWORD) -> tuple[tuple[int, str, int], float]:
    """One try, from a browser that was never here, with the counters put back so that none of them is locked.

    The time is what this thread has worked, so that a busy machine does not blur it; the database's part is counted.
    """
    AttemptCounter.objects.all().delete()
    with CaptureQueriesContext(connection) as questions:
        since = time.thread_time()
        answer = Client().post("/sign-in/", {"email": email, "password": password})
        seconds = time.thread_time() - since
    text = re.sub(r'nonce="[^"]+"|[A-Za-z0-9]{64}|value="[^"]*"', "", answer.content.decode())
    return (answer.status_code, text, len(questions)), seconds


@pytest.mark.django_db
def test_every_kind_of_no_takes_as_long_with_the_real_hash(settings):
    settings.PASSWORD_HASHERS = ["krug.config.settings.hashing.Argon2"]
    make_user("known@example.org")
    make_user("sent.away@example.org", is_active=False)
    User.objects.create(email="invited@example.org", password="!")
    assert User.objects.get(email="known@example.org").password.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    tries = {
        "wrong": ("known@example.org", "not this password"),
        "unknown": ("nobody@example.org", PASSWORD),
        "sent away": ("sent.away@example.org", PASSWORD),
        "invited": ("invited@example.org", PASSWORD),
    }
    taken: dict[str, list[float]] = {name: [] for name in tries}
    for _round in range(7):
        answers = {name: come_in(*sent) for name, sent in tries.items()}
        assert len({answer for answer, _seconds in answers.values()}) == 1, [each[0][2] for each in answers.values()]
        for name, (_answer, seconds) in answers.items():
            taken[name].append(seconds)
    medians = {name: statistics.median(each) for name, each in taken.items()}
    assert min(medians.values()) > 0.02, "this was not the real hash"
    assert max(medians.values()) - min(medians.values()) <= max(TOLERANCE, 0.1 * min(medians.values())), medians


@pytest.mark.django_db(transaction=True)
def test_of_fifty_guesses_at_the_same_moment_at_the_door_itself_five_are_looked_at():
    make_user("anna@example.org")
    ready, statuses = threading.Barrier(50), []

    def guess(number: int) -> None:
        client = Client(REMOTE_ADDR=f"10.0.{number}.1")
        ready.wait(30)
        answer = client.post("/sign-in/", {"email": "anna@example.org", "password": "guessed words"})
        statuses.append(answer.status_code)
        connections.close_all()

    threads = [threading.Thread(target=guess, args=[number]) for number in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(statuses) == [422] * 5 + [429] * 45
    kinds = list(AuditRecord.objects.values_list("kind", flat=True))
    assert (kinds.count("sign-in.failed"), kinds.count("sign-in.locked")) == (5, 45)


@pytest.mark.parametrize(
    ("process", "limits"),
    [("web", ("10s", "3s", "30s")), ("worker", ("15min", "10s", "5min")), ("command", ("0", "0", "0"))],
)
def test_each_kind_of_process_has_its_time_limits(process, limits, django_db_setup):
    given = database_from(os.environ["DATABASE_URL"], process)
    parameters = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    with psycopg.connect(**parameters, dbname="postgres", **given["OPTIONS"]) as session:
        names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
        assert tuple(session.execute(f"SHOW {name}").fetchone()[0] for name in names) == limits


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("limit", ["lock_timeout", "statement_timeout"])
def test_a_statement_that_takes_too_long_ends_in_a_plain_answer_and_no_change(limit, client):
    gleb = make_user(role=administrator_role())
    party = make_party("Before", owner=gleb)
    client.force_login(gleb)
    client.raise_request_exception = False
    given = connection.settings_dict
    parameters = {"host": given["HOST"], "port": given["PORT"], "user": given["USER"], "password": given["PASSWORD"]}
    with psycopg.connect(**parameters, dbname=given["NAME"]) as other:
        other.execute("SELECT 1 FROM party WHERE id = %s FOR UPDATE", [party.pk])
        with connection.cursor() as cursor:
            cursor.execute(f"SET {limit} = '100ms'")
        since = time.perf_counter()
        answer = client.post(f"/parties/{party.pk}/edit/", {"display_name": "After"})
        assert time.perf_counter() - since < stretched(3)
        with connection.cursor() as cursor:
            cursor.execute(f"RESET {limit}")
    assert (answer.status_code, answer["Retry-After"]) == (503, "5")
    assert not re.search(r"Traceback|psycopg|timeout|SELECT", answer.content.decode())
    party.refresh_from_db()
    assert party.display_name == "Before"


@pytest.mark.django_db
def test_a_cookie_opens_no_api_and_no_foreign_site_is_let_in(gleb, client):
    client.force_login(gleb)
    answer = client.get("/api/v1/deals/", headers={"Origin": "https://evil.example"})
    assert (answer.status_code, answer.json()["code"]) == (401, "NO_TOKEN")
    key = f"Bearer {issue(gleb).text}"
    asked = client.options("/api/v1/deals/", headers={"Origin": "https://evil.example", "Authorization": key})
    listed = Client().get("/api/v1/deals/", headers={"Origin": "https://evil.example", "Authorization": key})
    for each in (answer, asked, listed):
        assert not [name for name in each.headers if name.startswith("Access-Control")]
    assert "session" not in listed.cookies
    token = key.removeprefix("Bearer ")
    assert Client().get("/api/v1/deals/", {"token": token, "access_token": token}).status_code == 401


@pytest.mark.django_db
def test_more_than_a_hundred_files_are_refused(gleb, client):
    client.force_login(gleb)
    files = [SimpleUploadedFile(f"{number}.csv", b"a") for number in range(101)]
    assert client.post("/import/", {"preset": "maven-crm", "files": files}).status_code == 400


def test_over_https_every_cookie_is_bound_to_the_host():
    words = (
        "import json, django; from django.conf import settings as s; print(json.dumps("
        "[s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.CSRF_COOKIE_SECURE,"
        " s.SESSION_COOKIE_HTTPONLY, s.SESSION_COOKIE_SAMESITE, s.SECURE_HSTS_SECONDS,"
        " s.SECURE_HSTS_INCLUDE_SUBDOMAINS, s.DEBUG, s.SESSION_COOKIE_DOMAIN, s.SESSION_COOKIE_PATH, s.HOST_PREFIX]))"
    )
    environment = os.environ | {
        "KRUG_BASE_URL": "https://crm.example.org",
        "DJANGO_SETTINGS_MODULE": "krug.config.settings.test",
        "PYTHONPATH": str(PROJECT),
    }
    said = subprocess.run([sys.executable, "-c", words], env=environment, capture_output=True, text=True, check=True)
    assert json.loads(said.stdout) == [
        "__Host-session", "__Host-csrf", True, True, True, "Lax", 31536000, True, False, None, "/", "__Host-"
    ]  # fmt: skip


def test_hashes_and_sessions_are_of_the_required_kind():
    assert (Argon2.memory_cost, Argon2.time_cost, Argon2.parallelism) == (47104, 1, 1)
    assert django_settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"
    assert django_settings.SESSION_ENGINE == "krug.access.session_store"


def sources() -> list[tuple[str, str]]:
    """Every file of the product's own Python, tests left out."""
    files = [file for file in sorted((PROJECT / "krug").rglob("*.py")) if "tests" not in file.parts]
    return [(str(file.relative_to(PROJECT)), file.read_text(encoding="utf-8")) for file in files]


@pytest.mark.parametrize(
    "forbidden",
    [
        r"\bimport pickle\b|\bpickle\.|\bmarshal\.|\bshelve\b",
        r"\byaml\.(unsafe_)?load\(",
        r"(?<![.\w])(eval|exec)\(",
        r"shell=True|os\.system\(",
        r"\bmark_safe\(|\|\s*safe\b",
        r"\brandom\.(choice|random|randint|token)",
        r"verify=False|CERT_NONE|_create_unverified_context",
        r"^\s*(import|from) (requests|httpx|aiohttp|smtplib|imaplib|poplib|ftplib|ldap|http\.client|urllib\.request)\b",
    ],
)
def test_nothing_dangerous_is_called_anywhere(forbidden):
    known = (
        "krug/config/bench/",
        "krug/config/commands/serve.py",
        "krug/administration/outgoing.py",
        "krug/administration/smtp.py",
    )
    found = [name for name, text in sources() if re.search(forbidden, text, re.M) and not name.startswith(known)]
    assert found == []


def test_what_is_signed_has_a_purpose_of_its_own_and_an_end():
    salts: list[str] = []
    for name, text in sources():
        for call in re.findall(r"signing\.loads\((?:[^()]|\([^()]*(?:\([^()]*\))?[^()]*\))*\)", text):
            assert "salt=" in call and "max_age=" in call, f"{name}: {call}"
        salts += re.findall(r'^SALT = "(.+)"', text, re.M)
    assert len(salts) >= 3 and len(set(salts)) == len(salts)


def test_every_locked_package_has_its_hash():
    for file in sorted((PROJECT / "requirements").glob("*.lock")):
        packages = re.findall(r"^[A-Za-z0-9_.\[\]-]+==[^\n]+(?:\n    --hash=[^\n]+)*", file.read_text(), re.M)
        assert packages
        assert [package for package in packages if "--hash=sha256:" not in package] == [], file.name


def made(client: Client, url: str) -> Any:
    return client.get(url).status_code


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url",
    ["/.git/config", "/.env", "/static/../krug/config/settings/base.py", "/static/%2e%2e/%2e%2e/var/secret-key",
     "/var/secret-key", "/metrics", "/debug/", "/admin/", "/__debug__/", "/api/v1/openapi.json", "/backup.sql"],
)  # fmt: skip
def test_nothing_lies_about_for_strangers(url, client):
    assert made(client, url) in (401, 404)
    assert made(client, "/api/v1/schema") == 401
