"""How territories and the people who work them present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.kernel.entity import Entity, Section
from krug.kernel.visibility import everyone
from krug.parties.actions.territories import (
    archive_territory,
    change_holder,
    change_territory,
    entrust_territory,
    found_territory,
    guard_territories,
)
from krug.parties.models import Territory, TerritoryHolder

TERRITORY = Entity(
    code="territory",
    plural_code="territories",
    model=Territory,
    label=_("Territory"),
    new=_("New territory"),
    plural=_("Territories"),
    icon="tree",
    visible=everyone,
    columns=("name", "parent", "note"),
    filters=("parent", "name"),
    sorts=("name",),
    order="name",
    search={"name": "A"},
    form=(Section(_("Territory"), "name", "parent", "note"),),
    create=found_territory,
    change=change_territory,
    archive=archive_territory,
    guard=guard_territories,
    menu="settings",
)

TERRITORY_HOLDER = Entity(
    code="territory-holder",
    model=TerritoryHolder,
    label=_("Person of a territory"),
    new=_("New person of a territory"),
    plural=_("People of territories"),
    icon="person",
    visible=everyone,
    columns=("territory", "person"),
    filters=("territory", "person"),
    order="id",
    title="territory",
    form=(Section(_("Who works it"), "territory", "person"),),
    create=entrust_territory,
    change=change_holder,
    guard=guard_territories,
    stands_with=("territory",),
)
