"""The catalogue package as Django knows it."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """Registers krug.catalogue under the short label `catalogue`."""

    name = "krug.catalogue"
    label = "catalogue"
    default_auto_field = "django.db.models.BigAutoField"
