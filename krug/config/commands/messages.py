"""Collect the texts to translate; only a checkout has the tool for it."""

import argparse

from krug.config.commands import CommandFailed


def describe(parser: argparse.ArgumentParser) -> None:
    """Whether to write."""
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a text is missing")


def run(given: argparse.Namespace) -> int:
    """Collect, merge, write and report."""
    try:
        from tools import messages
    except ImportError as error:
        raise CommandFailed("Texts are collected in a checkout only.") from error
    return messages.run(given)
