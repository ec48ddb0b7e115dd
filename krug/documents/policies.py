"""Who sees documents: their keeper, and whoever sees the customer."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from krug.access.models import Reach, User
from krug.kernel.attributes.catalogue import catalogue
from krug.kernel.attributes.models import AttributeIndex
from krug.kernel.registry import entities, get_entity
from krug.kernel.sight import is_open
from krug.kernel.visibility import by_reach, holds, rights_of
from krug.parties.models.territories import opened_by_territory

document_there = opened_by_territory("document", "party__territory")


def documents(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Own ones and the team's by reach, and those of visible customers."""
    reach = rights_of(user).reach("document")
    if reach in (Reach.ALL, Reach.NONE):
        return by_reach(rows, user, "document", owner="created_by")
    of_seen = holds(get_entity("party").rows_for(user).filter(pk=OuterRef("party")))
    shown = of_seen | document_there(user)
    return by_reach(rows, user, "document", owner="created_by", also=shown)


def files(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Those that stand in an open field of a record one sees, and one's own that stand nowhere yet."""
    held, fields = Q(pk__in=()), []
    for entity in entities():
        own = [each for each in catalogue().attributes.get(entity.code, ()) if each.kind == "file"]
        fields += [each.pk for each in own]
        told = [each.pk for each in own if is_open(entity, each.key, user)]
        if told:
            seen = entity.rows_for(user).order_by().values("pk")
            held |= Q(
                Exists(AttributeIndex.objects.filter(attribute_id__in=told, number=OuterRef("pk"), record_id__in=seen))
            )
    loose = ~Exists(AttributeIndex.objects.filter(attribute_id__in=fields, number=OuterRef("pk"))) if fields else Q()
    return rows.filter(Q(Q(loose), created_by=user) | held)
