"""What a person chooses for oneself: language, clock, look and keys."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.administration.zones import NAMES
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import begin_act
from krug.kernel.writing import check

CHOSEN = ("language", "timezone", "theme", "density")


@transaction.atomic
def change_profile(person: User, values: dict[str, str], *, has_shortcuts: bool) -> User:
    """Write down what a person chose; an unknown clock or look is refused."""
    begin_act(person)
    person = User.objects.select_for_update().get(pk=person.pk)
    zone = values.get("timezone", person.timezone)
    if zone not in NAMES and zone != person.timezone:
        raise Refusal(_("There is no such time zone. Choose one from the list."), field="timezone")
    for name in CHOSEN:
        if name in values:
            setattr(person, name, values[name])
    person.has_shortcuts = has_shortcuts
    check(person)
    person.save(update_fields=[*CHOSEN, "has_shortcuts"])
    return person
