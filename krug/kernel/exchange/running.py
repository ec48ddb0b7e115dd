"""Checks and writes imports: the check is the real run, taken back, so that its figures are true."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krug.access.models import User
from krug.kernel.errors import No, Refusal
from krug.kernel.exchange.presets import Findings, Preset, Progress, files_in, get_preset, open_source
from krug.kernel.journal.recording import begin_act
from krug.kernel.models import ImportRun
from krug.kernel.visibility import demand

LARGEST_FILE = 25 * 1024 * 1024
EVERY = 0.5
log = logging.getLogger(__name__)


class Cancelled(Exception):
    """Somebody stopped the run."""


class _TakeBack(Exception):
    """Ends a check so that nothing of it stays."""


def may_import(user: User, preset: Preset) -> None:
    """An import needs the right to import every type of record that it writes."""
    for entity in preset.entities:
        demand(user, entity, "import")


def carry_out(preset: Preset, files: dict[str, Path], *, by: User, write: bool, progress: Progress) -> Findings:
    """Run the preset over the files in one transaction; a check is taken back at its end."""
    may_import(by, preset)
    source = open_source(preset, files)
    findings = Findings()
    try:
        with transaction.atomic():
            begin_act(by)
            findings = preset.run(source, by, progress, write)
            if not write:
                raise _TakeBack
    except _TakeBack:
        pass
    return findings


def start_run(preset: Preset, uploads: Iterable[Any], *, by: User) -> ImportRun:
    """Keep the uploaded files and have them checked by a job."""
    from krug.kernel.exchange.jobs import run_import

    may_import(by, preset)
    known = {need.name for need in preset.files}
    given = {upload.name.lower(): upload for upload in uploads if upload.name and upload.name.lower() in known}
    missing = sorted(known - given.keys())
    if missing:
        raise Refusal(
            _("Files are missing: %(missing)s.") % {"missing": ", ".join(missing)}, field="files", code="FILE_MISSING"
        )
    large = [name for name, upload in given.items() if (upload.size or 0) > LARGEST_FILE]
    if large:
        raise Refusal(_("%(file)s is larger than 25 MB.") % {"file": large[0]}, field="files", code="FILE_TOO_LARGE")
    with transaction.atomic():
        run = ImportRun.objects.create(
            preset=preset.code, created_by=by, files={name: (given[name].size or 0) for name in sorted(given)}
        )
        folder = folder_of(run)
        folder.mkdir(parents=True, exist_ok=True)
        for name in known:
            with (folder / name).open("wb") as file:
                for block in given[name].chunks():
                    file.write(block)
        run_import.defer(run_id=run.pk, write=False)
    return run


def write_run(run: ImportRun, *, by: User) -> ImportRun:
    """Have a checked run written by a job."""
    from krug.kernel.exchange.jobs import run_import

    may_import(by, get_preset(run.preset))
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if run.state != ImportRun.State.CHECKED:
            raise Refusal(_("This import can not be written now."), code="WRONG_STATE")
        run.state, run.done, run.is_cancelled = ImportRun.State.WRITING, 0, False
        run.save(update_fields=["state", "done", "is_cancelled"])
        run_import.defer(run_id=run.pk, write=True)
    return run


def cancel_run(run: ImportRun) -> None:
    """Ask a running import to stop; nothing of it will stay."""
    ImportRun.objects.filter(pk=run.pk).update(is_cancelled=True)


def runs_of(user: User) -> list[ImportRun]:
    """The runs that this user began, newest first."""
    return list(ImportRun.objects.filter(created_by=user).select_related("created_by")[:100])


def check_again(run: ImportRun, *, by: User) -> ImportRun:
    """Have the files of an import that ended before its time checked once more."""
    from krug.kernel.exchange.jobs import run_import

    may_import(by, get_preset(run.preset))
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not may_check_again(run):
            raise Refusal(_("This import can not be checked again: choose its files anew."), code="WRONG_STATE")
        run.state, run.trouble, run.findings, run.finished_at = ImportRun.State.CHECKING, "", {}, None
        run.done, run.total, run.is_cancelled = 0, 0, False
        run.save()
        run_import.defer(run_id=run.pk, write=False)
    return run


def may_check_again(run: ImportRun) -> bool:
    """Whether the import ended before its time and its files still lie here."""
    return run.state in (ImportRun.State.FAILED, ImportRun.State.CANCELLED) and folder_of(run).is_dir()


def end_lost_runs() -> int:
    """Imports whose job is gone, because its process was killed too often, are broken off; answers how many."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    running = ImportRun.objects.filter(state__in=(ImportRun.State.CHECKING, ImportRun.State.WRITING))
    runs = list(running.select_related("created_by"))
    jobs = ProcrastinateJob.objects.filter(task_name="run_import", status__in=("todo", "doing")) if runs else ()
    alive = {job.args.get("run_id") for job in jobs}
    lost = [run for run in runs if run.pk not in alive]
    for run in lost:
        with override(run.created_by.language):
            trouble = _("The program was stopped while it worked on this import. Nothing was written. Check it again.")
        running.filter(pk=run.pk, state=run.state).update(
            state=ImportRun.State.FAILED, trouble=trouble, finished_at=timezone.now()
        )
    return len(lost)


def work_on(run: ImportRun, *, write: bool) -> None:
    """What the job does: carry the run out and keep, in the same transaction, that it was carried out."""
    wanted = ImportRun.State.WRITING if write else ImportRun.State.CHECKING
    if run.state != wanted:
        return
    with override(run.created_by.language):
        try:
            with transaction.atomic():
                preset = get_preset(run.preset)
                may_import(run.created_by, preset)
                files = files_in(folder_of(run))
                findings = carry_out(preset, files, by=run.created_by, write=write, progress=_teller(run))
                run.findings = findings.as_json()
                _end(run, ImportRun.State.DONE if write else ImportRun.State.CHECKED)
        except No as no:
            _end(run, ImportRun.State.FAILED, str(no))
        except Cancelled:
            _end(run, ImportRun.State.CANCELLED)
        except Exception:
            log.exception("Import run %s failed", run.pk)
            _end(
                run,
                ImportRun.State.FAILED,
                _("The import stopped because of an error in the program. Nothing was written."),
            )
    if run.state == ImportRun.State.DONE:
        shutil.rmtree(folder_of(run), ignore_errors=True)


def _end(run: ImportRun, state: str, trouble: str = "") -> None:
    run.state, run.trouble, run.finished_at = state, trouble, timezone.now()
    run.save(update_fields=["state", "trouble", "finished_at", "findings"])


def folder_of(run: ImportRun) -> Path:
    """Where the files of a run lie; their names on disk are ours."""
    return Path(settings.DATA) / "imports" / str(run.pk)


def _teller(run: ImportRun) -> Progress:
    """Tells the progress over a connection of its own, and hears whether to stop."""
    from krug.kernel.exchange.telling import Teller

    teller, last = Teller(run.pk), [0.0]

    def tell(done: int, total: int) -> None:
        if time.monotonic() - last[0] < EVERY and done < total:
            return
        last[0] = time.monotonic()
        if teller.tell(done, total):
            raise Cancelled

    return tell
