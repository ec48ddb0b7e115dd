"""Products and services that we sell, and the tree of their groups."""

from __future__ import annotations

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from krug.kernel.columns import CurrencyField, Extensible, MoneyField, Sourced, Stamped, trigram
from krug.language.bilingual import in_language


class ProductCategory(Stamped, Extensible):
    """A group of products; groups form a tree."""

    name_ru = models.CharField(_("name in Russian"), max_length=120, blank=True)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )

    class Meta:
        db_table = "product_category"
        verbose_name = _("product category")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_ru="") | ~Q(name_en=""),
                name="product_category_has_name",
                violation_error_message=_("Give the category a name in at least one language."),
            ),
            models.CheckConstraint(
                condition=~Q(parent=models.F("id")),
                name="product_category_not_own_parent",
                violation_error_message=_("A category can not be part of itself."),
            ),
        ]

    def __str__(self) -> str:
        return in_language(self.name_ru, self.name_en)


class Product(Stamped, Extensible, Sourced):
    """One product or service with its article, unit and list price."""

    code = models.CharField(_("article"), max_length=60, unique=True)
    name_ru = models.CharField(_("name in Russian"), max_length=200, blank=True)
    name_en = models.CharField(_("name in English"), max_length=200, blank=True)
    category = models.ForeignKey(
        ProductCategory, models.PROTECT, null=True, blank=True, related_name="products", verbose_name=_("category")
    )
    series = models.CharField(_("series"), max_length=120, blank=True)
    uom = models.CharField(_("unit"), max_length=30, blank=True, default="шт")
    price = MoneyField(_("list price"), decimal_places=4, null=True, blank=True, validators=[MinValueValidator(0)])
    currency = CurrencyField(_("currency"))
    is_service = models.BooleanField(_("service"), default=False)

    class Meta:
        db_table = "product"
        verbose_name = _("product")
        constraints = [
            models.CheckConstraint(
                condition=~Q(name_ru="") | ~Q(name_en=""),
                name="product_has_name",
                violation_error_message=_("Give the product a name in at least one language."),
            ),
            models.CheckConstraint(condition=Q(price=None) | Q(price__gte=0), name="product_price_not_negative"),
            models.UniqueConstraint(
                fields=["source_system", "source_key"], condition=~Q(source_system=""), name="product_source_once"
            ),
        ]
        indexes = [
            models.Index(fields=["category", "id"], name="product_of_category"),
            models.Index(fields=["series", "id"], name="product_of_series"),
            trigram("product_name_part", "name_ru", "name_en"),
        ]

    def __str__(self) -> str:
        return in_language(self.name_ru, self.name_en) or self.code
