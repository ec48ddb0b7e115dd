"""What follows from any event."""

from krug.duplicates.matching.keeping import forget_keys
from krug.integrations.webhooks.telling import tell_soon
from krug.kernel.journal.events import Event
from krug.kernel.journal.recording import later, on_every
from krug.kernel.search.indexing import index_event, index_linked, linked_by_words


@on_every
def keep_search_fresh(event: Event) -> None:
    """The search box knows of a change at once, and a moment later by the new name also what belongs to the record."""
    index_event(event)
    if linked_by_words(event):
        later(index_linked, event)


@on_every
def compare_anew(event: Event) -> None:
    """The next search for duplicates reads a record as it is told now."""
    forget_keys(event)


@on_every
def tell_webhooks_soon(event: Event) -> None:
    """Other programs that want to know are told after this transaction."""
    tell_soon(event)
