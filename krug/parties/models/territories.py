"""Territories: a tree of regions or groups of customers, and the people who see what lies in them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from krug.access.models import Reach, User
from krug.kernel.columns import Extensible, Stamped
from krug.kernel.ui.names import called
from krug.kernel.visibility import keep, kept, rights_of

BELOW = """
WITH RECURSIVE below AS (
    SELECT territory.id FROM territory JOIN territory_holder AS holder ON holder.territory_id = territory.id
    WHERE holder.person_id = %s AND NOT holder.is_archived AND NOT territory.is_archived
    UNION SELECT part.id FROM territory AS part JOIN below ON part.parent_id = below.id WHERE NOT part.is_archived
) SELECT id FROM below
"""


class Territory(Stamped, Extensible):
    """One territory; it lies within another one, and customers are put into it."""

    name = models.CharField(_("name"), max_length=120)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="parts", verbose_name=_("lies within")
    )
    note = models.TextField(_("note"), blank=True)

    class Meta:
        db_table = "territory"
        ordering = ("name",)
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                "parent",
                name="territory_name_once",
                nulls_distinct=False,
                violation_error_message=_("There is a territory of this name already."),
            ),
            models.CheckConstraint(
                condition=~Q(parent=models.F("id")),
                name="territory_not_own_parent",
                violation_error_message=_("A territory can not lie within itself."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TerritoryHolder(Stamped, Extensible):
    """One person who works a territory and, where the role says so, sees what lies in it and below."""

    territory = models.ForeignKey(Territory, models.PROTECT, related_name="holders", verbose_name=_("territory"))
    person = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("person"))

    class Meta:
        db_table = "territory_holder"
        constraints = [
            models.UniqueConstraint(
                fields=["person", "territory"],
                name="territory_holder_once",
                violation_error_message=_("This person works this territory already."),
            )
        ]

    def __str__(self) -> str:
        return f"{called(self.person)} · {self.territory}"


def territory_ids_of(user: User) -> list[int]:
    """The territories of a person and all below them; as numbers, so that an index can answer."""
    cached: list[int] | None = kept(user, "territories")
    if cached is None:
        with connection.cursor() as cursor:
            cursor.execute(BELOW, [user.pk])
            cached = keep(user, "territories", [pk for (pk,) in cursor.fetchall()])
    return cached


_opened: dict[str, str] = {}


def opened_by_territory(entity: str, path: str, *, within: str = "") -> Callable[[User], Q]:
    """Declare that the reach “territory” opens records of a type by the territory at the end of this path.

    What comes back is the condition of the policy for one reader; `within` is the path from the rows that the policy
    asks where those are not the records themselves, such as the positions of a person.
    """
    _opened[entity] = path

    def lies_there(user: User) -> Q:
        ids = territory_ids_of(user) if rights_of(user).reach(entity) == Reach.TERRITORY else []
        return Q(**{f"{within or path}__in": ids}) if ids else Q(pk__in=())

    return lies_there


def types_opened() -> tuple[str, ...]:
    """The types whose records a territory can open."""
    return tuple(_opened)


def territories_opening(record: Any, entity: str, user: User) -> list[Territory]:
    """The territories of this reader in which the record lies, where his reach is that of territories."""
    if entity not in _opened or rights_of(user).reach(entity) != Reach.TERRITORY:
        return []
    lies = type(record)._base_manager.filter(pk=record.pk).values(_opened[entity])
    return list(Territory.objects.filter(pk__in=lies).filter(pk__in=territory_ids_of(user)).order_by("name"))
