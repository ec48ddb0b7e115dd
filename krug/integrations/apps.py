"""The integrations package as Django knows it: on start it gives the API its calls for imports and for copies."""

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    """Registers krug.integrations under the short label `integrations`."""

    name = "krug.integrations"
    label = "integrations"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let other programs take files in and keep copies, and read the cards of address books."""
        from krug.exchange.importing.opening import FileKind, read_kind
        from krug.integrations.address_books.cards import open_cards
        from krug.integrations.exporting.calls import EXPORTS
        from krug.integrations.following.changes import CHANGES
        from krug.integrations.importing.calls import IMPORTS
        from krug.kernel.screens.offers import offer

        offer(*IMPORTS, *EXPORTS, CHANGES)
        read_kind(FileKind((".vcf", ".vcard"), b"BEGIN:VCARD", open_cards))
