"""What a party is to us, and how parties stand to each other."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel import writing
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.parties.events import PartyRoleGiven
from krug.parties.models import Party, PartyRole


@transaction.atomic
def give_role(*, party: Party, role: str, since: date | None = None, by: User) -> PartyRole:
    """Make the party something to us; a role that was taken away comes back."""
    day = since or timezone.localdate()
    known = PartyRole.objects.filter(party=party, role=role).first()
    if known is not None and not known.is_archived:
        raise Refusal(_("The party has this role already."), field="role", code="ROLE_ONCE")
    given = known or PartyRole(party=party, role=role, created_by=by)
    given.since, given.is_archived, given.updated_by = day, False, by
    writing.check(given)
    given.save()
    record(PartyRoleGiven(party=party, role=given, by=by))
    return given


@transaction.atomic
def add_role(party: Party, *, role: str, by: User, **values: Any) -> Party:
    """Make the party something to us, said on the party itself."""
    give_role(party=party, role=role, by=by, **values)
    return party
