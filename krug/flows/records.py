"""What follows when records are made, changed, put away and brought back without a verb of their own."""

from krug.duplicates.events import RecordsMerged, RecordSplit
from krug.kernel.journal.recording import on
from krug.kernel.journal.undo import ChangeUndone
from krug.kernel.writing import RecordArchived, RecordChanged, RecordCreated, RecordRestored


@on(RecordCreated)
def record_created(event: RecordCreated) -> None:
    """The line in the timeline is enough."""


@on(RecordChanged)
def record_changed(event: RecordChanged) -> None:
    """The old and new values stand in the row history."""


@on(RecordArchived)
def record_archived(event: RecordArchived) -> None:
    """The record leaves lists and search, and stays in the history."""


@on(RecordRestored)
def record_restored(event: RecordRestored) -> None:
    """The record is back in lists and search."""


@on(ChangeUndone)
def change_undone(event: ChangeUndone) -> None:
    """The old values stand again; the line in the timeline is enough."""


@on(RecordsMerged)
def records_merged(event: RecordsMerged) -> None:
    """Search and lists know one record where there were several; their histories are read as one."""


@on(RecordSplit)
def record_split(event: RecordSplit) -> None:
    """Both records stand in lists and search again, each with its own."""
