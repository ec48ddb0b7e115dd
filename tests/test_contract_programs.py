"""What programs may rely on for every registered type: one sample each, all surfaces of the API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import transaction
from django.db.models import ProtectedError

from krug.access.models import User
from krug.administration.api_examples import answer_of, body_of
from krug.integrations.models import WebhookDelivery
from krug.integrations.testing import make_webhook
from krug.integrations.tests.test_changes import Copy, truth
from krug.integrations.webhooks.naming import type_of
from krug.integrations.webhooks.telling import read_on
from krug.kernel.api.service import published
from krug.kernel.entity import Entity
from krug.kernel.fields import ReferenceField
from krug.kernel.journal.models import JournalEntry
from krug.kernel.registry import entities, entity_of, get_entity
from krug.kernel.testing.cast import administrator_role, make_user
from krug.kernel.testing.contract import filter_conditions, make
from krug.kernel.tests.test_api import Program

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept")]
# Such records come of what happens here, or of an upload: nobody makes them by hand.
NOT_MADE = {"stage-visit", "stage-result", "pipeline-version", "webhook-delivery", "file"}
# These hold on to what depends on them, so the sample can not be removed before it is made again.
ONLY_LINKS = {"territory-holder"}  # it says who answers for what, and nothing else
HELD = {"pipeline": "code"}


class House:
    """An administrator with a token, and one record of each type."""

    def __init__(self) -> None:
        self.owner: User = make_user("programs@example.org", role=administrator_role(), surname="Громов")
        self.records = {entity.code: make(entity, self.owner) for entity in entities()}
        self.program = Program(self.owner)

    def __iter__(self) -> Iterator[tuple[Entity, Any]]:
        """Each type with its sample; what is done to it is taken back."""
        for code, record in self.records.items():
            mark = transaction.savepoint()
            yield get_entity(code), record
            transaction.savepoint_rollback(mark)

    def call(self, method: str, entity: Entity, tail: str = "", sent: Any = None, **head: str) -> Any:
        return self.program.call(method, f"/{entity.plural_url}/{tail}", sent, **head)

    def told(self, entity: Entity, record: Any) -> dict[str, Any]:
        return dict(self.call("GET", entity, f"{record.pk}/").json())

    def writable(self, entity: Entity, record: Any) -> dict[str, Any]:
        """What is read of the record, as it is written."""
        told = self.told(entity, record)
        found = {name: told.get(name) for name in entity.editable}
        return {
            name: value["id"] if isinstance(value, dict) else value
            for name, value in found.items()
            if value not in (None, "", [])
        }


@pytest.fixture(scope="module")
def house(kept: None) -> House:
    return House()


def test_a_record_is_listed_read_whole_and_read_in_parts(house):
    wrong = {}
    for entity, record in house:
        tree = json.dumps({"field": "id", "operator": "eq", "value": record.pk})
        (row,) = house.call("GET", entity, f"?filter={tree}").json()["results"]
        answer = house.call("GET", entity, f"{record.pk}/")
        names = [name for name in entity.fields if name != "id"]
        part = house.call("GET", entity, f"{record.pk}/?fields={names[0]}").json()
        if (
            row != answer.json()
            or not {"id", "version", *names} <= set(row)
            or answer["ETag"] != f'"v{row["version"]}"'
        ):
            wrong[entity.code] = (row, answer.json())
        if not set(part) <= {"id", "version", names[0], *(key for key in row if "currency" in key)}:
            wrong[entity.code] = part
    assert wrong == {}


def test_references_are_expanded_to_whole_records(house):
    wrong = {}
    for entity, record in house:
        for name, field in entity.fields.items():
            target = entity_of(field.model) if isinstance(field, ReferenceField) else None
            if target is None or "__" in name or field.value_of(record) is None:
                continue
            answer = house.call("GET", entity, f"{record.pk}/?fields={name}&expand={name}")
            told = answer.json().get(name) if answer.status_code == 200 else answer.content
            if not isinstance(told, dict) or not {each for each in target.fields if each != "id"} <= set(told):
                wrong[entity.code, name] = told
    assert wrong == {}


def test_a_record_is_made_from_what_was_read_of_it(house):
    wrong = {}
    for entity, record in house:
        sent = house.writable(entity, record)
        try:
            with transaction.atomic():
                entity.model._default_manager.filter(pk=record.pk).delete()
        except ProtectedError:
            if entity.code in HELD:
                sent[HELD[entity.code]] += "-2"
        answer = house.call("POST", entity, "", sent)
        if entity.code in NOT_MADE:
            if answer.status_code != 422 or answer.json()["code"] not in ("NOT_MADE_BY_HAND", "UPLOAD_NEEDED"):
                wrong[entity.code] = answer.content
            continue
        made = answer.json()
        if answer.status_code != 201 or not made["id"] or answer["ETag"] != f'"v{made["version"]}"':
            wrong[entity.code] = answer.content
            continue
        kinds = [each["kind"] for each in house.call("GET", entity, f"{made['id']}/history/").json()["results"]]
        if kinds[-1:] != ["created"]:
            wrong[entity.code] = kinds
    assert wrong == {}


def test_the_same_values_written_back_change_nothing(house):
    wrong = {}
    for entity, record in house:
        before = house.told(entity, record)
        answer = house.call("PATCH", entity, f"{record.pk}/", house.writable(entity, record))
        if answer.status_code != 200 or answer.json() != before:
            wrong[entity.code] = (before, answer.json())
    assert wrong == {}


OTHER: dict[str, Any] = {"text": "Иное", "long_text": "Иное", "integer": 7, "decimal": "7", "money": "7",
                         "date": "2026-12-24"}  # fmt: skip


def changed(house: House, entity: Entity, record: Any) -> tuple[str, Any]:
    """The first field that a program could change to something else, and the answer."""
    before = house.told(entity, record)
    for name in dict.fromkeys((entity.title, *entity.editable)):
        field = entity.fields[name] if name in entity.editable else None
        value = OTHER.get(field.kind) if field else None
        if field and field.kind == "yes_no":
            value = not before[name]
        elif field and value is None and getattr(field, "choices", ()):
            value = next((choice for choice, _label in field.choices if choice != before[name]), None)
        if value is None:
            continue
        mark = transaction.savepoint()
        answer = house.call("PATCH", entity, f"{record.pk}/", {name: value})
        if answer.status_code == 200 and answer.json()[name] != before[name]:
            return name, answer
        transaction.savepoint_rollback(mark)
    return "", None


def is_undone(entity: Entity, answer: Any) -> bool:
    """Whether it was taken back, or is of those that only the settings change back."""
    of_people = entity.model._meta.app_label == User._meta.app_label
    return answer.status_code == 200 or (of_people and answer.json()["code"] == "NOT_HERE")


def test_a_change_raises_the_version_stands_in_the_history_and_is_undone(house):
    wrong = {}
    for entity, record in house:
        if entity.code in NOT_MADE:
            continue
        before = house.told(entity, record)
        name, answer = changed(house, entity, record)
        if answer is None:
            if entity.code not in ONLY_LINKS:
                wrong[entity.code] = "nothing could be changed"
            continue
        newest = house.call("GET", entity, f"{record.pk}/history/").json()["results"][0]
        shown = {each["field"]: (each["old"], each["new"]) for each in newest["changes"]}
        stale = house.call("PATCH", entity, f"{record.pk}/", {}, **{"If-Match": f'"v{before["version"]}"'})
        undone = house.program.call("POST", f"/acts/{newest['act']}/undo/")
        after = house.told(entity, record)
        if not (
            answer.json()["version"] > before["version"]
            and shown.get(name, (None, None))[1] == answer.json()[name]
            and newest["kind"] == "changed"
            and stale.status_code == 412
            and is_undone(entity, undone)
            and (undone.status_code != 200 or after[name] == before[name])
        ):
            wrong[entity.code] = (name, shown, stale.status_code, undone.content[:300], after.get(name))
    assert wrong == {}


def test_a_record_is_put_away_and_brought_back_by_undoing(house):
    wrong = {}
    for entity, record in house:
        away = house.call("DELETE", entity, f"{record.pk}/")
        if away.status_code != 200 or away.json()["is_archived"] is not True:
            wrong[entity.code] = away.content
            continue
        act = house.call("GET", entity, f"{record.pk}/history/").json()["results"][0]["act"]
        back = house.program.call("POST", f"/acts/{act}/undo/")
        record.refresh_from_db()
        if not is_undone(entity, back) or record.is_archived is (back.status_code == 200):
            wrong[entity.code] = back.content
    assert wrong == {}


def test_every_filter_and_every_order_is_understood(house):
    wrong = {}
    for entity, record in house:
        conditions = list(filter_conditions(entity, record, house.owner))
        tree = json.dumps({"any": [*conditions, {"field": "id", "operator": "eq", "value": record.pk}]})
        answer = house.call("GET", entity, f"count?{urlencode({'filter': tree})}")
        if answer.status_code != 200 or answer.json()["count"] < 1:
            wrong[entity.code] = answer.content
        for name in entity.sorts:
            answer = house.call("GET", entity, f"?fields=id&limit=2&sort=-{name}")
            if answer.status_code != 200:
                wrong[entity.code, name] = answer.content
        strange = house.call("GET", entity, "?sort=no_such_field")
        if strange.status_code != 400:
            wrong[entity.code] = strange.status_code
    assert wrong == {}


def test_every_protected_or_strange_field_is_refused_and_nothing_changed(house):
    wrong, entries = {}, JournalEntry.objects.count()
    for entity, record in house:
        for name in (*entity.protected, *entity.hidden, "no_such_field"):
            answer = house.call("PATCH", entity, f"{record.pk}/", {name: "1"})
            if answer.status_code != 400 or answer.json()["errors"][0]["field"] != name:
                wrong[entity.code, name] = answer.content
    assert wrong == {}
    assert JournalEntry.objects.count() == entries


def test_the_feed_holds_every_record_as_it_stands(house):
    copy = Copy(house.owner)
    while copy.read(limit=200):
        pass
    codes = [entity.code for entity in entities()]
    assert copy.records == truth(house.owner, codes)
    assert {code for code, _number in copy.records} == set(codes)


def test_every_event_of_every_type_is_told_to_a_webhook(house):
    mark = transaction.savepoint()
    make_webhook(owner=house.owner, types="*")
    told = {}
    for code, record in house.records.items():
        entity = get_entity(code)
        if code not in NOT_MADE and changed(house, entity, record)[0]:
            told[code] = record.pk
    while read_on():
        pass
    sent = [json.loads(text)["data"] for text in WebhookDelivery.objects.values_list("sent", flat=True)]
    changes = {each["entity"]: each["id"] for each in sent if each.get("changes")}
    missing = {code: pk for code, pk in told.items() if changes.get(code) != pk}
    names = set(WebhookDelivery.objects.values_list("type", flat=True))
    transaction.savepoint_rollback(mark)
    assert missing == {}
    assert type_of("party", "RecordChanged") in names and len(told) > 30


def sent_for(house: House, entity: Entity, record: Any, call: dict[str, Any]) -> Any:
    """The example of a request, with the numbers of records that are there in place of those in the example."""
    _kind, body = body_of(call)
    known = house.writable(entity, record)
    for name in body or ():
        field = entity.fields.get(name)
        if field is not None and (isinstance(field, ReferenceField) or getattr(field, "choices", ())):
            body[name] = known.get(name, body[name])
    return body


def test_every_example_of_the_description_is_true(house):
    """What belongs to one type alone is asked of each; what serves all alike (runs, rows, merging) of one."""
    wrong, asked = {}, 0
    calls = {
        (call["tags"][0], path, method): call
        for path, verbs in published()["paths"].items()
        for method, call in verbs.items()
        if call.get("tags")
    }
    own = re.compile(r"^/api/v1/[a-z-]+/(\{pk\}/)?$")
    for entity, record in house:
        verbs = {f"/api/v1/{entity.plural_url}/{{pk}}/{verb.name}/" for verb in entity.verbs}
        for (plural, path, method), call in calls.items():
            if plural != entity.plural_url or not (own.match(path) or path in verbs or entity.code == "deal"):
                continue
            mark, asked = transaction.savepoint(), asked + 1
            sent = sent_for(house, entity, record, call)
            if call["operationId"] == f"create_{entity.code}":
                with suppress(ProtectedError), transaction.atomic():
                    entity.model._default_manager.filter(pk=record.pk).delete()
            told = path.removeprefix("/api/v1").replace("{pk}", str(record.pk))
            if "{" in told:  # it is about something else than a record
                transaction.savepoint_rollback(mark)
                continue
            told += "?by=stage" if path.endswith("/totals") else ""
            answer = house.program.call(method.upper(), told, sent)
            status, example = answer_of(call)
            transaction.savepoint_rollback(mark)
            is_ruled = answer.status_code == 422 and (path in verbs or entity.code in {*NOT_MADE, *HELD} or sent == {})
            if is_ruled or path.endswith(("/merge/", "/split/", "/runs/")):
                continue
            left = {"id"} if path in verbs else set(example)  # what an act took out of sight is told by its number
            if str(answer.status_code) != status or set(answer.json()) not in (set(example), left):
                wrong[call["operationId"]] = (sent, answer.status_code, answer.content[:400], set(example or ()))
    assert wrong == {}
    assert asked > 200


def test_a_stranger_meets_no_such_record_and_a_token_without_the_scope_is_told_so(house):
    stranger = Program(make_user("stranger@programs.example"))
    narrow = Program(house.owner, "token:view")
    wrong = {}
    for entity, record in house:
        closed = stranger.call("PATCH", f"/{entity.plural_url}/{record.pk}/", {})
        if closed.status_code != 404:
            wrong[entity.code] = closed.content
        lacking = narrow.call("GET", f"/{entity.plural_url}/{record.pk}/")
        if (lacking.status_code, lacking.json()["code"]) != (403, "TOKEN_SCOPE"):
            wrong[entity.code] = lacking.content
    assert wrong == {}
