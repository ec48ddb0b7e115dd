"""Contacts with customers: a call, letter, message, meeting or visit, with its people on both sides."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import About, Extensible, Sourced, Stamped, trigram
from krug.kernel.phrases import shortened


class InteractionQuerySet(models.QuerySet["Interaction"]):
    """Which interactions."""

    def current(self) -> InteractionQuerySet:
        """Those that were not withdrawn."""
        return self.filter(is_archived=False)

    def held(self) -> InteractionQuerySet:
        """Those that took place."""
        return self.filter(state=Interaction.State.HELD)


class Interaction(Stamped, Extensible, About, Sourced):
    """One contact with a party: an event, not a person."""

    class Kind(models.TextChoices):
        CALL_OUT = "call_out", _("Outgoing call")
        CALL_IN = "call_in", _("Incoming call")
        MEETING = "meeting", _("Meeting")
        LETTER = "letter", _("Letter")
        MESSAGE = "message", _("Message")
        VISIT = "visit", _("Visit")

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        POSTPONED = "postponed", _("Postponed")
        NOT_HELD = "not_held", _("Not held")

    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", verbose_name=_("customer"))
    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices, default=Kind.CALL_OUT)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.HELD)
    at = models.DateTimeField(_("time"))
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    text = models.TextField(_("what was said"), max_length=20_000)
    outcome = models.CharField(_("outcome"), max_length=120, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    curator = models.ForeignKey("access.User", models.PROTECT, related_name="+", verbose_name=_("curator"))
    contacts = models.ManyToManyField(
        "parties.Contact", through="InteractionContact", related_name="+", verbose_name=_("their participants")
    )
    colleagues = models.ManyToManyField(
        "access.User", through="InteractionColleague", related_name="+", verbose_name=_("our participants")
    )
    objects = InteractionQuerySet.as_manager()

    class Meta:
        db_table = "interaction"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["postponed", "not_held"]) | ~Q(reason=""),
                name="interaction_reason_when_not_held",
            ),
        ]
        indexes = [
            models.Index(fields=["party", "-at", "-id"], name="interaction_of_party"),
            models.Index(fields=["curator", "-at", "-id"], name="interaction_of_curator"),
            models.Index(fields=["-at", "-id"], name="interaction_latest"),
            trigram("interaction_text_part", "text"),
            models.Index(fields=["about_entity", "about_id", "-at"], name="interaction_about"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {shortened(self.text, 60)}"


class InteractionContact(models.Model):
    """One of their people who took part."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="their_side")
    contact = models.ForeignKey("parties.Contact", models.PROTECT, related_name="+")

    class Meta:
        db_table = "interaction_contact"
        constraints = [models.UniqueConstraint(fields=["interaction", "contact"], name="interaction_contact_once")]
        indexes = [models.Index(fields=["contact", "-interaction"], name="interaction_contact_of")]


class InteractionColleague(models.Model):
    """One of our people who took part."""

    interaction = models.ForeignKey(Interaction, models.CASCADE, related_name="our_side")
    user = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    class Meta:
        db_table = "interaction_colleague"
        constraints = [models.UniqueConstraint(fields=["interaction", "user"], name="interaction_colleague_once")]
        indexes = [models.Index(fields=["user", "-interaction"], name="interaction_colleague_of")]
