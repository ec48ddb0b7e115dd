"""Pipelines, their versions, and the stages through which deals go."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import CurrencyField, Extensible, Stamped
from krug.language.bilingual import in_language


class Pipeline(Stamped, Extensible):
    """A way of selling, for example of equipment or of service; its stages live in versions."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    party_kind = models.CharField(_("kind of customer"), max_length=20, blank=True)
    currency = CurrencyField(_("currency"))
    is_default = models.BooleanField(_("for new deals"), default=False)

    class Meta:
        db_table = "pipeline"
        verbose_name = _("pipeline")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_ru="") | ~Q(name_en=""),
                name="pipeline_has_name",
                violation_error_message=_("Give the pipeline a name in at least one language."),
            ),
            models.UniqueConstraint(
                fields=["is_default"],
                condition=Q(is_default=True),
                name="pipeline_one_default",
                violation_error_message=_("Another pipeline is already the one for new deals."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name_ru, self.name_en)


class PipelineVersion(Stamped, Extensible):
    """One edition of a pipeline; a running deal keeps the edition in which it began."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        ACTIVE = "active", _("Active")
        RETIRED = "retired", _("Retired")

    pipeline = models.ForeignKey(Pipeline, models.PROTECT, related_name="versions", verbose_name=_("pipeline"))
    number = models.PositiveIntegerField(_("number"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    activated_at = models.DateTimeField(_("activated"), null=True, blank=True)

    class Meta:
        db_table = "pipeline_version"
        verbose_name = _("pipeline version")
        constraints = [
            models.UniqueConstraint(fields=["pipeline", "number"], name="pipeline_version_number_once"),
            models.UniqueConstraint(
                fields=["pipeline"], condition=Q(state="active"), name="pipeline_version_one_active"
            ),
            models.UniqueConstraint(fields=["pipeline"], condition=Q(state="draft"), name="pipeline_version_one_draft"),
        ]

    def __str__(self) -> str:
        return f"{self.pipeline} · {self.number}"

    @property
    def is_active(self) -> bool:
        """New deals begin in it."""
        return self.state == self.State.ACTIVE

    @property
    def is_draft(self) -> bool:
        """Its stages may still be edited."""
        return self.state == self.State.DRAFT


class ResultType(models.TextChoices):
    """By what evidence a stage is finished."""

    DOCUMENT_SIGNED = "document_signed", _("a signed document")
    DOCUMENT_SENT = "document_sent", _("a document that was sent")
    MEETING_MINUTES = "meeting_minutes", _("minutes of a meeting")
    DECISION = "decision", _("a written decision")
    PAYMENT = "payment", _("a payment")
    SHIPMENT = "shipment", _("a shipment")
    FIELD_VALUES = "field_values", _("filled fields")
    CUSTOMER_CONFIRMATION = "customer_confirmation", _("the customer's confirmation")


class ForecastCategory(models.TextChoices):
    """How surely a deal is counted in the forecast."""

    PIPELINE = "pipeline", _("In the pipeline")
    BEST_CASE = "best_case", _("Best case")
    COMMIT = "commit", _("Commit")
    OMITTED = "omitted", _("Omitted")


class Stage(Stamped, Extensible):
    """One step of a pipeline: how likely, how long, who answers, and what result ends it."""

    class Kind(models.TextChoices):
        OPEN = "open", _("In work")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")

    class OwnerRule(models.TextChoices):
        PREVIOUS = "previous", _("the same person")
        ROLE = "role", _("somebody of a role")
        EMPLOYEE = "employee", _("a named employee")
        TERRITORY = "territory", _("the owner of the customer")

    pipeline_version = models.ForeignKey(
        PipelineVersion, models.PROTECT, related_name="stages", verbose_name=_("pipeline version")
    )
    position = models.PositiveIntegerField(_("order"))
    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.OPEN)
    probability = models.DecimalField(
        _("probability, %"),
        max_digits=7,
        decimal_places=4,
        default=0,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    max_days = models.PositiveIntegerField(_("norm, days"), null=True, blank=True)
    owner_rule = models.CharField(
        _("who answers"), max_length=12, choices=OwnerRule.choices, default=OwnerRule.PREVIOUS
    )
    role = models.ForeignKey(
        "access.Role", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("role")
    )
    employee = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("employee")
    )
    exit_result_type = models.CharField(
        _("result that ends the stage"), max_length=30, choices=ResultType.choices, blank=True
    )
    entry_criteria = ArrayField(
        models.CharField(max_length=40), verbose_name=_("conditions to enter"), default=list, blank=True
    )
    exit_criteria = ArrayField(
        models.CharField(max_length=40), verbose_name=_("fields that must be filled"), default=list, blank=True
    )
    work_templates = models.JSONField(_("works to plan"), default=list, blank=True)
    forecast_category = models.CharField(
        _("forecast category"), max_length=10, choices=ForecastCategory.choices, default=ForecastCategory.PIPELINE
    )

    class Meta:
        db_table = "stage"
        verbose_name = _("stage")
        ordering = ("pipeline_version", "position")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_ru="") | ~Q(name_en=""),
                name="stage_has_name",
                violation_error_message=_("Give the stage a name in at least one language."),
            ),
            models.CheckConstraint(
                condition=Q(probability__gte=0, probability__lte=100), name="stage_probability_percent"
            ),
            models.CheckConstraint(
                condition=~Q(owner_rule="role") | Q(role__isnull=False),
                name="stage_role_named",
                violation_error_message=_("Name the role that answers for the stage."),
            ),
            models.CheckConstraint(
                condition=~Q(owner_rule="employee") | Q(employee__isnull=False),
                name="stage_employee_named",
                violation_error_message=_("Name the employee who answers for the stage."),
            ),
            models.CheckConstraint(condition=Q(kind="open") | Q(exit_result_type=""), name="stage_end_has_no_result"),
            models.UniqueConstraint(
                fields=["pipeline_version", "position"],
                name="stage_position_once",
                violation_error_message=_("Another stage already stands at this place."),
            ),
            models.UniqueConstraint(
                fields=["pipeline_version", "kind"],
                condition=~Q(kind="open"),
                name="stage_one_won_one_lost",
                violation_error_message=_("A pipeline has exactly one stage “Won” and one “Lost”."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name_ru, self.name_en)

    @property
    def is_open(self) -> bool:
        """A deal in this stage is still in work."""
        return self.kind == self.Kind.OPEN
