"""Bring the tables up to date."""

import argparse
from pathlib import Path

from krug.config.serving import schema
from krug.config.serving.installation import installation


def describe(parser: argparse.ArgumentParser) -> None:
    """No options."""


def run(given: argparse.Namespace) -> None:
    """Migrate, and give the application its rights again."""
    with installation(Path(given.data), migrate=False) as here:
        schema.bring_up_to_date(here.addresses.owner, always=True)
    print("The tables are up to date.")
