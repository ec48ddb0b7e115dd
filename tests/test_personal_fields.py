"""A field that the administrator marked as personal data is covered on every surface for those without that right."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from krug.access.models import Grant, Reach, User
from krug.administration.actions.attributes import add_attribute, change_details
from krug.administration.testing import make_attribute
from krug.kernel.attributes.catalogue import look_again
from krug.kernel.attributes.serving import is_extensible
from krug.kernel.doors import change_record
from krug.kernel.entity import Entity
from krug.kernel.registry import entities, get_entity
from krug.kernel.sight import seen_by
from krug.kernel.testing.canaries import WORD, signs_in
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.testing.contract import codes, make
from krug.kernel.tokens import issue
from tests.test_field_rights import surfaces

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]
extensible = pytest.mark.parametrize("code", [code for code in codes() if is_extensible(get_entity(code))])


def without_personal(code: str) -> User:
    """Somebody who sees and does everything, but may not see the personal data of one type."""
    role = make_role(f"covered-{code}", {each.code: (Reach.ALL, ["*"]) for each in entities()})
    own = {verb.name for verb in get_entity(code).verbs} | {"create", "change", "archive", "export", "import"}
    Grant.objects.filter(role=role, entity=code).update(verbs=sorted(own))
    return make_user(f"lida-{code}@example.org", role=role)


def hidden_in(entity: Entity, gleb: User, kind: str = "text", value: Any = WORD) -> tuple[Any, Any]:
    """A record whose personal field holds a canary, which was changed once so that history speaks of it."""
    field = make_attribute("Passport", entity=entity.code, kind=kind, details={"personal": "1"})
    record = make(entity, gleb)
    change_record(entity, record.pk, {field.key: value}, by=gleb)
    return record, field


def program(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {issue(user).text}"})


@extensible
def test_a_personal_field_of_any_type_is_told_only_to_those_with_the_right(code, gleb, client):
    entity = get_entity(code)
    record, field = hidden_in(entity, gleb)
    user, key = without_personal(code), field.key
    client.force_login(user)
    url, api = entity.url(), program(user)
    one = f"/api/v1{entity.url(record.pk)}"
    pages = [f"{url}?columns={key}", entity.url(record.pk), f"{entity.url(record.pk)}edit/"]
    pages += [f"{entity.url(record.pk)}history/", f"{url}export/?format=csv&columns={key}"]
    heard = {each: signs_in(client.get(each).getvalue().decode(errors="replace")) for each in pages}
    heard |= {each: signs_in(api.get(each).content.decode()) for each in (one, f"{one}history/", f"/api/v1{url}")}
    assert {place: signs for place, signs in heard.items() if signs} == {}
    asked = json.dumps({"field": key, "operator": "eq", "value": WORD})
    for question in ({"filter": asked}, {"sort": key}):
        assert api.get(f"/api/v1{url}", question).status_code == 400
    assert api.get(f"/api/v1{url}totals", {"by": key}).status_code == 400
    sent = api.patch(one, {key: "x"}, content_type="application/json")
    assert (sent.status_code, sent.json()["errors"][0]["code"]) == (422, "READ_ONLY_FIELD")
    assert signs_in(program(gleb).get(one).content.decode())


@pytest.mark.parametrize(("kind", "value"), [("text", WORD), ("number", 7_654_321), ("date", "1931-07-19")])
def test_no_page_of_a_type_tells_a_personal_field(kind, value, gleb, client):
    from datetime import date

    entity = get_entity("party")
    record, _field = hidden_in(entity, gleb, kind, date.fromisoformat(value) if kind == "date" else value)
    client.force_login(without_personal("party"))
    heard = {url: signs_in(client.get(url).getvalue().decode(errors="replace")) for url in surfaces(entity, record)}
    told = {url: signs for url, signs in heard.items() if signs and f"q={WORD}" not in url}
    assert told == {}


def test_a_formula_over_a_personal_field_is_closed_to_those_without_the_right(gleb):
    entity = get_entity("deal")
    _record, field = hidden_in(entity, gleb, "number", 7_654_321)
    details = {"formula": f"{field.key} * 2"}
    made = add_attribute(entity="deal", name_en="Twice", kind="formula", details=details, by=gleb)
    with seen_by(without_personal("deal")):
        assert made.key not in entity.fields
    with seen_by(gleb):
        assert made.key in entity.fields


def test_saying_nothing_of_the_mark_keeps_it_and_only_saying_no_takes_it_off(gleb):
    field = make_attribute("Passport", kind="number", details={"personal": "1", "unit": "pcs"})
    change_details(field, {"unit": "t"}, by=gleb)
    field.refresh_from_db()
    assert (field.settings["personal"], field.settings["unit"]) == (True, "t")
    change_details(field, {"personal": False}, by=gleb)
    field.refresh_from_db()
    assert "personal" not in field.settings


def test_the_mark_is_set_on_the_page_and_through_the_api(gleb, client):
    client.force_login(gleb)
    typed = {"name": "Passport", "kind": "text", "personal": "1"}
    assert client.post("/settings/attributes/party/new/", typed).status_code == 303
    look_again()
    [key] = [name for name in get_entity("party").everything.personal if name.startswith("a")]
    number = int(key[1:])
    assert "Персональные данные" in client.get("/settings/attributes/party/").content.decode()
    url = f"/settings/attributes/fields/{number}/details/"
    assert 'name="personal"' in client.get(url).content.decode()
    assert client.post(url, {}).status_code == 303
    look_again()
    assert key not in get_entity("party").everything.personal
    sent = program(gleb).post(
        f"/api/v1/attributes/{number}/details/", {"details": {"personal": True}}, content_type="application/json"
    )
    assert (sent.status_code, sent.json()["details"]) == (200, {"personal": True})


def test_the_form_is_shown_as_it_will_look_and_nothing_is_written(gleb, client, happened):
    from krug.kernel.attributes.models import Attribute

    client.force_login(gleb)
    before = happened()
    typed = {"name": "Класс точности", "kind": "choice", "values": "A\nB", "section": "Металл", "preview": "1"}
    page = client.post("/settings/attributes/party/new/", typed).content.decode()
    shown = page.partition('id="preview"')[2]
    assert "data-new-field" in shown and "Класс точности" in shown and "Металл" in shown
    assert ">A</option>" in shown and 'name="preview-display_name"' in shown
    assert (Attribute.objects.count(), happened()) == (0, before)
    assert "Класс точности" not in client.get("/parties/new/").content.decode()
    worked = {"name": "Доля", "kind": "formula", "formula": "1 +", "preview": "1"}
    assert client.post("/settings/attributes/deal/new/", worked).status_code == 422
