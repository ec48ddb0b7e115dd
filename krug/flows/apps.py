"""The flows package as Django knows it."""

from django.apps import AppConfig


class FlowsConfig(AppConfig):
    """Registers krug.flows under the short label `flows`."""

    name = "krug.flows"
    label = "flows"
    default_auto_field = "django.db.models.BigAutoField"
