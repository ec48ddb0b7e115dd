"""Calls by phone: each one once, with its line, who answered, how it ended and who called back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import Extensible, Stamped
from krug.kernel.ui.formats import phone


class PhoneLine(Stamped, Extensible):
    """One number of ours; who answers for it is told of its missed calls."""

    name = models.CharField(_("name"), max_length=120)
    number = models.CharField(_("number"), max_length=32)
    owner = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("missed calls go to")
    )

    class Meta:
        db_table = "phone_line"
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(is_archived=False),
                name="phone_line_once",
                violation_error_message=_("This number is recorded here already."),
            )
        ]

    def __str__(self) -> str:
        return self.name


class PhoneExtension(Stamped, Extensible):
    """The inner number at which one employee is reached."""

    number = models.CharField(_("inner number"), max_length=10)
    employee = models.ForeignKey("access.User", models.PROTECT, related_name="+", verbose_name=_("employee"))

    class Meta:
        db_table = "phone_extension"
        constraints = [
            models.UniqueConstraint(
                fields=["number"],
                condition=Q(is_archived=False),
                name="phone_extension_once",
                violation_error_message=_("This number is recorded here already."),
            )
        ]

    def __str__(self) -> str:
        return self.number


class CallQuerySet(models.QuerySet["Call"]):
    """Which calls."""

    def missed(self) -> CallQuerySet:
        """Incoming ones that nobody answered."""
        return self.filter(direction=Call.Direction.IN, result__in=Call.UNANSWERED, is_archived=False)

    def waiting(self) -> CallQuerySet:
        """Missed ones that nobody has called back yet."""
        return self.missed().filter(settled_at=None)


class Call(Stamped, Extensible):
    """One call, however many inner phones it rang at."""

    class Direction(models.TextChoices):
        IN = "in", _("Incoming")
        OUT = "out", _("Outgoing")
        INTERNAL = "internal", _("Internal")

    class Result(models.TextChoices):
        GOING = "going", _("Going on")
        ANSWERED = "answered", _("Answered")
        MISSED = "missed", _("Missed")
        BUSY = "busy", _("Busy")
        NO_ANSWER = "no_answer", _("No answer")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Unknown")

    class Weekday(models.IntegerChoices):
        MONDAY = 1, _("Monday")
        TUESDAY = 2, _("Tuesday")
        WEDNESDAY = 3, _("Wednesday")
        THURSDAY = 4, _("Thursday")
        FRIDAY = 5, _("Friday")
        SATURDAY = 6, _("Saturday")
        SUNDAY = 7, _("Sunday")

    UNANSWERED = (Result.MISSED, Result.BUSY, Result.NO_ANSWER)

    direction = models.CharField(_("direction"), max_length=10, choices=Direction.choices, default=Direction.IN)
    number = models.CharField(_("number"), max_length=32, blank=True)
    digits = models.CharField(max_length=10, blank=True, editable=False)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices, default=Result.ANSWERED)
    started_at = models.DateTimeField(_("began"), default=timezone.now, blank=True)
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    wait_seconds = models.PositiveIntegerField(_("waited, seconds"), null=True, blank=True)
    talk_seconds = models.PositiveIntegerField(_("talked, seconds"), null=True, blank=True)
    weekday = models.PositiveSmallIntegerField(_("weekday"), choices=Weekday.choices)
    hour = models.PositiveSmallIntegerField(_("hour"))
    line = models.ForeignKey(PhoneLine, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("line"))
    extension = models.CharField(_("inner number"), max_length=10, blank=True)
    employee = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who answered")
    )
    party = models.ForeignKey(
        "parties.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "parties.Contact", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact person")
    )
    topic = models.CharField(_("topic"), max_length=300, blank=True)
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)
    called_back_by = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("called back by")
    )
    task = models.ForeignKey(
        "activities.Task", models.PROTECT, null=True, blank=True, editable=False, related_name="+",
        verbose_name=_("task to call back"),
    )  # fmt: skip
    provider = models.CharField(_("registered by"), max_length=40, blank=True, editable=False)
    uid = models.CharField(_("key in the source"), max_length=120, blank=True, editable=False)
    objects = CallQuerySet.as_manager()

    class Meta:
        db_table = "call"
        constraints = [
            models.UniqueConstraint(fields=["provider", "uid"], condition=~Q(provider=""), name="call_once"),
            models.CheckConstraint(
                condition=Q(ended_at=None) | Q(ended_at__gte=F("started_at")),
                name="call_ends_after_it_began",
                violation_error_message=_("A call cannot end before it began."),
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None) | Q(answered_at__gte=F("started_at")),
                name="call_answered_after_it_began",
                violation_error_message=_("A call cannot be answered before it began."),
            ),
            models.CheckConstraint(condition=Q(hour__lte=23) & Q(weekday__range=(1, 7)), name="call_hour_of_a_day"),
        ]
        indexes = [
            models.Index(fields=["-started_at", "-id"], name="call_latest"),
            models.Index(fields=["party", "-started_at", "-id"], name="call_of_party"),
            models.Index(fields=["employee", "-started_at", "-id"], name="call_of_employee"),
            models.Index(fields=["line", "-started_at", "-id"], name="call_of_line"),
            models.Index(
                fields=["extension", "-started_at", "-id"], condition=~Q(extension=""), name="call_of_extension"
            ),
            models.Index(fields=["digits", "-started_at"], condition=~Q(digits=""), name="call_digits"),
            models.Index(
                fields=["started_at"],
                condition=Q(direction="in", settled_at=None, result__in=["missed", "busy", "no_answer"]),
                name="call_waiting",
            ),
            GinIndex(fields=["topic"], opclasses=["gin_trgm_ops"], name="call_topic_part"),
        ]

    def __str__(self) -> str:
        return phone(self.number) if self.number else str(_("Hidden number"))

    @property
    def is_missed(self) -> bool:
        """Somebody called us and nobody answered."""
        return self.direction == self.Direction.IN and self.result in self.UNANSWERED

    @property
    def is_waiting(self) -> bool:
        """Missed, and nobody has called back."""
        return self.is_missed and self.settled_at is None

    @property
    def is_unattached(self) -> bool:
        """Nobody knows yet who it was."""
        return self.party_id is None


def placed_in_time(
    started_at: datetime, answered_at: datetime | None, ended_at: datetime | None, zone: ZoneInfo
) -> dict[str, int | None]:
    """The hour and weekday on the clock of the house, and how long was waited and talked."""
    began = started_at.astimezone(zone)
    return {
        "weekday": began.isoweekday(),
        "hour": began.hour,
        "wait_seconds": _seconds(started_at, answered_at or ended_at),
        "talk_seconds": _seconds(answered_at, ended_at),
    }


def _seconds(since: datetime | None, until: datetime | None) -> int | None:
    return int((until - since).total_seconds()) if since and until else None
