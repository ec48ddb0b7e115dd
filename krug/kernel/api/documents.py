"""Reading requests and writing answers: strict JSON in, compact JSON out, problems as problem documents."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from krug.kernel.errors import BadRequest

DEEPEST = 32
LARGEST = 1_000_000
QUOTED = re.compile(rb'"(?:[^"\\]++|\\.)*+"?', re.DOTALL)


def read_json(request: HttpRequest) -> dict[str, Any]:
    """The object in the body; anything else, too deep or too large, is refused before it is used."""
    body = request.body
    if len(body) > LARGEST:
        raise BadRequest(_("The request is larger than 1 MB."), code="TOO_LARGE")
    if not body.strip():
        return {}
    if _depth(body) > DEEPEST:
        raise BadRequest(_("The request is nested too deeply."), code="TOO_DEEP")
    try:
        given = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise BadRequest(_("The body is not valid JSON in UTF-8."), code="NOT_JSON") from error
    if not isinstance(given, dict):
        raise BadRequest(_("Send one JSON object."), code="NOT_AN_OBJECT")
    if "\x00" in repr(given) or "\\x00" in repr(given):
        raise BadRequest(_("Text must not hold the character NUL."), code="CONTROL_CHARACTERS")
    return given


def _depth(body: bytes) -> int:
    deepest = level = 0
    for byte in QUOTED.sub(b"", body):
        if byte in b"[{":
            level += 1
            deepest = max(deepest, level)
        elif byte in b"]}":
            level -= 1
    return deepest


def only(request: HttpRequest, allowed: Collection[str]) -> None:
    """Refuse parameters that are not on the list, and those that are given twice."""
    for name in request.GET:
        if name not in allowed:
            raise BadRequest(
                _("The parameter “%(name)s” is not known here.") % {"name": name[:60]},
                field=name[:60],
                code="UNKNOWN_PARAMETER",
            )
        if len(request.GET.getlist(name)) > 1:
            raise BadRequest(_("Give each parameter once."), field=name, code="REPEATED_PARAMETER")


def number_in(text: str, name: str, *, most: int, usual: int) -> int:
    """A number in an address, from one up."""
    if not text:
        return usual
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most and len(text) < 10):
        raise BadRequest(_("Give a number from 1 to %(most)s.") % {"most": most}, field=name, code=name.upper())
    return int(text)


def answer(data: Any, *, status: int = 200, version: int | None = None) -> HttpResponse:
    """An answer as JSON; the version of a record goes out as its ETag."""
    response = HttpResponse(
        orjson.dumps(data, default=str, option=orjson.OPT_NON_STR_KEYS),
        status=status,
        content_type="application/json; charset=utf-8",
    )
    response["Cache-Control"] = "no-store"
    if version is not None:
        response["ETag"] = etag(version)
    return response


def etag(version: int) -> str:
    """The written form of a version."""
    return f'"v{version}"'


def wanted_version(request: HttpRequest) -> int | None:
    """The version in If-Match; none, or any, when the caller does not mind."""
    given = request.headers.get("If-Match", "").strip()
    if given in ("", "*"):
        return None
    number = given.removeprefix("W/").strip('"').removeprefix("v")
    if not (number.isascii() and number.isdigit() and len(number) < 12):
        return -1
    return int(number)
