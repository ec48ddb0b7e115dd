"""Tasks: what somebody has to do by a day; the next step with a customer is one of them."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import About, Extensible, Stamped, trigram


class TaskQuerySet(models.QuerySet["Task"]):
    """Which tasks."""

    def open(self) -> TaskQuerySet:
        """Those still to be done."""
        return self.filter(state=Task.State.OPEN, is_archived=False)

    def overdue(self, today: date) -> TaskQuerySet:
        """Open ones whose day has passed."""
        return self.open().filter(due_on__lt=today)

    def due(self, today: date) -> TaskQuerySet:
        """Open ones of this day."""
        return self.open().filter(due_on=today)

    def by_day(self) -> TaskQuerySet:
        """In the order in which they are due."""
        return self.order_by("due_on", models.F("due_time").asc(nulls_last=True), "id")


class Task(Stamped, Extensible, About):
    """One thing to do, with one assignee and a day."""

    class State(models.TextChoices):
        OPEN = "open", _("To do")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    name = models.CharField(_("what to do"), max_length=300)
    assignee = models.ForeignKey("access.User", models.PROTECT, related_name="+", verbose_name=_("assignee"))
    due_on = models.DateField(_("due"), null=True, blank=True)
    due_time = models.TimeField(_("at"), null=True, blank=True, editable=False)
    party = models.ForeignKey(
        "parties.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    contact = models.ForeignKey(
        "parties.Contact", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("contact person")
    )
    interaction = models.ForeignKey(
        "activities.Interaction",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="tasks",
        verbose_name=_("came from"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    occasion = models.CharField(_("planned in connection with"), max_length=60, blank=True, editable=False)
    postponed_times = models.PositiveIntegerField(_("times postponed"), default=0, editable=False)
    objects = TaskQuerySet.as_manager()

    class Meta:
        db_table = "task"
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", closed_at=None) | (~Q(state="open") & Q(closed_at__isnull=False)),
                name="task_closed_when_not_open",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="task_has_words"),
        ]
        indexes = [
            models.Index(fields=["assignee", "due_on"], condition=Q(state="open"), name="task_my_day"),
            models.Index(fields=["party", "due_on"], condition=Q(state="open"), name="task_next_step"),
            models.Index(fields=["about_entity", "about_id", "due_on"], condition=Q(state="open"), name="task_about"),
            models.Index(fields=["due_on", "id"], name="task_due"),
            trigram("task_text_part", "name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Still to be done."""
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        """Done or dropped."""
        return not self.is_open
