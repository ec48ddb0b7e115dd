"""What administration gives to programs: fields with formulas, opened hosts, and the tokens of everybody."""

from __future__ import annotations

import pytest

from krug.access.models import ApiToken, Reach
from krug.administration import outgoing
from krug.administration.actions.tokens import issue_token
from krug.administration.models import OpenedHost
from krug.administration.outgoing import Unreachable
from krug.kernel.attributes.models import Attribute
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.testing.receiving import receiving
from krug.kernel.tests.test_api import Program
from krug.parties.testing import make_party

pytestmark = pytest.mark.django_db


def define(program, **sent):
    return program.call("POST", "/attributes/define/", {"entity": "party", **sent})


def test_a_formula_is_defined_read_worked_out_and_changed_by_the_api(gleb):
    program = Program(gleb)
    bonus = define(program, name_en="Bonus", kind="number", details={"unit": "pcs", "places": 0})
    assert bonus.status_code == 201, bonus.content
    formula = define(program, name_en="Double bonus", kind="formula", details={"formula": f"{bonus.json()['key']} * 2"})
    assert formula.status_code == 201, formula.content
    number, key = formula.json()["id"], formula.json()["key"]
    read = program.call("GET", f"/attributes/{number}/details/").json()
    assert bonus.json()["key"] in read["details"]["formula"]
    party = make_party(owner=gleb)
    changed = program.call("PATCH", f"/parties/{party.pk}/", {bonus.json()["key"]: "21"})
    assert changed.status_code == 200, changed.content
    assert program.call("GET", f"/parties/{party.pk}/").json()[key] == "42"
    again = program.call(
        "POST", f"/attributes/{number}/details/", {"details": {"formula": f"{bonus.json()['key']} * 3"}}
    )
    assert again.status_code == 200, again.content
    assert program.call("GET", f"/parties/{party.pk}/").json()[key] == "63"


def test_a_list_is_defined_with_its_values_at_once(gleb):
    made = define(Program(gleb), name_en="Size", kind="choice", values=["Small", "Large"])
    assert [value["name_en"] for value in made.json()["values"]] == ["Small", "Large"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"name_en": "F", "kind": "formula", "details": {"formula": "__import__('os')"}}, 422),
        ({"name_en": "F", "kind": "formula", "details": {"formula": "no_such * 2"}}, 422),
        ({"name_en": "F", "kind": "formula", "details": {"code": "1"}}, 400),
        ({"name_en": "F", "kind": "formula", "details": []}, 400),
        ({"name_en": "F", "kind": "choice", "values": [1]}, 400),
        ({"name_en": "F", "kind": "text", "colour": "red"}, 400),
        ({"name_en": "", "kind": "text"}, 422),
    ],
)
def test_what_defines_no_field_is_refused_and_none_is_made(gleb, sent, status):
    assert define(Program(gleb), **sent).status_code == status
    assert not Attribute.objects.exists()


def test_somebody_without_the_right_defines_nothing():
    nobody = make_user(role=make_role("plain", {"party": (Reach.OWN, ["create"]), "attribute": (Reach.ALL, [])}))
    assert define(Program(nobody), name_en="F", kind="text").status_code == 403
    assert not Attribute.objects.exists()


def test_a_host_opened_by_the_administrator_is_reached_and_no_other(gleb):
    program = Program(gleb)
    with receiving() as receiver, outgoing.client() as client:
        with pytest.raises(Unreachable):
            client.get(receiver.url())
        made = program.call("POST", "/opened-hosts/", {"host": receiver.place, "note": "Test"})
        assert made.status_code == 201, made.content
        assert client.get(receiver.url()).status_code == 200
        assert program.call("DELETE", f"/opened-hosts/{made.json()['id']}/").status_code == 200
        with pytest.raises(Unreachable):
            client.get(receiver.url())


@pytest.mark.parametrize("host", ["*", "*.local", "http://erp.local", "10.0.0.0/8", "erp.local/x", "a b", "", "erp:0"])
def test_only_exact_hosts_are_opened(gleb, host):
    assert Program(gleb).call("POST", "/opened-hosts/", {"host": host}).status_code == 422
    assert not OpenedHost.objects.exists()


def test_who_does_not_see_everything_sees_no_opened_host(gleb, anna):
    made = Program(gleb).call("POST", "/opened-hosts/", {"host": "erp.local"}).json()
    assert Program(anna).call("GET", f"/opened-hosts/{made['id']}/").status_code == 404


def test_an_administrator_sees_and_revokes_the_tokens_of_everybody(gleb, anna, boris, client):
    mine, dead = issue_token(anna, by=anna, name="Warehouse"), issue_token(boris, by=boris, name="Old one")
    ApiToken.objects.filter(pk=dead.token.pk).update(expires_at=dead.token.created_at)
    client.force_login(gleb)
    page = client.get("/settings/tokens/").content.decode()
    assert "Warehouse" in page and mine.token.prefix in page and "Old one" not in page and mine.text not in page
    assert client.post(f"/settings/tokens/{mine.token.pk}/revoke/").status_code == 303
    assert not ApiToken.objects.get(pk=mine.token.pk).is_valid
    assert client.post("/settings/tokens/999999/revoke/").status_code == 404


def test_nobody_else_sees_them_and_nobody_revokes_the_token_of_somebody_above(gleb, client):
    plain = make_user(role=make_role("clerk", {"token": (Reach.OWN, ["create", "revoke"])}))
    middle = make_user(role=make_role("middle", {"token": (Reach.OWN, ["manage"])}))
    issued = issue_token(gleb, by=gleb)
    client.force_login(plain)
    assert client.get("/settings/tokens/").status_code == 403
    client.force_login(middle)
    assert client.post(f"/settings/tokens/{issued.token.pk}/revoke/").status_code == 403
    assert ApiToken.objects.get().is_valid


def test_a_token_that_may_only_read_writes_nothing(gleb, client):
    client.force_login(gleb)
    sent = {"name": "Reader", "days": "30", "reach": "read", "current": "krug and nothing else"}
    assert client.post("/me/tokens/", sent).status_code == 200
    assert ApiToken.objects.get().scopes == ["*:view"]
    reader, party = Program(gleb, "*:view"), make_party(owner=gleb)
    assert reader.call("GET", f"/parties/{party.pk}/").status_code == 200
    for method, path in (("PATCH", f"/parties/{party.pk}/"), ("POST", "/parties/"), ("POST", "/webhooks/")):
        assert reader.call(method, path, {}).status_code in (403, 422), path
    assert reader.call("PATCH", f"/parties/{party.pk}/", {"city": "Омск"}).status_code == 403


@pytest.mark.parametrize("name", ["token", "access_token", "api_key", "Authorization"])
def test_a_token_in_an_address_opens_nothing(anna, client, name):
    text = issue_token(anna, by=anna).text
    assert client.get(f"/api/v1/parties/?{name}={text}").status_code == 401
    assert ApiToken.objects.get().last_used_at is None
