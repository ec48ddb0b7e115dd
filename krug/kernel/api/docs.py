"""The readable description of the API, made from its schema; it needs nothing from outside."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from krug.kernel.api.service import caller, service
from krug.kernel.screens.door import PUBLIC, door, is_signed_in
from krug.kernel.ui.pages import render


@door(PUBLIC)
@require_safe
def docs_page(request: HttpRequest) -> HttpResponse:
    """Every call with its parameters and body, type by type; open to whoever is signed in or holds a token."""
    if not is_signed_in(request):
        caller(request)
    groups: dict[str, list[dict[str, Any]]] = {}
    for path, methods in service().get_openapi_schema()["paths"].items():
        for method, call in methods.items():
            groups.setdefault((call.get("tags") or ["krug"])[0], []).append(_call(path, method, call))
    return render(request, "kernel/api_docs.html", {"groups": groups})


def _call(path: str, method: str, call: dict[str, Any]) -> dict[str, Any]:
    body = call.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    required = set(body.get("required", ()))
    return {
        "method": method.upper(),
        "path": path,
        "summary": call.get("summary", ""),
        "parameters": [parameter["name"] for parameter in call.get("parameters", ())],
        "fields": [
            {"name": name, "type": _type(shape), "title": shape.get("title", ""), "required": name in required}
            for name, shape in body.get("properties", {}).items()
        ],
    }


def _type(shape: dict[str, Any]) -> str:
    if "enum" in shape:
        return " | ".join(str(value) for value in shape["enum"] if value != "")
    kind = shape.get("type", "")
    return " | ".join(kind) if isinstance(kind, list) else str(kind)
