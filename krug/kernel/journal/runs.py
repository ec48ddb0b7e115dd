"""Runs and the acts that belong to them: what was done together is undone together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.errors import No, NotFound, Refusal
from krug.kernel.journal.auditing import audit
from krug.kernel.journal.undo import TOLD, Undone, clash_words, oldest_undoable, undo_acts
from krug.kernel.models import ChangeRun, RunAct

DEEPEST = 50


def undo_one(act: UUID, *, by: User) -> Undone:
    """Take one act back at once and keep that it was."""
    with transaction.atomic():
        undone = undo_acts([act], by=by)
        run = ChangeRun.objects.create(
            kind=ChangeRun.Kind.UNDO,
            state=ChangeRun.State.DONE,
            created_by=by,
            total=1,
            done=1,
            changed=undone.rows,
            skipped=told_of(undone),
            finished_at=timezone.now(),
        )
        RunAct.objects.create(act=undone.act, run=run, undoes=act)
    return undone


def told_of(undone: Undone, known: dict[str, dict[str, Any]] | None = None) -> dict[str, dict[str, Any]]:
    """What was left as it is, by its reason, with the first records named; added to what is known already."""
    told = dict(known or {})
    for clash in undone.clashes:
        add_skipped(told, _("Changed since"), clash_words(clash))
    if undone.left > len(undone.clashes):
        kept = told.setdefault(_("Changed since"), {"count": 0, "first": []})
        kept["count"] += undone.left - len(undone.clashes)
    return told


def add_skipped(told: dict[str, dict[str, Any]], reason: str, record: str) -> None:
    """Count one record that was left as it is, and name it when it is among the first."""
    kept = told.setdefault(reason, {"count": 0, "first": []})
    kept["count"] += 1
    if len(kept["first"]) < TOLD:
        kept["first"].append(record)


def undone_among(acts: Iterable[UUID]) -> set[UUID]:
    """Which of these acts stand undone now; an undoing that was itself undone does not count."""
    asked = list(acts)
    by_undone: dict[UUID, list[UUID]] = {}
    wave = list(asked)
    for _step in range(DEEPEST):
        found = list(RunAct.objects.filter(undoes__in=wave).values_list("undoes", "act"))
        if not found:
            break
        for undone, by in found:
            if undone is not None:
                by_undone.setdefault(undone, []).append(by)
        wave = [by for _undone, by in found]

    def is_undone(act: UUID) -> bool:
        return any(not is_undone(by) for by in by_undone.get(act, ()))

    return {act for act in asked if is_undone(act)}


def runs_behind(acts: Iterable[UUID]) -> dict[UUID, int]:
    """The runs over many records, and their undoings, to which these acts belong: only the whole is taken back."""
    rows = RunAct.objects.filter(act__in=list(acts)).exclude(undoes__isnull=False, run__undoes=None)
    return dict(rows.values_list("act", "run_id"))


def is_own(number: int, user: User) -> bool:
    """Whether this person began the run."""
    return ChangeRun.objects.filter(pk=number, created_by=user).exists()


def the_run(number: int, user: User) -> ChangeRun:
    """A run of one's own; another's does not exist."""
    run = ChangeRun.objects.filter(pk=number, created_by=user).select_related("created_by", "undoes").first()
    if run is None:
        raise NotFound
    return run


def begin_undo(run: ChangeRun, *, by: User) -> ChangeRun:
    """Have every act of a run taken back by a job, the last one first."""
    from krug.kernel.journal.jobs import undo_run

    with transaction.atomic():
        run = ChangeRun.objects.select_for_update().get(pk=run.pk)
        acts = list(run.acts.values_list("act", flat=True))
        if run.is_running:
            raise Refusal(_("This is still under way. Stop it first, then undo what it did."), code="STILL_RUNNING")
        if not acts or undone_among(acts) == set(acts):
            raise Refusal(_("There is nothing left to undo: everything is as it was before."), code="NOTHING_TO_UNDO")
        made = ChangeRun.objects.create(
            kind=ChangeRun.Kind.UNDO, entity=run.entity, undoes=run, created_by=by, total=len(acts)
        )
        audit("bulk.undone", actor=by, object=run.entity, data={"count": run.changed})
        undo_run.defer(run_id=made.pk)
    return made


def carry_out_undo(run: ChangeRun) -> None:
    """Take the acts of the run back one after the other, each for good; after a kill the rest is taken up again."""
    undoes = run.undoes
    assert undoes is not None
    for act in list(undoes.acts.order_by("-at", "-act").values_list("act", flat=True)):
        with transaction.atomic():
            run = ChangeRun.objects.select_for_update(of=("self",)).select_related("created_by").get(pk=run.pk)
            if not run.is_running or run.is_cancelled:
                break
            if run.acts.filter(undoes=act).exists():
                continue
            _undo_part(run, act)
            run.done += 1
            run.save(update_fields=["done", "changed", "skipped"])
    end(run)


def _undo_part(run: ChangeRun, act: UUID) -> None:
    try:
        with transaction.atomic():
            undone = undo_acts([act], by=run.created_by)
            RunAct.objects.create(act=undone.act, run=run, undoes=act)
    except No as no:
        add_skipped(run.skipped, str(no), str(act))
        return
    run.changed += undone.rows
    run.skipped = told_of(undone, run.skipped)


def end(run: ChangeRun, state: str = "", trouble: str = "") -> None:
    """Write down how the run ended."""
    run.refresh_from_db()
    if run.is_running:
        usual = ChangeRun.State.CANCELLED if run.is_cancelled else ChangeRun.State.DONE
        run.state, run.trouble, run.finished_at = state or usual, trouble, timezone.now()
        run.save(update_fields=["state", "trouble", "finished_at"])


def runs_of(user: User) -> list[ChangeRun]:
    """The runs over many records that this person began in the time in which they can be undone, newest first."""
    rows = ChangeRun.objects.filter(created_by=user, created_at__gte=oldest_undoable())
    large = rows.exclude(kind=ChangeRun.Kind.UNDO, undoes=None)
    return list(large.select_related("created_by").order_by("-id")[:50])


def cancel(run: ChangeRun) -> None:
    """Ask a run to stop; what is done stays and can be taken back."""
    ChangeRun.objects.filter(pk=run.pk).update(is_cancelled=True)
