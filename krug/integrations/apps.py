"""The integrations package as Django knows it: on start it gives the API its calls for imports."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Registers krug.integrations under the short label `integrations`."""

    name = "krug.integrations"
    label = "integrations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let other programs take files in."""
        from krug.integrations.importing.calls import IMPORTS
        from krug.kernel.screens.offers import offer

        offer(*IMPORTS)
