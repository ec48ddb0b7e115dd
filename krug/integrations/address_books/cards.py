"""Reads vCard files of any version as a table: one card a row, the usual columns, several phones and addresses."""

from __future__ import annotations

import codecs
import quopri
import re
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from krug.exchange.importing.encodings import encoding_of
from krug.exchange.importing.tables import LONGEST_CELL, Table
from krug.kernel.errors import Refusal

MANY = {"EMAIL": 5, "TEL": 8, "ADR": 3, "URL": 3}
NAME_PARTS = ("Family name", "Given name", "Additional names", "Prefix", "Suffix")
PLAIN = {
    "FN": "Name", "ORG": "Organization", "TITLE": "Title", "BDAY": "Birthday", "NOTE": "Notes", "UID": "UID",
    "NICKNAME": "Nickname", "ROLE": "Role", "REV": "Revision", "CATEGORIES": "Categories",
}  # fmt: skip
SHOWN = {"EMAIL": "E-mail", "TEL": "Phone", "ADR": "Address", "URL": "Website"}
COLUMNS = (
    "Name", *NAME_PARTS, "Organization", "Department", "Title",
    *(f"{SHOWN[kind]} {place}" for kind, most in MANY.items() for place in range(1, most + 1)),
    "Birthday", "Notes", "UID", "Nickname", "Role", "Revision", "Categories",
)  # fmt: skip
PROPERTY = re.compile(r"^(?:[\w-]+\.)?([\w-]+)((?:;(?:[^:\";]|\"[^\"]*\")*)*):(.*)$", re.S)
ESCAPED = re.compile(r"\\(.)", re.S)


def open_cards(path: Path, shown: str) -> Table:
    """The cards of a file; columns that no card of the file fills are left out."""
    encoding = encoding_of(path)
    filled: set[str] = set()
    count = 0
    for card in _cards(path, encoding or "latin-1"):
        count += 1
        filled |= card.keys()
    if not count:
        raise Refusal(_("There is no card in %(file)s.") % {"file": shown}, code="FILE_EMPTY")
    columns = tuple(column for column in COLUMNS if column in filled) or COLUMNS[:1]

    def cells() -> Iterator[tuple[int, list[str]]]:
        for number, card in enumerate(_cards(path, encoding or "latin-1"), start=1):
            yield number, [card.get(column, "") for column in columns]

    return Table(path, shown, columns, encoding, kind="cards", cells=cells)


def _cards(path: Path, encoding: str) -> Iterator[dict[str, str]]:
    card: dict[str, str] | None = None
    depth = 0
    for line in _unfolded(path, encoding):
        found = PROPERTY.match(line)
        if found is None:
            continue
        name, words, value = found[1].upper(), found[2], found[3]
        if name == "BEGIN" and value.strip().upper() == "VCARD":
            depth += 1
            card = {} if depth == 1 else card
        elif name == "END" and value.strip().upper() == "VCARD":
            depth = max(0, depth - 1)
            if depth == 0 and card is not None:
                yield card
                card = None
        elif card is not None and depth == 1:
            _take(card, name, words.upper(), value)
    if card:
        yield card


def _unfolded(path: Path, encoding: str) -> Iterator[str]:
    """Whole lines: a folded one begins with a space, a quoted-printable one goes on after its equals sign."""
    whole = ""
    with path.open("r", encoding=encoding, errors="surrogateescape", newline=None) as file:
        for line in file:
            plain = line.rstrip("\r\n")
            quoted = "QUOTED-PRINTABLE" in whole.partition(":")[0].upper()
            if whole and quoted and whole.endswith("="):
                whole = whole[:-1] + plain.lstrip()
            elif whole and plain[:1] in (" ", "\t"):
                whole += plain[1:] if len(whole) < LONGEST_CELL else ""
            else:
                if whole:
                    yield whole
                whole = plain
    if whole:
        yield whole


def _take(card: dict[str, str], name: str, words: str, value: str) -> None:
    if "BASE64" in words or "ENCODING=B" in words or value.startswith("data:"):
        return
    if "QUOTED-PRINTABLE" in words:
        charset = re.search(r"CHARSET=\"?([\w-]+)", words)
        value = _decoded(quopri.decodestring(value.encode("latin-1", "ignore")), charset[1] if charset else "")
    if name == "N":
        for column, part in zip(NAME_PARTS, _parts(value), strict=False):
            if part:
                card.setdefault(column, part)
    elif name in MANY:
        text = ", ".join(filter(None, _parts(value))) if name == "ADR" else _plain(value)
        text = re.sub(r"^(tel|mailto):", "", text, flags=re.I)
        free = (f"{SHOWN[name]} {place}" for place in range(1, MANY[name] + 1))
        column = next((column for column in free if column not in card), "")
        if column and text.strip() and text not in card.values():
            card[column] = text
    elif name in PLAIN and value.strip():
        first, *rest = _parts(value) if name == "ORG" else (_plain(value),)
        card.setdefault(PLAIN[name], first)
        if any(rest):
            card.setdefault("Department", ", ".join(filter(None, rest)))


def _decoded(data: bytes, charset: str) -> str:
    for name in filter(None, (charset, "utf-8", "cp1251")):
        try:
            return data.decode(codecs.lookup(name).name)
        except (LookupError, UnicodeDecodeError):
            continue
    return data.decode("latin-1")


def _parts(value: str) -> list[str]:
    return [_plain(part) for part in re.split(r"(?<!\\);", value)]


def _plain(value: str) -> str:
    text = ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value)
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace").strip()
