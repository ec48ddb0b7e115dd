"""Examples for the description of the API: a call and its answer, made of the published shape and of kept samples."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings

Shape = dict[str, Any]
KEPT = Path(__file__).with_name("api_samples.json")
FORMATS = {"date": "2026-12-24", "date-time": "2026-12-24T10:00:00Z", "uuid": "0b0d6c1e-6a0e-4b5e-9d53-2f6a4c9a7e11"}
NUMBERS = {"{pk}": "17", "{number}": "17", "{act}": FORMATS["uuid"]}
BY_NAME: dict[str, Any] = {
    "next": None, "status": 200, "code": "REFUSED", "act": FORMATS["uuid"], "with": [18], "ids": [17],
    "rows": [{"id": 17}], "exact": True, "count": 1, "results": [], "version": 3,
}  # fmt: skip


@cache
def samples() -> dict[str, Shape]:
    """One record of each type as the API tells it; `python -m tools.api_samples` writes them anew."""
    found: dict[str, Shape] = json.loads(KEPT.read_text(encoding="utf-8"))
    return found


def body_of(call: Shape) -> tuple[str, Shape | None]:
    """The kind and the example of what is sent; nothing for a call that sends nothing."""
    content: dict[str, Shape] = call.get("requestBody", {}).get("content", {})
    kind = next(iter(content), "")
    if not kind:
        return "", None
    shape = content[kind]["schema"]
    act, _line, code = str(call["operationId"]).partition("_")
    known = samples().get(code, {})
    must = list(shape.get("required", ()))
    usual = [name for name in shape.get("properties", {}) if known.get(name) not in (None, "", [])]
    if act == "create" and known:
        names = list(dict.fromkeys([*must, *usual]))
    elif act == "change" and known:
        names = usual[:1]
    else:
        names = must
    return kind, {name: _written(shape["properties"][name], known.get(name), name) for name in names}


def _written(shape: Shape, known: Any, name: str) -> Any:
    if isinstance(known, dict) and "id" in known:
        return known["id"]
    return known if known not in (None, "", []) else example_of(shape, name)


def answer_of(call: Shape) -> tuple[str, Any]:
    """The good answer: its status and, where it is JSON, an example of it."""
    good = min(code for code in call["responses"] if code.startswith("2"))
    told = call["responses"][good].get("content", {}).get("application/json")
    return good, example_of(told["schema"], whole=True) if told else None


def curl_of(path: str, method: str, call: Shape) -> str:
    """The call as one types it."""
    for mark, number in NUMBERS.items():
        path = path.replace(mark, number)
    must = [each for each in call.get("parameters", ()) if each["in"] == "query" and each.get("required")]
    query = "&".join(f"{each['name']}={each.get('example', 'a')}" for each in must)
    lines = [f"curl -X {method.upper()} '{settings.BASE_URL}{path}{'?' + query if query else ''}'"]
    lines.append("-H 'Authorization: Bearer TOKEN'")
    kind, body = body_of(call)
    if kind == "multipart/form-data":
        lines += [f"-F '{name}=@table.csv'" for name in body or ()]
    elif body is not None:
        lines += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(body, ensure_ascii=False, default=str)}'"]
    return " \\\n  ".join(lines)


def example_of(shape: Shape, name: str = "", *, whole: bool = False) -> Any:
    """A value of that shape; `whole` with everything in it, as an answer has it."""
    kind = shape.get("type", "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "array":
        return [example_of(shape["items"], whole=whole)] if shape.get("items") else BY_NAME.get(name, [])
    if kind == "object":
        known = samples().get(str(shape.get("title", "")), {})
        must = shape.get("properties", {}) if whole else shape.get("required", ())
        return {each: _told(shape["properties"][each], known, each, whole) for each in must}
    if name in BY_NAME:
        return BY_NAME[name]
    if shape.get("enum"):
        return shape["enum"][0]
    return {"integer": 17, "number": 1, "boolean": True}.get(kind, FORMATS.get(shape.get("format", ""), "…"))


def _told(shape: Shape, known: Shape, name: str, whole: bool) -> Any:
    return known[name] if name in known else example_of(shape, name, whole=whole)
