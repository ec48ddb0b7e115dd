"""The activities package as Django knows it."""

from django.apps import AppConfig


class ActivitiesConfig(AppConfig):
    """Registers krug.activities under the short label `activities`."""

    name = "krug.activities"
    label = "activities"
    default_auto_field = "django.db.models.BigAutoField"
