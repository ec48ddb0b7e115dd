"""Bytes that nothing holds any more: put away, then thrown away once nothing can bring them back, and written down."""

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
    """Throw away the bytes of files that were put away long ago; put away those that stand in no record now."""
    loose = set(_unheld().values_list("pk", flat=True)) - _held_lately()
    cleared, put_away = _clear_disk(by, loose), 0
    for pk in _unheld().filter(is_archived=False).values_list("pk", flat=True):
        if pk in loose and put_away < AT_ONCE:
            put_away += _put_away(pk, by)
    return cleared + put_away


@transaction.atomic
def _put_away(pk: int, by: User) -> bool:
    held = StoredFile.objects.select_for_update().get(pk=pk)
    if not _unheld().filter(pk=pk, is_archived=False).exists():
        return False
    begin_act(by, "file.archive")
    writing.archive(get_entity("file"), held, by=by)
    return True


def _tell(held: StoredFile | None, by: User) -> None:
    told = {"name": held.name, "bytes": held.size} if held else {}
    audit("file.cleared", actor=by, object=f"file:{held.pk}" if held else "file", data=told)


def _unheld() -> Any:
    """Files older than undoing goes back that no field holds now, whether the field is in use or put away."""
    holding = AttributeIndex.objects.filter(attribute_id__in=_file_fields(), number=OuterRef("pk"))
    return StoredFile.objects.filter(~Exists(holding), created_at__lt=oldest_undoable()).order_by("pk")


def _file_fields() -> Any:
    return Attribute.objects.filter(kind=Attribute.Kind.FILE).values("pk")


def _held_lately() -> set[int]:
    """What stood in a record within the days in which a change can be undone; read once for a whole run."""
    keys = [f"a{number}" for (number,) in _file_fields().values_list("pk")]
    changes = RowChange.objects.filter(at__gte=oldest_undoable(), old__custom__has_any_keys=keys) if keys else None
    held = changes.values_list("old__custom", flat=True) if changes is not None else ()
    return {int(value) for custom in held for key in keys if (value := custom.get(key)) is not None}


def _clear_disk(by: User, loose: set[int]) -> int:
    """Bytes of files put away long ago, and bytes whose record was never written because the power went in between."""
    cleared, unwritten = 0, (timezone.now() - UNWRITTEN_FOR).timestamp()
    for folder, _folders, names in os.walk(Path(settings.DATA) / "files"):
        known = {each.key: each for each in StoredFile.objects.filter(key__in=names)} if names else {}
        for name in names:
            path, held = Path(folder) / name, known.get(name)
            if held is not None and held.is_archived and held.pk in loose:
                cleared += _thrown_away(held, path, by)
            elif held is None and path.stat().st_mtime < unwritten:
                _tell(None, by)
                path.unlink(missing_ok=True)
                cleared += 1
    return cleared


@transaction.atomic
def _thrown_away(held: StoredFile, path: Path, by: User) -> bool:
    """Nobody brings the file back while it is looked at once more: its row is held."""
    StoredFile.objects.select_for_update().get(pk=held.pk)
    if not _unheld().filter(pk=held.pk, is_archived=True, updated_at__lt=oldest_undoable()).exists():
        return False
    _tell(held, by)
    path.unlink(missing_ok=True)
    return True
