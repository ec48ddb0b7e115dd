"""The analytics package as Django knows it."""

from django.apps import AppConfig


class AnalyticsConfig(AppConfig):
    """Registers krug.analytics under the short label `analytics`."""

    name = "krug.analytics"
    label = "analytics"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Lead from the list of calls to the hours in which they come."""
        from krug.analytics.screens.calls import load_link
        from krug.kernel.screens.offers import offer_links

        offer_links("views", load_link)
