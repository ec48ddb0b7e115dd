"""What the browser is told with every answer, what it never runs, and what a second press never doubles."""

from __future__ import annotations

import json
import re
import threading
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, connections
from django.test import Client

from krug.access.models import Reach, User
from krug.activities.testing import make_interaction, make_task
from krug.administration.actions.sessions import limits_for
from krug.config.serving import roles
from krug.exchange.importing.tables import plain_cell, safe_cell
from krug.kernel.journal.models import AuditRecord, JournalEntry, RowChange
from krug.kernel.registry import get_entity
from krug.kernel.search.indexing import index_records
from krug.kernel.testing.cast import administrator_role, make_role, make_user
from krug.kernel.tokens import issue
from krug.parties.models import Party
from krug.parties.testing import make_contact, make_party
from krug.sales.testing import make_deal

SCRIPTS = (
    "<script>alert(1)</script>\"><img src=x onerror=alert(1)>'-alert(1)-'",
    '{{7*7}}${7*7}</title><svg onload=alert(1)>" hx-get="/x" x="',
    "javascript:alert(1)",
)
HEADERS = ("X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "url", ["/", "/deals/", "/deals/999999/", "/nowhere", "/sign-in/", "/deals/?sort=x", "/api/v1/x"]
)
def test_every_answer_carries_the_policy_and_is_not_kept(url, gleb, client):
    client.force_login(gleb)
    answer = client.get(url)
    policy = answer["Content-Security-Policy"]
    for part in ("script-src 'self' 'nonce-", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'"):
        assert part in policy
    assert "unsafe" not in policy and "*" not in policy
    assert all(name in answer for name in HEADERS)
    assert answer["Cache-Control"] == "no-store"
    body = answer.content.decode()
    assert not re.search(r"<[^>]+\s(on\w+|style)=", body)
    nonce = re.search(r"'nonce-([^']+)'", policy).group(1)
    assert all(f'nonce="{nonce}"' in tag or "src=" in tag for tag in re.findall(r"<script[^>]*>", body))


@pytest.mark.django_db
def test_a_fault_shows_a_number_and_no_trace(gleb, client, monkeypatch):
    client.force_login(gleb)
    client.raise_request_exception = False
    monkeypatch.setattr(User, "full_name", property(lambda self: 1 / 0))
    answer = client.get(f"/users/{gleb.pk}/")
    body = answer.content.decode()
    assert answer.status_code == 500 and "Content-Security-Policy" in answer
    assert not re.search(r"Traceback|ZeroDivision|site-packages|krug/|Django", body)
    assert re.search(r"\d{8}", body)


@pytest.mark.django_db
def test_https_is_told_to_last_whatever_the_proxy_speaks(settings, client):
    settings.SECURE_HSTS_SECONDS = 31536000
    assert client.get("/sign-in/")["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


@pytest.mark.django_db
def test_foreign_names_are_refused(client):
    assert client.get("/sign-in/", headers={"host": "evil.example"}).status_code == 400
    assert client.get("/sign-in/", headers={"x-forwarded-host": "evil.example"}).status_code == 400
    assert client.get("/sign-in/", headers={"x-forwarded-host": "testserver"}).status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize(
    "wanted", ["https://evil.example/", "//evil.example", "/\\evil.example", "\\\\evil.example", "javascript:x"]
)
def test_no_form_leads_to_a_foreign_place(wanted, gleb, client):
    client.force_login(gleb)
    deal = make_deal(by=gleb)
    for headers in ({}, {"X-Submit": "1"}, {"HX-Request": "true"}):
        for url, sent in (
            (f"/deals/{deal.pk}/edit/", {"name": "x", "next": wanted}),
            ("/drafts/x/", {"discard": "1", "next": wanted}),
            ("/me/preferences/", {"theme": "dark", "next": wanted}),
        ):
            answer = client.post(url, sent, headers={**headers, "Referer": "http://testserver/\\evil.example"})
            for name in ("Location", "X-Location", "HX-Redirect"):
                assert "evil" not in answer.get(name, "") and "javascript" not in answer.get(name, "")


@pytest.mark.django_db
@pytest.mark.parametrize("text", SCRIPTS)
def test_no_text_of_a_user_becomes_a_part_of_the_page(text, gleb, client):
    client.force_login(gleb)
    party = make_party(text, owner=gleb, city=text[:60])
    contact = make_contact(owner=gleb, surname=text[:60])
    deal = make_deal(text, owner=gleb, party=party)
    task = make_task(text, by=gleb, party=party)
    said = make_interaction(by=gleb, party=party, about=deal, text=text)
    User.objects.filter(pk=gleb.pk).update(surname=text[:60])
    index_records(get_entity("party"), [party.pk])
    client.post("/deals/views/?view=table", {"name": text, "shared": "all"})
    client.post("/teams/new/", {"name": text})
    client.post(f"/parties/{party.pk}/edit/", {"display_name": f"{text} 2", "next": text})
    pages = ["/", "/deals/?view=table", "/deals/?view=board", "/parties/", "/tasks/", "/teams/", "/reports/funnel/"]
    pages += [
        f"/{one}/" for one in (f"parties/{party.pk}", f"contacts/{contact.pk}", f"deals/{deal.pk}", f"tasks/{task.pk}")
    ]
    pages += [
        f"/interactions/{said.pk}/",
        f"/parties/{party.pk}/history/",
        f"/parties/{party.pk}/edit/",
        "/settings/audit/",
    ]
    for page in pages:
        assert unescaped(client.get(page).content.decode()) == [], page
    for page in ("/search/", "/parties/options/", "/deals/", "/parties/quick/", "/deals/new/"):
        for asked in ({"q": text}, {"q": text, "palette": "1"}, {"display_name": text, "name": text, "next": text}):
            assert unescaped(client.get(page, asked).content.decode()) == [], page


def unescaped(body: str) -> list[str]:
    """Where the text stands as it is, or as the address of a link, or made an attribute."""
    marks = [
        "<script>alert",
        "<img src=x",
        "<svg onload",
        '" hx-get="/x"',
        'href="javascript:',
        'action="javascript:',
        "49$49",
    ]
    return [mark for mark in marks if mark in body]


@pytest.mark.parametrize(
    "text", ["=1+1", "+1+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "-2+3+cmd|' /C calc'!A0", "+7 812"]
)
def test_no_cell_of_a_file_is_a_formula_and_it_comes_back_unchanged(text):
    assert safe_cell(text) == "'" + text
    assert plain_cell(safe_cell(text)) == text


@pytest.mark.django_db
def test_a_file_is_safe_taken_by_right_and_written_down(gleb, client):
    make_party("=HYPERLINK(1)", owner=gleb)
    client.force_login(gleb)
    answer = client.get("/parties/export/")
    assert b"'=HYPERLINK(1)" in answer.getvalue()
    assert answer["Content-Disposition"].startswith("attachment") and answer["X-Content-Type-Options"] == "nosniff"
    assert AuditRecord.objects.filter(kind="export", actor=gleb, object="party").count() == 1
    looker = make_user(role=make_role("looker", {"party": (Reach.ALL, []), "user": (Reach.ALL, [])}))
    client.force_login(looker)
    assert client.get("/parties/export/").status_code == 403
    assert AuditRecord.objects.filter(kind="refused", actor=looker, is_refused=True).count() == 1


@pytest.mark.django_db
def test_each_way_of_changing_leaves_one_line_of_history(gleb, client):
    party = make_party("A", owner=gleb)
    client.force_login(gleb)
    api = Client(headers={"Authorization": f"Bearer {issue(gleb).text}"})

    def lines() -> int:
        return RowChange.objects.filter(table_name="party", row_id=party.pk, kind="U").count()

    ways = (
        lambda: client.post(f"/parties/{party.pk}/edit/", {"display_name": "B"}),
        lambda: client.post(f"/parties/{party.pk}/field/city/", {"city": "Тверь"}),
        lambda: api.patch(f"/api/v1/parties/{party.pk}/", {"display_name": "C"}, content_type="application/json"),
        lambda: Party.objects.filter(pk=party.pk).update(display_name="D"),
        lambda: sql("UPDATE party SET display_name = 'E' WHERE id = %s", party.pk),
    )
    for number, way in enumerate(ways, start=1):
        before = lines()
        way()
        assert lines() == before + 1, number


def sql(text: str, *values: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(text, values)


@pytest.mark.django_db
@pytest.mark.parametrize("table", ["journal_entry", "journal_mention", "row_change", "audit_record"])
def test_the_application_may_add_to_history_but_never_change_it(table):
    assert table in roles.JOURNALS
    role = "krug_test_app"
    sql(f"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$")
    sql(f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}")
    sql(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM {role}")
    for refused in (
        f"UPDATE {table} SET id = id",
        f"DELETE FROM {table}",
        f"TRUNCATE {table}",
        f"DROP TABLE {table}",
        f"ALTER TABLE {table} DISABLE TRIGGER ALL",
        "ALTER TABLE party DISABLE TRIGGER krug_history_u",
        "SET session_replication_role = replica",
    ):
        sql("SAVEPOINT before")
        sql(f"SET LOCAL ROLE {role}")
        with pytest.raises(Exception, match=r"permission denied|must be owner"):
            sql(refused)
        sql("ROLLBACK TO SAVEPOINT before")


@pytest.mark.django_db
def test_sessions_of_outsiders_are_shorter(anna, gleb):
    customer = make_user(role=make_role("customer", {"deal": (Reach.OWN, [])}))
    assert limits_for(customer) == (timedelta(hours=2), timedelta(hours=24))
    assert limits_for(anna) == (timedelta(hours=12), timedelta(days=7))
    assert limits_for(gleb) == (timedelta(hours=1), timedelta(hours=12))


@pytest.mark.django_db
def test_from_an_address_shut_for_guessing_only_known_keys_come_in(gleb):
    known, fresh = issue(gleb).text, issue(gleb).text

    def ask(token: str) -> int:
        return Client(headers={"Authorization": f"Bearer {token}"}).get("/api/v1/deals/").status_code

    assert ask(known) == 200
    for number in range(21):
        ask(f"krug_guess{number}")
    assert (ask("krug_guess"), ask(fresh), ask(known)) == (429, 429, 200)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["form", "api"])
def test_twenty_equal_presses_make_one_record(way, transactional_db):
    gleb = make_user(role=administrator_role())
    token, answers = issue(gleb).text, []
    ready = threading.Barrier(20)

    def press() -> None:
        client = Client(headers={"Authorization": f"Bearer {token}", "Idempotency-Key": "k"})
        client.force_login(gleb)
        ready.wait(20)
        if way == "api":
            sent = json.dumps({"display_name": "Once"})
            answers.append(client.post("/api/v1/parties/", sent, content_type="application/json").status_code)
        else:
            answers.append(client.post("/parties/new/", {"display_name": "Once", "once": "k"}).status_code)
        connections.close_all()

    threads = [threading.Thread(target=press) for _number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    made = Party.objects.get(display_name="Once")
    assert JournalEntry.objects.filter(entity="party", subject_id=made.pk).count() == 1
    assert Counter(answers) == {201 if way == "api" else 303: 20}
