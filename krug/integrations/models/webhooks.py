"""Addresses that are told of events, what was sent to each, and how it was answered."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krug.access.locked import unlock
from krug.kernel.columns import Owned, Stamped

PURPOSE = "webhook"


class Webhook(Stamped, Owned):
    """One address of another program, told of what its owner may see."""

    why_no_attributes = "It is an arrangement with another program and nothing that anybody keeps records about."

    name = models.CharField(_("name"), max_length=120)
    url = models.CharField(
        _("address"), max_length=500, help_text=_("An address that begins with https:// and takes POST requests.")
    )
    types = models.TextField(
        _("events"), default="*", help_text=_("For example: deal.won party.* task.done. An asterisk means everything.")
    )
    is_active = models.BooleanField(_("switched on"), default=True)
    stopped_because = models.CharField(_("why it was switched off"), max_length=200, blank=True)
    failing_since = models.DateTimeField(_("failing since"), null=True, blank=True)
    secret = models.TextField(editable=False)
    previous_secret = models.TextField(blank=True, editable=False)
    previous_until = models.DateTimeField(null=True, editable=False)
    is_secret_shown = models.BooleanField(default=False, editable=False)
    since_entry = models.BigIntegerField(default=0, editable=False)

    class Meta:
        db_table = "webhook"
        indexes = [
            models.Index(fields=["owner", "is_active"], name="webhook_owner"),
            models.Index(fields=["name"], name="webhook_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_stopped(self) -> bool:
        """Whether nothing is sent to it now."""
        return not self.is_active

    def secrets(self) -> list[str]:
        """The keys that sign now: the newest, and the one before for as long as both count."""
        overlaps = self.previous_until is not None and self.previous_until > timezone.now()
        return [
            unlock(each, purpose=PURPOSE) for each in (self.secret, self.previous_secret if overlaps else "") if each
        ]


class WebhookDelivery(Stamped):
    """One event on its way to one address, until it is taken or given up."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DELIVERED = "delivered", _("Delivered")
        FAILED = "failed", _("Given up")
        WITHHELD = "withheld", _("Not sent: not open to the owner")

    why_no_attributes = "It is written by the house alone and forgotten after a month."

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries", verbose_name=_("webhook"))
    entry_id = models.BigIntegerField(null=True, editable=False)
    message = models.CharField(_("message"), max_length=60)
    type = models.CharField(_("event"), max_length=120)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.WAITING)
    attempts = models.IntegerField(_("attempts"), default=0)
    next_at = models.DateTimeField(_("next attempt"), null=True)
    status = models.IntegerField(_("answer"), null=True)
    sent = models.TextField(blank=True, editable=False)

    class Meta:
        db_table = "webhook_delivery"
        constraints = [models.UniqueConstraint(fields=["webhook", "message"], name="webhook_delivery_once")]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="webhook_delivery_due"),
            models.Index(fields=["webhook", "state"], name="webhook_delivery_state"),
            models.Index(fields=["created_at"], name="webhook_delivery_age"),
        ]

    def __str__(self) -> str:
        return self.type

    @property
    def is_over(self) -> bool:
        """Whether nothing more is tried by itself."""
        return self.state != self.State.WAITING


class WebhookAttempt(models.Model):
    """One request of a delivery and what came back."""

    has_history = False

    delivery = models.ForeignKey(WebhookDelivery, models.CASCADE, related_name="tries")
    at = models.DateTimeField(auto_now_add=True)
    took = models.IntegerField()
    status = models.IntegerField(null=True)
    trouble = models.CharField(max_length=200, blank=True)
    answer = models.TextField(blank=True)

    class Meta:
        db_table = "webhook_attempt"


class WebhookReader(models.Model):
    """How far the journal was read for webhooks; there is exactly one."""

    has_history = False

    id = models.SmallIntegerField(primary_key=True, default=1, editable=False)
    position = models.BigIntegerField(default=0)
    announced = models.BigIntegerField(default=0)
    until = models.BigIntegerField(default=0)

    class Meta:
        db_table = "webhook_reader"
        constraints = [models.CheckConstraint(condition=Q(id=1), name="webhook_reader_only_one")]
