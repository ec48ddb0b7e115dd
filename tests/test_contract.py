"""What every registered entity type must keep; being registered is enough to be asked."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from krug.administration.testing import make_attribute
from krug.kernel import doors, writing
from krug.kernel.attributes.serving import is_extensible
from krug.kernel.errors import Invalid
from krug.kernel.fields import ReferenceField
from krug.kernel.registry import get_entity
from krug.kernel.screens.controls import Reading
from krug.kernel.screens.history import history_of
from krug.kernel.testing.contract import codes, filter_conditions, make, samples
from krug.kernel.tokens import issue
from krug.kernel.ui.names import short_name
from krug.kernel.visibility import everyone

pytestmark = [pytest.mark.django_db, pytest.mark.urls("krug.kernel.testing.routes")]
every = pytest.mark.parametrize("code", codes())


def opened(client: Any, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 200, f"{url}: {answer.status_code} {answer.content.decode()[:1500]}"
    return str(answer.content.decode())


def batched(all_of_them: list[Any], many: int) -> Iterator[list[Any]]:
    """Several at a time."""
    rest = iter(all_of_them)
    while some := list(islice(rest, many)):
        yield some


def filtered(entity: Any, name: str, value: str) -> str:
    tree = json.dumps({"all": [{"field": name, "operator": "eq", "value": value}]})
    return f"{entity.url()}?{urlencode({'columns': name, 'filter': tree})}"


def test_every_type_has_a_sample():
    assert sorted(set(codes()) - set(samples())) == []


@every
def test_the_list_shows_a_record(code, gleb, client):
    entity = get_entity(code)
    record = make(entity, gleb)
    client.force_login(gleb)
    page = opened(client, entity.url())
    assert f"{entity.url(record.pk)}" in page and 'class="only-print"' in page


@every
def test_every_filter_is_understood_and_nonsense_refused(code, gleb, client):
    entity = get_entity(code)
    record = make(entity, gleb)
    client.force_login(gleb)
    conditions = list(filter_conditions(entity, record, gleb))
    for condition in conditions:
        counted = client.get(
            f"{entity.url()}count/?{urlencode({'filter': json.dumps(condition)})}", headers={"HX-Request": "true"}
        )
        assert re.fullmatch(r"\D+: \d+", counted.content.decode()), condition
    for some in batched(conditions, 15):
        page = opened(client, f"{entity.url()}?{urlencode({'filter': json.dumps({'all': some})})}")
        assert page.count('class="chip"') == len(some)
    for nonsense in (
        {"field": "no_such_field", "operator": "eq", "value": 1},
        {"field": "id", "operator": "drop", "value": 1},
    ):
        sent = urlencode({"filter": json.dumps(nonsense)})
        assert client.get(f"{entity.url()}count/?{sent}", headers={"HX-Request": "true"}).status_code == 400
        assert opened(client, f"{entity.url()}?{sent}").count('class="chip left-out"') == 1


@every
def test_every_sort_is_understood(code, gleb, client):
    entity = get_entity(code)
    make(entity, gleb)
    client.force_login(gleb)
    for name in entity.sorts or (entity.order.lstrip("-"),):
        opened(client, f"{entity.url()}?sort={name}")
        opened(client, f"{entity.url()}?sort=-{name}")


@every
@pytest.mark.parametrize("language", ["ru", "en"])
def test_page_forms_and_history_open_in_both_languages(code, language, gleb, client):
    gleb.language = language
    gleb.save(update_fields=["language"])
    entity = get_entity(code)
    record = make(entity, gleb)
    client.force_login(gleb)
    for tail in (
        f"{record.pk}/",
        f"{record.pk}/edit/",
        f"{record.pk}/history/",
        "new/",
        "new/?quick=1",
        "options/?q=a",
    ):
        text = opened(client, entity.url() + tail)
        assert "<h1" not in text or f'<html lang="{language}"' in text


@every
def test_every_verb_shows_its_form(code, gleb, client):
    entity = get_entity(code)
    record = make(entity, gleb)
    client.force_login(gleb)
    for verb in entity.verbs:
        opened(client, f"{entity.url(record.pk)}{verb.name}/")


@every
def test_a_stranger_meets_no_such_record_on_any_door(code, gleb, boris, client, happened):
    entity = get_entity(code)
    record = make(entity, gleb)
    if entity.visible is everyone or entity.rows_for(boris).filter(pk=record.pk).exists():
        pytest.skip("open to every employee by its policy")
    client.force_login(boris)
    before, version = happened(), getattr(record, "version", None)
    tails = [
        "",
        "edit/",
        "history/",
        *(f"{verb.name}/" for verb in entity.verbs),
        *(f"field/{name}/" for name in entity.editable),
    ]
    for tail in tails:
        assert client.get(f"{entity.url(record.pk)}{tail}").status_code == 404, tail
    for tail in (*tails, "archive/", "restore/"):
        assert client.post(f"{entity.url(record.pk)}{tail}").status_code in (404, 405), tail
    assert f'data-value="{record.pk}"' not in opened(client, f"{entity.url()}options/")
    assert f'href="{entity.url(record.pk)}"' not in opened(client, entity.url())
    record.refresh_from_db()
    assert (happened(), getattr(record, "version", None)) == (before, version)


@every
def test_nobody_comes_in_without_signing_in(code, gleb, client):
    entity = get_entity(code)
    record = make(entity, gleb)
    for url in (entity.url(), entity.url(record.pk), f"{entity.url(record.pk)}edit/", f"{entity.url()}options/"):
        answer = client.get(url)
        assert (answer.status_code, answer["Location"].split("?")[0]) == (302, "/sign-in/")


@every
def test_a_list_costs_the_same_for_one_row_and_for_twenty(code, gleb, client):
    entity = get_entity(code)
    make(entity, gleb)
    client.force_login(gleb)
    opened(client, f"{entity.url()}?limit=200")
    with CaptureQueriesContext(connection) as one:
        opened(client, f"{entity.url()}?limit=200")
    for _number in range(19):
        make(entity, gleb)
    opened(client, f"{entity.url()}?limit=200")  # added fields are read again once after they changed
    with CaptureQueriesContext(connection) as twenty:
        opened(client, f"{entity.url()}?limit=200")
    assert len(twenty) <= len(one), [query["sql"][:200] for query in twenty]


@every
def test_what_only_verbs_may_change_is_refused_by_every_writing_door(code, gleb, client, happened):
    entity = get_entity(code)
    record = make(entity, gleb)
    reading = Reading(user=gleb, today=__import__("datetime").date(2026, 11, 21))
    before = happened()
    client.force_login(gleb)
    for name in entity.protected:
        with pytest.raises(Invalid):
            writing.read_values(entity, {name: "1"}, reading, whole=False)
        assert client.post(f"{entity.url(record.pk)}field/{name}/", {name: "1"}).status_code == 404
    for name in entity.hidden:
        with pytest.raises(Invalid):
            writing.read_values(entity, {name: "1"}, reading, whole=False)
    assert happened() == before


@every
def test_a_hidden_field_stands_on_no_surface(code):
    entity = get_entity(code)
    assert not set(entity.hidden) & set(entity.fields)


@every
def test_the_history_shows_that_the_record_was_made(code, gleb):
    entity = get_entity(code)
    record = make(entity, gleb)
    assert history_of(entity, record, gleb).changes


@every
def test_the_history_shows_a_change(code, gleb):
    entity = get_entity(code)
    record = make(entity, gleb)
    name = next(
        (n for n in entity.editable if entity.fields[n].kind in ("text", "long_text") and n == entity.title), ""
    )
    if not name or entity.change is not None:
        pytest.skip("its title is not changed by the usual form")
    changed = doors.change_record(entity, record.pk, {name: "Новое имя"}, by=gleb)
    newest = history_of(entity, changed, gleb).changes[0]
    assert (newest.who, [found.new for found in newest.differences if found.name == name]) == (
        short_name(gleb.surname, gleb.given_name, gleb.patronymic),
        ["Новое имя"],
    )


@every
def test_a_field_that_the_company_adds_stands_on_every_surface(code, gleb, client):
    entity = get_entity(code)
    if not is_extensible(entity):
        assert entity.model.why_no_attributes.endswith(".")
        return
    record, added = make(entity, gleb), make_attribute("Zodiac", entity=code)
    name = added.key
    doors.change_record(entity, record.pk, {name: "Capricorn"}, by=gleb)
    client.force_login(gleb)
    assert "Capricorn" in opened(client, entity.url(record.pk)) and "Zodiac" in opened(client, entity.url(record.pk))
    assert "Capricorn" in opened(client, f"{entity.url(record.pk)}edit/")
    row = f'data-row="{record.pk}"'
    assert row in opened(client, filtered(entity, name, "Capricorn"))
    assert row not in opened(client, filtered(entity, name, "Leo"))
    newest = history_of(entity, record, gleb).changes[0]
    assert [(told.label, told.old, told.new) for told in newest.differences] == [("Zodiac", "", "Capricorn")]
    token = {"Authorization": f"Bearer {issue(gleb).text}"}
    answer = client.get(f"/api/v1/{entity.plural_url}/{record.pk}/", headers=token)
    assert answer.json()[name] == "Capricorn"
    sheet = b"".join(client.get(f"{entity.url()}export/?format=csv&columns={name}"))
    assert "Capricorn" in sheet.decode("utf-8-sig")


@every
def test_what_a_form_points_to_can_be_looked_up(code):
    entity = get_entity(code)
    for name in entity.editable:
        field = entity.fields[name]
        if isinstance(field, ReferenceField):
            assert field.model._meta.pk is not None
