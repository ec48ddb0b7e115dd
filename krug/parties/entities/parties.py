"""How parties, their roles and relations present themselves."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext_lazy as _

from krug.access.models import User
from krug.kernel.entity import Dictionary, Entity, Section, Verb
from krug.kernel.fields import ChoiceField, DateField, ReferenceField, TextField
from krug.parties import policies
from krug.parties.actions.acquaintance import meet_party
from krug.parties.actions.contacts import add_person
from krug.parties.actions.parties import assign_owner, change_party, liquidate_party, verify_party
from krug.parties.actions.relations import add_role, give_role
from krug.parties.actions.territories import guard_party
from krug.parties.entities.fields import RolesField, YearField
from krug.parties.models import ContactPosition, ContactSource, Industry, Party, PartyRelation, PartyRole

ROLE = ChoiceField(name="role", label=_("role"), required=True, choices=tuple(Party.Role.choices))
SINCE = DateField(name="since", label=_("since"))
PERSON = (
    TextField(name="full_name", label=_("full name"), required=True, max_length=190),
    TextField(name="position", label=_("position"), max_length=120),
    ChoiceField(name="role", label=_("role"), choices=tuple(ContactPosition.Role.choices)),
    TextField(name="phone", label=_("phone"), max_length=80),
    TextField(name="email", label=_("e-mail"), max_length=254),
)
SOURCE = TextField(
    name="source", label=_("confirmed by"), required=True, hint=_("For example: an extract from the register.")
)


def roles_left(party: Party, user: User, typed: Mapping[str, str]) -> tuple[Any, ...]:
    """The roles that the party does not have yet."""
    left = (choice for choice in Party.Role.choices if choice[0] not in party.roles or choice[0] == typed.get("role"))
    return (replace(ROLE, choices=tuple(left)), SINCE)


PARTY = Entity(
    code="party",
    plural_code="parties",
    model=Party,
    label=_("Customer"),
    new=_("New customer"),
    plural=_("Customers"),
    icon="company",
    visible=policies.parties,
    columns=("display_name", "roles", "city", "industry", "state", "owner"),
    filters=(
        "roles", "owner", "territory", "industry", "city", "region", "kind", "state", "contact_source", "employees",
        "annual_revenue", "parent", "country", "created_at",
    ),
    sorts=("display_name", "created_at", "employees", "annual_revenue", "city", "updated_at"),
    order="display_name",
    title="display_name",
    search={"display_name": "A", "requisites__short_name": "B", "city": "D"},
    search_digits=("requisites__inn", "points__digits"),
    alike={
        "requisites__inn": "identity", "points__comparison_key": ("code", _("phone or e-mail")), "city": "name",
    },
    page=("summary", "timeline"),
    quick=("display_name", "kind", "city"),
    form=(
        Section(_("Customer"), "display_name", "kind", "parent", "owner", "territory"),
        Section(
            _("What we know"), "industry", "contact_source", "employees", "annual_revenue", "currency",
            "founded_year", "note",
        ),
        Section(_("Where it is"), "country", "region", "city", "timezone", "language"),
    ),
    extra=(
        RolesField(name="roles", label=_("roles"), choices=tuple(Party.Role.choices), editable=False),
        YearField(name="founded_year", label=_("founded in")),
    ),
    protected=("state", "verified_on", "verified_source", "roles"),
    hidden=("name_key", "sort_key", "merged_into", "custom", "source_system", "source_key"),
    create=meet_party,
    change=change_party,
    guard=guard_party,
    verbs=(
        Verb(add_person, _("Add a person"), icon="person", asks=PERSON, code="add-person"),
        Verb(add_role, _("Give a role"), icon="star", asks=(ROLE, SINCE), fitting=roles_left, code="add-role"),
        Verb(
            assign_owner, _("Hand over"), icon="people", bulk=True,
            asks=(ReferenceField(name="owner", label=_("new owner"), model=User, required=True),),
        ),
        Verb(
            verify_party, _("Confirm requisites"), icon="check-circle", when="may_be_verified",
            asks=(SOURCE, DateField(name="verified_on", label=_("confirmed on"), hint=_("Today when left empty."))),
        ),
        Verb(
            liquidate_party, _("Mark as liquidated"), icon="close", when="is_active", danger=True,
            asks=(DateField(name="liquidated_on", label=_("liquidated on")),),
        ),
    ),
)  # fmt: skip

PARTY_ROLE = Entity(
    code="party-role",
    model=PartyRole,
    label=_("Role of a customer"),
    new=_("New role of a customer"),
    plural=_("Roles of customers"),
    icon="star",
    visible=policies.of_party,
    columns=("party", "role", "since"),
    filters=("role", "party", "since"),
    order="id",
    title="role",
    form=(Section(_("Role"), "party", "role", "since"),),
    create=give_role,
    stands_with=("party",),
)

PARTY_RELATION = Entity(
    code="party-relation",
    model=PartyRelation,
    label=_("Relation of customers"),
    new=_("New relation of customers"),
    plural=_("Relations of customers"),
    icon="link",
    visible=policies.relations,
    columns=("from_party", "kind", "to_party", "since"),
    filters=("kind", "from_party", "to_party"),
    order="id",
    title="kind",
    form=(Section(_("Relation"), "from_party", "kind", "to_party", "since"),),
    stands_with=("from_party", "to_party"),
)

INDUSTRY = Dictionary(
    "industry", Industry, _("Industry"), _("Industries"), plural_code="industries", new=_("New industry")
)
CONTACT_SOURCE = Dictionary(
    "contact-source", ContactSource, _("Contact source"), _("Contact sources"), new=_("New contact source")
)
