"""What the clock does for the doors."""

from __future__ import annotations

from django.utils import timezone
from procrastinate.contrib.django import app


@app.periodic(cron="17 * * * *")
@app.task(name="forget_old_doors", queue="clock", queueing_lock="forget_old_doors")
def forget_old_doors(timestamp: int) -> None:
    """Ended sessions and counters whose time is over are forgotten."""
    from krug.access.models import Session
    from krug.kernel.attempts import forget_old_attempts

    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    forget_old_attempts(timezone.now())
