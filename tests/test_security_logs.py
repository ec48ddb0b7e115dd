"""What is written into the log of a working day: who did what, and never a secret or a customer's data."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import make_password
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from krug.access.models import Session, User
from krug.administration.actions.invitations import invite_person
from krug.administration.screens.devices import cookie_name
from krug.config.serving.logging import OneLine, without_secrets
from krug.kernel.testing.cast import make_user
from krug.kernel.tokens import issue

PASSWORD = "krug and nothing else"
WRONG = "guessed words of a thief"
NEW = "восемь синих слонов"
NAME, PHONE, INN = "Тайнов Секрет Инкогнитович", "+7 812 555-66-77", "7707083893"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    """Everything that a web process would write, in its own form and at its own levels."""
    text = io.StringIO()
    handler = logging.StreamHandler(text)
    handler.setFormatter(OneLine())
    root, krug = logging.getLogger(), logging.getLogger("krug")
    before, root.level, krug.level = (root.level, krug.level), logging.WARNING, logging.INFO
    root.manager._clear_cache()  # type: ignore[attr-defined]  # loggers remember what they may say
    root.addHandler(handler)
    yield text
    root.removeHandler(handler)
    root.level, krug.level = before
    root.manager._clear_cache()  # type: ignore[attr-defined]  # as above


def lines_of(written: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in written.getvalue().splitlines()]


@pytest.mark.django_db
def test_no_secret_and_no_name_is_written_in_a_whole_day(written, anna, gleb, client, monkeypatch):
    secrets = [PASSWORD, WRONG, NEW, NAME, "Тайнов", PHONE, "5556677", INN]
    client.raise_request_exception = False
    secrets.append(invite_person(anna, by=gleb))
    client.post(f"/join/{secrets[-1]}/", {"password": "short"})
    Client(enforce_csrf_checks=True).post(f"/join/{secrets[-1]}/", {"password": NEW})
    client.get("/welcome/first-run-secret-of-the-house/", headers={"host": "evil.example"})
    secrets.append("first-run-secret-of-the-house")
    for password in [WRONG] * 4 + [PASSWORD]:
        client.post("/sign-in/", {"email": "gleb@example.org", "password": password})
    assert client.get("/me/").status_code == 200
    secrets += [client.cookies["session"].value, client.cookies[cookie_name()].value]
    shown = client.post("/me/tokens/", {"name": "Reports", "days": "30", "scopes": "*:*", "current": PASSWORD})
    secrets.append("krug_" + shown.content.decode().split("krug_")[1][:43])
    api = Client(headers={"Authorization": f"Bearer {secrets[-1]}"}, raise_request_exception=False)
    assert api.get("/api/v1/parties/").status_code == 200
    api.post("/api/v1/parties/", {"display_name": NAME, "inn": INN, "x": PHONE}, content_type="application/json")
    Client(headers={"Authorization": "Bearer krug_wrong-key-of-a-stranger"}).get("/api/v1/parties/")
    secrets.append("krug_wrong-key-of-a-stranger")
    client.post("/contacts/new/", {"full_name": NAME, "note": PHONE})
    client.get("/search/", {"q": NAME})
    rows = SimpleUploadedFile("day.csv", f"name,inn,phone\n{NAME},{INN},{PHONE}\n".encode())
    client.post("/import/", {"preset": "maven-crm", "files": rows})
    client.get("/parties/export/")
    client.post("/me/password/", {"current": PASSWORD, "password": NEW, "again": NEW})
    secrets.append(client.cookies["session"].value)
    monkeypatch.setattr(User, "full_name", property(lambda self: 1 / 0))
    assert client.get(f"/users/{gleb.pk}/?q={NAME}").status_code == 500
    client.post("/sign-out/")
    secrets += Session.objects.values_list("session_key", flat=True)
    kinds = [json.loads(line["message"])["kind"] for line in lines_of(written) if line["logger"] == "krug.security"]
    assert {"sign-in", "sign-in.failed", "key.issued", "export", "user.pass-changed", "sign-out"} <= set(kinds)
    assert any("reference" in line["message"] for line in lines_of(written))
    assert any("ZeroDivisionError" in line.get("trace", "") for line in lines_of(written))
    assert [secret for secret in secrets if secret in written.getvalue()] == []


@pytest.mark.django_db
def test_what_is_refused_on_purpose_is_no_error_and_what_breaks_is_one_with_its_trace(written, anna, gleb, monkeypatch):
    token = issue(gleb, name="Program").text
    api = Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)
    person, stranger = Client(raise_request_exception=False), Client(enforce_csrf_checks=True)
    person.force_login(anna)
    many = {f"f{at}": "x" for at in range(3000)}
    answers = [
        person.get("/parties/?view=nothing"), person.get("/parties/?x=%00"), person.get("/parties/999999/"),
        person.get("/nowhere/"), person.get("/settings/"), person.post("/roles/new/", {}),
        person.post("/parties/new/", many), person.get("/", headers={"host": "evil.example"}),
        person.post("/parties/new/", {"display_name": ""}), stranger.post("/sign-in/", {"email": "x"}),
        api.get("/api/v1/nowhere/"), api.get("/api/v1/parties/999999/"), api.get("/api/v1/parties/?x=1"),
        api.post("/api/v1/parties/", {}, content_type="application/json"), Client().get("/api/v1/parties/"),
        api.post("/api/v1/parties/", "{", content_type="application/json"), api.put("/api/v1/parties/"),
    ]  # fmt: skip
    statuses = {answer.status_code for answer in answers}
    assert {400, 401, 403, 404, 405, 422} <= statuses and max(statuses) < 500
    told = lines_of(written)
    assert [line for line in told if line["level"] not in ("info", "warning") or "trace" in line] == []
    assert any(line["logger"].startswith("django.security") for line in told)
    monkeypatch.setattr(User, "full_name", property(lambda self: 1 / 0))
    assert person.get(f"/users/{gleb.pk}/").status_code == 500
    errors = [line for line in lines_of(written) if line["level"] == "error"]
    assert any("ZeroDivisionError" in line.get("trace", "") for line in errors)


@pytest.mark.django_db
def test_what_a_database_complains_of_is_written_without_the_values(written):
    known, unseen, hashed = "known.person@example.org", "Инкогнито", make_password(PASSWORD)
    make_user(known)
    for break_it in (
        lambda: User.objects.create(email=known, password=hashed),
        lambda: User.objects.create(email="x@example.org", surname=None, password=hashed, given_name=unseen),
        lambda: User.objects.extra(where=[f"surname = '{unseen}' AND 1"]).count(),
    ):
        try:
            with transaction.atomic():
                break_it()
        except Exception:
            logging.getLogger("krug.pages").exception("it broke")
    traces = [line["trace"] for line in lines_of(written)]
    assert len(traces) == 3 and all("psycopg.errors." in trace and "(left out)" in trace for trace in traces)
    assert "duplicate key value violates unique constraint" in traces[0]
    for hidden in (known, hashed, unseen):
        assert hidden not in written.getvalue()


def test_a_line_can_not_be_forged():
    record = logging.LogRecord("krug", logging.ERROR, "", 0, "one\r\n%s", ('{"level": "info"}\x1b[2K',), None)
    text = OneLine().format(record)
    assert "\n" not in text and "\r" not in text and "\x1b" not in text
    assert json.loads(text)["message"] == 'one\r\n{"level": "info"}\x1b[2K'


def test_links_that_open_a_door_are_cut():
    assert without_secrets("Forbidden: /join/WzEsIm:1abc:x-y_z/?a=1") == "Forbidden: /join/(left out)/?a=1"
    assert without_secrets("/welcome/abc /parties/1/") == "/welcome/(left out) /parties/1/"
