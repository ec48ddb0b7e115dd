"""Work for later and for the clock; a job may run twice and must not mind."""

from __future__ import annotations

from datetime import timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

UNPAID_AFTER = timedelta(minutes=1)


@app.task(name="pay", queue="flows", retry=RetryStrategy(max_attempts=8, exponential_wait=2))
def pay(owed_id: int) -> None:
    """Pay one follow-up that an event owes."""
    from krug.kernel.journal.recording import pay_owed

    pay_owed(owed_id)


@app.periodic(cron="* * * * *")
@app.task(name="sweep", queue="clock", queueing_lock="sweep")
def sweep(timestamp: int) -> None:
    """Pay what a crash left unpaid, and make next months' partitions in time."""
    from django.db import connection

    from krug.kernel.journal.models import Owed

    for owed_id in Owed.objects.filter(
        paid_at=None, attempts__lt=8, owed_at__lt=timezone.now() - UNPAID_AFTER
    ).values_list("pk", flat=True)[:500]:
        pay.configure(queueing_lock=f"pay-{owed_id}").defer(owed_id=owed_id)
    connection.close_if_unusable_or_obsolete()
