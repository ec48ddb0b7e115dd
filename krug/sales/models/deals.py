"""Deals: what a customer may buy from us, for how much and by when."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import CurrencyField, Extensible, MoneyField, Owned, Sourced, Stamped, trigram
from krug.kernel.ui.names import called
from krug.sales.models.losses import Competitor, LossReason
from krug.sales.models.pipelines import ForecastCategory, Pipeline, PipelineVersion, Stage


class DealQuerySet(models.QuerySet["Deal"]):
    """Which deals."""

    def open(self) -> DealQuerySet:
        """Those in work, suspended ones left out."""
        return self.filter(state=Deal.State.OPEN)

    def won(self) -> DealQuerySet:
        """Those that were won."""
        return self.filter(state=Deal.State.WON)

    def lost(self) -> DealQuerySet:
        """Those that were lost."""
        return self.filter(state=Deal.State.LOST)


class Deal(Stamped, Owned, Extensible, Sourced):
    """One possible sale on its way through a pipeline."""

    class State(models.TextChoices):
        OPEN = "open", _("In work")
        WON = "won", _("Won")
        LOST = "lost", _("Lost")
        SUSPENDED = "suspended", _("Suspended")

    class Type(models.TextChoices):
        NEW = "new", _("New")
        REPEAT = "repeat", _("Repeat")
        CROSS = "cross", _("Cross-sale")
        UP = "up", _("Up-sale")
        RENEWAL = "renewal", _("Renewal")

    name = models.CharField(_("name"), max_length=200)
    party = models.ForeignKey(
        "parties.Party", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("customer")
    )
    pipeline_version = models.ForeignKey(
        PipelineVersion, models.PROTECT, related_name="deals", verbose_name=_("pipeline version")
    )
    stage = models.ForeignKey(Stage, models.PROTECT, related_name="deals", verbose_name=_("stage"))
    stage_since = models.DateTimeField(_("in the stage since"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.OPEN)
    type = models.CharField(_("type"), max_length=10, choices=Type.choices, default=Type.NEW)
    amount = MoneyField(_("amount"), null=True, blank=True, validators=[MinValueValidator(0)])
    currency = CurrencyField(_("currency"))
    margin = MoneyField(_("margin"), null=True, blank=True)
    opened_on = models.DateField(_("opened on"), null=True, blank=True)
    expected_on = models.DateField(_("expected on"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    suspended_until = models.DateField(_("suspended until"), null=True, blank=True)
    forecast_category = models.CharField(
        _("forecast category"), max_length=10, choices=ForecastCategory.choices, default=ForecastCategory.PIPELINE
    )
    probability_override = models.DecimalField(
        _("own estimate, %"),
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )
    probability_reason = models.CharField(_("why this estimate"), max_length=300, blank=True)
    loss_reason = models.ForeignKey(
        LossReason, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("reason of loss")
    )
    competitor = models.ForeignKey(
        Competitor, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("competitor")
    )
    loss_note = models.TextField(_("how it was lost"), blank=True)
    return_on = models.DateField(_("come back on"), null=True, blank=True)
    objects = DealQuerySet.as_manager()

    class Meta:
        db_table = "deal"
        verbose_name = _("deal")
        constraints = [
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gte=0),
                name="deal_amount_not_negative",
                violation_error_message=_("The amount of a deal can not be negative."),
            ),
            models.CheckConstraint(
                condition=Q(party__isnull=False) | Q(closed_at=None),
                name="deal_party_unless_open",
                violation_error_message=_("Name the customer: only an open deal may lack it."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "suspended"], closed_at=None)
                | Q(state__in=["won", "lost"], closed_at__isnull=False),
                name="deal_closed_when_won_or_lost",
            ),
            models.CheckConstraint(
                condition=~Q(state="lost") | Q(loss_reason__isnull=False) | ~Q(source_system=""),
                name="deal_loss_has_reason",
                violation_error_message=_("Choose the reason of loss."),
            ),
            models.CheckConstraint(
                condition=Q(state="suspended", suspended_until__isnull=False)
                | (~Q(state="suspended") & Q(suspended_until=None)),
                name="deal_suspended_until_a_day",
            ),
            models.CheckConstraint(
                condition=Q(probability_override=None) | ~Q(probability_reason=""),
                name="deal_estimate_has_reason",
                violation_error_message=_("Say why your estimate differs from the stage's."),
            ),
            models.CheckConstraint(
                condition=Q(probability_override=None) | Q(probability_override__gte=0, probability_override__lte=100),
                name="deal_estimate_percent",
            ),
            models.UniqueConstraint(
                fields=["source_system", "source_key"], condition=~Q(source_system=""), name="deal_source_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["stage", "-id"],
                condition=Q(state="open", is_archived=False),
                include=["amount", "currency", "probability_override", "stage_since", "owner"],
                name="deal_board",
            ),
            models.Index(
                "owner",
                models.F("amount").desc(nulls_last=True),
                "id",
                condition=Q(state="open", is_archived=False),
                include=["currency", "state"],
                name="deal_open_of_owner",
            ),
            models.Index(fields=["stage", "stage_since"], condition=Q(state="open"), name="deal_stale"),
            models.Index(fields=["party", "-id"], name="deal_of_party"),
            models.Index(fields=["owner", "-id"], name="deal_of_owner"),
            models.Index(fields=["state", "-closed_at"], name="deal_closed"),
            models.Index(fields=["-expected_on", "-id"], name="deal_expected"),
            models.Index(fields=["-amount", "-id"], name="deal_largest"),
            models.Index(fields=["-opened_on", "-id"], name="deal_latest"),
            trigram("deal_name_part", "name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_open(self) -> bool:
        """In work, not suspended."""
        return self.state == self.State.OPEN

    @property
    def is_closed(self) -> bool:
        """Won or lost."""
        return self.closed_at is not None

    @property
    def is_running(self) -> bool:
        """Not yet won or lost, suspended or not."""
        return self.closed_at is None

    @property
    def is_suspended(self) -> bool:
        """Set aside until a day."""
        return self.state == self.State.SUSPENDED

    @property
    def is_history(self) -> bool:
        """Came from another system with its past."""
        return self.source_system != ""

    @property
    def pipeline(self) -> Pipeline:
        """The pipeline, whatever its version."""
        return self.pipeline_version.pipeline

    @property
    def probability(self) -> Decimal:
        """The own estimate when there is one, otherwise the stage's."""
        return self.stage.probability if self.probability_override is None else self.probability_override


class DealContact(Stamped, Extensible):
    """A person of the customer who takes part in the deal, and the role he plays."""

    class Role(models.TextChoices):
        DECISION_MAKER = "decision_maker", _("Decision maker")
        BUYER = "buyer", _("Buyer")
        USER = "user", _("User")
        INFLUENCER = "influencer", _("Influencer")
        BLOCKER = "blocker", _("Blocker")

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="contact_roles", verbose_name=_("deal"))
    contact = models.ForeignKey("parties.Contact", models.PROTECT, related_name="+", verbose_name=_("contact person"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.BUYER)

    class Meta:
        db_table = "deal_contact"
        verbose_name = _("person in the deal")
        constraints = [
            models.UniqueConstraint(
                fields=["deal", "contact", "role"],
                name="deal_contact_role_once",
                violation_error_message=_("This person already has this role in the deal."),
            )
        ]
        indexes = [models.Index(fields=["contact", "-id"], name="deal_contact_of")]

    def __str__(self) -> str:
        return f"{called(self.contact)} · {self.get_role_display()}"


class DealLine(Stamped, Extensible):
    """So much of one product at one price."""

    deal = models.ForeignKey(Deal, models.CASCADE, related_name="lines", verbose_name=_("deal"))
    product = models.ForeignKey("catalogue.Product", models.PROTECT, related_name="+", verbose_name=_("product"))
    quantity = models.DecimalField(_("quantity"), max_digits=18, decimal_places=6, default=1)
    price = models.DecimalField(_("price"), max_digits=18, decimal_places=4)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=2)

    class Meta:
        db_table = "deal_line"
        verbose_name = _("deal line")
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0),
                name="deal_line_quantity_positive",
                violation_error_message=_("The quantity must be above zero."),
            ),
            models.CheckConstraint(
                condition=Q(price__gte=0),
                name="deal_line_price_not_negative",
                violation_error_message=_("The price can not be negative."),
            ),
        ]
        indexes = [models.Index(fields=["product", "-id"], name="deal_line_of_product")]

    def __str__(self) -> str:
        return str(self.product)
