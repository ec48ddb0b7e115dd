"""Read everything back from a backup."""

import argparse
from pathlib import Path

from krug.config.commands import CommandFailed
from krug.config.serving import archive
from krug.config.serving.installation import installation


def describe(parser: argparse.ArgumentParser) -> None:
    """What to read, and whether what is here may be lost."""
    parser.add_argument("file", metavar="FILE", help="a file that `krug backup` has written")
    parser.add_argument("--replace", action="store_true", help="lose what is here now")


def run(given: argparse.Namespace) -> None:
    """Restore the backup and compare every table with what was counted when it was made."""
    with installation(Path(given.data), migrate=False) as here:
        manifest = archive.read(here, Path(given.file), replace=given.replace)
        now = archive.count_rows(here)
    before = manifest["rows"]
    assert isinstance(before, dict)
    differing = [name for name, rows in before.items() if now.get(name, 0) < rows]
    if differing:
        raise CommandFailed(f"These tables have fewer rows than the backup: {', '.join(differing)}.")
    print(f"Restored {sum(before.values())} rows of {len(before)} tables.")
