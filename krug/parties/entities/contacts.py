"""How persons, their positions and means of contact present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.kernel.entity import Entity, Section, Verb
from krug.parties import policies
from krug.parties.actions.channels import add_point, change_point
from krug.parties.actions.contacts import change_contact, leave_position, register_contact, take_position
from krug.parties.entities.fields import ReachField
from krug.parties.models import Contact, ContactPoint, ContactPosition

CONTACT = Entity(
    code="contact",
    model=Contact,
    label=_("Contact person"),
    new=_("New contact person"),
    plural=_("Contact persons"),
    icon="person",
    visible=policies.contacts,
    columns=("full_name", "birthday", "language", "owner"),
    filters=("owner", "language", "birthday", "surname", "created_at"),
    sorts=("full_name", "birthday", "created_at"),
    order="full_name",
    title="full_name",
    search={"full_name": "A", "positions__party__display_name": "C"},
    search_digits=("points__digits",),
    alike={
        "points__comparison_key": ("code", _("phone or e-mail")),
        "birthday": "date",
        "positions__party": "same",
    },
    quick=("full_name",),
    form=(
        Section(_("Name of the person"), "full_name", "surname", "given_name", "patronymic"),
        Section(_("About the person"), "birthday", "language", "owner", "note"),
    ),
    hidden=("name_key", "sort_key", "custom", "source_system", "source_key"),
    personal=("birthday",),
    create=register_contact,
    change=change_contact,
)

CONTACT_POSITION = Entity(
    code="contact-position",
    model=ContactPosition,
    label=_("Position"),
    new=_("New position"),
    plural=_("Positions"),
    icon="person",
    visible=policies.positions,
    columns=("position", "contact", "party", "role", "priority", "is_current"),
    filters=("party", "contact", "role", "is_current"),
    order="id",
    title="position",
    form=(Section(_("Position"), "contact", "party", "position", "role", "priority"),),
    protected=("is_current",),
    create=take_position,
    verbs=(Verb(leave_position, _("Mark as left"), icon="sign-out", when="is_current"),),
    stands_with=("party", "contact"),
)

CONTACT_POINT = Entity(
    code="contact-point",
    model=ContactPoint,
    label=_("Contact detail"),
    new=_("New contact detail"),
    plural=_("Contact details"),
    icon="phone",
    visible=policies.points,
    columns=("raw", "type", "party", "contact", "is_main", "is_valid", "do_not_contact"),
    filters=("type", "party", "contact", "is_valid", "do_not_contact"),
    order="id",
    title="raw",
    form=(
        Section(_("Whose"), "party", "contact"),
        Section(_("Phone or address"), "type", "raw", "extension", "is_main", "do_not_contact"),
    ),
    extra=(
        ReachField(name="raw", label=_("number or address"), max_length=320, required=True),
        ReachField(name="normalised", label=_("one form"), max_length=320),
    ),
    protected=("normalised", "is_valid"),
    personal=("raw", "normalised", "extension"),
    create=add_point,
    change=change_point,
    stands_with=("party", "contact"),
)
