"""The analytics package as Django knows it."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Registers krug.analytics under the short label `analytics`."""

    name = "krug.analytics"
    label = "analytics"
    default_auto_field = "django.db.models.BigAutoField"
