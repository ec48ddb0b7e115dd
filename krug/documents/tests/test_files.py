"""Documents are put on record, sent and signed once."""

from datetime import timedelta

import pytest

from krug.documents.models import Document
from krug.documents.testing import make_document
from krug.kernel.dates import today_in, zone_called
from krug.kernel.doors import create_record, perform
from krug.kernel.errors import Refusal
from krug.kernel.registry import get_entity
from krug.parties.testing import make_party

DOCUMENT = get_entity("document")


def test_a_document_is_put_on_record(anna, happened):
    party = make_party(owner=anna)
    told = len(happened())
    document = create_record(DOCUMENT, {"kind": "act", "title": "", "number": "7", "party": party}, by=anna)
    assert (str(document), document.party, document.is_unsigned) == ("Act № 7", party, True)
    assert happened()[told:] == ["DocumentWritten"]


def test_a_document_is_signed_once_and_not_tomorrow(anna, happened):
    document = make_document(by=anna)
    today = today_in(zone_called(anna.timezone))
    with pytest.raises(Refusal) as no:
        perform(DOCUMENT, "sign", document.pk, by=anna, on=today + timedelta(days=1))
    assert (no.value.code, no.value.field) == ("DATE_FUTURE", "on")
    perform(DOCUMENT, "sign", document.pk, by=anna)
    document.refresh_from_db()
    assert document.signed_on == today and document.signed_at is not None
    with pytest.raises(Refusal):
        perform(DOCUMENT, "sign", document.pk, by=anna)
    assert happened().count("DocumentSigned") == 1


def test_a_document_is_sent_once(anna, happened):
    document = make_document(by=anna)
    perform(DOCUMENT, "send", document.pk, by=anna)
    assert Document.objects.get().sent_on is not None
    with pytest.raises(Refusal):
        perform(DOCUMENT, "send", document.pk, by=anna)
    assert happened().count("DocumentSent") == 1


def test_documents_of_others_are_not_seen(anna, boris):
    make_document(by=anna)
    assert DOCUMENT.rows_for(anna).count() == 1
    assert not DOCUMENT.rows_for(boris).exists()
