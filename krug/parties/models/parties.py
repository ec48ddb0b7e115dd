"""Whom we deal with: organisations and people in all their roles, and how they hang together."""

from __future__ import annotations

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from krug.kernel.columns import CurrencyField, Extensible, MoneyField, Owned, Sourced, Stamped, trigram


class Industry(Stamped, Extensible):
    """What a party does for a living, in the company's own words."""

    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True)

    class Meta:
        db_table = "industry"
        constraints = [
            models.UniqueConstraint("name_ru", name="industry_name_once"),
            models.UniqueConstraint("code", condition=~Q(code=""), name="industry_code_once"),
        ]

    def __str__(self) -> str:
        return self.name_ru


class ContactSource(Stamped, Extensible):
    """Where a customer learned of us."""

    name_ru = models.CharField(_("name in Russian"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    code = models.CharField(_("code"), max_length=40, blank=True)

    class Meta:
        db_table = "contact_source"
        constraints = [
            models.UniqueConstraint("name_ru", name="contact_source_name_once"),
            models.UniqueConstraint("code", condition=~Q(code=""), name="contact_source_code_once"),
        ]

    def __str__(self) -> str:
        return self.name_ru


class PartyQuerySet(models.QuerySet["Party"]):
    """Parties by their state."""

    def active(self) -> PartyQuerySet:
        """Neither put away nor merged into another."""
        return self.filter(is_archived=False, merged_into=None)

    def verified_before(self, day: date) -> PartyQuerySet:
        """Confirmed by a person, but so long ago that it should be done again."""
        return self.filter(state=Party.State.VERIFIED, verified_on__lt=day)


class Party(Stamped, Owned, Extensible, Sourced):
    """Any organisation or person we deal with."""

    class Kind(models.TextChoices):
        LEGAL = "legal", _("Legal entity")
        BRANCH = "branch", _("Branch")
        SOLE_TRADER = "sole_trader", _("Sole trader")
        SELF_EMPLOYED = "self_employed", _("Self-employed person")
        PERSON = "person", pgettext_lazy("kind of party", "Person")
        FOREIGN_LEGAL = "foreign_legal", _("Foreign company")
        PUBLIC_BODY = "public_body", _("Public body")

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        CHECKED = "checked", _("Checked")
        VERIFIED = "verified", _("Verified")
        OUTDATED = "outdated", _("To verify again")
        LIQUIDATED = "liquidated", _("Liquidated")

    class Role(models.TextChoices):
        CUSTOMER = "customer", _("Customer")
        PROSPECT = "prospect", _("Prospect")
        DEALER = "dealer", _("Dealer")
        PARTNER = "partner", _("Partner")
        SUPPLIER = "supplier", _("Supplier")
        COMPETITOR = "competitor", _("Competitor")
        AD_AGENCY = "ad_agency", _("Advertising agency")
        INSURER = "insurer", _("Insurer")

    display_name = models.CharField(_("name"), max_length=255)
    name_key = models.CharField(max_length=255, editable=False, default="")
    sort_key = models.CharField(_("alphabetical order"), max_length=255, editable=False, default="", db_collation="C")
    kind = models.CharField(_("kind"), max_length=14, choices=Kind.choices, default=Kind.LEGAL)
    roles = ArrayField(models.CharField(max_length=12), default=list, editable=False, verbose_name=_("roles"))
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.DRAFT)
    verified_on = models.DateField(_("verified on"), null=True, blank=True)
    verified_source = models.CharField(_("verified by"), max_length=255, blank=True)
    country = models.CharField(_("country"), max_length=2, default="RU")
    language = models.CharField(
        _("language"), max_length=2, default="ru", choices=[("ru", _("Russian")), ("en", _("English"))]
    )
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="branches", verbose_name=_("head organisation")
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    industry = models.ForeignKey(
        Industry, models.PROTECT, null=True, blank=True, related_name="parties", verbose_name=_("industry")
    )
    territory = models.ForeignKey(
        "parties.Territory",
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="parties",
        verbose_name=_("territory"),
    )
    contact_source = models.ForeignKey(
        ContactSource,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="parties",
        verbose_name=_("source of contact"),
    )
    region = models.CharField(_("region"), max_length=120, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    timezone = models.CharField(
        _("time zone"), max_length=64, blank=True, help_text=_("Found from the city when left empty.")
    )
    employees = models.PositiveIntegerField(_("employees"), null=True, blank=True)
    annual_revenue = MoneyField(_("annual revenue"), null=True, blank=True)
    currency = CurrencyField(_("currency"))
    founded_year = models.PositiveSmallIntegerField(_("founded in"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        db_table = "party"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="branch") | Q(parent__isnull=False),
                name="party_branch_has_parent",
                violation_error_message=_("A branch belongs to a head organisation: choose it."),
                violation_error_code="PARENT_REQUIRED",
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")),
                name="party_not_own_parent",
                violation_error_message=_("A party can not be its own head organisation."),
                violation_error_code="PARENT_CYCLE",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("id")), name="party_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=Q(annual_revenue=None) | Q(annual_revenue__gte=0),
                name="party_revenue_not_negative",
                violation_error_message=_("Revenue can not be negative."),
            ),
            models.CheckConstraint(
                condition=Q(founded_year=None) | Q(founded_year__range=(1000, 2100)),
                name="party_founded_year",
                violation_error_message=_("Enter a year from 1000 to 2100."),
            ),
            models.CheckConstraint(condition=Q(country__regex="^[A-Z]{2}$"), name="party_country_code"),
        ]
        indexes = [
            models.Index(fields=["sort_key", "id"], name="party_sort_key"),
            models.Index(fields=["owner", "sort_key"], name="party_owner_order"),
            models.Index(fields=["-created_at"], name="party_created"),
            models.Index(fields=["city", "sort_key", "id"], name="party_city_order"),
            trigram("party_name_key_trgm", "name_key"),
            trigram("party_text_part", "display_name", "city"),
            GinIndex(fields=["roles"], name="party_roles"),
            models.Index(fields=["source_system", "source_key"], condition=~Q(source_system=""), name="party_source"),
            models.Index(fields=["territory"], condition=Q(territory__isnull=False), name="party_territory"),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def is_active(self) -> bool:
        """Whether we may deal with it: neither put away, merged nor liquidated."""
        return not self.is_archived and self.merged_into_id is None and self.state != self.State.LIQUIDATED

    @property
    def may_be_verified(self) -> bool:
        """A party whose requisites pass every formal check can be confirmed, and confirmed again later."""
        return self.state in (self.State.CHECKED, self.State.VERIFIED, self.State.OUTDATED)

    @property
    def is_person(self) -> bool:
        """Whether the party is a human being and not an organisation."""
        return self.kind in (self.Kind.PERSON, self.Kind.SELF_EMPLOYED, self.Kind.SOLE_TRADER)


class PartyRole(Stamped, Extensible):
    """What the party is to us; it may be several things at once."""

    party = models.ForeignKey(Party, models.CASCADE, related_name="role_rows", verbose_name=_("party"))
    role = models.CharField(_("role"), max_length=12, choices=Party.Role.choices)
    since = models.DateField(_("since"), default=timezone.localdate)

    class Meta:
        db_table = "party_role"
        constraints = [
            models.UniqueConstraint(
                fields=["party", "role"],
                name="party_role_once",
                violation_error_message=_("The party has this role already."),
            )
        ]

    def __str__(self) -> str:
        return self.get_role_display()


class PartyRelation(Stamped, Extensible):
    """How one party stands to another: of one group, parent of, dealer of."""

    class Kind(models.TextChoices):
        GROUP = "group", _("of one group with")
        PARENT = "parent", _("parent company of")
        DEALER_OF = "dealer_of", _("dealer of")

    from_party = models.ForeignKey(Party, models.CASCADE, related_name="relations_out", verbose_name=_("party"))
    kind = models.CharField(_("relation"), max_length=10, choices=Kind.choices)
    to_party = models.ForeignKey(Party, models.CASCADE, related_name="relations_in", verbose_name=_("other party"))
    since = models.DateField(_("since"), null=True, blank=True)

    class Meta:
        db_table = "party_relation"
        constraints = [
            models.UniqueConstraint(
                fields=["from_party", "kind", "to_party"],
                name="party_relation_once",
                violation_error_message=_("This relation is recorded already."),
            ),
            models.CheckConstraint(
                condition=~Q(from_party=F("to_party")),
                name="party_relation_to_another",
                violation_error_message=_("A party can not be related to itself."),
                violation_error_code="RELATION_TO_ITSELF",
            ),
        ]
        indexes = [models.Index(fields=["to_party"], name="party_relation_to")]

    def __str__(self) -> str:
        return f"{self.from_party} → {self.to_party}"
