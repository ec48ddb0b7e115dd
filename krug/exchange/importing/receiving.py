"""Receives the files of an import and keeps them until it is over."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.exchange.importing import planned
from krug.exchange.importing.guessing import guess, signature_of
from krug.exchange.importing.opening import MOST_FILES, is_set, unpack_set
from krug.exchange.importing.presets import Preset, get_preset, presets
from krug.exchange.importing.running import defer, folder_of, may_import
from krug.exchange.models import ImportRun
from krug.kernel.errors import Refusal


def start_run(uploads: Iterable[Any], *, by: User, preset: str = "") -> ImportRun:
    """Keep the uploaded files; a set that is known as a whole is checked by a job, any other waits for its plan."""
    given = {str(upload.name)[:200]: upload for upload in uploads if upload.name}
    known = get_preset(preset) if preset else _preset_of({name.lower() for name in given})
    if known is not None:
        may_import(by, known)
        _must_be_there({need.name for need in known.files}, {name.lower() for name in given})
    _must_fit(given)
    folder: Path | None = None
    try:
        with transaction.atomic():
            run = ImportRun.objects.create(preset=known.code if known else "", created_by=by)
            folder = folder_of(run)
            folder.mkdir(parents=True, exist_ok=True)
            run.files = _keep(given, folder, {need.name for need in known.files} if known else None)
            if known is None:
                tables = planned.tables_in(folder, run.files)
                run.state, run.signature = ImportRun.State.PLANNING, signature_of(tables)
                run.plan = guess(tables, by).as_json()
            run.save()
            if known is not None:
                defer(run, write=False)
    except BaseException:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise
    return run


def _preset_of(names: set[str]) -> Preset | None:
    """The set of files that these names are, when all of it is there."""
    return next((preset for preset in presets() if {need.name for need in preset.files} <= names), None)


def _must_be_there(known: set[str], given: set[str]) -> None:
    missing = sorted(known - given)
    if missing:
        raise Refusal(
            _("Files are missing: %(missing)s.") % {"missing": ", ".join(missing)}, field="files", code="FILE_MISSING"
        )


def _must_fit(given: dict[str, Any]) -> None:
    if not given:
        raise Refusal(_("Choose at least one file."), field="files", code="FILE_MISSING")
    if len(given) > MOST_FILES:
        raise Refusal(_("Choose at most %(count)s files.") % {"count": MOST_FILES}, field="files", code="SET_TOO_LARGE")
    most = settings.KRUG_IMPORT_MB
    large = [name for name, upload in given.items() if (upload.size or 0) > most * 1024 * 1024]
    if large:
        raise Refusal(
            _("%(file)s is larger than %(most)s MB.") % {"file": large[0], "most": most},
            field="files",
            code="FILE_TOO_LARGE",
        )


def _keep(given: dict[str, Any], folder: Path, named: set[str] | None) -> dict[str, Any]:
    """Write the files under names of ours; a zip of several is unpacked; a set of `named` files keeps their names."""
    kept: dict[str, Any] = {}
    for place, (name, upload) in enumerate(given.items()):
        if named is not None and name.lower() not in named:
            continue
        path = folder / (name.lower() if named is not None else f"f{place:03d}")
        with path.open("wb") as file:
            for block in upload.chunks():
                file.write(block)
        inner = unpack_set(path, folder) if named is None and is_set(path) else {name: path}
        kept |= {shown: {"kept": one.name, "size": one.stat().st_size} for shown, one in inner.items()}
    return kept
