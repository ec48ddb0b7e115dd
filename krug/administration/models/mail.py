"""Letters of the house itself: the server they go out by, and what became of each."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.access.models import User

THE_ONE = 1


class MailServer(models.Model):
    """The server that takes our letters; there is at most one, and its password is locked."""

    has_history = False

    class Security(models.TextChoices):
        STARTTLS = "starttls", _("STARTTLS, usually port 587")
        TLS = "tls", _("TLS from the first byte, usually port 465")
        NONE = "none", _("Without encryption, only inside your own network")

    id = models.SmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    host = models.CharField(_("server"), max_length=253, blank=True)
    port = models.PositiveIntegerField(_("port"), default=587)
    security = models.CharField(_("encryption"), max_length=8, choices=Security.choices, default=Security.STARTTLS)
    login = models.CharField(_("login name"), max_length=254, blank=True)
    secret = models.TextField(blank=True)
    sender = models.EmailField(_("sender's address"), max_length=254, blank=True)
    sender_name = models.CharField(_("sender's name"), max_length=80, blank=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        db_table = "mail_server"
        constraints = [models.CheckConstraint(condition=Q(id=THE_ONE), name="mail_server_only_one")]

    def __str__(self) -> str:
        return self.host


class Letter(models.Model):
    """One letter to one person; its words are made when it goes out, so no link lies about here."""

    has_history = False

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Invitation")
        RESET = "reset", _("Link for a new password")
        STEP_RESET = "step-reset", _("Second step reset")
        TEST = "test", _("Test e-mail")

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        SENDING = "sending", _("being sent")
        SENT = "sent", _("sent")
        FAILED = "failed", _("not sent")

    kind = models.CharField(max_length=16, choices=Kind.choices)
    person = models.ForeignKey(User, models.CASCADE, related_name="+")
    address = models.EmailField(max_length=254)
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    trouble = models.CharField(max_length=300, blank=True)
    made_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "house_letter"
        indexes = [models.Index(fields=["person", "-made_at"], name="house_letter_of")]

    def __str__(self) -> str:
        return f"{self.kind} {self.address}"
