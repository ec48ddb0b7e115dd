"""The administration package as Django knows it."""

from django.apps import AppConfig


class AdministrationConfig(AppConfig):
    """Registers krug.administration under the short label `administration`."""

    name = "krug.administration"
    label = "administration"
    default_auto_field = "django.db.models.BigAutoField"
