"""What follows from documents."""

from krug.documents.events import DocumentSent, DocumentSigned, DocumentWritten
from krug.documents.models import Document
from krug.kernel.journal.recording import on
from krug.sales.actions.results import record_result
from krug.sales.models import Deal, ResultType

SHIPPED = (Document.Kind.DELIVERY_NOTE, Document.Kind.ACT)


@on(DocumentWritten)
def document_written(event: DocumentWritten) -> None:
    """A delivery note or an act about a deal is evidence of the shipment."""
    if event.document.kind in SHIPPED and isinstance(event.about, Deal) and event.about.is_open:
        record_result(event.about, type=ResultType.SHIPMENT, evidence=event.document, by=event.by)


@on(DocumentSent)
def document_sent(event: DocumentSent) -> None:
    """A document sent about a deal is evidence in its present stage."""
    if isinstance(event.about, Deal) and event.about.is_open:
        record_result(event.about, type=ResultType.DOCUMENT_SENT, evidence=event.document, by=event.by)


@on(DocumentSigned)
def document_signed(event: DocumentSigned) -> None:
    """A signed contract or order is the evidence without which no deal is won."""
    if isinstance(event.about, Deal) and event.about.is_open:
        record_result(event.about, type=ResultType.DOCUMENT_SIGNED, evidence=event.document, by=event.by)
