"""Territories stand in a tree without rings, and who sees everything says who works them."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import Reach, User
from krug.kernel import writing
from krug.kernel.errors import NotAllowed, Refusal
from krug.kernel.registry import get_entity
from krug.kernel.visibility import rights_of
from krug.parties.models import Party, Territory, TerritoryHolder
from krug.parties.models.territories import types_opened


@transaction.atomic
def found_territory(*, by: User, **values: Any) -> Territory:
    """A new territory, in which nobody works yet."""
    refuse_lesser(by)
    made: Territory = writing.create(get_entity("territory"), values, by=by)
    return made


@transaction.atomic
def change_territory(territory: Territory, values: dict[str, Any], *, by: User) -> Territory:
    """Rename or move a territory; it never comes to lie below itself."""
    refuse_lesser(by)
    lies = dict(Territory.objects.select_for_update().order_by("pk").values_list("pk", "parent_id"))
    above, passed = getattr(values.get("parent"), "pk", None), {territory.pk}
    while above is not None:
        if above in passed:
            raise Refusal(_("A territory can not lie within itself."), field="parent")
        passed.add(above)
        above = lies.get(above)
    changed: Territory = writing.change(get_entity("territory"), territory, values, by=by)
    return changed


@transaction.atomic
def archive_territory(territory: Territory, *, by: User) -> Territory:
    """Put a territory away once nothing lies in it."""
    refuse_lesser(by)
    holds_more = Territory.objects.filter(parent=territory, is_archived=False).exists()
    if holds_more or Party.objects.filter(territory=territory, is_archived=False).exists():
        raise Refusal(_("Customers or territories still lie in it: move them first."))
    put_away: Territory = writing.archive(get_entity("territory"), territory, by=by)
    return put_away


@transaction.atomic
def entrust_territory(*, territory: Territory, person: User, by: User, **values: Any) -> TerritoryHolder:
    """A person works a territory from now on; who did so before does so again."""
    refuse_lesser(by)
    known = TerritoryHolder.objects.filter(territory=territory, person=person).first()
    if known is not None and known.is_archived:
        restored: TerritoryHolder = writing.restore(get_entity("territory-holder"), known, by=by)
        return restored
    given = {"territory": territory, "person": person, **values}
    made: TerritoryHolder = writing.create(get_entity("territory-holder"), given, by=by)
    return made


@transaction.atomic
def change_holder(holder: TerritoryHolder, values: dict[str, Any], *, by: User) -> TerritoryHolder:
    """Another person, or another territory, is meant."""
    refuse_lesser(by)
    changed: TerritoryHolder = writing.change(get_entity("territory-holder"), holder, values, by=by)
    return changed


def guard_territories(_names: Collection[str], by: User) -> None:
    """By no door, be it undoing, merging or the archive, may a lesser one change what territories open."""
    refuse_lesser(by)


def guard_party(names: Collection[str], by: User) -> None:
    """A customer comes into a territory, and out of it, by who may change territories."""
    if "territory" in names:
        refuse_lesser(by)


def refuse_lesser(by: User) -> None:
    """Nobody opens by a territory what he does not see himself (ACL-10)."""
    rights = rights_of(by)
    if any(rights.reach(code) != Reach.ALL for code in types_opened()):
        raise NotAllowed(
            _("Territories open records to people: only who sees all customers and deals may change them.")
        )
