"""What people agreed to and what they refused, with the evidence of it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krug.kernel.columns import Extensible, Stamped
from krug.parties.models.contacts import Contact, ContactPoint
from krug.parties.models.parties import Party


class ConsentQuerySet(models.QuerySet["Consent"]):
    """What was said, by whether it still holds."""

    def in_force(self) -> ConsentQuerySet:
        """Neither withdrawn nor put away."""
        return self.filter(withdrawn_at=None, is_archived=False)

    def refusals(self) -> ConsentQuerySet:
        """Those who asked not to be contacted."""
        return self.in_force().filter(purpose=Consent.Purpose.CONTACT, decision=Consent.Decision.REFUSED)


class Consent(Stamped, Extensible):
    """One decision of a party or a person about one purpose, given or refused; it is withdrawn, not changed."""

    class Purpose(models.TextChoices):
        CONTACT = "contact", _("Being contacted")
        ADVERTISING = "advertising", _("Advertising")
        PROCESSING = "processing", _("Processing of personal data")

    class Channel(models.TextChoices):
        ANY = "any", _("Any way")
        EMAIL = "email", _("E-mail")
        PHONE = "phone", _("Phone")
        MESSENGER = "messenger", _("Messenger")
        FAX = "fax", _("Fax")

    class Decision(models.TextChoices):
        GIVEN = "given", pgettext_lazy("consent", "Given")
        REFUSED = "refused", pgettext_lazy("consent", "Refused")

    party = models.ForeignKey(
        Party, models.CASCADE, null=True, blank=True, related_name="consents", verbose_name=_("party")
    )
    contact = models.ForeignKey(
        Contact, models.CASCADE, null=True, blank=True, related_name="consents", verbose_name=_("person")
    )
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.ADVERTISING)
    channel = models.CharField(_("way of contact"), max_length=9, choices=Channel.choices, default=Channel.ANY)
    decision = models.CharField(_("decision"), max_length=7, choices=Decision.choices, default=Decision.GIVEN)
    said_at = models.DateTimeField(_("said at"), default=timezone.now)
    source = models.CharField(
        _("evidence"), max_length=200, help_text=_("Where it was said: a form, a letter, a call, a file.")
    )
    text_version = models.CharField(_("version of the text"), max_length=60, blank=True)
    text = models.TextField(_("text that was agreed to"), blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)
    withdrawn_how = models.CharField(_("evidence of withdrawal"), max_length=200, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        db_table = "consent"
        constraints = [
            models.CheckConstraint(
                condition=Q(party=None, contact__isnull=False) | Q(party__isnull=False, contact=None),
                name="consent_of_one",
                violation_error_message=_("A consent belongs either to a party or to a person."),
                violation_error_code="CONSENT_OF_ONE",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at=None) | Q(withdrawn_at__gte=F("said_at")),
                name="consent_withdrawn_after",
                violation_error_message=_("It can not be withdrawn before it was said."),
            ),
        ]
        indexes = [
            models.Index(fields=["party", "-said_at"], name="consent_of_party"),
            models.Index(fields=["contact", "-said_at"], name="consent_of_contact"),
            models.Index(
                fields=["purpose", "decision", "channel"],
                condition=Q(withdrawn_at=None, is_archived=False),
                name="consent_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()}: {self.get_decision_display()}"

    @property
    def is_in_force(self) -> bool:
        """Whether it still holds."""
        return self.withdrawn_at is None and not self.is_archived

    def kinds(self) -> tuple[str, ...]:
        """The means of contact that the decision is about."""
        all_kinds = tuple(kind for kind in self.Channel.values if kind != self.Channel.ANY)
        return all_kinds if self.channel == self.Channel.ANY else (self.channel,)

    def points(self) -> models.QuerySet[ContactPoint]:
        """The means of contact of whoever said it that the decision is about."""
        return ContactPoint.objects.filter(party=self.party_id, contact=self.contact_id, type__in=self.kinds())
