"""The documents package as Django knows it."""

from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    """Registers krug.documents under the short label `documents`."""

    name = "krug.documents"
    label = "documents"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Offer the calls of files to programs."""
        from krug.documents.calls import CALLS
        from krug.kernel.screens.offers import offer

        offer(*CALLS)
