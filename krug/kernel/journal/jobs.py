"""The jobs over many records: a bulk edit, and taking one back."""

from __future__ import annotations

import logging
from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import override
from procrastinate.contrib.django import app

from krug.kernel.errors import No
from krug.kernel.models import ChangeRun

log = logging.getLogger(__name__)


@app.task(name="undo_run", queue="imports")
def undo_run(run_id: int) -> None:
    """Take back what a run did; a run that is no longer under way is left alone."""
    from krug.kernel.journal.runs import carry_out_undo

    _carry_out(run_id, carry_out_undo)


@app.task(name="bulk_run", queue="imports")
def bulk_run(run_id: int) -> None:
    """Carry out a bulk edit from where it stands; a run that is no longer under way is left alone."""
    from krug.kernel.listing.bulk import carry_out

    _carry_out(run_id, carry_out)


def _carry_out(run_id: int, work: Callable[[ChangeRun], None]) -> None:
    from krug.kernel.journal.runs import end

    run = ChangeRun.objects.select_related("created_by", "undoes").filter(pk=run_id).first()
    if run is None or not run.is_running:
        return
    with override(run.created_by.language):
        try:
            work(run)
        except No as no:
            end(run, ChangeRun.State.FAILED, str(no))
        except Exception:
            log.exception("Run %s failed", run.pk)
            end(run, ChangeRun.State.FAILED, _("It stopped because of an error in the program. What is done stays."))
