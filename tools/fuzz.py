"""Calls the API as its published schema allows, and in ways that it does not: no 5xx, no answer unpublished."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, cast

CALLS = ("GET", "POST", "PATCH", "DELETE")


@dataclass
class Outcome:
    """What was called and how it was answered."""

    operations: int = 0
    calls: int = 0
    statuses: Counter[int] = field(default_factory=Counter)
    troubles: list[str] = field(default_factory=list)


def operations_of(document: dict[str, Any]) -> Iterator[Any]:
    """Every operation of the document, ready to make calls of."""
    import schemathesis

    schema = schemathesis.openapi.from_dict(document)
    for result in schema.get_all_operations():
        yield cast("Any", result).ok()


def fuzz(operations: Iterable[Any], send: Any, *, examples: int, negative: bool = True) -> Outcome:
    """Make so many calls of each operation; `send(method, path, body, headers)` gives a response of Django's client."""
    outcome = Outcome()
    for operation in operations:
        outcome.operations += 1
        for is_negative in (False, True) if negative else (False,):
            for case in _cases(operation, examples, is_negative):
                outcome.calls += 1
                _call(operation, case, send, outcome)
    return outcome


def _cases(operation: Any, examples: int, is_negative: bool) -> list[Any]:
    from hypothesis import HealthCheck, Phase, given, seed, settings
    from hypothesis.errors import Unsatisfiable
    from schemathesis.generation import GenerationMode

    found: list[Any] = []
    mode = GenerationMode.NEGATIVE if is_negative else GenerationMode.POSITIVE

    @seed(20261130)
    @settings(
        max_examples=examples,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def gather(case: Any) -> None:
        found.append(case)

    try:
        gather()
    except Unsatisfiable:
        return found
    except Exception as trouble:
        if type(trouble).__name__ in ("SkipTest", "Skipped"):
            return found
        raise
    return found


def _call(operation: Any, case: Any, send: Any, outcome: Outcome) -> None:
    told = case.as_transport_kwargs(base_url="http://testserver")
    try:
        path = _path_of(told)
        body = _body_of(told)
    except (UnicodeError, ValueError, TypeError):
        return
    response = send(told["method"], path, body, dict(told.get("headers") or {}))
    outcome.statuses[response.status_code] += 1
    published = operation.definition.raw["responses"]
    shown = f"{told['method']} {path[:300]} {body[:300]!r} -> {response.status_code}"
    if response.status_code >= 500 or str(response.status_code) not in published:
        if response.status_code in (404, 405) and _is_elsewhere(case):
            return
        outcome.troubles.append(f"{shown} is not published: {response.content[:300]!r}")
        return
    wanted = published[str(response.status_code)].get("content", {})
    kind = response.headers.get("Content-Type", "").partition(";")[0]
    if wanted and kind not in wanted:
        outcome.troubles.append(f"{shown} has the type {kind}")
    elif kind == "application/json":
        _hold_against(wanted[kind]["schema"], response.content, operation, shown, outcome)


def _is_elsewhere(case: Any) -> bool:
    """A path that was spoilt on purpose leads to no operation at all."""
    return any(not str(value).isdecimal() for value in (case.path_parameters or {}).values())


def _hold_against(schema: dict[str, Any], content: bytes, operation: Any, shown: str, outcome: Outcome) -> None:
    import jsonschema_rs

    raw = {**schema, "components": operation.schema.raw_schema["components"]}
    for error in jsonschema_rs.Draft202012Validator(raw).iter_errors(json.loads(content)):
        outcome.troubles.append(f"{shown}: {error.message[:300]} at {list(error.instance_path)[:6]}")
        break


def _path_of(told: dict[str, Any]) -> str:
    from urllib.parse import urlencode, urlsplit

    parts = urlsplit(told["url"])
    query = urlencode(told.get("params") or {}, doseq=True)
    return parts.path + (f"?{query}" if query else "")


def _body_of(told: dict[str, Any]) -> bytes:
    if told.get("json") is not None:
        return json.dumps(told["json"]).encode("utf-8", "surrogatepass")
    data = told.get("data")
    return data if isinstance(data, bytes) else str(data).encode() if data else b""


def main() -> int:
    """The long run by hand, on the database that the tests have left, in a transaction that is taken back."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--examples", type=int, default=10, help="calls of each operation, good ones and bad ones each")
    parser.add_argument("--only", default="", help="a part of the path")
    given = parser.parse_args()
    from krug.config.serving.postgres import Cluster
    from tools.testing import CARELESS, PROJECT

    cluster = Cluster(PROJECT / "var" / "test", CARELESS)
    cluster.start()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "krug.config.settings.test",
        "DATABASE_URL": cluster.address(database="test_krug"),
    }
    try:
        return _by_hand(given)
    finally:
        cluster.release()


def _by_hand(given: argparse.Namespace) -> int:
    import django

    django.setup()
    from tools.fuzzing_place import as_administrator

    since = time.monotonic()
    with as_administrator() as (document, send):
        chosen = [each for each in operations_of(document) if given.only in each.path]
        outcome = fuzz(chosen, send, examples=given.examples)
    print(f"{outcome.operations} operations, {outcome.calls} calls in {time.monotonic() - since:.0f} s")
    print("answers:", ", ".join(f"{status}: {count}" for status, count in sorted(outcome.statuses.items())))
    for trouble in dict.fromkeys(outcome.troubles):
        print(trouble)
    return 1 if outcome.troubles else 0


if __name__ == "__main__":
    sys.exit(main())
