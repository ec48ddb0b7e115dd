"""The notifications package as Django knows it."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Registers krug.notifications under the short label `notifications`."""

    name = "krug.notifications"
    label = "notifications"
    default_auto_field = "django.db.models.BigAutoField"
