"""Documents: contracts, orders, acts and other papers, with the place where the file lies."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import About, Extensible, Sourced, Stamped


class DocumentQuerySet(models.QuerySet["Document"]):
    """Which documents."""

    def signed(self) -> DocumentQuerySet:
        """Those that bear the signatures."""
        return self.filter(signed_on__isnull=False)

    def about(self, entity: str, number: int) -> DocumentQuerySet:
        """Those written about one record, for example `deal` 17."""
        return self.filter(about_entity=entity, about_id=number)


class Document(Stamped, Extensible, About, Sourced):
    """One paper: its kind, number and dates, and when it was sent and signed."""

    class Kind(models.TextChoices):
        CONTRACT = "contract", _("Contract")
        ORDER = "order", _("Order")
        ACT = "act", _("Act")
        DELIVERY_NOTE = "delivery_note", _("Delivery note")
        MINUTES = "minutes", _("Minutes")
        OTHER = "other", _("Other")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices, default=Kind.OTHER)
    number = models.CharField(_("number"), max_length=60, blank=True)
    date = models.DateField(_("date"), null=True, blank=True)
    title = models.CharField(_("title"), max_length=200)
    party = models.ForeignKey(
        "parties.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    path = models.CharField(
        _("file location"), max_length=500, blank=True, help_text=_("A folder on the server or an address.")
    )
    sent_on = models.DateField(_("sent on"), null=True, blank=True)
    sent_at = models.DateTimeField(_("sending noted"), null=True, blank=True, editable=False)
    signed_on = models.DateField(_("signed on"), null=True, blank=True)
    signed_at = models.DateTimeField(_("signature noted"), null=True, blank=True, editable=False)
    objects = DocumentQuerySet.as_manager()

    class Meta:
        db_table = "document"
        verbose_name = _("document")
        constraints = [
            models.CheckConstraint(condition=~Q(title=""), name="document_has_title"),
            models.CheckConstraint(
                condition=Q(signed_on=None, signed_at=None) | Q(signed_on__isnull=False, signed_at__isnull=False),
                name="document_signature_noted",
            ),
            models.CheckConstraint(
                condition=Q(sent_on=None, sent_at=None) | Q(sent_on__isnull=False, sent_at__isnull=False),
                name="document_sending_noted",
            ),
        ]
        indexes = [
            models.Index(fields=["party", "-id"], name="document_of_party"),
            models.Index(fields=["about_entity", "about_id", "-id"], name="document_about"),
            models.Index(fields=["kind", "-id"], name="document_of_kind"),
        ]

    def __str__(self) -> str:
        number = f" № {self.number}" if self.number else ""
        return f"{self.title}{number}"

    @property
    def is_unsigned(self) -> bool:
        """Still waiting for the signatures."""
        return self.signed_on is None

    @property
    def is_unsent(self) -> bool:
        """Not yet sent to the other side."""
        return self.sent_on is None
