"""The speed of the main screens on a large base of its own."""

import argparse
import json
import os
import sys
from pathlib import Path

from krug.config.serving.installation import installation


def describe(parser: argparse.ArgumentParser) -> None:
    """How large, which screens, and how to print it."""
    parser.add_argument(
        "cases", nargs="*", metavar="CASE",
        help="only the screens whose name begins so; or: dedupe [SET], the search for duplicates on public sets; "
        "or: exchange [ROWS], imports and exports",
    )  # fmt: skip
    parser.add_argument("--sets", default="", help="where the public sets lie (default: ../shared/data/dedupe)")
    parser.add_argument("--parties", type=int, default=20_000, help="how many customers (default: %(default)s)")
    parser.add_argument("--repeat", type=int, default=50, help="how often each screen is asked for (default: 50)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument("--keep", action="store_true", help="leave the scratch database for the next time")
    parser.add_argument("--fresh", action="store_true", help="make the scratch database anew")


def run(given: argparse.Namespace) -> None:
    """Fill, measure, print; nothing of the installation's own data is touched."""
    if given.cases[:1] == ["dedupe"]:
        _duplicates_found(given)
        return
    if not 100 <= given.parties <= 5_000_000:
        raise SystemExit("krug bench: choose between 100 and 5000000 parties.")
    with installation(Path(given.data)) as here:
        from krug.config.bench.database import Scratch

        scratch = Scratch(here, given.parties)
        if given.fresh:
            scratch.drop()
        is_filled = scratch.prepare()
        os.environ.update(here.environment, DATABASE_URL=scratch.app, KRUG_PROCESS="web")
        import django

        django.setup()
        try:
            if not is_filled:
                scratch.fill(_say)
            if given.cases[:1] == ["exchange"]:
                print(_exchanged(given.cases[1:]))
                return
            scratch.fill_attributes(_say)
            print(_measured(given, scratch.size()))
        finally:
            from django.db import connections

            connections.close_all()
            if not given.keep:
                scratch.drop()


def _exchanged(sizes: list[str]) -> str:
    from krug.config.bench.exchange import ROWS, measure_exchange

    head = (
        "| What | Took | Processor: program | Processor: database | Rows a second | Rows a second of processor time"
        " | Most memory |\n|---|---:|---:|---:|---:|---:|---:|"
    )
    return "\n".join([head, *measure_exchange(int(sizes[0]) if sizes else ROWS)])


def _duplicates_found(given: argparse.Namespace) -> None:
    beside = Path(os.environ.get("KRUG_SHARED") or Path(__file__).resolve().parents[4] / "shared")
    folder = Path(given.sets) if given.sets else beside / "data" / "dedupe"
    if not folder.is_dir():
        raise SystemExit(f"krug bench dedupe: there are no sets at {folder}; name the folder with --sets.")
    with installation(Path(given.data)) as here:
        from krug.config.bench.database import Scratch

        scratch = Scratch(here, 100)
        scratch.prepare()
        os.environ.update(here.environment, DATABASE_URL=scratch.app, KRUG_PROCESS="web")
        import django

        django.setup()
        from django.db import connections

        from krug.config.bench.dedupe import as_markdown, measure_dedupe

        try:
            print(as_markdown(measure_dedupe(folder, given.cases[1:])))
        finally:
            connections.close_all()
            scratch.drop()


def _measured(given: argparse.Namespace, size: str) -> str:
    from krug.config.bench.measuring import measure
    from krug.config.bench.telling import as_markdown
    from krug.config.serving.memory import settle

    settle()  # as every web process does
    before = os.getloadavg()[0]
    figures = measure(given.cases, repeat=given.repeat, parties=given.parties, say=_say)
    if given.json:
        return json.dumps({"parties": given.parties, "size": size, "figures": [vars(one) for one in figures]}, indent=1)
    return as_markdown(figures, parties=given.parties, size=size, load=(before, os.getloadavg()[0]))


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
