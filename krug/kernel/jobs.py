"""Work for later and for the clock; a job may run twice and must not mind."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import AlreadyEnqueued

from krug.kernel.journal.jobs import bulk_run, undo_run

__all__ = [
    "bulk_run",
    "lay_partitions",
    "pay",
    "seal",
    "sweep",
    "sweep_unpaid",
    "undo_run",
]

UNPAID_AFTER = timedelta(minutes=1)
MOST_ATTEMPTS = 8
MONTHS_AHEAD = 14


@app.task(name="pay", queue="flows", retry=RetryStrategy(max_attempts=MOST_ATTEMPTS, exponential_wait=2))
def pay(owed_id: int) -> None:
    """Pay one follow-up that an event owes; what went wrong is kept beside it."""
    from krug.kernel.journal.models import Owed
    from krug.kernel.journal.recording import pay_owed

    try:
        pay_owed(owed_id)
    except Exception as trouble:
        Owed.objects.filter(pk=owed_id).update(attempts=F("attempts") + 1, trouble=str(trouble)[:2000])
        raise


@app.periodic(cron="* * * * *")
@app.task(name="sweep", queue="clock", queueing_lock="sweep")
def sweep(timestamp: int) -> None:
    """Pay what a crash left unpaid; the hopeless waits for a person."""
    sweep_unpaid()


@app.periodic(cron="*/5 * * * *")
@app.task(name="seal", queue="clock", queueing_lock="seal")
def seal(timestamp: int) -> None:
    """Close the chain of hashes over the history up to what can no longer change."""
    from krug.kernel.journal.sealing import seal_history

    seal_history()


@app.periodic(cron="17 3 * * *")
@app.task(name="lay_partitions", queue="clock", queueing_lock="lay_partitions")
def lay_partitions(timestamp: int) -> None:
    """Make the journal's partitions of the months to come."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT krug_partitions(current_date, %s)", [MONTHS_AHEAD])


def sweep_unpaid() -> int:
    """Put unpaid follow-ups back into the queue, each once; answers how many."""
    from krug.kernel.journal.models import Owed

    unpaid = Owed.objects.filter(
        paid_at=None, attempts__lt=MOST_ATTEMPTS, owed_at__lt=timezone.now() - UNPAID_AFTER
    ).values_list("pk", flat=True)[:500]
    queued = 0
    for owed_id in unpaid:
        try:
            with transaction.atomic():
                pay.configure(queueing_lock=f"pay-{owed_id}").defer(owed_id=owed_id)
            queued += 1
        except AlreadyEnqueued:
            continue
    return queued
