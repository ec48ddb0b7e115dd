"""The duplicates package as Django knows it: on start it offers every type merging and splitting."""

from django.apps import AppConfig


class DuplicatesConfig(AppConfig):
    """Registers krug.duplicates under the short label `duplicates`."""

    name = "krug.duplicates"
    label = "duplicates"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Put its screens, calls and links on every type."""
        from krug.duplicates.calls import MERGE, QUEUE, SPLIT
        from krug.duplicates.large import merges_told
        from krug.duplicates.merging.uniting import mergeable
        from krug.duplicates.screens.duplicates import duplicates_link
        from krug.duplicates.screens.merging import merge, merge_links, merge_ticked, split, split_links
        from krug.kernel.journal.large import tell_large_changes
        from krug.kernel.screens.offers import Screen, offer, offer_links

        offer(Screen("merge", merge, "change", of_record=True, fits=mergeable), MERGE)
        offer(Screen("split", split, "change", of_record=True, fits=mergeable), SPLIT, *QUEUE)
        offer_links("views", duplicates_link)
        offer_links("record", merge_links)
        offer_links("ticked", merge_ticked)
        offer_links("timeline", split_links)
        tell_large_changes(merges_told)
