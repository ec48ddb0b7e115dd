"""Checks and writes imports: the check is the real run, taken back, so that its figures are true."""

from __future__ import annotations

import logging
import shutil
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from krug.access.models import User
from krug.exchange.importing import planned
from krug.exchange.importing.planned import Cancelled, SteppedAside, TakeBack
from krug.exchange.importing.plans import Plan, plan_from
from krug.exchange.importing.presets import Findings, Preset, Progress, files_in, get_preset, open_source
from krug.exchange.importing.readings import looked_through
from krug.exchange.importing.telling import EVERY, progress_of
from krug.exchange.models import ImportRun
from krug.kernel.errors import No, NotFound, Refusal
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.recording import begin_act
from krug.kernel.links import record_number
from krug.kernel.sight import seen_by
from krug.kernel.visibility import demand

TURNS = 20
PLANNABLE = (ImportRun.State.PLANNING, ImportRun.State.CHECKED, ImportRun.State.FAILED)
UPLOADED_BY = timedelta(minutes=30)
NOTHING_TO_WRITE = gettext_lazy(
    "There is nothing to write: no row was accepted. Mend the refused rows in the file and import it again."
)
log = logging.getLogger(__name__)


def may_import(user: User, preset: Preset) -> None:
    """An import needs the right to import every type of record that it writes."""
    for entity in preset.entities:
        demand(user, entity, "import")


def carry_out(preset: Preset, files: dict[str, Path], *, by: User, write: bool, progress: Progress) -> Findings:
    """Run the preset over the files in one transaction; a check is taken back at its end."""
    may_import(by, preset)
    source = open_source(preset, files)
    findings = Findings()
    with suppress(TakeBack), transaction.atomic():
        begin_act(by)
        findings = preset.run(source, by, progress, write)
        if not write:
            raise TakeBack
    return findings


def defer(run: ImportRun, *, write: bool, back: bool = False) -> None:
    """Queue the job that works on a run next."""
    from krug.exchange.jobs import open_import, run_import, undo_import

    if run.state == ImportRun.State.OPENING:
        open_import.defer(run_id=run.pk)
    elif back:
        undo_import.defer(run_id=run.pk)
    else:
        run_import.configure(lock=None if write else "check").defer(run_id=run.pk, write=write)  # checks go one by one


def may_run(user: User, run: ImportRun) -> None:
    """An import is open to who may import every type that it writes."""
    if run.preset:
        may_import(user, get_preset(run.preset))
    elif run.plan and run.state != ImportRun.State.PLANNING:
        planned.may_take(user, plan_from(run.plan))


def keep_plan(run: ImportRun, plan: Plan) -> ImportRun:
    """Keep a plan that is not whole yet."""
    with transaction.atomic():
        run = held(run, *PLANNABLE)
        run.files = looked_through(folder_of(run), run.files, plan)
        run.plan, run.state = plan.as_json(), ImportRun.State.PLANNING
        run.save(update_fields=["plan", "files", "state"])
    return run


def plan_run(run: ImportRun, plan: Plan, *, by: User) -> ImportRun:
    """Keep the plan of an import and have it checked by a job."""
    planned.may_take(by, plan)
    with transaction.atomic():
        run = held(run, *PLANNABLE)
        if run.place:
            raise Refusal(_("A part of this import is written already."), code="WRONG_STATE")
        run.files = looked_through(folder_of(run), run.files, plan)
        run.plan, run.state, run.trouble, run.done, run.is_cancelled = plan.as_json(), "checking", "", 0, False
        run.save()
        defer(run, write=False)
    return run


def carry_out_now(run: ImportRun, plan: Plan, *, by: User, write: bool) -> ImportRun:
    """Carry a planned import out at once, as the command line does; a check alone is taken back."""
    planned.may_take(by, plan)
    run.plan = plan.as_json()
    run.state = ImportRun.State.WRITING if write else ImportRun.State.CHECKING
    run.save(update_fields=["plan", "state"])
    work_on(run, write=write)
    return run


def write_run(run: ImportRun, *, by: User) -> ImportRun:
    """Have a checked run written by a job; one that stopped midway goes on where it stood."""
    may_run(by, run)
    with transaction.atomic():
        stopped = (ImportRun.State.FAILED, ImportRun.State.CANCELLED) if run.place else ()
        run = held(run, ImportRun.State.CHECKED, *stopped)
        if run.state == ImportRun.State.CHECKED and not run.writes:
            raise Refusal(str(NOTHING_TO_WRITE), code="NOTHING_TO_WRITE")
        run.state, run.is_cancelled, run.trouble = ImportRun.State.WRITING, False, ""
        run.done = run.done if run.place else 0
        run.save(update_fields=["state", "done", "is_cancelled", "trouble"])
        audit("import", actor=by, object=f"import:{run.pk}", data={"count": run.total})
        defer(run, write=True)
    return run


def undo_run(run: ImportRun, *, by: User) -> ImportRun:
    """Have everything that an import wrote taken back by a job, except what somebody has changed since."""
    may_run(by, run)
    with transaction.atomic():
        run = held(run, ImportRun.State.DONE, ImportRun.State.CANCELLED, ImportRun.State.FAILED)
        if not run.acts:
            raise Refusal(_("There is nothing to take back."), code="WRONG_STATE")
        run.state, run.trouble = ImportRun.State.UNDOING, ""
        run.save(update_fields=["state", "trouble"])
        audit("import.undone", actor=by, object=f"import:{run.pk}")
        defer(run, write=False, back=True)
    return run


def held(run: ImportRun, *states: str) -> ImportRun:
    """The run as it is now, locked; refused when it is in none of these states."""
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.state not in states:
        raise Refusal(_("This import is in another state now."), code="WRONG_STATE")
    return run


def cancel_run(run: ImportRun) -> None:
    """Ask a running import to stop; nothing of it will stay."""
    ImportRun.objects.filter(pk=run.pk).update(is_cancelled=True)


def runs_of(user: User) -> list[ImportRun]:
    """The runs that this user began, newest first."""
    return list(ImportRun.objects.filter(created_by=user).select_related("created_by")[:100])


def the_run(user: User, number: int) -> ImportRun:
    """A run of one's own, whose types one may import; another's does not exist."""
    mine = ImportRun.objects.filter(created_by=user).select_related("created_by")
    run = mine.filter(pk=number).first() if record_number(number) else None
    if run is None:
        raise NotFound(_("There is no such import, or it is not yours."))
    may_run(user, run)
    return run


def check_again(run: ImportRun, *, by: User) -> ImportRun:
    """Have the files of an import that ended before its time checked once more."""
    may_run(by, run)
    with transaction.atomic():
        run = ImportRun.objects.select_for_update().get(pk=run.pk)
        if not may_check_again(run):
            raise Refusal(_("This import can not be checked again: choose its files anew."), code="WRONG_STATE")
        run.state, run.trouble, run.findings, run.finished_at = ImportRun.State.CHECKING, "", {}, None
        run.done, run.total, run.is_cancelled = 0, 0, False
        run.save()
        defer(run, write=False)
    return run


def may_check_again(run: ImportRun) -> bool:
    """Whether the import ended before its time and its files still lie here."""
    ended = run.state in (ImportRun.State.FAILED, ImportRun.State.CANCELLED)
    return ended and bool(run.plan or run.preset) and not run.place and folder_of(run).is_dir()


def end_lost_runs() -> int:
    """Imports whose job is gone, because its process was killed too often, are broken off; answers how many."""
    from procrastinate.contrib.django.models import ProcrastinateJob

    running = ImportRun.objects.filter(
        Q(state__in=(ImportRun.State.CHECKING, ImportRun.State.WRITING))
        | Q(state=ImportRun.State.OPENING, created_at__lt=timezone.now() - UPLOADED_BY)
    )
    runs = list(running.select_related("created_by"))
    names = ("run_import", "open_import")
    jobs = ProcrastinateJob.objects.filter(task_name__in=names, status__in=("todo", "doing")) if runs else ()
    alive = {job.args.get("run_id") for job in jobs}
    lost = [run for run in runs if run.pk not in alive]
    for run in lost:
        if run.place and run.state == ImportRun.State.WRITING:
            defer(run, write=True)
            continue
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
    with override(run.created_by.language), seen_by(run.created_by):
        try:
            _carry_out(run, write=write)
        except No as no:
            _end(run, ImportRun.State.FAILED, str(no))
        except Cancelled:
            _end(run, ImportRun.State.CANCELLED)
        except Exception:
            log.exception("Import run %s failed", run.pk)
            _end(run, ImportRun.State.FAILED, _("The import stopped because of an error in the program."))
    if run.state == ImportRun.State.DONE and not run.plan:
        shutil.rmtree(folder_of(run), ignore_errors=True)


def _carry_out(run: ImportRun, *, write: bool) -> None:
    if not write:
        _check(run)
        _end(run, ImportRun.State.CHECKED)
    elif run.plan:
        planned.write(run, folder_of(run))
        _end(run, ImportRun.State.DONE)
    else:
        with transaction.atomic(), progress_of(run, steps_aside=False) as progress:
            _carry_out_preset(run, progress, write=True)
            _end(run, ImportRun.State.DONE)


def _check(run: ImportRun) -> None:
    """The real run, taken back; when it waits for somebody, or somebody for it, it lets all go and begins anew."""
    for _turn in range(TURNS):
        try:
            with progress_of(run, steps_aside=True) as progress:
                if run.plan:
                    return planned.check(run, folder_of(run), progress)
                return _carry_out_preset(run, progress, write=False)
        except SteppedAside:
            time.sleep(EVERY)
    raise Refusal(_("People keep changing the records of this file. Check it again when there is less going on."))


def _carry_out_preset(run: ImportRun, progress: Progress, *, write: bool) -> None:
    preset = get_preset(run.preset)
    may_import(run.created_by, preset)
    files = files_in(folder_of(run))
    run.findings = carry_out(preset, files, by=run.created_by, write=write, progress=progress).as_json()


def take_run_back(run: ImportRun) -> None:
    """What the job does: undo the acts of an import, the last first."""
    if run.state != ImportRun.State.UNDOING:
        return
    with override(run.created_by.language):
        try:
            left = planned.take_back(run)
            trouble = _("%(count)s changes stayed, because somebody worked on them since.") % {"count": left}
            _end(run, ImportRun.State.UNDONE, trouble if left else "")
        except No as no:
            _end(run, ImportRun.State.DONE, str(no))


def _end(run: ImportRun, state: str, trouble: str = "") -> None:
    run.state, run.trouble, run.finished_at = state, trouble, timezone.now()
    run.save(update_fields=["state", "trouble", "finished_at", "findings", "done", "total"])


def folder_of(run: ImportRun) -> Path:
    """Where the files of a run lie; their names on disk are ours."""
    return Path(settings.DATA) / "imports" / str(run.pk)
