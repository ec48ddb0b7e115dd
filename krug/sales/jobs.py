"""What the clock does with deals."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from krug.administration.actions.people import clock_actor
from krug.sales.actions.deals import resume_due_deals


@app.periodic(cron="15 4 * * *")
@app.task(name="resume_suspended_deals", queue="clock", queueing_lock="resume_suspended_deals")
def resume_suspended_deals(timestamp: int) -> None:
    """Take up again, each night, the deals whose day of return has come."""
    resume_due_deals(today=timezone.localdate(), by=clock_actor())
