"""What follows from any event."""

from krug.kernel.journal.events import Event
from krug.kernel.journal.recording import on_every
from krug.kernel.search.indexing import index_event


@on_every
def keep_search_fresh(event: Event) -> None:
    """The search box knows of a change at once."""
    index_event(event)
