"""The names that programs outside rely on, line by line: each is there and answers as it was promised."""

from __future__ import annotations

import argparse
import json
import os
from importlib import import_module
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone

from krug.access.models import Reach, Role
from krug.activities.testing import make_task
from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.config.cli import COMMANDS
from krug.config.settings.places import PROJECT, data_folder
from krug.config.settings.secrets import secret_key
from krug.kernel.registry import entities
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.tests.test_api import Program
from krug.parties.testing import make_party
from krug.sales.testing import make_deal

pytestmark = pytest.mark.django_db
FLAGS = {
    "serve": {"--demo", "--port", "--host"},
    "user": set(),
    "token": {"email", "--scope", "--json"},
    "import": {"path", "--preset", "--dry-run", "--json"},
    "export": {"entity", "--to", "--filter"},
    "bench": {"--parties", "--json"},
    "backup": {"file", "--json"},
    "restore": {"file"},
    "doctor": {"--json"},
}
PROMISED_ROLES = ("administrator", "head", "seller", "marketer", "operator", "engineer", "secretary", "executive",
                  "dealer", "customer")  # fmt: skip
PAGES = ("/", "/parties/", "/contacts/", "/deals/", "/deals/?view=board", "/tasks/", "/calendar/", "/reports/",
         "/settings/", "/ui/")  # fmt: skip


def options_of(command):
    parser = argparse.ArgumentParser()
    import_module(f"krug.config.commands.{command.replace('import', 'import_files')}").describe(parser)
    return {name for action in parser._actions for name in (action.option_strings or [action.dest]) if name != "--help"}


@pytest.mark.parametrize("command", FLAGS)
def test_each_command_takes_what_was_promised(command):
    assert command in COMMANDS
    assert options_of(command) >= FLAGS[command]


def test_a_person_is_added_with_role_team_name_and_password():
    parser = argparse.ArgumentParser()
    import_module("krug.config.commands.user").describe(parser)
    words = "add a@b.example --role seller --team North --name Anna --password krug-and-nothing-else --json"
    given = parser.parse_args(words.split())
    assert (given.email, given.role, given.team, given.name, given.json) == (
        "a@b.example",
        "seller",
        "North",
        "Anna",
        True,
    )


@pytest.mark.parametrize("script", ["serve", "test", "check", "krug"])
def test_each_script_of_a_checkout_can_be_run(script):
    assert os.access(PROJECT / "bin" / script, os.X_OK)


def test_the_folder_and_the_key_are_where_the_environment_says(monkeypatch, tmp_path):
    monkeypatch.setenv("KRUG_DATA", str(tmp_path / "elsewhere"))
    assert data_folder() == tmp_path / "elsewhere"
    (tmp_path / "key").write_text("x" * 60, encoding="utf-8")
    monkeypatch.setenv("KRUG_SECRET_KEY_FILE", str(tmp_path / "key"))
    assert secret_key(tmp_path) == "x" * 60


def test_the_promised_roles_are_shipped():
    ensure_shipped_roles()
    assert {*Role.objects.filter(is_shipped=True).values_list("code", flat=True)} >= {*PROMISED_ROLES}


@pytest.mark.parametrize("address", PAGES)
def test_each_promised_page_opens(address, gleb, client):
    client.force_login(gleb)
    assert client.get(address, follow=True).status_code == 200


def test_every_record_page_stands_below_the_plural_of_its_type(gleb, client):
    party = make_party(owner=gleb)
    client.force_login(gleb)
    assert client.get(f"/parties/{party.pk}/").status_code == 200
    assert [entity.url(17) for entity in entities()] == [f"/{entity.plural_url}/17/" for entity in entities()]


def test_whether_the_house_lives_and_works_is_told_to_everybody(client):
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 200)


def test_the_schema_and_its_description_are_where_they_were_promised(gleb):
    program = Program(gleb)
    schema, page = program.call("GET", "/schema"), program.call("GET", "/docs")
    assert (schema.json()["openapi"][:3], schema["Content-Type"]) == ("3.1", "application/json; charset=utf-8")
    assert (page.status_code, page["Content-Type"]) == (200, "text/html; charset=utf-8")


def test_a_list_takes_every_promised_parameter_at_once(gleb):
    deals = [make_deal(owner=gleb) for _number in range(3)]
    tree = {"all": [{"field": "id", "operator": "in", "value": [deal.pk for deal in deals]}]}
    asked = {"filter": json.dumps(tree), "q": "", "sort": "-id", "fields": "id,party", "expand": "party", "limit": 2}
    first = Program(gleb).call("GET", f"/deals/?{urlencode(asked)}").json()
    assert set(first) == {"results", "next"}
    assert [row["id"] for row in first["results"]] == [deals[2].pk, deals[1].pk]
    assert first["results"][0]["party"]["display_name"] == str(deals[2].party)
    rest = Program(gleb).call("GET", first["next"].partition("/api/v1")[2]).json()
    assert ([row["id"] for row in rest["results"]], rest["next"]) == ([deals[0].pk], None)
    today = timezone.localtime().strftime("%Y-%m-%d")
    assert len(Program(gleb).call("GET", f"/deals/?as_of={today}").json()["results"]) == 3
    assert Program(gleb).call("GET", "/deals/?limit=201").status_code == 400


def test_totals_and_counts_have_the_promised_shape(gleb):
    make_party(owner=gleb, city="Омск")
    program = Program(gleb)
    (group,) = program.call("GET", "/parties/totals?by=city&sum=annual_revenue").json()["results"]
    assert {"value", "label", "count", "sum"} <= set(group)
    assert program.call("GET", "/parties/count").json() == {"count": 1, "exact": True}


def test_money_is_a_string_with_its_currency_and_days_are_iso(gleb):
    deal = make_deal(owner=gleb, amount="1200.50")
    told = Program(gleb).call("GET", f"/deals/{deal.pk}/").json()
    assert (told["amount"], told["currency"]) == ("1200.50", "RUB")
    assert told["created_at"].endswith("Z") and told["created_at"][10] == "T"


def test_a_record_is_read_changed_put_away_and_its_history_told(gleb):
    program, party = Program(gleb), make_party(owner=gleb)
    read = program.call("GET", f"/parties/{party.pk}/")
    head = {"If-Match": read["ETag"], "Idempotency-Key": "a"}
    assert program.call("PATCH", f"/parties/{party.pk}/", {"city": "Омск"}, **head).status_code == 200
    assert program.call("GET", f"/parties/{party.pk}/history/").json()["results"][0]["kind"] == "changed"
    assert program.call("DELETE", f"/parties/{party.pk}/").json()["is_archived"] is True
    task = make_task(owner=gleb)
    assert program.call("POST", f"/tasks/{task.pk}/complete/", {}).status_code == 200
    assert set(program.call("GET", "/changes?after=now").json()) == {"results", "next", "more"}
    assert set(program.call("GET", "/search?q=a").json()) == {"results", "reading", "text"}


def refusals(gleb, anna, boris):
    """One call for each promised refusal."""
    program, mine, theirs = Program(anna), make_party(owner=anna), make_party(owner=boris)
    weak = Program(make_user(role=make_role("weak", {"party": (Reach.ALL, [])})))
    yield 400, program.call("GET", "/parties/?colour=red")
    yield 401, Client().get("/api/v1/parties/", headers={"Accept-Language": "en"})
    yield 403, weak.call("PATCH", f"/parties/{mine.pk}/", {"city": "Омск"})
    yield 404, program.call("GET", f"/parties/{theirs.pk}/")
    yield 404, program.call("PATCH", f"/parties/{theirs.pk}/", {"city": "Омск"})
    yield 405, program.call("PUT", "/parties/")
    yield 412, program.call("PATCH", f"/parties/{mine.pk}/", {"city": "Омск"}, **{"If-Match": '"v999"'})
    yield 422, program.call("PATCH", f"/parties/{mine.pk}/", {"display_name": ""})


def test_every_refusal_is_a_problem_with_a_code_and_words_in_the_callers_language(gleb, anna, boris):
    for status, answer in refusals(gleb, anna, boris):
        told = answer.json()
        assert (answer.status_code, told["status"], answer["Content-Type"]) == (
            status,
            status,
            "application/problem+json",
        )
        assert told["code"].isupper() and told["detail"] and told["title"], told
    russian = Program(anna).call("GET", "/parties/?colour=red", **{"Accept-Language": "ru"}).json()
    assert russian["detail"] == "Параметр «colour» здесь неизвестен."
    assert [fault["field"] for fault in russian["errors"]] == ["colour"]
