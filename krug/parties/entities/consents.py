"""How consents and refusals present themselves: noted once, then only withdrawn."""

from django.utils.translation import gettext_lazy as _

from krug.kernel.entity import Entity, Section, Verb
from krug.kernel.fields import DateTimeField, TextField
from krug.parties import policies
from krug.parties.actions.consents import note_consent, withdraw_consent
from krug.parties.models import Consent

HOW = TextField(name="how", label=_("evidence of withdrawal"), required=True, max_length=200,
                hint=_("For example: a letter of today."))  # fmt: skip

CONSENT = Entity(
    code="consent",
    model=Consent,
    label=_("Consent"),
    new=_("New consent or refusal"),
    plural=_("Consents and refusals"),
    icon="check-circle",
    visible=policies.points,
    columns=("purpose", "decision", "channel", "party", "contact", "said_at", "withdrawn_at"),
    filters=("purpose", "decision", "channel", "party", "contact", "said_at", "withdrawn_at"),
    order="id",
    title="purpose",
    form=(
        Section(_("Who decided"), "party", "contact"),
        Section(_("What was decided"), "purpose", "decision", "channel", "said_at"),
        Section(_("Evidence"), "source", "text_version", "text"),
    ),
    protected=("withdrawn_at", "withdrawn_how"),
    create=note_consent,
    verbs=(
        Verb(
            withdraw_consent, _("Withdraw"), icon="undo", when="is_in_force",
            asks=(HOW, DateTimeField(name="withdrawn_at", label=_("withdrawn at"),
                                     hint=_("Now when left empty."))),
        ),
    ),
    stands_with=("party", "contact"),
)  # fmt: skip
