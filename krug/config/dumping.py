"""The whole company as files that any program reads: one for each type, and a README of what stands in them."""

from __future__ import annotations

from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from krug.access.models import User
from krug.exchange.exporting.lines import json_lines
from krug.kernel.entity import Entity
from krug.kernel.errors import Refusal
from krug.kernel.registry import entities
from krug.kernel.visibility import demand


def dump(folder: Path, *, by: User) -> dict[str, int]:
    """Write all that this user may see; answers how many records of each type."""
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise Refusal(_("The folder %(path)s is not empty.") % {"path": str(folder)}, code="FOLDER_NOT_EMPTY")
    counts: dict[str, int] = {}
    for entity in entities():
        demand(by, entity.code, "export")
        columns = tuple(name for name in entity.fields if name != "id")
        with (folder / f"{entity.plural_url}.jsonl").open("w", encoding="utf-8") as file:
            for count, line in enumerate(json_lines(entity, entity.rows_for(by), by, columns=columns), start=1):
                file.write(line)
                counts[entity.code] = count
        counts.setdefault(entity.code, 0)
    (folder / "README.md").write_text(_readme(counts), encoding="utf-8")
    return counts


def _readme(counts: dict[str, int]) -> str:
    with override("en"):
        head = (
            f"# Dump of {timezone.now():%Y-%m-%d %H:%M} UTC\n\n"
            "Each file holds one type, one JSON object a line, in UTF-8. `id` is the number of the record here;\n"
            'a link is `{"id": …, "name": …}`; sums are text with a point, their currency in `…_currency`; days are\n'
            "`2026-11-22`, moments end in `Z` and are UTC. Archived records are included.\n"
        )
        return head + "".join(_about(entity, counts[entity.code]) for entity in entities())


def _about(entity: Entity, count: int) -> str:
    lines = [f"\n## {entity.plural_url}.jsonl: {entity.plural}, {count} records\n\n"]
    lines.append("| Field | Kind | What |\n|---|---|---|\n")
    lines += [f"| `{name}` | {field.kind} | {field.label} |\n" for name, field in entity.fields.items()]
    return "".join(lines)
