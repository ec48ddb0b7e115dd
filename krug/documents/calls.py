"""Files by the API: sent as a form within the limits of the browser's, named by number in fields, and given back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from krug.documents.actions.stored import MOST_MB, store_file
from krug.documents.screens.stored import bytes_of
from krug.kernel.api import schemas
from krug.kernel.errors import BadRequest
from krug.kernel.screens.offers import Asked, Operation
from krug.kernel.visibility import demand

STORED: dict[str, Any] = {
    "type": "object",
    "properties": {
        "id": {"type": "integer", "description": gettext_lazy("Write it into a field of the kind “file”.")},
        "name": schemas.TEXT,
        "size": {"type": "integer"},
        "sha256": schemas.TEXT,
    },
    "required": ["id", "name", "size", "sha256"],
}
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "files": {
            "type": "array",
            "items": {"type": "string", "format": "binary"},
            "minItems": 1,
            "maxItems": 1,
            "description": gettext_lazy("One file of at most 25 MB, of whatever kind; it is never run or shown."),
        }
    },
    "required": ["files"],
}


def take_file(asked: Asked) -> dict[str, Any]:
    """One file is taken in; it stays one's own until it stands in a field of a record."""
    demand(asked.reading.user, "file", "create")
    if unknown := set(asked.sent) - {"files"}:
        name = min(unknown)[:80]
        raise BadRequest(_("There is no field “%(name)s” here.") % {"name": name}, field=name, code="UNKNOWN_FIELD")
    sent = asked.sent.get("files") or [None]
    if len(sent) > 1:
        raise BadRequest(
            _("Send one file of at most %(most)s MB at a time.") % {"most": MOST_MB}, field="files", code="ONE_FILE"
        )
    made = store_file(sent[0], by=asked.reading.user)
    return {"id": made.pk, "name": made.name, "size": made.size, "sha256": made.sha256}


def give_bytes(asked: Asked) -> Any:
    """The bytes of a file that stands in a record one sees."""
    return bytes_of(asked.number, asked.reading.user)


CALLS = (
    Operation(
        "files/upload/",
        gettext_lazy("Send a file for a field of a record"),
        take_file,
        STORED,
        method="POST",
        body=lambda _entity: FORM,
        status=201,
        code="upload_file",
        takes_files=True,
    ),
    Operation(
        "files/{number}/bytes/",
        gettext_lazy("The bytes of a file"),
        give_bytes,
        {"type": "string", "format": "binary"},
        code="bytes_of_file",
        gives_file=True,
    ),
)
