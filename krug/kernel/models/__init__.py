"""Tables of the machinery: the journal, saved views, search documents, drafts."""

from krug.kernel.attributes.models import Attribute, AttributeIndex, AttributeValue
from krug.kernel.journal.models import (
    AuditRecord,
    HistorySeal,
    JournalEntry,
    JournalMention,
    OncePerformed,
    Owed,
    RowChange,
)
from krug.kernel.models.desk import Draft, SavedView, Seen
from krug.kernel.models.merging import RecordMerge
from krug.kernel.models.running import ChangeRun, RunAct
from krug.kernel.models.searching import SearchDocument, SearchWord

__all__ = [
    "Attribute",
    "AttributeIndex",
    "AttributeValue",
    "AuditRecord",
    "ChangeRun",
    "Draft",
    "HistorySeal",
    "JournalEntry",
    "JournalMention",
    "OncePerformed",
    "Owed",
    "RecordMerge",
    "RowChange",
    "RunAct",
    "SavedView",
    "SearchDocument",
    "SearchWord",
    "Seen",
]
