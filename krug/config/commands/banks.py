"""Take over the directory of banks from a file of the Bank of Russia."""

import argparse
import zipfile
from pathlib import Path
from typing import IO

from krug.config.commands import CommandFailed
from krug.config.serving.installation import enter, installation


def describe(parser: argparse.ArgumentParser) -> None:
    """Which file."""
    parser.add_argument("file", metavar="FILE", help="the directory of BIC (ED807) as XML, or its ZIP as published")


def run(given: argparse.Namespace) -> None:
    """Load the directory in the name of the installation itself, and say what it changed."""
    with installation(Path(given.data)) as here:
        enter(here)
        print(take_over(Path(given.file)))


def take_over(path: Path) -> str:
    """Load the directory in one act; what it changed in words."""
    from django.db import transaction

    from krug.administration.actions.people import setup_actor
    from krug.kernel.journal.recording import begin_act
    from krug.parties.actions.banks import load_bank_directory

    by = setup_actor()
    with _opened(path) as file, transaction.atomic():
        begin_act(by)
        loaded = load_bank_directory(file, by=by)
    return f"The directory of {loaded.of:%Y-%m-%d}: {loaded.banks} banks, {loaded.closed} closed since the last one."


def _opened(path: Path) -> IO[bytes]:
    if not zipfile.is_zipfile(path):
        return path.open("rb")
    archive = zipfile.ZipFile(path)
    names = [name for name in archive.namelist() if name.lower().endswith(".xml")]
    if len(names) != 1:
        raise CommandFailed(f"{path.name} holds {len(names)} XML files; the directory of BIC is one.")
    return archive.open(names[0])
