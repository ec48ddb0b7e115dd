"""The jobs that check, write and take back imports, and write long exports."""

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


@app.task(name="undo_import", queue="imports")
def undo_import(run_id: int) -> None:
    """Take an import back; a run that does not wait for it is left alone."""
    from krug.kernel.exchange.running import take_run_back
    from krug.kernel.models import ImportRun

    run = ImportRun.objects.select_related("created_by").filter(pk=run_id).first()
    if run is not None:
        take_run_back(run)


@app.task(name="run_export", queue="imports")
def run_export(run_id: int) -> None:
    """Write the file of one export; one that is written already is left alone."""
    from krug.kernel.exchange.files import work_on_export
    from krug.kernel.models import ExportRun

    run = ExportRun.objects.select_related("created_by").filter(pk=run_id).first()
    if run is not None:
        work_on_export(run)
