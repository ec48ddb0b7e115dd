"""The exchange package as Django knows it: on start it offers every type export, merging and splitting."""

from django.apps import AppConfig


class ExchangeConfig(AppConfig):
    """Registers krug.exchange under the short label `exchange`."""

    name = "krug.exchange"
    label = "exchange"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its screens, calls and links on every type."""
        from krug.exchange.calls import MERGE, SPLIT
        from krug.exchange.following.changes import CHANGES
        from krug.exchange.large import imports_behind, imports_told, merges_told
        from krug.exchange.many import BULK
        from krug.exchange.merging.uniting import mergeable
        from krug.exchange.screens.duplicates import duplicates_link
        from krug.exchange.screens.export import export_links, export_page
        from krug.exchange.screens.merging import merge, merge_links, merge_ticked, split
        from krug.kernel.journal.large import tell_large_changes
        from krug.kernel.screens.offers import Screen, offer, offer_links

        offer(Screen("export", export_page, "export"))
        offer(Screen("merge", merge, "change", of_record=True, fits=mergeable), MERGE)
        offer(CHANGES, *BULK)
        offer(Screen("split", split, "change", of_record=True, fits=mergeable), SPLIT)
        offer_links("files", export_links)
        offer_links("views", duplicates_link)
        offer_links("record", merge_links)
        offer_links("ticked", merge_ticked)
        tell_large_changes(imports_told, imports_behind)
        tell_large_changes(merges_told)
