"""The company that works here: one row with what every page and paper takes for granted."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

CURRENCIES = [
    ("RUB", "RUB ₽"),
    ("USD", "USD $"),
    ("EUR", "EUR €"),
    ("BYN", "BYN Br"),
    ("KZT", "KZT ₸"),
    ("CNY", "CNY ¥"),
    ("GBP", "GBP £"),
]
THE_ONE = 1


class Company(models.Model):
    """Name, currency and clock of the company; there is exactly one."""

    id = models.SmallIntegerField(primary_key=True, default=THE_ONE, editable=False)
    name = models.CharField(_("name"), max_length=200)
    currency = models.CharField(_("currency"), max_length=3, choices=CURRENCIES, default="RUB")
    timezone = models.CharField(_("time zone"), max_length=64, default="Europe/Moscow")
    language = models.CharField(
        _("language"), max_length=2, choices=[("ru", "Русский"), ("en", "English")], default="ru"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    version = models.IntegerField(default=1, editable=False)

    class Meta:
        db_table = "company"
        constraints = [models.CheckConstraint(condition=Q(id=THE_ONE), name="company_only_one")]

    def __str__(self) -> str:
        return self.name
