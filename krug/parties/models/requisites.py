"""How the law and the banks know a party: dated requisites, banks and accounts."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import CurrencyField, Extensible, Sourced, Stamped, trigram
from krug.parties.models.parties import Party


class Period(Func):
    """The half-open span of days from `valid_from` up to, but not including, `valid_to`."""

    function = "daterange"
    output_field = DateRangeField()

    def __init__(self, *expressions: object) -> None:
        super().__init__(*(expressions or (F("valid_from"), F("valid_to"), Value("[)"))))


class DatedQuerySet(models.QuerySet):
    """Rows that are true for a span of days."""

    def as_of(self, day: date) -> DatedQuerySet:
        """What was true on that day."""
        return self.filter(valid_from__lte=day).filter(Q(valid_to=None) | Q(valid_to__gt=day))


class Requisites(Stamped, Extensible, Sourced):
    """One version of a party's requisites; a paper takes those of its own date."""

    class TaxRegime(models.TextChoices):
        OSNO = "osno", _("General")
        USN_INCOME = "usn_income", _("Simplified, on income")
        USN_INCOME_EXPENSE = "usn_income_expense", _("Simplified, on income less expenses")
        PSN = "psn", _("Patent")
        NPD = "npd", _("Tax on professional income")
        ESHN = "eshn", _("Agricultural")
        FOREIGN = "foreign", _("Foreign")

    party = models.ForeignKey(Party, models.CASCADE, related_name="requisites", verbose_name=_("party"))
    valid_from = models.DateField(_("valid from"), default=timezone.localdate)
    valid_to = models.DateField(_("valid until, exclusive"), null=True, blank=True)
    full_name = models.CharField(_("full legal name"), max_length=1000, blank=True)
    short_name = models.CharField(_("short name"), max_length=510, blank=True)
    inn = models.CharField(_("INN"), max_length=12, blank=True)
    kpp = models.CharField(_("KPP"), max_length=9, blank=True)
    ogrn = models.CharField(_("OGRN"), max_length=15, blank=True)
    ogrn_date = models.DateField(_("date of OGRN"), null=True, blank=True)
    okpo = models.CharField(_("OKPO"), max_length=10, blank=True)
    oktmo = models.CharField(_("OKTMO"), max_length=11, blank=True)
    okved_main = models.CharField(_("main OKVED"), max_length=8, blank=True)
    legal_form_code = models.CharField(_("OKOPF"), max_length=5, blank=True)
    tax_regime = models.CharField(_("tax regime"), max_length=20, choices=TaxRegime.choices, blank=True)
    vat_payer = models.BooleanField(_("pays VAT"), default=True)
    foreign_tax_id = models.CharField(_("foreign tax number"), max_length=40, blank=True)
    director_name = models.CharField(_("head"), max_length=255, blank=True)
    director_position = models.CharField(_("position of the head"), max_length=255, blank=True)
    acts_on_basis = models.CharField(_("acts on the basis of"), max_length=255, blank=True)
    claims_number = models.BooleanField(default=True, editable=False)

    objects = DatedQuerySet.as_manager()

    class Meta:
        db_table = "requisites"
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="requisites_period",
                violation_error_message=_("The last day must be later than the first."),
            ),
            ExclusionConstraint(
                name="requisites_no_overlap",
                expressions=[("party", RangeOperators.EQUAL), (Period(), RangeOperators.OVERLAPS)],
                violation_error_message=_("The period of the requisites overlaps another version."),
            ),
            ExclusionConstraint(
                name="requisites_number_once",
                expressions=[
                    ("inn", RangeOperators.EQUAL),
                    ("kpp", RangeOperators.EQUAL),
                    ("party", RangeOperators.NOT_EQUAL),
                    (Period(), RangeOperators.OVERLAPS),
                ],
                condition=Q(claims_number=True) & ~Q(inn=""),
                violation_error_message=_("Another party has this INN and KPP."),
            ),
        ]
        indexes = [
            models.Index(fields=["inn", "kpp"], name="requisites_inn"),
            trigram("requisites_text_part", "short_name"),
            models.Index(fields=["ogrn"], condition=~Q(ogrn=""), name="requisites_ogrn"),
            models.Index(fields=["foreign_tax_id"], condition=~Q(foreign_tax_id=""), name="requisites_foreign"),
        ]

    def __str__(self) -> str:
        numbers = " / ".join(filter(None, (self.inn, self.kpp))) or self.foreign_tax_id
        return numbers or self.short_name or self.full_name


class Bank(Stamped, Extensible):
    """A bank as the directory of the Bank of Russia, or SWIFT, knows it."""

    bic = models.CharField(_("BIC"), max_length=11, unique=True)
    name = models.CharField(_("name"), max_length=255)
    city = models.CharField(_("city"), max_length=120, blank=True)
    corr_account = models.CharField(_("correspondent account"), max_length=20, blank=True)
    is_active = models.BooleanField(_("works"), default=True)
    source_date = models.DateField(_("as of"), null=True, blank=True)

    class Meta:
        db_table = "bank"
        indexes = [models.Index(fields=["name"], name="bank_name")]

    def __str__(self) -> str:
        return self.name


class BankAccount(Stamped, Extensible, Sourced):
    """An account of a party in a bank."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="bank_accounts", verbose_name=_("party"))
    bank = models.ForeignKey(Bank, models.PROTECT, related_name="accounts", verbose_name=_("bank"))
    number = models.CharField(_("account number"), max_length=34)
    currency = CurrencyField(_("currency"))
    is_main = models.BooleanField(_("main"), default=False)
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    valid_to = models.DateField(_("valid until, exclusive"), null=True, blank=True)

    class Meta:
        db_table = "bank_account"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "bank", "number"],
                name="bank_account_once",
                violation_error_message=_("This account is recorded already."),
            ),
            models.UniqueConstraint(
                fields=["party"], condition=Q(is_main=True, is_archived=False), name="bank_account_one_main"
            ),
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="bank_account_period",
                violation_error_message=_("The last day must be later than the first."),
            ),
        ]

    def __str__(self) -> str:
        return self.number
