"""The job that checks or writes one import."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.task(name="run_import", queue="imports")
def run_import(run_id: int, write: bool) -> None:
    """Carry one import out; a run that is no longer waiting is left alone."""
    from krug.kernel.exchange.running import work_on
    from krug.kernel.models import ImportRun

    run = ImportRun.objects.select_related("created_by").filter(pk=run_id).first()
    if run is not None:
        work_on(run, write=write)
