"""Columns that models share; nothing here behaves."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _


class Stamped(models.Model):
    """When and by whom a row was made and changed; the database keeps `version` and `updated_*`."""

    created_at = models.DateTimeField(_("created"), auto_now_add=True, db_index=False)
    created_by = models.ForeignKey(
        "access.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("created by")
    )
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    updated_by = models.ForeignKey(
        "access.User", models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("changed by")
    )
    version = models.IntegerField(_("version"), default=1, editable=False)
    is_archived = models.BooleanField(_("archived"), default=False)

    class Meta:
        abstract = True


class Owned(models.Model):
    """The one employee who answers for the record."""

    owner = models.ForeignKey(
        "access.User", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )

    class Meta:
        abstract = True


class Extensible(models.Model):
    """Room for the attributes that the company adds without code."""

    custom = models.JSONField(_("attributes"), default=dict, blank=True, editable=False)

    class Meta:
        abstract = True


class Sourced(models.Model):
    """Where a record of the past came from, so that it is told apart from what was done here."""

    source_system = models.CharField(_("came from"), max_length=60, blank=True, editable=False)
    source_key = models.CharField(_("key in the source"), max_length=120, blank=True, editable=False)

    class Meta:
        abstract = True


class MoneyField(models.DecimalField):  # type: ignore[type-arg]  # Django fields take none at run time
    """An amount with two decimals; its currency stands beside it in the column named by `currency_field`."""

    def __init__(self, *args: Any, currency_field: str = "currency", **kwargs: Any) -> None:
        self.currency_field = currency_field
        kwargs.setdefault("max_digits", 18)
        kwargs.setdefault("decimal_places", 2)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, kwargs


class CurrencyField(models.CharField):  # type: ignore[type-arg]  # Django fields take none at run time
    """An ISO 4217 alpha-3 code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 3)
        kwargs.setdefault("default", "RUB")
        super().__init__(*args, **kwargs)


def trigram(name: str, *fields: str) -> GinIndex:
    """An index that finds any part of three or more characters of a text column."""
    return GinIndex(fields=list(fields), name=name, opclasses=["gin_trgm_ops"] * len(fields))


class About(models.Model):
    """The record of any type that this one is about, by entity code and number."""

    about_entity = models.CharField(_("about: object"), max_length=60, blank=True, editable=False)
    about_id = models.BigIntegerField(_("about: number"), null=True, blank=True, editable=False)

    class Meta:
        abstract = True
