"""A preset knows one foreign set of files: what to expect, how to mend it, how to write it, and how to say so."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from krug.exchange.importing.tables import Table, open_table
from krug.kernel.errors import NotFound, Refusal

if TYPE_CHECKING:
    from krug.access.models import User

EXAMPLES = 5


@dataclass(frozen=True)
class FileNeed:
    """One file of the set: its name and the columns it must have."""

    name: str
    columns: tuple[str, ...]
    label: Any = ""


@dataclass
class Repair:
    """One kind of repair: what stood there, what stands now, how often, and in which rows first."""

    code: str
    label: str
    file: str
    before: str = ""
    after: str = ""
    count: int = 0
    rows: list[int] = field(default_factory=list)


@dataclass
class BadRow:
    """A row that was not taken, and why."""

    file: str
    row: int
    reason: str
    cells: dict[str, str] = field(default_factory=dict)


@dataclass
class Findings:
    """Everything that a run found, mended, refused, made and changed."""

    repairs: dict[tuple[str, str, str, str], Repair] = field(default_factory=dict)
    bad_rows: list[BadRow] = field(default_factory=list)
    read: Counter[str] = field(default_factory=Counter)
    created: Counter[str] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    same: Counter[str] = field(default_factory=Counter)

    def mend(self, code: str, label: str, *, file: str, row: int, before: str = "", after: str = "") -> None:
        """Note one repair; equal ones are counted together."""
        repair = self.repairs.setdefault((code, file, before, after), Repair(code, label, file, before, after))
        repair.count += 1
        if len(repair.rows) < EXAMPLES:
            repair.rows.append(row)

    def refuse(self, file: str, row: int, reason: str, cells: dict[str, str] | None = None) -> None:
        """Note a row that is not taken."""
        self.bad_rows.append(BadRow(file, row, reason, cells or {}))

    def as_json(self) -> dict[str, Any]:
        """The findings as plain data for pages, the command line and the record of the run."""
        return {
            "read": dict(self.read),
            "created": dict(self.created),
            "changed": dict(self.changed),
            "same": dict(self.same),
            "repairs": [
                asdict(repair) for repair in sorted(self.repairs.values(), key=lambda each: (-each.count, each.code))
            ],
            "repaired": sum(repair.count for repair in self.repairs.values()),
            "bad_rows": [asdict(row) for row in self.bad_rows[:1000]],
            "refused": len(self.bad_rows),
        }


Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Source:
    """The files of one run, opened and recognised."""

    tables: dict[str, Table]

    def __getitem__(self, name: str) -> Table:
        return self.tables[name]


@dataclass(frozen=True)
class Preset:
    """How one foreign set of files is taken in."""

    code: str
    label: Any
    files: tuple[FileNeed, ...]
    run: Callable[[Source, User, Progress, bool], Findings]
    entities: tuple[str, ...] = ()


_presets: dict[str, Preset] = {}


def register_preset(preset: Preset) -> None:
    """Put a preset on the list."""
    _presets[preset.code] = preset


def presets() -> Iterable[Preset]:
    """All presets, in the order of registration."""
    return list(_presets.values())


def get_preset(code: str) -> Preset:
    """The preset of that code."""
    if code not in _presets:
        raise NotFound(
            _("There is no preset “%(code)s”. Known: %(known)s.") % {"code": code[:60], "known": ", ".join(_presets)},
            code="NO_SUCH_PRESET",
        )
    return _presets[code]


def open_source(preset: Preset, files: dict[str, Path]) -> Source:
    """Open the files that the preset needs; say all that is missing at once."""
    missing = [need.name for need in preset.files if need.name not in files]
    if missing:
        raise Refusal(
            _("Files are missing: %(missing)s.") % {"missing": ", ".join(missing)}, field="files", code="FILE_MISSING"
        )
    return Source(
        {need.name: open_table(files[need.name], needs=need.columns, name=need.name) for need in preset.files}
    )


def files_in(folder: Path) -> dict[str, Path]:
    """The files of a folder by their names in lower case."""
    if not folder.is_dir():
        raise Refusal(_("There is no folder %(path)s.") % {"path": str(folder)}, code="NO_SUCH_FOLDER")
    return {path.name.lower(): path for path in sorted(folder.iterdir()) if path.is_file()}
