"""The parties package as Django knows it."""

from django.apps import AppConfig


class PartiesConfig(AppConfig):
    """Registers krug.parties under the short label `parties`."""

    name = "krug.parties"
    label = "parties"
    default_auto_field = "django.db.models.BigAutoField"
