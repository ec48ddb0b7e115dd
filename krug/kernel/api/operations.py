"""Mounts the calls that rungs above the kernel give to the API."""

# No postponed annotations here: the signatures below are read when the calls are made.
from collections.abc import Callable
from hashlib import sha256
from typing import Any

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParserError
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Router

from krug.kernel.api import schemas
from krug.kernel.api.documents import answer, only, read_json
from krug.kernel.api.idempotency import once_for
from krug.kernel.entity import Entity
from krug.kernel.errors import BadRequest
from krug.kernel.screens.controls import reading_of
from krug.kernel.screens.offers import Asked, Operation, operations_for


def mount_offered(place: NinjaAPI | Router, entity: Entity | None = None) -> None:
    """Every operation that belongs here, with its published shape."""
    for operation in operations_for(entity):
        path = "/" + operation.path.replace("{number}", "{int:number}").removeprefix("/")
        name = operation.code or operation.path.strip("/").replace("/", "-").replace("-{number}", "")
        place.api_operation(
            [operation.method],
            path,
            operation_id=f"{name}_{entity.code}" if entity else name,
            openapi_extra=_published(operation, entity),
        )(_call(operation, entity, path))


def _published(operation: Operation, entity: Entity | None) -> dict[str, object]:
    said = schemas.answers(
        dict(operation.shown),
        status=operation.status,
        refusals=schemas.READING if operation.method == "GET" else schemas.WRITING,
    )
    said["summary"] = operation.summary
    if operation.gives_file:
        said["responses"][str(operation.status)]["content"] = {"*/*": {"schema": dict(operation.shown)}}
    said["parameters"] = [schemas.parameter(name, shape) for name, shape in operation.parameters.items()]
    if operation.body:
        kind = "multipart/form-data" if operation.takes_files else "application/json"
        said["requestBody"] = {"required": True, "content": {kind: {"schema": dict(operation.body(entity))}}}
    if operation.method == "POST":
        said["parameters"].append(schemas.ONCE_KEY)
    return said


def _call(operation: Operation, entity: Entity | None, path: str) -> Callable[..., HttpResponse]:
    def asked(request: HttpRequest, number: int) -> HttpResponse:
        only(request, operation.parameters)
        read = _read_form if operation.takes_files else read_json
        sent = read(request) if operation.method == "POST" else {}

        def act() -> HttpResponse:
            told = operation.act(Asked(reading_of(request), request.GET.dict(), sent, number, entity))
            return told if operation.gives_file else answer(told, status=operation.status)

        if operation.method != "POST":
            return act()
        return once_for(request, act, _digest(sent) if operation.takes_files else None)

    def without_number(request: HttpRequest) -> HttpResponse:
        return asked(request, 0)

    def with_number(request: HttpRequest, number: int) -> HttpResponse:
        return asked(request, number)

    return with_number if "{int:number}" in path else without_number


def _read_form(request: HttpRequest) -> dict[str, Any]:
    """The fields of a form, and its files under `files`."""
    try:
        return {**request.POST.dict(), "files": request.FILES.getlist("files")}
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise BadRequest(_("This request could not be read."), code="NOT_A_FORM") from error


def _digest(sent: dict[str, Any]) -> bytes:
    """What tells one form from another, without holding its files in memory."""
    found = sha256(repr(sorted((name, value) for name, value in sent.items() if name != "files")).encode())
    for file in sent["files"]:
        found.update(repr((file.name, file.size)).encode())
        for block in file.chunks():
            found.update(block)
        file.seek(0)
    return found.digest()
