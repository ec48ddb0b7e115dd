"""A group of fields that a role hides exists on no surface of any type; one to be read is written by no door."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client

from krug.access.models import Grant, Reach, Role, User
from krug.administration.actions.attributes import add_attribute
from krug.kernel.attributes.serving import served
from krug.kernel.doors import change_record
from krug.kernel.entity import Entity
from krug.kernel.errors import BadRequest, NotAllowed
from krug.kernel.fields import ReferenceField, title_names
from krug.kernel.journal.models import JournalEntry
from krug.kernel.journal.undo import undo_acts
from krug.kernel.registry import entities, get_entity
from krug.kernel.screens.beside import layouts_of
from krug.kernel.search.indexing import index_records, is_named
from krug.kernel.sight import seen_by
from krug.kernel.testing.canaries import release, signs_in
from krug.kernel.testing.cast import make_role, make_user
from krug.kernel.testing.contract import codes, make
from krug.kernel.tokens import issue
from krug.lists.rules.short_lists import columns_by

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]
ON_MY_DAY = ("activities", "parties", "sales")
every = pytest.mark.parametrize("code", codes())


def narrowed(code: str, level: str, *groups: str) -> User:
    """Somebody who sees and does everything, but for these groups of fields of one type."""
    role = make_role(f"narrow-{code}", {each.code: (Reach.ALL, ["*"]) for each in entities()})
    Grant.objects.filter(role=role, entity=code).update(fields={"*": "edit", **dict.fromkeys(groups, level)})
    Role.objects.filter(pk=role.pk).update(is_archived=False)
    return make_user(f"dora-{code}@example.org", role=role, surname="Узкая", given_name="Дора")


def named(entity: Entity) -> set[str]:
    """What is told of a record to whoever may see it at all."""
    return {"id", "is_archived", entity.title, *(path.partition("__")[0] for path in title_names(entity.model))}


def closable(entity: Entity) -> list[str]:
    """The fields that can be hidden."""
    return [name for name in served(entity).groups if name not in named(entity)]


def program(user: User) -> Client:
    return Client(headers={"Authorization": f"Bearer {issue(user).text}"})


def questions(name: str) -> list[str]:
    """The ways to ask a list for a field."""
    condition = json.dumps({"field": name, "operator": "not_empty"})
    return [urlencode(ask) for ask in ({"fields": name}, {"sort": name}, {"expand": name}, {"filter": condition})]


def is_unknown(entity: Entity, name: str) -> bool:
    """Whether whoever looks now is told that there is no such field."""
    try:
        entity.field(name)
    except BadRequest:
        return True
    return False


def surfaces(entity: Entity, record: Any) -> list[str]:
    """The addresses at which a record of the type, or what leads to it, is shown."""
    one, url = entity.url(record.pk), entity.url()
    shown = ["", "edit/", "history/", *(f"{verb.name}/" for verb in entity.verbs)]
    lists = [
        "",
        "count/",
        "new/",
        "options/?q=",
        "export/?format=csv",
        "export/?format=jsonl",
        f"bulk/?ids={record.pk}",
    ]
    lists += [f"?view={name}" for name in layouts_of(entity)]
    lists += [f"?view=board&by={name}" for name in columns_by(entity)]
    found = [*(one + tail for tail in shown), *(url + tail for tail in lists)]
    for field in served(entity).fields.values():
        if isinstance(field, ReferenceField) and not field.is_attribute:
            target = next((each for each in entities() if each.model is field.model), None)
            value = field.value_of(record)
            if target is not None and value is not None:
                found.append(target.url(value.pk))
    return [*found, *(["/"] if entity.model._meta.app_label in ON_MY_DAY else [])]


@every
def test_a_hidden_group_stands_on_no_page_and_in_no_file(code, client):
    entity = get_entity(code)
    user = narrowed(code, "hidden", *served(entity).groups.values())
    record = make(entity, user)
    names = release(entity, record, closable(entity))
    if is_named(entity):
        index_records(entity, [record.pk])
    client.force_login(user)
    heard = {}
    for url in surfaces(entity, record):
        answer = client.get(url)
        assert answer.status_code < 500, f"{url}: {answer.status_code}"
        if found := signs_in(answer.getvalue().decode(errors="replace")):
            heard[url] = found
    drawer = client.get(entity.url(record.pk), headers={"HX-Request": "true", "HX-Target": "drawer"})
    if found := signs_in(drawer.getvalue().decode()):
        heard["drawer"] = found
    assert heard == {}, names


@every
def test_the_canaries_do_sing_where_nothing_is_hidden(code, gleb):
    entity = get_entity(code)
    record = make(entity, gleb)
    names = release(entity, record, closable(entity))
    if not set(names) & set(served(entity).fields):
        pytest.skip("nothing in this type can hold a canary")
    told = program(gleb).get(f"/api/v1{entity.url(record.pk)}").content.decode()
    assert signs_in(told)


@every
def test_programs_and_questions_meet_a_hidden_field_like_one_that_never_was(code):
    entity = get_entity(code)
    user = narrowed(code, "hidden", *served(entity).groups.values())
    record = make(entity, user)
    release(entity, record, closable(entity))
    client, url = program(user), f"/api/v1/{entity.plural_url}/"
    for tail in ("", f"{record.pk}/", f"{record.pk}/history/"):
        answer = client.get(url + tail)
        assert (answer.status_code, signs_in(answer.content.decode())) == (200, []), tail
    told = client.get(f"{url}{record.pk}/").json()
    hidden = closable(entity)
    assert set(told) & set(hidden) == set()
    with seen_by(User.objects.get(pk=user.pk)):
        assert [name for name in hidden if name in entity.fields] == []
        assert [name for name in hidden if not is_unknown(entity, name)] == []
    never = [client.get(f"{url}?{ask}") for ask in questions("never_was")]
    for name in hidden:
        asked = list(zip(questions(name), never, strict=True))
        for ask, other in asked if name == hidden[0] else asked[-1:]:  # every door for one, the cheapest for the others
            got = client.get(f"{url}?{ask}")
            assert (got.status_code, other.status_code) == (400, 400), ask
            told = (
                got.content.decode()
                .replace(f'"field": "{name}"', '"field": "never_was"')
                .replace(f"«{name}»", "«never_was»")
            )
            assert told == other.content.decode()
    for name in hidden[:1]:  # a dear door, which looks for the field in the same way
        assert client.get(f"{url}totals?by={name}").status_code == 400
    if not hidden:
        return
    sent = client.patch(f"{url}{record.pk}/", dict.fromkeys(hidden, "x"), content_type="application/json")
    assert sent.status_code == 400
    told = {fault["field"]: fault["code"] for fault in sent.json()["errors"]}
    assert told == dict.fromkeys(hidden, "UNKNOWN_FIELD"), sent.content.decode()


@every
def test_fields_to_be_read_are_shown_and_refused_by_every_writing_door(code, client, happened):
    entity = get_entity(code)
    user = narrowed(code, "read", *served(entity).groups.values())
    record = make(entity, user)
    before, version = happened(), getattr(record, "version", None)
    api = program(user)
    told = api.get(f"/api/v1{entity.url(record.pk)}").json()
    client.force_login(user)
    editable = served(entity).editable
    assert [name for name in editable if name not in told] == []
    sent = api.patch(f"/api/v1{entity.url(record.pk)}", dict.fromkeys(editable), content_type="application/json")
    if editable:
        assert sent.status_code == 422
        refused = {fault["field"]: fault["code"] for fault in sent.json()["errors"]}
        assert refused == dict.fromkeys(editable, "READ_ONLY_FIELD")
    for name in {*editable[:1], *editable[-1:]}:
        assert client.get(f"{entity.url(record.pk)}field/{name}/").status_code == 404
        assert client.post(f"{entity.url(record.pk)}field/{name}/", {name: "x"}).status_code == 404
    form = client.get(f"{entity.url(record.pk)}edit/").content.decode().partition("<main")[2]
    assert [name for name in served(entity).editable if f'name="{name}"' in form] == []
    client.post(f"{entity.url(record.pk)}edit/", dict.fromkeys(served(entity).editable, "x") | {"version": "1"})
    client.post(f"{entity.url()}bulk/", {"ids": record.pk, "deed": "edit", "pick": list(served(entity).editable),
                                         "step": "start", **dict.fromkeys(served(entity).editable, "x")})  # fmt: skip
    record.refresh_from_db()
    assert (happened(), getattr(record, "version", None)) == (before, version)


@every
def test_the_fields_of_a_type_cost_no_question_more_for_a_narrow_role(code, gleb, django_assert_num_queries):
    entity = get_entity(code)
    user = User.objects.get(pk=narrowed(code, "hidden", *list(served(entity).groups.values())[-1:]).pk)
    with seen_by(user):
        assert entity.fields
        with django_assert_num_queries(0):
            assert entity.fields
            assert entity.columns is not None
            assert entity.views is not None
            assert entity.editable is not None


def test_nobody_puts_back_what_he_may_not_write(gleb, anna):

    entity, user = get_entity("deal"), narrowed("deal", "read", "money")
    record = make(entity, gleb)
    for values in ({"amount": 100}, {"name": "Новое имя"}):
        change_record(entity, record.pk, values, by=gleb)

    renamed, priced = (
        entry.act for entry in JournalEntry.objects.filter(entity="deal", event="RecordChanged").order_by("-id")[:2]
    )
    with pytest.raises(NotAllowed):
        undo_acts([priced], by=user)
    record.refresh_from_db()
    assert record.amount == 100
    undo_acts([renamed], by=User.objects.get(pk=user.pk))
    record.refresh_from_db()
    assert record.name != "Новое имя"


def test_a_formula_over_a_closed_field_is_closed_with_it(gleb):
    details = {"formula": "amount * 0.1"}
    made = add_attribute(entity="deal", name_ru="Комиссия", name_en="Fee", kind="formula", details=details, by=gleb)
    with seen_by(narrowed("deal", "hidden", "money")):
        assert made.key not in get_entity("deal").fields
    with seen_by(gleb):
        assert made.key in get_entity("deal").fields
