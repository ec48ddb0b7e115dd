"""The integrations package as Django knows it."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Registers krug.integrations under the short label `integrations`."""

    name = "krug.integrations"
    label = "integrations"
    default_auto_field = "django.db.models.BigAutoField"
