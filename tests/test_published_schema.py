"""The published schema is the truth: calls made from it meet no 5xx and no answer that is not published."""

from __future__ import annotations

import re

import pytest
import schemathesis

from krug.kernel.registry import entities
from tools.fuzz import fuzz, operations_of
from tools.fuzzing_place import as_administrator

pytestmark = pytest.mark.django_db
# The long run over everything is made by hand: python -m tools.fuzz --examples 20.
LOOKED_AT = ("/v1/parties/", "/v1/webhooks/", "/v1/runs/", "/v1/acts/", "/v1/imports/", "/v1/changes", "/v1/search")


def test_calls_made_from_the_schema_are_answered_as_it_says():
    with as_administrator() as (document, send):
        chosen = [each for each in operations_of(document) if any(part in each.path for part in LOOKED_AT)]
        outcome = fuzz(chosen, send, examples=1)
    assert "\n".join(outcome.troubles) == ""
    assert outcome.operations > 30 and outcome.calls > 60
    assert {200, 400} <= set(outcome.statuses)


def test_every_operation_is_published_with_its_refusals_and_its_meaning():
    with as_administrator() as (document, _send):
        calls = [(path, verb, call) for path, verbs in document["paths"].items() for verb, call in verbs.items()]
    assert len(calls) > 10 * len(list(entities()))
    names = [call["operationId"] for _path, _verb, call in calls]
    assert len(names) == len(set(names))
    for path, verb, call in calls:
        wanted = {"400", "401", "403", "404", "429", "503"} | ({"409", "413", "422"} if verb != "get" else set())
        assert wanted <= set(call["responses"]), (path, verb)
        assert call["summary"], (path, verb)
        for code in wanted:
            assert call["responses"][code]["content"] == {
                "application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}
            }
        if verb != "get":
            assert "Idempotency-Key" in [each["name"] for each in call["parameters"]], path


def unexplained(part, place=""):
    """Where a field or a parameter says neither what it is called nor what it means."""
    if isinstance(part, list):
        for number, inner in enumerate(part):
            yield from unexplained(inner, f"{place}[{number}]")
    elif isinstance(part, dict):
        for name, shape in part.get("properties", {}).items() if "type" in part else ():
            if not {"title", "description", "$ref"} & set(shape):
                yield f"{place}.{name}"
        if "in" in part and not part.get("description"):
            yield f"{place}.{part['name']}"
        for name, inner in part.items():
            yield from unexplained(inner, f"{place}/{name}")


def test_the_document_keeps_the_rules_of_openapi_names_its_version_and_explains_every_field():
    with as_administrator() as (document, _send):
        pass
    schemathesis.openapi.from_dict(document).validate()
    assert (document["openapi"][:4], document["info"]["version"]) == ("3.1.", "1")
    assert [*unexplained(document)] == []
    for path, verbs in document["paths"].items():
        for call in verbs.values():
            told = {each["name"] for each in call.get("parameters", ()) if each["in"] == "path"}
            assert told == {*re.findall(r"{(\w+)}", path)}, path
            assert all(answer["description"] for answer in call["responses"].values()), path
