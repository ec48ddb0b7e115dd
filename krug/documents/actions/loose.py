"""Bytes that nothing holds any more: thrown away once nothing can bring them back, and written down."""

from __future__ import annotations

import os
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from krug.access.models import User
from krug.documents.actions.stored import path_of
from krug.documents.models import StoredFile
from krug.kernel import writing
from krug.kernel.attributes.models import Attribute, AttributeIndex
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.models import RowChange
from krug.kernel.journal.recording import begin_act
from krug.kernel.journal.undo import oldest_undoable
from krug.kernel.registry import get_entity

AT_ONCE = 500
UNWRITTEN_FOR = timedelta(days=1)


def clear_loose_files(*, by: User) -> int:
    """Throw away the bytes of files that stand in no record, and stood in none while that could be undone."""
    cleared = 0
    for found in loose_files().filter(is_archived=False)[:AT_ONCE]:
        with transaction.atomic():
            held = StoredFile.objects.select_for_update().get(pk=found.pk)
            if not loose_files().filter(pk=held.pk).exists():
                continue
            begin_act(by, "file.archive")
            writing.archive(get_entity("file"), held, by=by)
            _tell(held, by)
        path_of(held.key).unlink(missing_ok=True)
        cleared += 1
    return cleared + _clear_disk(by)


def _tell(held: StoredFile | None, by: User) -> None:
    told = {"name": held.name, "bytes": held.size} if held else {}
    audit("file.cleared", actor=by, object=f"file:{held.pk}" if held else "file", data=told)


def loose_files() -> Any:
    """Files older than undoing goes back that no field holds, whether the field is in use or put away."""
    fields = list(Attribute.objects.filter(kind=Attribute.Kind.FILE).values_list("pk", flat=True))
    holding = AttributeIndex.objects.filter(attribute_id__in=fields, number=OuterRef("pk"))
    old = StoredFile.objects.filter(created_at__lt=oldest_undoable())
    return old.filter(~Exists(holding)).exclude(pk__in=_held_lately(fields)).order_by("pk")


def _held_lately(fields: list[int]) -> set[int]:
    """What stood in a record within the days in which a change can be undone."""
    keys = [f"a{number}" for number in fields]
    changes = RowChange.objects.filter(at__gte=oldest_undoable(), old__custom__has_any_keys=keys) if keys else ()
    return {
        int(value) for change in changes for key in keys if (value := (change.old or {})["custom"].get(key)) is not None
    }


def _clear_disk(by: User) -> int:
    """Bytes of files put away long ago, and bytes whose record was never written because the power went in between."""
    cleared, unwritten = 0, (timezone.now() - UNWRITTEN_FOR).timestamp()
    for folder, _folders, names in os.walk(Path(settings.DATA) / "files"):
        known = {each.key: each for each in StoredFile.objects.filter(key__in=names)} if names else {}
        gone = set(loose_files().filter(key__in=names, is_archived=True, updated_at__lt=oldest_undoable()))
        for name in names:
            path, held = Path(folder) / name, known.get(name)
            if held in gone or (held is None and path.stat().st_mtime < unwritten):
                _tell(held, by)
                path.unlink(missing_ok=True)
                cleared += 1
    return cleared
