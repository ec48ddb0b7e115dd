"""The demo company is told once into an installation; its passwords are made on the spot."""

import argparse
import os
from dataclasses import replace
from pathlib import Path

from krug.config.commands import CommandFailed
from krug.config.serving.installation import enter, installation

NAME = "demo-signins.txt"
LEFT = "demo-left.txt"
BEGUN = "demo-begun.txt"
MOST_REASONS = 20


def describe(parser: argparse.ArgumentParser) -> None:
    """To tell it, or to take it back."""
    parser.add_argument("--forget", action="store_true", help="remove the demo company; what is not demo stays")


def run(given: argparse.Namespace) -> None:
    """Tell the demo story, if this installation has not heard it, and print who may sign in."""
    with installation(Path(given.data)) as here:
        if given.forget:
            enter(replace(here, addresses=replace(here.addresses, app=here.addresses.owner)))
            print(_forget(here.data))
            return
        enter(here)
        print(tell_once(here.data), end="")


def tell_once(data: Path) -> str:
    """Load the demo company unless it is there; the sign-ins, one per line."""
    path = data / NAME
    if not path.exists():
        from django.db import transaction

        from krug.administration.actions.people import setup_actor

        try:
            from demo import story
        except ImportError as error:
            raise CommandFailed("The demo company is told only from a checkout.") from error
        with transaction.atomic():
            signins = story.tell(setup_actor())
            if not signins:
                raise CommandFailed(f"The demo company is here already, but {path} is gone.")
            _keep(path, "".join(f"{email}  {password}  {who}\n" for email, password, who in signins))
    return path.read_text(encoding="utf-8")


def _forget(data: Path) -> str:
    from demo import story

    try:
        gone = story.forget()
    finally:
        (data / BEGUN).unlink(missing_ok=True)
    (data / NAME).unlink(missing_ok=True)
    said = [f"Removed {gone.removed} records."]
    (data / LEFT).unlink(missing_ok=True)
    if gone.reasons:
        (data / LEFT).write_text("\n".join(gone.reasons[:MOST_REASONS]), encoding="utf-8")
    if gone.stayed:
        said.append(f"{gone.stayed} demo records stay, because something that is not demo hangs on them:")
        said += [f"  {reason}" for reason in gone.reasons[:MOST_REASONS]]
    more = len(gone.reasons) - MOST_REASONS
    return "\n".join([*said, *([f"  and {more} more"] if more > 0 else [])])


def _keep(path: Path, text: str) -> None:
    handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
