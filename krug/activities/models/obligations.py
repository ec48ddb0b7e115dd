"""Obligations: what we promised a customer and what they promised us, each with a day and one who answers for it."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import About, Extensible, Owned, Stamped, trigram


class ObligationQuerySet(models.QuerySet["Obligation"]):
    """Which obligations."""

    def open(self) -> ObligationQuerySet:
        """Those that still stand."""
        return self.filter(state=Obligation.State.OPEN, is_archived=False)

    def overdue(self, today: date) -> ObligationQuerySet:
        """Open ones whose day has passed."""
        return self.open().filter(due_on__lt=today)

    def by_day(self) -> ObligationQuerySet:
        """The earliest first; those without a day at the end."""
        return self.order_by(models.F("due_on").asc(nulls_last=True), "id")


class Obligation(Stamped, Owned, Extensible, About):
    """One promise to a customer or of a customer; its owner keeps ours and sees to it that theirs is kept."""

    class Side(models.TextChoices):
        OURS = "ours", _("We promised")
        THEIRS = "theirs", _("They promised")

    class State(models.TextChoices):
        OPEN = "open", _("In force")
        KEPT = "kept", _("Kept")
        BROKEN = "broken", _("Not kept")
        CANCELLED = "cancelled", _("Called off")

    side = models.CharField(_("who promised"), max_length=10, choices=Side.choices, default=Side.OURS)
    name = models.CharField(_("what is promised"), max_length=300)
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name=_("customer"))
    contact = models.ForeignKey(
        "parties.Contact", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact person")
    )
    interaction = models.ForeignKey(
        "activities.Interaction",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="obligations",
        verbose_name=_("came from"),
    )
    due_on = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    postponed_times = models.PositiveIntegerField(_("times postponed"), default=0, editable=False)
    objects = ObligationQuerySet.as_manager()

    class Meta:
        db_table = "obligation"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="obligation_closed_when_not_open",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="obligation_has_words"),
            models.CheckConstraint(
                condition=Q(owner__isnull=False),
                name="obligation_has_owner",
                violation_error_message=_("Choose who answers for it."),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "due_on"], condition=Q(state="open"), name="obligation_my_day"),
            models.Index(fields=["party", "due_on"], condition=Q(state="open"), name="obligation_ledger"),
            models.Index(
                fields=["about_entity", "about_id", "due_on"], condition=Q(state="open"), name="obligation_about"
            ),
            models.Index(fields=["due_on", "id"], name="obligation_due"),
            trigram("obligation_text_part", "name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Still to be kept."""
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        """Kept, not kept, or called off."""
        return not self.is_open
