"""The directory of banks from the Bank of Russia: what is missing in the new one does not work any more."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import IO
from xml.etree import ElementTree
from xml.parsers import expat

from django.db import transaction
from django.utils.translation import gettext as _

from krug.access.models import User
from krug.kernel.errors import Refusal
from krug.kernel.journal.recording import record
from krug.kernel.ui import formats
from krug.parties.events import BankDirectoryLoaded
from krug.parties.models import Bank
from krug.parties.rules.accounts import bic_fault

CORRESPONDENT, WORKING, CLOSED = "CRSA", "ACAC", "PSDL"
CHUNK = 1000


@dataclass(frozen=True)
class Entry:
    """One bank as the directory ED807 writes it."""

    bic: str
    name: str
    city: str
    corr_account: str
    is_active: bool


@dataclass(frozen=True)
class Loaded:
    """What a new directory changed."""

    of: date
    banks: int
    closed: int


@transaction.atomic
def load_bank_directory(file: IO[bytes], *, by: User) -> Loaded:
    """Take the whole directory of a day over; banks that are not in it are closed, and their accounts with them."""
    of, entries = read_directory(file)
    newest = Bank.objects.filter(bic__regex=r"^\d{9}$").order_by("-source_date").values_list("source_date", flat=True)
    known = newest.exclude(source_date=None).first()
    if known is not None and of < known:
        raise Refusal(
            _("The directory of %(date)s is older than the one already loaded.") % {"date": formats.date(of)},
            code="BIC_DIRECTORY_OLD",
        )
    banks = [
        Bank(
            bic=entry.bic, name=entry.name, city=entry.city, corr_account=entry.corr_account,
            is_active=entry.is_active, source_date=of, created_by=by, updated_by=by,
        )
        for entry in entries
    ]  # fmt: skip
    Bank.objects.bulk_create(
        banks,
        batch_size=CHUNK,
        update_conflicts=True,
        unique_fields=["bic"],
        update_fields=["name", "city", "corr_account", "is_active", "source_date", "updated_by"],
    )
    missing = Bank.objects.filter(bic__regex=r"^\d{9}$", is_active=True).exclude(source_date=of)
    closed = missing.update(is_active=False, source_date=of)
    if banks:
        first = Bank.objects.order_by("pk").first()
        assert first is not None  # at least one was just written
        record(BankDirectoryLoaded(bank=first, of=of, banks=len(banks), closed=closed, by=by))
    return Loaded(of, len(banks), closed)


def read_directory(file: IO[bytes]) -> tuple[date, list[Entry]]:
    """The day of the directory and its banks; a file of another kind is refused."""
    try:
        _refuse_declarations(file)
        root = ElementTree.parse(file).getroot()
        of = date.fromisoformat(root.get("EDDate", ""))
    except (ElementTree.ParseError, expat.ExpatError, ValueError, LookupError):
        raise _not_a_directory() from None
    entries = list(_entries(root))
    if not entries:
        raise _not_a_directory()
    return of, entries


def _refuse_declarations(file: IO[bytes]) -> None:
    """A directory declares no entities; a file that does would grow in memory or read what it should not (INP-07)."""

    def declared(*_given: object) -> None:
        raise ValueError("a document type is declared")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = declared
    parser.ParseFile(file)
    file.seek(0)


def _entries(root: ElementTree.Element) -> Iterator[Entry]:
    for element in root.iter():
        if _name(element) != "BICDirectoryEntry" or bic_fault(element.get("BIC", "")):
            continue
        about = next((child for child in element if _name(child) == "ParticipantInfo"), None)
        if about is None:
            continue
        accounts = [
            child.get("Account", "")
            for child in element
            if _name(child) == "Accounts"
            and child.get("RegulationAccountType") == CORRESPONDENT
            and child.get("AccountStatus", WORKING) == WORKING
        ]
        yield Entry(
            bic=element.get("BIC", ""),
            name=about.get("NameP", "")[:255],
            city=about.get("Nnp", "")[:120],
            corr_account=accounts[0][:20] if accounts else "",
            is_active=about.get("ParticipantStatus") != CLOSED,
        )


def _name(element: ElementTree.Element) -> str:
    return str(element.tag).rpartition("}")[2]


def _not_a_directory() -> Refusal:
    return Refusal(
        _("This is not the directory of BIC of the Bank of Russia (ED807): nothing was changed."),
        code="BIC_DIRECTORY",
    )
