"""The jobs that check, write and take back imports, write long exports, and clear up."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.task(name="run_import", queue="imports")
def run_import(run_id: int, write: bool) -> None:
    """Carry one import out; a run that is no longer waiting is left alone."""
    from krug.exchange.importing.running import work_on
    from krug.exchange.models import ImportRun

    run = ImportRun.objects.select_related("created_by").filter(pk=run_id).first()
    if run is not None:
        work_on(run, write=write)


@app.task(name="open_import", queue="imports")
def open_import(run_id: int) -> None:
    """Open the files of one import; a run that does not wait for it is left alone."""
    from krug.exchange.importing.receiving import open_run
    from krug.exchange.models import ImportRun

    run = ImportRun.objects.select_related("created_by").filter(pk=run_id).first()
    if run is not None:
        open_run(run)


@app.task(name="undo_import", queue="imports")
def undo_import(run_id: int) -> None:
    """Take an import back; a run that does not wait for it is left alone."""
    from krug.exchange.importing.running import take_run_back
    from krug.exchange.models import ImportRun

    run = ImportRun.objects.select_related("created_by").filter(pk=run_id).first()
    if run is not None:
        take_run_back(run)


@app.task(name="run_export", queue="imports")
def run_export(run_id: int) -> None:
    """Write the file of one export; one that is written already is left alone."""
    from krug.exchange.exporting.files import work_on_export
    from krug.exchange.models import ExportRun

    run = ExportRun.objects.select_related("created_by").filter(pk=run_id).first()
    if run is not None:
        work_on_export(run)


@app.periodic(cron="* * * * *")
@app.task(name="sweep_runs", queue="clock", queueing_lock="sweep_runs")
def sweep_runs(timestamp: int) -> None:
    """Break off imports that nobody works on, and throw away files whose day is over."""
    from krug.exchange.exporting.files import drop_expired
    from krug.exchange.importing.running import end_lost_runs

    end_lost_runs()
    drop_expired()
