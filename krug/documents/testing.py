"""Documents for tests and the demo company."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from krug.access.models import User
from krug.documents.actions.files import sign_document, write_document
from krug.documents.actions.stored import store_file
from krug.documents.models import Document, StoredFile
from krug.kernel.testing.cast import make_user
from krug.parties.models import Party
from krug.parties.testing import make_party


def make_document(
    title: str = "Договор поставки",
    *,
    by: User | None = None,
    owner: User | None = None,
    party: Party | None = None,
    signed_on: date | None = None,
    **values: Any,
) -> Document:
    """A contract with a customer; signed when a day is given."""
    by = by or owner or make_user()
    values.setdefault("kind", Document.Kind.CONTRACT)
    if party is None and "about" not in values:
        party = make_party(owner=by)
    document = write_document(by=by, title=title, party=party, **values)
    return sign_document(document, by=by, on=signed_on) if signed_on else document


def make_file(name: str = "plan.txt", *, owner: User | None = None, content: bytes = b"One, two") -> StoredFile:
    """A small file that stands nowhere yet."""
    return store_file(SimpleUploadedFile(name, content), by=owner or make_user())


SAMPLES = {"document": make_document, "file": make_file}
