"""Write records into a file."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from krug.config.commands import CommandFailed
from krug.config.serving.installation import enter, installation

if TYPE_CHECKING:
    from krug.exchange.exporting.files import Wanted


def describe(parser: argparse.ArgumentParser) -> None:
    """Which records, and where to."""
    parser.add_argument("entity", metavar="ENTITY", help="a type of record, such as deal or deals")
    parser.add_argument(
        "--to", required=True, metavar="FILE", help="a .csv, .xlsx, .ods or .jsonl file; - is CSV on standard output"
    )
    parser.add_argument("--filter", default="", metavar="JSON", help="a condition tree, as lists and the API use it")
    parser.add_argument("--language", choices=("en", "ru"), default="en", help="of heads and numbers (default: en)")


def run(given: argparse.Namespace) -> None:
    """Export in the name of the installation itself; the file is whole or absent."""
    with installation(Path(given.data)) as here:
        enter(here)
        from django.utils.translation import override

        with override(given.language):
            target = Path(given.to)
            if target.suffix in (".xlsx", ".ods", ".jsonl"):
                _as_file(given, target)
                return
            lines = _lines(given)
            if given.to == "-":
                sys.stdout.writelines(lines)
                return
            count = _written(lines, Path(given.to))
    print(f"{given.to}: {count} records", file=sys.stderr)


def _as_file(given: argparse.Namespace, target: Path) -> None:
    from krug.exchange.exporting.files import write_file

    unfinished = target.with_name(f"{target.name}.unfinished")
    write_file(unfinished, target.suffix[1:], _wanted(given))
    unfinished.replace(target)


def _lines(given: argparse.Namespace) -> Iterator[str]:
    from krug.exchange.exporting.lines import export_csv

    wanted = _wanted(given)
    return export_csv(wanted.entity, wanted.rows(), wanted.user, language=given.language)


def _wanted(given: argparse.Namespace) -> Wanted:
    from krug.administration.actions.people import setup_actor
    from krug.exchange.exporting.files import Wanted
    from krug.kernel.fields import Reading
    from krug.kernel.listing.filters import read_tree
    from krug.kernel.listing.state import ListState
    from krug.kernel.registry import entities

    by = setup_actor()
    entity = next((one for one in entities() if given.entity in (one.code, one.plural_url)), None)
    if entity is None:
        known = ", ".join(sorted(one.code for one in entities()))
        raise CommandFailed(f"There is no type of record “{given.entity}”. Known: {known}.")
    tree = read_tree(given.filter).to_json() if given.filter else None
    reading = Reading(user=by, today=datetime.now(UTC).date(), language=given.language)
    return Wanted(entity, ListState(tree=tree), reading)


def _written(lines: Iterator[str], target: Path) -> int:
    unfinished = target.with_name(f"{target.name}.unfinished")
    count = -1
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        for line in lines:
            file.write(line)
            count += line.endswith("\n")
    unfinished.replace(target)
    return count
