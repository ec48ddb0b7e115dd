"""Receives the files of an import, opens them and keeps them until it is over."""

from __future__ import annotations

import logging
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krug.access.models import User
from krug.exchange.importing import planned
from krug.exchange.importing.guessing import guess, signature_of
from krug.exchange.importing.opening import MOST_FILES, is_set, unpack_set
from krug.exchange.importing.plans import plan_from
from krug.exchange.importing.presets import Preset, get_preset, presets
from krug.exchange.importing.readings import looked_through, note_recognised, read_again
from krug.exchange.importing.running import PLANNABLE, defer, folder_of, held, keep_plan, may_import
from krug.exchange.importing.tables import Way
from krug.exchange.models import ImportRun
from krug.kernel.errors import BadRequest, No, Refusal
from krug.kernel.sight import seen_by

LARGE = 20 * 1024 * 1024
log = logging.getLogger(__name__)


def start_run(uploads: Iterable[Any], *, by: User, preset: str = "") -> ImportRun:
    """Keep the uploaded files; a set that is known as a whole is checked by a job, any other waits for its plan."""
    given = {str(upload.name)[:200]: upload for upload in uploads if upload.name}
    known = get_preset(preset) if preset else _preset_of({name.lower() for name in given})
    if known is not None:
        may_import(by, known)
        _must_be_there({need.name for need in known.files}, {name.lower() for name in given})
    _must_fit(given)
    run = ImportRun.objects.create(preset=known.code if known else "", created_by=by, state=ImportRun.State.OPENING)
    folder = folder_of(run)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        run.files = _keep(given, folder, {need.name for need in known.files} if known else None)
        if known is None and not _takes_long(run):
            open_files(run)
            return run
        with transaction.atomic():
            run.state = ImportRun.State.CHECKING if known else ImportRun.State.OPENING
            run.save()
            defer(run, write=False)
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        run.delete()
        raise
    return run


def open_run(run: ImportRun) -> None:
    """What the job does: open files that take long, and guess their plan."""
    if run.state != ImportRun.State.OPENING:
        return
    with override(run.created_by.language), seen_by(run.created_by):
        try:
            open_files(run)
        except No as no:
            _give_up(run, str(no))
        except Exception:
            log.exception("The files of import run %s could not be opened", run.pk)
            _give_up(run, _("The import stopped because of an error in the program."))


def open_now(run: ImportRun) -> ImportRun:
    """Open at once what a job would open, where somebody waits for it, as at the command line."""
    if run.state == ImportRun.State.OPENING:
        open_files(run)
    return run


def open_files(run: ImportRun) -> None:
    """Unpack what is packed, recognise every table and guess the plan of the whole."""
    folder, files = folder_of(run), dict[str, Path]()
    for name, kept in run.files.items():
        path = folder / kept["kept"]
        files |= unpack_set(path, folder) if is_set(path) else {name: path}
    run.files = {name: {"kept": path.name, "size": path.stat().st_size} for name, path in files.items()}
    tables = planned.tables_in(folder, run.files)
    note_recognised(run.files, tables)
    run.state, run.signature = ImportRun.State.PLANNING, signature_of(tables)
    plan = guess(tables, run.created_by)
    run.plan, run.files = plan.as_json(), looked_through(folder, run.files, plan)
    run.save()


def read_files_as(run: ImportRun, ways: Mapping[str, Way], *, by: User) -> ImportRun:
    """Read text files of an import another way, where somebody knows it better, and guess its plan anew."""
    with transaction.atomic():
        run = held(run, *PLANNABLE)  # somebody else may have chosen meanwhile, for another file
        plan = plan_from(run.plan)
        tables = planned.tables_in(folder_of(run), run.files, plan)
        strange = ways.keys() - {table.name for table in tables}
        if strange:
            words = _("There is no table “%(name)s” in these files.") % {"name": min(strange)[:80]}
            raise BadRequest(words, field="file")
        return keep_plan(run, read_again(plan, tables, ways, by))


def _give_up(run: ImportRun, trouble: str) -> None:
    shutil.rmtree(folder_of(run), ignore_errors=True)
    run.state, run.trouble, run.finished_at = ImportRun.State.FAILED, trouble, timezone.now()
    run.save(update_fields=["state", "trouble", "finished_at"])


def _takes_long(run: ImportRun) -> bool:
    """Whether a job opens the files, so that nobody waits: what is packed, and what is large."""
    kept = run.files.values()
    return sum(one["size"] for one in kept) > LARGE or any(is_set(folder_of(run) / one["kept"]) for one in kept)


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
    """Write the files under names of ours; a set of `named` files keeps their names."""
    kept: dict[str, Any] = {}
    for place, (name, upload) in enumerate(given.items()):
        if named is not None and name.lower() not in named:
            continue
        path = folder / (name.lower() if named is not None else f"f{place:03d}")
        with path.open("wb") as file:
            for block in upload.chunks():
                file.write(block)
        kept[name] = {"kept": path.name, "size": path.stat().st_size}
    return kept
