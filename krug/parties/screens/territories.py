"""Why somebody sees a record: the territory in which its customer lies."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from krug.access.models import Reach, User
from krug.administration.reasons import Reason
from krug.kernel.entity import Entity
from krug.kernel.registry import get_entity
from krug.kernel.visibility import rights_of
from krug.parties.models import Party
from krug.parties.models.territories import territory_ids_of


def by_territory(entity: Entity, record: Any, user: User) -> list[Reason]:
    """The territory that opens this record to whoever works it."""
    if rights_of(user).reach(entity.code) != Reach.TERRITORY:
        return []
    about = getattr(record, "deal", None) or record
    party = about if isinstance(about, Party) else getattr(about, "party", None)
    territory = getattr(party, "territory", None)
    if territory is None or territory.pk not in territory_ids_of(user):
        return []
    words = _("Its customer lies in the territory “%(territory)s”, which you work.") % {"territory": territory.name}
    return [Reason(words, get_entity("territory").url(territory.pk))]
