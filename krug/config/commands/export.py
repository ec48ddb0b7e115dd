"""Write records into a file."""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from krug.config.commands import CommandFailed
from krug.config.serving.installation import enter, installation


def describe(parser: argparse.ArgumentParser) -> None:
    """Which records, and where to."""
    parser.add_argument("entity", metavar="ENTITY", help="a type of record, such as deal or deals")
    parser.add_argument("--to", required=True, metavar="FILE", help="the CSV file to write; - is standard output")
    parser.add_argument("--filter", default="", metavar="JSON", help="a condition tree, as lists and the API use it")
    parser.add_argument("--language", choices=("en", "ru"), default="en", help="of heads and numbers (default: en)")


def run(given: argparse.Namespace) -> None:
    """Export in the name of the installation itself; the file is whole or absent."""
    with installation(Path(given.data)) as here:
        enter(here)
        from django.utils.translation import override

        with override(given.language):
            lines = _lines(given)
            if given.to == "-":
                sys.stdout.writelines(lines)
                return
            count = _written(lines, Path(given.to))
    print(f"{given.to}: {count} records", file=sys.stderr)


def _lines(given: argparse.Namespace) -> Iterator[str]:
    from krug.administration.actions.people import setup_actor
    from krug.kernel.exchange.exporting import export_csv
    from krug.kernel.fields import Reading
    from krug.kernel.listing.filters import read_tree
    from krug.kernel.listing.query import rows_matching
    from krug.kernel.listing.state import ListState
    from krug.kernel.registry import entities

    by = setup_actor()
    entity = next((one for one in entities() if given.entity in (one.code, one.plural_url)), None)
    if entity is None:
        known = ", ".join(sorted(one.code for one in entities()))
        raise CommandFailed(f"There is no type of record “{given.entity}”. Known: {known}.")
    tree = read_tree(given.filter).to_json() if given.filter else None
    reading = Reading(user=by, today=datetime.now(UTC).date(), language=given.language)
    rows = rows_matching(entity, ListState(tree=tree), reading)
    return export_csv(entity, rows, by, language=given.language)


def _written(lines: Iterator[str], target: Path) -> int:
    unfinished = target.with_name(f"{target.name}.unfinished")
    count = -1
    with unfinished.open("w", encoding="utf-8", newline="") as file:
        for line in lines:
            file.write(line)
            count += line.endswith("\n")
    unfinished.replace(target)
    return count
