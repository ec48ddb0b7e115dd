"""The access package as Django knows it."""

from django.apps import AppConfig


class AccessConfig(AppConfig):
    """Registers krug.access under the short label `access`."""

    name = "krug.access"
    label = "access"
    default_auto_field = "django.db.models.BigAutoField"
