"""Why somebody sees a record: the territory in which its customer lies."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.administration.reasons import Reason
from krug.kernel.entity import Entity
from krug.kernel.registry import get_entity
from krug.parties.models.territories import territories_opening


def by_territory(entity: Entity, record: Any, user: User) -> list[Reason]:
    """The territories that open this record to whoever works them."""
    said = _("Its customer lies in the territory “%(territory)s”, which you work.")
    url = get_entity("territory").url
    return [
        Reason(said % {"territory": one.name}, url(one.pk)) for one in territories_opening(record, entity.code, user)
    ]
