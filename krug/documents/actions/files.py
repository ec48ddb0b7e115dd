"""Putting documents on record, noting that they were sent and signed."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.documents.events import DocumentSent, DocumentSigned, DocumentWritten
from krug.documents.models import Document
from krug.kernel import writing
from krug.kernel.dates import today_in, zone_called
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.links import link_to
from krug.kernel.registry import get_entity


@transaction.atomic
def write_document(*, by: User, about: Model | None = None, **values: Any) -> Document:
    """Put a document on record, with what it is about."""
    document = Document(
        **{name: value for name, value in values.items() if value is not None}, created_by=by, updated_by=by
    )
    if about is not None:
        link = link_to(about)
        document.about_entity, document.about_id = link.entity, link.id
        document.party = document.party or getattr(about, "party", None)
    if not document.title:
        document.title = str(document.get_kind_display())
    writing.check(document)
    document.save(force_insert=True)
    record(DocumentWritten(document=document, about=about, by=by))
    return document


@transaction.atomic
def send_document(document: Document, *, by: User, on: date | None = None) -> Document:
    """Note that a document went to the other side."""
    if document.sent_on is not None:
        raise Refusal(_("This document is already marked as sent."), code="DOCUMENT_SENT")
    document.sent_on, document.sent_at = _day(on, by=by), timezone.now()
    document.save(update_fields=["sent_on", "sent_at", "updated_at"])
    record(DocumentSent(document=document, sent_on=document.sent_on, about=about_of(document), by=by))
    return document


@transaction.atomic
def sign_document(document: Document, *, by: User, on: date | None = None) -> Document:
    """Note the day of the signatures; what follows for a deal: flows/documents.py, document_signed."""
    if document.signed_on is not None:
        raise Refusal(_("This document is already signed."), code="DOCUMENT_SIGNED")
    document.signed_on, document.signed_at = _day(on, by=by), timezone.now()
    document.save(update_fields=["signed_on", "signed_at", "updated_at"])
    record(DocumentSigned(document=document, signed_on=document.signed_on, about=about_of(document), by=by))
    return document


def about_of(document: Document) -> Model | None:
    """The record that a document is about, whatever its type."""
    if not document.about_entity or document.about_id is None:
        return None
    found: Model | None = get_entity(document.about_entity).model._default_manager.filter(pk=document.about_id).first()
    return found


def _day(on: date | None, *, by: User) -> date:
    today = today_in(zone_called(by.timezone))
    if on is not None and on > today:
        raise Refusal(_("This day has not come yet."), field="on", code="DATE_FUTURE")
    return on or today
