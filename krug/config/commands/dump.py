"""Write the whole company into documented files: one JSON lines file for each type, and a README of their fields."""

import argparse
import sys
from pathlib import Path

from krug.config.serving.installation import enter, installation


def describe(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("folder", metavar="DIR", help="a new or empty folder")


def run(given: argparse.Namespace) -> None:
    """Dump in the name of the installation itself."""
    with installation(Path(given.data)) as here:
        enter(here)
        from krug.administration.actions.people import setup_actor
        from krug.config.dumping import dump

        for code, count in dump(Path(given.folder), by=setup_actor()).items():
            print(f"{code}: {count}", file=sys.stderr)
