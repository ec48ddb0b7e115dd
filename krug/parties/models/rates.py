"""Rates of VAT with the days of their laws."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import Extensible, Stamped
from krug.language.bilingual import in_language


class TaxRateQuerySet(models.QuerySet["TaxRate"]):
    """Which rates."""

    def in_force(self, on: date) -> TaxRateQuerySet:
        """Those that apply to a shipment of that day."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=on), Q(valid_to=None) | Q(valid_to__gt=on))


class TaxRate(Stamped, Extensible):
    """One dated rate of one country; `family` joins the rates that replaced each other."""

    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    country = models.CharField(_("country"), max_length=2, default="RU")
    code = models.CharField(_("code"), max_length=30)
    family = models.CharField(
        _("family of rates"), max_length=30, help_text=_("One word for the rates that replace each other.")
    )
    rate = models.DecimalField(
        _("rate, per cent"),
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=_("Empty: without VAT, which is not the same as 0 %."),
    )
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until, exclusive"), null=True, blank=True)
    edo_value = models.CharField(_("value in the exchange format"), max_length=60, blank=True)
    law = models.CharField(_("law"), max_length=120, blank=True)
    objects = TaxRateQuerySet.as_manager()

    class Meta:
        db_table = "tax_rate"
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_ru="") | ~Q(name_en=""),
                name="tax_rate_has_name",
                violation_error_message=_("Give the rate a name in at least one language."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="tax_rate_period",
                violation_error_message=_("The last day must be later than the first."),
            ),
            ExclusionConstraint(
                name="tax_rate_no_overlap",
                expressions=[
                    ("country", RangeOperators.EQUAL),
                    ("family", RangeOperators.EQUAL),
                    (
                        Func("valid_from", "valid_to", function="daterange", output_field=DateRangeField()),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(is_archived=False),
                violation_error_message=_("Another rate of this family is in force on these days: end it first."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name_ru, self.name_en)

    def in_force(self, on: date) -> bool:
        """Whether the rate applies to a shipment of that day; the end itself is the first day without it."""
        return (self.valid_from is None or self.valid_from <= on) and (self.valid_to is None or on < self.valid_to)

    @property
    def calculated(self) -> tuple[Decimal, Decimal] | None:
        """Numerator and denominator of the rate inside a sum, 22/122; none where there is nothing to calculate."""
        return (self.rate, 100 + self.rate) if self.rate else None
