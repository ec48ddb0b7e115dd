"""The readable description of the API, made from its published schema; it needs nothing from outside."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup

from krug.administration.api_examples import answer_of, curl_of
from krug.kernel.api.service import caller, published
from krug.kernel.errors import NotFound
from krug.kernel.journal.differences import sentence
from krug.kernel.registry import entities
from krug.kernel.screens.door import PUBLIC, door, is_signed_in
from krug.kernel.ui.pages import render

HOME = "/api/v1/docs/"


@door(PUBLIC)
@require_safe
def docs_page(request: HttpRequest, name: str = "") -> HttpResponse:
    """What holds for every call and the list of types, or the calls of one; for the signed-in and for tokens."""
    if not is_signed_in(request):
        caller(request)
    groups = grouped(published())
    if name and name not in groups:
        raise NotFound(_("There is no such address."))
    titles = {entity.plural_url: str(entity.plural) for entity in entities()}
    index = sorted((titles.get(each, each), f"{HOME}{each}/", each) for each in groups if each != "common")
    context = {
        "index": index,
        "title": titles.get(name, name),
        "calls": [_call(*each) for each in groups[name or "common"]],
        "name": name,
        "home": HOME,
        "rules": rules(),
    }
    return render(request, "administration/api_docs.html", context)


def grouped(document: dict[str, Any]) -> dict[str, list[tuple[str, str, dict[str, Any]]]]:
    """The calls by the type they belong to; those of none are common."""
    groups: dict[str, list[tuple[str, str, dict[str, Any]]]] = {"common": []}
    for path, methods in document["paths"].items():
        for method, call in methods.items():
            groups.setdefault((call.get("tags") or ["common"])[0], []).append((path, method, call))
    return groups


def rules() -> list[tuple[str, str]]:
    """What holds for every call, in words; a long name may be broken after its stroke."""
    said = [
        (
            "Authorization: Bearer TOKEN",
            _("A token lets a program do what its owner may do. It never stands in an address."),
        ),
        ("Accept-Language: ru | en", _("The language of names and of refusals; otherwise that of the token's owner.")),
        (
            "Idempotency-Key",
            _("With POST, PATCH and DELETE: the same key and body give the first answer again for seven days."),
        ),
        ("ETag, If-Match", _("Send the ETag back to change only what you have read; otherwise the answer is 412.")),
        ("?filter={…}", _("The condition tree of lists and saved views: all, any, field, operator, value.")),
        ("next", _("Lists come in pages of 50, at most 200; “next” is the address of the next one.")),
        (
            "RateLimit",
            _("How many calls are left (r) of the nearest limit, and in how many seconds it begins anew (t)."),
        ),
        ("429, 503", _("Wait for as many seconds as Retry-After says.")),
        ("application/problem+json", _("Every refusal: status, code, detail in your language, errors by field.")),
    ]
    return [(Markup("/<wbr>").join(term.split("/")), words) for term, words in said]


def _call(path: str, method: str, call: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, dict[str, Any]] = call.get("requestBody", {}).get("content", {})
    body: dict[str, Any] = next(iter(content.values()), {}).get("schema", {})
    required = set(body.get("required", ()))
    parameters = [each for each in call.get("parameters", ()) if each["in"] != "path"]
    return {
        "method": method.upper(),
        "path": path,
        "id": call["operationId"],
        "summary": call.get("summary", ""),
        "parameters": [_parameter(each) for each in parameters],
        "fields": [
            {
                "name": name,
                "type": _type(shape),
                "says": sentence(shape.get("title") or shape.get("description", "")),
                "must": name in required,
            }
            for name, shape in body.get("properties", {}).items()
        ],
        "answers": [(code, told.get("description", "")) for code, told in sorted(call.get("responses", {}).items())],
        "example": curl_of(path, method, call),
        "answered": _answered(call),
    }


def _answered(call: dict[str, Any]) -> str:
    """The good answer as it comes, with its status before it."""
    status, example = answer_of(call)
    return (
        f"{status}\n{json.dumps(example, ensure_ascii=False, indent=2, default=str)}" if example is not None else status
    )


def _parameter(told: dict[str, Any]) -> dict[str, Any]:
    says = told.get("description", "")
    return {
        "name": told["name"],
        "place": told["in"],
        "type": _type(told["schema"]),
        "says": says,
        "must": told.get("required"),
    }


def _type(shape: dict[str, Any]) -> str:
    if "enum" in shape:
        return " | ".join(str(value) for value in shape["enum"] if value not in ("", None))
    kind = shape.get("type", "")
    kinds = [each for each in kind if each != "null"] if isinstance(kind, list) else [kind]
    return " | ".join(kinds) + (f" ({shape['format']})" if shape.get("format") else "")
