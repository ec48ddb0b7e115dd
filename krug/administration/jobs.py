"""What is done later for the doors: letters with links, and what the clock forgets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

TRIES = 6
ONCE_KEPT = timedelta(days=7)
AT_ONCE = 5_000


@app.periodic(cron="17 * * * *")
@app.task(name="forget_old_doors", queue="clock", queueing_lock="forget_old_doors")
def forget_old_doors(timestamp: int) -> None:
    """Ended sessions, counters whose time is over and keys of requests that nobody repeats any more are forgotten."""
    from krug.access.models import Session
    from krug.kernel.attempts import forget_old_attempts
    from krug.kernel.models import OncePerformed

    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    forget_old_attempts(timezone.now())
    while old := OncePerformed.objects.filter(at__lt=timezone.now() - ONCE_KEPT).values_list("pk", flat=True)[:AT_ONCE]:
        OncePerformed.objects.filter(pk__in=list(old)).delete()


@app.periodic(cron="* * * * *")
@app.task(name="end_sessions_without_step", queue="clock", queueing_lock="end_sessions_without_step")
def end_sessions_without_step(timestamp: int) -> None:
    """From the day on which a role asks for the second step, sessions that began without it end, idle ones too."""
    from krug.administration.actions.second_step import end_sessions_without_step

    end_sessions_without_step()


@app.periodic(cron="* * * * *")
@app.task(name="recalculate", queue="clock", queueing_lock="recalculate", lock="recalculate")
def recalculate(timestamp: int = 0) -> None:
    """Formulas and summaries are worked out for all records after a change of their definition, and kept up."""
    from krug.administration.actions.recalculation import keep_up

    keep_up()


@app.task(
    name="send_letter", queue="mail", retry=RetryStrategy(max_attempts=TRIES, exponential_wait=5), pass_context=True
)
def send_letter(context: Any, letter: int) -> None:
    """Hand one letter over, outside any transaction; who has claimed it sends it, and nobody sends it twice."""
    from krug.administration.actions.mail import claim_letter, put_back, settle_letter, way_out
    from krug.administration.letters import words_of
    from krug.administration.smtp import NotTaken, hand_over
    from krug.administration.smtp import letter as letter_of
    from krug.kernel.errors import Refusal

    claimed, way = claim_letter(letter), way_out()
    if claimed is None:
        return
    try:
        if way is None or not claimed.person.may_come_in:
            raise Refusal(_("Mail is not connected, or the person may not come in any more."))
        hand_over(way, letter_of(way, claimed.address, claimed.person.full_name, words_of(claimed)))
    except NotTaken as no:
        if no.again and context.job.attempts + 1 < TRIES:
            put_back(claimed, str(no))
            raise
        settle_letter(claimed, str(no))
    except Refusal as no:
        settle_letter(claimed, str(no))
    else:
        settle_letter(claimed)


@app.periodic(cron="*/5 * * * *")
@app.task(name="give_up_lost_letters", queue="clock", queueing_lock="give_up_lost_letters")
def give_up_lost_letters(timestamp: int) -> None:
    """Letters whose worker died in the middle are not sent again; people see that they may not have gone."""
    from krug.administration.actions.mail import give_up_lost

    give_up_lost(timezone.now())
