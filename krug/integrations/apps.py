"""The integrations package as Django knows it: on start it gives the API its calls for imports and for copies."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Registers krug.integrations under the short label `integrations`."""

    name = "krug.integrations"
    label = "integrations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let other programs take files in and keep copies."""
        from krug.integrations.following.changes import CHANGES
        from krug.integrations.importing.calls import IMPORTS
        from krug.kernel.screens.offers import offer

        offer(*IMPORTS, CHANGES)
