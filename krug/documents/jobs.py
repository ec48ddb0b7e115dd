"""What the clock does with files."""

from __future__ import annotations

from procrastinate.contrib.django import app


@app.periodic(cron="37 4 * * *")
@app.task(name="clear_loose_files", queue="clock", queueing_lock="clear_loose_files")
def clear_files(timestamp: int) -> None:
    """Bytes that nothing holds any more, and that no undoing brings back, leave the disk."""
    from krug.administration.actions.people import clock_actor
    from krug.documents.actions.loose import clear_loose_files

    clear_loose_files(by=clock_actor())
