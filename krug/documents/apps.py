"""The documents package as Django knows it."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers krug.documents under the short label `documents`."""

    name = "krug.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"
