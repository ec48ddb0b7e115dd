"""The API: every type by token, strict input, versions, keys that make repeats harmless, problems as documents."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from krug.access.models import Reach
from krug.activities.testing import make_task
from krug.kernel.journal.models import JournalEntry
from krug.kernel.registry import entities
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.tokens import issue
from krug.parties.models import Party
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


class Program:
    """A program with a token."""

    def __init__(self, user: Any, *scopes: str) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.head = {"Authorization": f"Bearer {issue(user, scopes=scopes).text}", "Accept-Language": "en"}

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        sent = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.generic(
            method, f"/api/v1{path}", sent, content_type="application/json", headers={**self.head, **headers}
        )


@pytest.fixture
def program(anna):
    return Program(anna)


def test_without_a_token_nothing_opens_and_a_cookie_is_none(anna):
    client = Client()
    client.force_login(anna)
    answer = client.get("/api/v1/parties/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_every_type_lists_itself(gleb):
    program = Program(gleb)
    for entity in entities():
        answer = program.call("GET", f"/{entity.plural_url}/?limit=1")
        assert answer.status_code == 200, (entity.code, answer.content)
        assert set(answer.json()) == {"results", "next"}


def test_a_record_is_made_read_changed_and_put_away(program, anna):
    made = program.call("POST", "/parties/", {"display_name": "Северный Ветер", "city": "Самара"})
    assert made.status_code == 201, made.content
    body = made.json()
    assert body["owner"]["id"] == anna.pk
    read = program.call("GET", f"/parties/{body['id']}/?fields=display_name,owner")
    assert read.json() == {
        "id": body["id"],
        "version": body["version"],
        "display_name": "Северный Ветер",
        "owner": body["owner"],
    }
    changed = program.call("PATCH", f"/parties/{body['id']}/", {"city": "Казань"}, **{"If-Match": read["ETag"]})
    assert changed.status_code == 200, changed.content
    assert changed["ETag"] != read["ETag"]
    stale = program.call("PATCH", f"/parties/{body['id']}/", {"city": "Омск"}, **{"If-Match": read["ETag"]})
    assert stale.status_code == 412
    history = program.call("GET", f"/parties/{body['id']}/history/").json()["results"]
    assert {"field": "city", "old": "Самара", "new": "Казань"} in history[0]["changes"]
    assert program.call("DELETE", f"/parties/{body['id']}/").status_code == 200
    assert Party.objects.get(pk=body["id"]).is_archived


def test_a_stranger_meets_the_same_404_as_for_nothing(anna, boris):
    party = make_party(owner=anna)
    program = Program(boris)
    for method, tail in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("GET", "history/"), ("POST", "verify/")):
        mine = program.call(method, f"/parties/{party.pk}/{tail}", {} if method != "GET" else None)
        none = program.call(method, f"/parties/999999999/{tail}", {} if method != "GET" else None)
        assert (mine.status_code, mine.content) == (none.status_code, none.content)
        assert mine.status_code == 404


def test_one_fault_lends_its_code_to_the_whole_and_several_are_listed_each_with_its_own(program, anna):
    from krug.parties.testing import make_requisites

    party = make_party(owner=anna)
    make_requisites(party, owner=anna, valid_from=date(2024, 1, 1), inn="7707083893", kpp="773601001")
    entries = JournalEntry.objects.count()
    sent = {"party": party.pk, "valid_from": "2023-01-01", "inn": "7707083893", "kpp": "773601001"}
    one = program.call("POST", "/requisites/", sent)
    assert (one.status_code, one.json()["code"]) == (422, "REQ_OVERLAP")
    assert [(fault["field"], fault["code"]) for fault in one.json()["errors"]] == [("valid_from", "REQ_OVERLAP")]
    several = program.call("POST", "/requisites/", sent | {"inn": "7707083894"}).json()
    assert several["code"] == "INVALID"
    assert {fault["code"] for fault in several["errors"]} == {"REQ_OVERLAP", "INN_CHECKSUM"}
    for typed, code in (
        ({"display_name": "x" * 256}, "TOO_LONG"), ({"display_name": "a\x01b"}, "CONTROL_CHARACTERS"),
        ({"owner": 999999}, "NO_SUCH_RECORD"), ({"colour": "red"}, "UNKNOWN_FIELD"),
        ({"state": "new"}, "PROTECTED_FIELD"),
    ):  # fmt: skip
        assert program.call("PATCH", f"/parties/{party.pk}/", typed).json()["code"] == code
    both = program.call("PATCH", f"/parties/{party.pk}/", {"colour": "red", "shape": "round"}).json()
    assert (both["code"], [fault["code"] for fault in both["errors"]]) == ("INVALID", ["UNKNOWN_FIELD"] * 2)
    assert JournalEntry.objects.count() == entries


def test_unknown_and_protected_fields_are_refused_and_nothing_changes(program, anna):
    party = make_party(owner=anna)
    entries = JournalEntry.objects.count()
    for sent in ({"colour": "red"}, {"state": "verified"}, {"version": 7}):
        answer = program.call("PATCH", f"/parties/{party.pk}/", sent)
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["field"] == next(iter(sent))
    assert JournalEntry.objects.count() == entries


def test_a_key_makes_a_repeat_harmless(program):
    sent = {"display_name": "Once only"}
    first = program.call("POST", "/parties/", sent, **{"Idempotency-Key": "k-1"})
    again = program.call("POST", "/parties/", sent, **{"Idempotency-Key": "k-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json() == again.json()
    assert Party.objects.filter(display_name="Once only").count() == 1
    other = program.call("POST", "/parties/", {"display_name": "Another"}, **{"Idempotency-Key": "k-1"})
    assert (other.status_code, other.json()["code"]) == (422, "ONCE_KEY_REUSED")


@pytest.mark.parametrize(
    "query",
    [
        "?nonsense=1",
        "?limit=1000",
        "?limit=x",
        "?sort=password",
        "?filter={",
        "?filter=%7B%22field%22%3A%22nope%22%7D",
        "?after=xyz",
        "?limit=1&limit=2",
    ],
)
def test_parameters_come_from_a_list(program, query):
    answer = program.call("GET", f"/parties/{query}")
    assert answer.status_code == 400, answer.content
    assert answer["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("body", [b"{", b"[]", b'"text"', b'{"display_name": "\\u0000"}', b"[" * 100 + b"]" * 100])
def test_a_broken_body_is_400_and_never_500(program, body):
    assert program.call("POST", "/parties/", body).status_code in (400, 422)


def test_a_wrong_type_is_named_with_its_field(program):
    answer = program.call("POST", "/parties/", {"display_name": ["a"], "owner": "x"})
    assert answer.status_code == 422
    assert {fault["field"] for fault in answer.json()["errors"]} == {"display_name", "owner"}


def test_pages_follow_one_another_by_cursor(program, anna):
    names = {make_party(owner=anna).display_name for _ in range(5)}
    seen, url = [], "/parties/?limit=2&fields=display_name"
    while url:
        page = program.call("GET", url).json()
        seen += [row["display_name"] for row in page["results"]]
        url = page["next"].split("/api/v1")[1] if page["next"] else None
    assert len(seen) == 5
    assert set(seen) == names


def test_totals_and_count_speak_of_visible_records_only(program, anna, boris):
    make_party(owner=anna, city="Самара")
    make_party(owner=boris, city="Самара")
    assert program.call("GET", "/parties/count").json() == {"count": 1, "exact": True}
    groups = program.call("GET", "/parties/totals?by=city").json()["results"]
    assert [(group["value"], group["count"]) for group in groups] == [("Самара", 1)]


def test_a_verb_is_a_call_and_a_refusal_a_document(program, anna):
    task = make_task(owner=anna)
    assert program.call("POST", f"/tasks/{task.pk}/complete/", {"outcome": "Reached"}).status_code == 200
    again = program.call("POST", f"/tasks/{task.pk}/complete/", {})
    assert (again.status_code, again.json()["code"]) == (422, "WRONG_STATE")


def test_a_token_reaches_no_further_than_its_scopes(anna):
    party = make_party(owner=anna)
    program = Program(anna, "party:view")
    assert program.call("GET", f"/parties/{party.pk}/").status_code == 200
    answer = program.call("PATCH", f"/parties/{party.pk}/", {"city": "Омск"})
    assert answer.status_code == 403
    assert program.call("GET", "/tasks/").status_code == 403


def test_a_token_with_a_narrow_scope_is_told_that_it_is_the_token(anna):
    party = make_party(owner=anna)
    reader = Program(anna, "party:view")
    for method, path, sent, scope in (
        ("PATCH", f"/parties/{party.pk}/", {"city": "Омск"}, "party:change"),
        ("POST", "/parties/", {"display_name": "x"}, "party:create"),
        ("DELETE", f"/parties/{party.pk}/", None, "party:archive"),
        ("GET", "/tasks/", None, "task:view"),
        ("GET", "/tasks/1/", None, "task:view"),
    ):
        answer = reader.call(method, path, sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "TOKEN_SCOPE"), path
        assert answer.json()["detail"] == f"This token lacks the scope “{scope}”. Its owner can make one that has it."
    weak = make_user(role=make_role("weak", {"party": (Reach.ALL, [])}))
    answer = Program(weak, "party:*").call("PATCH", f"/parties/{party.pk}/", {"city": "Омск"})
    assert (answer.json()["code"], answer.json()["detail"][:9]) == ("NOT_ALLOWED", "Your role")
    assert Party.objects.get(pk=party.pk).city == party.city


def test_a_closed_record_in_expand_says_why(anna, boris):
    theirs = make_party("Чужая", owner=boris)
    task = make_task(owner=anna, party=theirs)
    mine = make_task(owner=anna, party=make_party("Своя", owner=anna))
    rows = {
        row["id"]: row["party"]
        for row in Program(anna).call("GET", "/tasks/?expand=party&fields=party").json()["results"]
    }
    assert rows[task.pk] == {"id": theirs.pk, "name": None, "closed": "This record is not open to you."}
    assert (rows[mine.pk]["display_name"], "closed" in rows[mine.pk]) == ("Своя", False)


def test_what_somebody_makes_is_his_own_unless_another_is_named(program, anna):
    made = program.call("POST", "/tasks/", {"name": "Call back"})
    assert made.status_code == 201, made.content
    assert made.json()["assignee"]["id"] == anna.pk


def test_amounts_are_strings_in_records_history_and_sums(program, anna):
    party = make_party(owner=anna, annual_revenue=Decimal("10.50"), city="Самара")
    make_party(owner=anna, city="Казань")
    program.call("PATCH", f"/parties/{party.pk}/", {"annual_revenue": "12"})
    assert program.call("GET", f"/parties/{party.pk}/").json()["annual_revenue"] == "12.00"
    changes = program.call("GET", f"/parties/{party.pk}/history/").json()["results"][0]["changes"]
    assert changes == [{"field": "annual_revenue", "old": "10.50", "new": "12.00"}]
    groups = program.call("GET", "/parties/totals?by=city&sum=annual_revenue").json()["results"]
    assert {group["value"]: group["sum"] for group in groups} == {"Самара": "12.00", "Казань": "0.00"}


def test_an_unknown_address_is_told_as_a_document(program):
    answer = program.call("GET", "/nothing/")
    assert (answer.status_code, answer.json()["code"]) == (404, "NOT_FOUND")
    assert answer["Content-Type"] == "application/problem+json"


def test_the_search_finds_by_the_other_keyboard_layout(program, anna):
    make_party("Северный Ветер", owner=anna)
    found = program.call("GET", "/search?q=ctdthysq").json()
    assert found["reading"] == "layout"
    assert found["results"][0]["name"] == "Северный Ветер"


def test_the_schema_describes_every_type(gleb):
    schema = Program(gleb).call("GET", "/schema").json()
    assert schema["openapi"].startswith("3.1")
    for entity in entities():
        assert f"/api/v1/{entity.plural_url}/" in schema["paths"]


def test_the_description_is_a_page_of_ours(gleb):
    client = Client()
    assert client.get("/api/v1/docs").status_code == 401
    client.force_login(gleb)
    page = client.get("/api/v1/docs")
    assert page.status_code == Program(gleb).call("GET", "/docs").status_code == 200
    assert "/api/v1/docs/parties/" in page.content.decode()
    assert client.get("/api/v1/docs/no-such-type/").status_code == 404
    for language in ("ru", "en"):
        gleb.language = language
        gleb.save(update_fields=["language"])
        text = client.get("/api/v1/docs/parties/").content.decode()
        assert f'<html lang="{language}"' in text and "Idempotency-Key" in text and "curl -X POST" in text
        assert not re.search(r"<script[^>]+src=.http|<link[^>]+href=.http", text)


def test_a_slash_more_or_less_at_the_end_changes_nothing(program):
    made = program.call("POST", "/parties", {"display_name": "Северный Ветер"})
    assert made.status_code == 201
    address = f"/parties/{made.json()['id']}"
    assert program.call("PATCH", address, {"city": "Казань"}).json()["city"] == "Казань"
    assert program.call("DELETE", address).status_code == 200
    assert Party.objects.get(pk=made.json()["id"]).is_archived
    for path in (
        "/deals/totals?by=stage",
        "/deals/totals/?by=stage",
        "/deals/count",
        "/search?q=a",
        "/search/?q=a",
        "/changes/",
    ):
        assert program.call("GET", path).status_code == 200, path


def test_every_published_address_has_its_twin(gleb):
    program = Program(gleb)
    for path, calls in program.call("GET", "/schema").json()["paths"].items():
        bare = (
            path.removeprefix("/api/v1")
            .replace("{pk}", "1")
            .replace("{number}", "1")
            .replace("{act}", str(UUID(int=1)))
        )
        for twin in (bare.removesuffix("/"), bare.removesuffix("/") + "/"):
            answer = program.call("PUT", twin)
            assert answer.status_code == 405, (twin, calls)
            assert answer["Content-Type"] == "application/problem+json"
            assert answer["Allow"]
            assert answer.json()["code"] == "WRONG_METHOD"
