"""What happens with documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from krug.documents.models import Document
from krug.kernel.journal.events import Event


@dataclass(frozen=True, kw_only=True)
class DocumentWritten(Event):
    """A document was put on record."""

    phrase = _("Document added: %(document)s")
    icon = "file"

    document: Document
    about: Any = None


@dataclass(frozen=True, kw_only=True)
class DocumentSent(Event):
    """A document went to the other side."""

    phrase = _("Sent: %(document)s")
    icon = "mail"

    document: Document
    sent_on: date
    about: Any = None


@dataclass(frozen=True, kw_only=True)
class DocumentSigned(Event):
    """A document bears the signatures."""

    phrase = _("Signed: %(document)s")
    icon = "check-circle"

    document: Document
    signed_on: date
    about: Any = None
