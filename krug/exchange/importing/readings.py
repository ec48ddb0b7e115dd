"""How the text files of an import are read: as recognised or as somebody chose, and which bytes that leaves over."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from krug.access.models import User
from krug.exchange.importing.encodings import ENCODINGS, unreadable
from krug.exchange.importing.opening import open_any
from krug.exchange.importing.plans import Plan, TablePlan
from krug.exchange.importing.tables import SEPARATORS, Table, Way
from krug.kernel.errors import BadRequest

TEXTS = ("csv", "lines")


def way_of(kept: Mapping[str, Any], plan: TablePlan | None) -> Way:
    """As the plan says, else as was recognised when the file came: nobody looks through a long file twice."""
    if plan is not None and plan.encoding:
        return Way(plan.encoding, plan.separator)
    return Way(kept.get("encoding", ""), (plan.separator if plan else "") or kept.get("separator", ""))


def way_called(encoding: str, separator: str) -> Way:
    """The way of that name; only what is on the list is read."""
    if (encoding and encoding not in ENCODINGS) or (separator and separator not in SEPARATORS):
        raise BadRequest(_("Choose one of the list."), field="encoding", code="NOT_A_CHOICE")
    return Way(encoding, separator)


def note_recognised(files: dict[str, Any], tables: Iterable[Table]) -> None:
    """Keep with the files what was recognised in them, so that it is told and not looked for again."""
    for table in tables:
        if table.kind in TEXTS:
            files[table.name] |= {"encoding": table.encoding, "separator": table.separator}


def looked_through(folder: Path, files: Mapping[str, Any], plan: Plan) -> dict[str, Any]:
    """The files with the bytes that mean nothing in the encodings in which they are read now."""
    planned = {each.table: each for each in plan.tables}
    told = dict(files)
    for name, kept in files.items():
        codec = way_of(kept, planned.get(name)).codec
        if codec and kept.get("unreadable", {}).get("encoding") != codec:
            found = unreadable(folder / kept["kept"], codec)
            told[name] = {**kept, "unreadable": {"encoding": codec, "count": found.count, "lines": list(found.lines)}}
    return told


def read_again(plan: Plan, tables: Sequence[Table], ways: Mapping[str, Way], user: User) -> Plan:
    """The plan of a set of which some files are read another way: what those hold is guessed anew."""
    from krug.exchange.importing.guessing import guess

    again = [_opened(table, ways[table.name]) if table.name in ways else table for table in tables]
    guessed = guess(again, user)
    fresh = {each.table: each for each in guessed.tables}
    if guessed.preset or len(tables) == 1:
        plan = guessed
    return replace(
        plan,
        tables=tuple(
            replace(fresh[each.table], encoding=ways[each.table].encoding, separator=ways[each.table].separator)
            if each.table in ways
            else each
            for each in plan.tables
        ),
    )


def _opened(table: Table, way: Way) -> Table:
    if table.kind not in TEXTS:
        raise BadRequest(_("Only text files have an encoding and a separator."), field="encoding", code="NO_TEXT")
    return open_any(table.path, name=table.name, way=way)[0]


def readings_told(files: Mapping[str, Any], plan: Plan) -> list[dict[str, Any]]:
    """How each text file is read, for programs and for people."""
    planned = {each.table: each for each in plan.tables}
    told = []
    for name, kept in files.items():
        if not isinstance(kept, dict) or "encoding" not in kept:
            continue
        way, rest = way_of(kept, planned.get(name)), kept.get("unreadable", {})
        told.append({
            "file": name,
            "encoding": (way.encoding or kept["encoding"]).removesuffix("-sig"),
            "separator": way.separator or kept["separator"],
            "recognised": kept["encoding"].removesuffix("-sig"),
            "unreadable": rest.get("count", 0),
            "lines": rest.get("lines", []),
        })  # fmt: skip
    return told
