"""How an uploaded file presents itself, and how it stands in fields that the company adds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from krug.documents import policies
from krug.documents.actions.stored import refuse_without_bytes
from krug.documents.models import StoredFile
from krug.kernel.attributes.linked import ReferenceAttribute
from krug.kernel.attributes.models import AttributeIndex
from krug.kernel.attributes.serving import Definition, serve_kind
from krug.kernel.entity import Entity, Section
from krug.kernel.fields import Cell, FieldFault, Reading

FILE = Entity(
    code="file",
    model=StoredFile,
    label=_("File"),
    new=_("New file"),
    plural=_("Files"),
    icon="file",
    visible=policies.files,
    columns=("name", "size", "created_by", "created_at"),
    filters=("name", "size", "created_by", "created_at"),
    sorts=("name", "size"),
    form=(Section(_("File"), "name"),),
    protected=("size", "sha256"),
    hidden=("key",),
    owner="created_by",
    create=refuse_without_bytes,
)


@dataclass(frozen=True, kw_only=True)
class FileAttribute(ReferenceAttribute):
    """A file beside the record; it opens for whoever sees the record."""

    made_at: ClassVar[str] = "/files/new/"

    def parse(self, raw: Any, reading: Reading) -> Any:
        found = super().parse(raw, reading)
        if found.is_archived and not AttributeIndex.objects.filter(attribute_id=self.number, number=found.pk).exists():
            raise FieldFault(_("There is no such record: choose one from the list."), code="NO_SUCH_RECORD")
        return found

    def cell(self, row: dict[str, Any], language: str) -> Cell:
        told = super().cell(row, language)
        return Cell(told.text, url=f"/files/{told.value}/bytes/" if told.url else "", kind=told.kind, value=told.value)


def _served(definition: Definition, common: dict[str, Any]) -> FileAttribute:
    return FileAttribute(**common, model=StoredFile)


serve_kind("file", _served)
