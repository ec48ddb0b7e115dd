"""Translated texts are compiled when the file that people edit is newer than the one that programs read."""

import os
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

PACKAGE = Path(__file__).resolve().parents[2]
FOLDERS = (PACKAGE / "locale", PACKAGE.parent / "locale")


def compile_if_changed() -> int:
    """Compile what has changed; tell how many files."""
    changed = 0
    for folder in FOLDERS:
        for source in folder.glob("*/LC_MESSAGES/*.po"):
            target = source.with_suffix(".mo")
            if not target.exists() or target.stat().st_mtime < source.stat().st_mtime:
                compile_file(source)
                changed += 1
    return changed


def compile_file(source: Path) -> None:
    """Write the file that programs read, all at once, whoever else writes it at the same time."""
    with source.open("rb") as text:
        catalogue = read_po(text, locale=source.parts[-3])
    unfinished = source.with_suffix(f".mo.{os.getpid()}.new")
    try:
        with unfinished.open("wb") as output:
            write_mo(output, catalogue)
        unfinished.replace(source.with_suffix(".mo"))
    finally:
        unfinished.unlink(missing_ok=True)
