"""The tasks of a person's first day: begun with the person, kept as they are done, gone for good at the end."""

from __future__ import annotations

from collections.abc import Iterable

from krug.access.models import User
from krug.administration.models import FirstSteps


def begin_first_steps(person: User) -> None:
    """Offer the tasks to somebody who comes in for the first time."""
    FirstSteps.objects.get_or_create(person=person)


def keep_first_steps(steps: FirstSteps, done: Iterable[str], offered: Iterable[str]) -> bool:
    """Keep what was done; whether anything of what is offered is left. When nothing is, the tasks are gone."""
    known = sorted({*steps.done, *done})
    if not set(offered) - set(known):
        steps.delete()
        return False
    if known != steps.done:
        FirstSteps.objects.filter(pk=steps.pk).update(done=known)
    return True


def leave_first_steps(person: User) -> None:
    """Put the tasks away without doing them."""
    FirstSteps.objects.filter(person=person).delete()
