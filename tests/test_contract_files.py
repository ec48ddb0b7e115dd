"""What leaves the house for every registered type: files in four formats, search, and two made one."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client

from krug.administration.actions.shipped_roles import ensure_shipped_roles
from krug.duplicates.merging.uniting import mergeable
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.receiving import start_run
from krug.exchange.importing.running import carry_out_now
from krug.kernel.entity import Entity
from krug.kernel.registry import entities, get_entity
from krug.kernel.search.indexing import index_records, is_named
from krug.kernel.testing.cast import administrator_role, make_user
from krug.kernel.testing.contract import make
from krug.kernel.tests.test_api import Program

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.usefixtures("kept"),
    pytest.mark.urls("krug.kernel.testing.routes"),
]


# What these point to is told by several names at once, or may stand there but once.
ALONE = {"stage", "deal-contact", "territory-holder"}
SEVERAL = ("Several records are called", "Several records are recognised")


class Desk:
    """An administrator in a browser and with a token, and one record of each type."""

    def __init__(self) -> None:
        self.owner = make_user("files@example.org", role=administrator_role(), surname="Громов", language="en")
        self.records = {entity.code: make(entity, self.owner) for entity in entities()}
        self.client, self.program = Client(), Program(self.owner)
        self.client.force_login(self.owner)


@pytest.fixture(scope="module")
def desk(kept: None) -> Desk:
    return Desk()


def text_in(body: bytes, kind: str) -> str:
    """The words of an exported file."""
    if kind not in ("xlsx", "ods"):
        return body.decode("utf-8-sig")
    with zipfile.ZipFile(io.BytesIO(body)) as book:
        return "".join(book.read(name).decode() for name in book.namelist() if name.endswith(".xml"))


def title_of(desk: Desk, entity: Entity, record: Any) -> str:
    """What the API says the record is called; nothing where the title is no text of its own."""
    field = entity.fields.get(entity.title)
    if field is None or field.kind != "text":
        return ""
    told = desk.program.call("GET", f"/{entity.plural_url}/{record.pk}/").json().get(entity.title)
    return told if isinstance(told, str) and told else ""


@pytest.mark.parametrize("kind", ["csv", "xlsx", "ods", "jsonl"])
def test_every_list_leaves_as_a_file(desk, kind):
    wrong = {}
    for code, record in desk.records.items():
        entity = get_entity(code)
        answer = desk.client.get(f"{entity.url()}export/?format={kind}")
        body = answer.getvalue() if answer.status_code == 200 else b""
        words = text_in(body, kind) if body else answer.content.decode()[:300]
        told = title_of(desk, entity, record)
        cells = (
            [f">{record.pk}<", f'office:value="{record.pk}"', told]
            if kind in ("xlsx", "ods")
            else [f'"id":{record.pk},', f"{record.pk},"]
        )
        if answer.status_code != 200 or not any(cell and cell in words.replace(": ", ":") for cell in cells):
            wrong[code] = words[:300]
    assert wrong == {}


def test_what_the_api_tells_of_a_record_is_known_again_by_the_import(desk, settings, tmp_path):
    """A line of each type that may be taken in, names in the place of numbers: read, matched, no word amiss."""
    settings.DATA = tmp_path
    ensure_shipped_roles()
    wrong, known = {}, 0
    for code, record in desk.records.items():
        entity = get_entity(code)
        if not entity.editable or code in ALONE:
            continue
        told = desk.program.call("GET", f"/{entity.plural_url}/{record.pk}/", **{"Accept-Language": "ru"}).json()
        line = {name: value["name"] if isinstance(value := told[name], dict) else value for name in entity.editable}
        line = {name: value for name, value in line.items() if value not in (None, "", [])}
        mark = transaction.savepoint()
        file = SimpleUploadedFile(f"{entity.plural_url}.jsonl", json.dumps(line, ensure_ascii=False).encode())
        run = start_run([file], by=desk.owner)
        (table,) = run.plan["tables"]
        columns = [{**column, "target": column["column"]} for column in table["columns"]]
        plan = plan_from({**run.plan, "tables": [{**table, "entity": code, "columns": columns}]})
        run = carry_out_now(run, plan, by=desk.owner, write=False)
        fates = [(row.fate, row.record_id, row.note) for row in run.rows.all()]
        transaction.savepoint_rollback(mark)
        known += [(fate, pk) for fate, pk, _note in fates] == [("skipped", record.pk)]
        faults = [words for _fate, _pk, note in fates for _field, words in note.get("faults", ())]
        amiss = [words for words in faults if not words.startswith(SEVERAL)]  # samples of one name are told as such
        if run.state != "checked" or len(fates) != 1 or amiss:
            wrong[code] = (run.trouble, fates)
    assert wrong == {}
    assert known > 20


def test_whatever_has_a_name_is_found_by_it(desk):
    wrong, asked = {}, 0
    for code, record in desk.records.items():
        entity = get_entity(code)
        title = title_of(desk, entity, record)
        if not is_named(entity) or not title:
            continue
        asked += 1
        index_records(entity, [record.pk])
        found = desk.program.client.get("/api/v1/search", {"q": title}, headers=desk.program.head).json()["results"]
        if (code, record.pk) not in [(hit["entity"], hit["id"]) for hit in found]:
            wrong[code] = (title, found)
    assert wrong == {}
    assert asked > 5


def test_two_records_become_one_and_two_again(desk):
    wrong, asked = {}, 0
    for code, keeper in desk.records.items():
        entity = get_entity(code)
        if not mergeable(entity):
            continue
        mark = transaction.savepoint()
        loser = make(entity, desk.owner)
        place = f"/{entity.plural_url}/{loser.pk}"
        answer = desk.program.call("POST", f"/{entity.plural_url}/{keeper.pk}/merge/", {"with": [loser.pk]})
        if answer.status_code == 422:  # a rule of the type, told in words; nothing was moved
            if not answer.json()["detail"] or desk.program.call("GET", f"{place}/").status_code != 200:
                wrong[code] = answer.content
        else:
            asked += 1
            led = desk.program.call("GET", f"{place}/")
            split = desk.program.call("POST", f"{place}/split/", {})
            back = desk.program.call("GET", f"{place}/")
            if (answer.status_code, led.status_code, split.status_code, back.status_code) != (200, 301, 200, 200):
                wrong[code] = (answer.content, led.status_code, split.content, back.status_code)
        transaction.savepoint_rollback(mark)
    assert wrong == {}
    assert asked > 25
