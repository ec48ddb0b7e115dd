"""How calls, lines and inner numbers present themselves."""

from django.utils.translation import gettext_lazy as _

from krug.activities import policies
from krug.activities.actions.calls import archive_call, attach_call, change_call, create_call, settle_call
from krug.activities.models import Call, PhoneExtension, PhoneLine
from krug.administration.settings_pages import SettingsPage, name_settings
from krug.kernel.entity import CalendarView, Entity, Section, Verb
from krug.kernel.fields import ReferenceField
from krug.kernel.visibility import everyone
from krug.parties.models import Party

WHOSE = ReferenceField(name="party", label=_("customer"), model=Party, required=True)

CALL = Entity(
    code="call",
    model=Call,
    label=_("Call"),
    new=_("New call"),
    plural=_("Calls"),
    icon="phone",
    visible=policies.calls,
    columns=("started_at", "direction", "number", "party", "employee", "result", "talk_seconds", "topic"),
    filters=(
        "direction", "result", "line", "extension", "employee", "party", "started_at", "weekday", "hour", "settled_at",
    ),
    sorts=("started_at",),
    order="-started_at",
    title="number",
    owner="employee",
    search={"topic": "C"},
    form=(
        Section(_("Call"), "number", "direction", "result", "started_at", "topic"),
        Section(_("Who"), "party", "contact", "employee", "line", "extension"),
        Section(_("Course of the call"), "answered_at", "ended_at"),
    ),
    protected=("wait_seconds", "talk_seconds", "settled_at", "called_back_by", "weekday", "hour"),
    hidden=("custom",),
    personal=("number",),
    create=create_call,
    change=change_call,
    archive=archive_call,
    menu="work",
    verbs=(
        Verb(settle_call, _("Called back"), icon="check", when="is_waiting", primary=True, bulk=True),
        Verb(attach_call, _("Say who it was"), icon="link", when="is_unattached", asks=(WHOSE, "contact")),
    ),
    views=(CalendarView(by="started_at"),),
    stands_with=("party", "contact"),
)  # fmt: skip

PHONE_LINE = Entity(
    code="phone-line",
    model=PhoneLine,
    label=_("Phone line"),
    new=_("New phone line"),
    plural=_("Phone lines"),
    icon="phone",
    visible=everyone,
    columns=("name", "number", "owner"),
    form=(Section(_("Phone line"), "name", "number", "owner"),),
    hidden=("custom",),
    order="id",
    page=("summary", "history"),
    menu="settings/telephony",
)

PHONE_EXTENSION = Entity(
    code="phone-extension",
    model=PhoneExtension,
    label=_("Inner number"),
    new=_("New inner number"),
    plural=_("Inner numbers"),
    icon="phone",
    visible=everyone,
    columns=("number", "employee"),
    form=(Section(_("Inner number"), "number", "employee"),),
    hidden=("custom",),
    order="id",
    title="number",
    owner="employee",
    page=("summary", "history"),
    menu="settings/telephony",
)
for each, says in (
    (PHONE_LINE, _("Our numbers, and who is told of the calls missed on each.")),
    (PHONE_EXTENSION, _("At which inner number each employee is reached: a call to it counts as answered there.")),
):
    name_settings(
        SettingsPage(
            title=each.plural,
            url=each.url(),
            group="telephony",
            icon=each.icon,
            right=(each.code, "change"),
            says=says,
            covers=(each.code,),
        )
    )
