"""The sales package as Django knows it."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Registers krug.sales under the short label `sales`."""

    name = "krug.sales"
    label = "sales"
    default_auto_field = "django.db.models.BigAutoField"
