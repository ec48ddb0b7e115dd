"""The parties package as Django knows it."""

from typing import Any

from django.apps import AppConfig
from django.db import DEFAULT_DB_ALIAS
from django.db.models.signals import post_migrate


class PartiesConfig(AppConfig):
    """Registers krug.parties under the short label `parties`."""

    name = "krug.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Each time the tables were brought up to date, the shipped rates of VAT are completed."""
        post_migrate.connect(complete_rates, sender=self, dispatch_uid="krug.shipped_rates")


def complete_rates(using: str = DEFAULT_DB_ALIAS, **kwargs: Any) -> None:
    """Add the rates that a newer version ships and the database lacks."""
    from django.db import connection

    from krug.parties.actions.rates import ensure_shipped_rates

    if using == DEFAULT_DB_ALIAS and "tax_rate" in connection.introspection.table_names():
        ensure_shipped_rates()
