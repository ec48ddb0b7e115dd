"""The exchange package as Django knows it: on start it offers every type export and many rows at once."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers krug.exchange under the short label `exchange`."""

    name = "krug.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its screens, calls and links on every type."""
        from krug.exchange.large import imports_behind, imports_told, take_import_back
        from krug.exchange.many import BULK
        from krug.exchange.screens.export import export_links, export_page
        from krug.kernel.journal.large import tell_large_changes
        from krug.kernel.screens.offers import Screen, offer, offer_links

        offer(Screen("export", export_page, "export"))
        offer(*BULK)
        offer_links("files", export_links)
        tell_large_changes(imports_told, imports_behind, take_import_back)
