"""How a deal went through its stages: visits, their results and works."""

from __future__ import annotations

from datetime import date

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import Extensible, Sourced, Stamped
from krug.sales.models.deals import Deal
from krug.sales.models.pipelines import ResultType, Stage


class StageVisit(Stamped, Extensible, Sourced):
    """One stay of a deal in one stage, under one responsible."""

    class Outcome(models.TextChoices):
        FORWARD = "forward", _("Moved on")
        BACK = "back", _("Moved back")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="visits", verbose_name=_("deal"))
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="visits", verbose_name=_("stage"))
    responsible = models.ForeignKey("access.User", models.PROTECT, related_name="+", verbose_name=_("responsible"))
    entered_at = models.DateTimeField(_("entered"))
    left_at = models.DateTimeField(_("left"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=10, choices=Outcome.choices, blank=True)
    result = models.ForeignKey(
        "sales.StageResult", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("result")
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    is_history = models.BooleanField(_("from the past"), default=False, editable=False)

    class Meta:
        db_table = "stage_visit"
        verbose_name = _("time in a stage")
        constraints = [
            models.UniqueConstraint(fields=["deal"], condition=Q(left_at=None), name="stage_visit_one_open"),
            models.CheckConstraint(
                condition=Q(left_at=None) | Q(left_at__gte=F("entered_at")), name="stage_visit_order"
            ),
            models.CheckConstraint(
                condition=Q(left_at=None, outcome="") | (Q(left_at__isnull=False) & ~Q(outcome="")),
                name="stage_visit_outcome_when_left",
            ),
            models.CheckConstraint(condition=~Q(outcome="back") | ~Q(reason=""), name="stage_visit_back_has_reason"),
            models.CheckConstraint(
                condition=Q(is_history=False) | (Q(left_at__isnull=False) & ~Q(source_system="")),
                name="stage_visit_history_is_over",
            ),
        ]
        indexes = [
            models.Index(fields=["deal", "entered_at"], name="stage_visit_of_deal"),
            models.Index(fields=["responsible", "deal"], condition=Q(left_at=None), name="stage_visit_answers"),
            models.Index(fields=["stage", "entered_at"], name="stage_visit_entered"),
            models.Index(fields=["stage", "left_at"], name="stage_visit_left"),
        ]

    def __str__(self) -> str:
        return str(self.stage)

    @property
    def is_open(self) -> bool:
        """The deal is still here."""
        return self.left_at is None


class Handover(models.Model):
    """The responsible of a stage changed, without the stage changing."""

    visit = models.ForeignKey(StageVisit, models.CASCADE, related_name="handovers")
    from_user = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    to_user = models.ForeignKey("access.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    by = models.ForeignKey("access.User", models.PROTECT, related_name="+")

    class Meta:
        db_table = "handover"
        constraints = [models.CheckConstraint(condition=~Q(from_user=F("to_user")), name="handover_to_another")]


class StageResult(Stamped, Extensible):
    """The evidence by which a stage is finished: an existing record, never a tick."""

    visit = models.ForeignKey(StageVisit, models.CASCADE, related_name="results", verbose_name=_("time in a stage"))
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="results", verbose_name=_("deal"))
    type = models.CharField(_("type"), max_length=30, choices=ResultType.choices)
    evidence_entity = models.CharField(_("evidence: object"), max_length=60, editable=False)
    evidence_id = models.BigIntegerField(_("evidence: number"), editable=False)
    evidence_name = models.CharField(_("evidence"), max_length=300)
    is_binding = models.BooleanField(_("order or contract"), default=False)
    recorded_by = models.ForeignKey("access.User", models.PROTECT, related_name="+", verbose_name=_("recorded by"))
    recorded_at = models.DateTimeField(_("recorded"))

    class Meta:
        db_table = "stage_result"
        verbose_name = _("result of a stage")
        constraints = [
            models.UniqueConstraint(
                fields=["visit", "type", "evidence_entity", "evidence_id"], name="stage_result_once"
            ),
            models.CheckConstraint(
                condition=~Q(evidence_entity="") & Q(evidence_id__gt=0), name="stage_result_has_evidence"
            ),
        ]
        indexes = [models.Index(fields=["deal", "recorded_at"], name="stage_result_of_deal")]

    def __str__(self) -> str:
        kind = self.get_type_display()
        return f"{kind[:1].upper()}{kind[1:]}: {self.evidence_name}"


class WorkQuerySet(models.QuerySet["Work"]):
    """Which works."""

    def open(self) -> WorkQuerySet:
        """Those not yet finished or cancelled."""
        return self.filter(state__in=Work.OPEN)

    def overdue(self, today: date) -> WorkQuerySet:
        """Open ones whose day has passed."""
        return self.open().filter(due__lt=today)


class Work(Stamped, Extensible):
    """Something to be done within one stay of a deal in one stage; it never moves to another."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        IN_PROGRESS = "in_progress", _("In progress")
        DONE = "done", _("Done")
        CANCELLED = "cancelled", _("Cancelled")

    OPEN = (State.PLANNED, State.IN_PROGRESS)

    visit = models.ForeignKey(StageVisit, models.CASCADE, related_name="works", verbose_name=_("time in a stage"))
    deal = models.ForeignKey(Deal, models.CASCADE, related_name="works", verbose_name=_("deal"))
    type = models.CharField(_("type"), max_length=60, blank=True)
    name = models.CharField(_("what to do"), max_length=300)
    assignee = models.ForeignKey("access.User", models.PROTECT, related_name="+", verbose_name=_("assignee"))
    due = models.DateField(_("due"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.PLANNED)
    outcome = models.CharField(_("outcome"), max_length=300, blank=True)
    is_carried = models.BooleanField(_("continues in the next stage"), default=False, editable=False)
    continues = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="continued_by",
        editable=False,
        verbose_name=_("continues"),
    )
    objects = WorkQuerySet.as_manager()

    class Meta:
        db_table = "work"
        verbose_name = _("work")
        constraints = [
            models.CheckConstraint(condition=~Q(name=""), name="work_has_words"),
            models.CheckConstraint(condition=~Q(state="cancelled") | ~Q(outcome=""), name="work_cancelled_with_reason"),
        ]
        indexes = [
            models.Index(
                fields=["assignee", "due"], condition=Q(state__in=["planned", "in_progress"]), name="work_to_do"
            ),
            models.Index(
                fields=["visit"], condition=Q(state__in=["planned", "in_progress"]), name="work_open_of_visit"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """Not yet finished or cancelled."""
        return self.state in self.OPEN

    @property
    def is_planned(self) -> bool:
        """Not begun yet."""
        return self.state == self.State.PLANNED
