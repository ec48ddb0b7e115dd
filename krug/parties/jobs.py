"""What the clock does with parties."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app

from krug.administration.actions.people import clock_actor
from krug.parties.actions.parties import outdate_verifications


@app.periodic(cron="40 3 * * *")
@app.task(name="outdate_verifications", queue="clock", queueing_lock="outdate_verifications")
def ask_for_new_verifications(timestamp: int) -> None:
    """Ask, each night, for a new verification of requisites confirmed more than half a year ago."""
    clock = clock_actor()
    while outdate_verifications(today=timezone.localdate(), by=clock):
        pass
