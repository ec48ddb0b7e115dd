"""Opens whatever somebody has: text tables, workbooks, JSON lines, kinds that domains read, and a zip of several."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Any

from django.utils.translation import gettext as _

from krug.exchange.importing.encodings import encoding_of
from krug.exchange.importing.sheets import ENDINGS, open_book
from krug.exchange.importing.tables import AS_RECOGNISED, LONGEST_LINE, Table, Way, columns_of, open_table
from krug.kernel.errors import Refusal

LARGEST_SET = 1024 * 1024 * 1024
MOST_FILES = 50
TIGHT, SMALL = 100, 50 * 1024 * 1024
HEAD_OF_LINES = 1_000
JSON_ENDINGS = (".jsonl", ".ndjson", ".json")


@dataclass(frozen=True)
class FileKind:
    """A kind of file that a domain reads: told by the ending of its name, or by what stands at its beginning."""

    endings: tuple[str, ...]
    mark: bytes
    open: Callable[[Path, str], Table]


_kinds: list[FileKind] = []


def read_kind(kind: FileKind) -> None:
    """Put a kind of file on the list."""
    _kinds.append(kind)


def open_any(path: Path, *, name: str = "", way: Way = AS_RECOGNISED) -> list[Table]:
    """The tables in a file, by what its name and its first bytes say."""
    shown = name or path.name
    ending = PurePosixPath(shown.lower()).suffix
    with path.open("rb") as file:
        start = file.read(512)
    if not start.strip():
        raise Refusal(_("The file %(file)s is empty.") % {"file": shown}, code="FILE_EMPTY")
    if ending in ENDINGS or start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return open_book(path, name=shown)
    for kind in _kinds:
        if ending in kind.endings or kind.mark in start[:200].upper():
            return [kind.open(path, shown)]
    if ending in JSON_ENDINGS or start.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"{"):
        return [open_lines(path, name=shown, way=way)]
    return [open_table(path, name=shown, way=way)]


def open_lines(path: Path, *, name: str = "", way: Way = AS_RECOGNISED) -> Table:
    """One JSON object a line; what lies inside another object is a column with a dot in its name."""
    shown = name or path.name
    names: dict[str, None] = {}
    encoding = way.codec or encoding_of(path) or "utf-8-sig"
    for _number, values in islice(_objects(path, shown, encoding), HEAD_OF_LINES):
        names.update(dict.fromkeys(values))
    columns = columns_of(list(names), shown)

    def cells() -> Iterator[tuple[int, list[str]]]:
        for number, values in _objects(path, shown, encoding):
            yield number, [values.get(column, "") for column in names]

    return Table(path, shown, columns, encoding, kind="lines", cells=cells)


def _objects(path: Path, shown: str, encoding: str) -> Iterator[tuple[int, dict[str, str]]]:
    with path.open("r", encoding=encoding, errors="replace") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise Refusal(
                    _("Line %(number)s of %(file)s is too long.") % {"number": number, "file": shown},
                    code="LINE_TOO_LONG",
                )
            if not line.strip():
                continue
            try:
                found = json.loads(line)
            except (ValueError, RecursionError):
                found = None
            if not isinstance(found, dict):
                raise Refusal(
                    _("Line %(number)s of %(file)s is no JSON object: one object a line is expected.")
                    % {"number": number, "file": shown},
                    code="LINE_BROKEN",
                )
            yield number, dict(_flat(found, "", 0))


def _flat(value: dict[str, Any], before: str, depth: int) -> Iterator[tuple[str, str]]:
    for key, inner in value.items():
        if isinstance(inner, dict) and depth < 3:
            yield from _flat(inner, f"{before}{key}.", depth + 1)
        elif isinstance(inner, list):
            yield f"{before}{key}", "; ".join(str(item) for item in inner if not isinstance(item, (dict, list)))
        elif inner is not None:
            yield f"{before}{key}", "1" if inner is True else "0" if inner is False else str(inner)


def unpack_set(path: Path, target: Path) -> dict[str, Path]:
    """The files of a zip by their plain names; too many or too large a set is refused before it is written."""
    try:
        return _unpacked(path, target)
    except (zipfile.BadZipFile, zlib.error, RuntimeError, EOFError) as error:
        raise Refusal(
            _("The zip is broken or locked with a password: pack it anew without one."),
            field="files",
            code="SET_BROKEN",
        ) from error


def _unpacked(path: Path, target: Path) -> dict[str, Path]:
    with zipfile.ZipFile(path) as packed:
        inside = [part for part in packed.infolist() if not part.is_dir() and "__MACOSX" not in part.filename]
        if len(inside) > MOST_FILES or sum(part.file_size for part in inside) > LARGEST_SET:
            raise Refusal(
                _("A set may hold at most %(count)s files and 1 GB unpacked.") % {"count": MOST_FILES},
                field="files",
                code="SET_TOO_LARGE",
            )
        if sum(part.file_size for part in inside) > max(TIGHT * path.stat().st_size, SMALL):
            raise Refusal(
                _("This zip holds more than %(times)s times its own size: pack the files anew.") % {"times": TIGHT},
                field="files",
                code="SET_TOO_TIGHT",
            )
        found: dict[str, Path] = {}
        for place, part in enumerate(inside):
            name = PurePosixPath(part.filename.replace("\\", "/")).name[:200]
            kept = target / f"{place:03d}"
            with packed.open(part) as source, kept.open("wb") as file:
                left = part.file_size
                while left > 0 and (block := source.read(min(1 << 20, left))):
                    left -= len(block)
                    file.write(block)
            found[part.filename[-200:] if name in found else name] = kept
    return found


def is_set(path: Path) -> bool:
    """Whether a file is a zip of files and no workbook."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        with zipfile.ZipFile(path) as packed:
            names = set(packed.namelist())
    except zipfile.BadZipFile:
        return False
    return not names & {"[Content_Types].xml", "content.xml"}
