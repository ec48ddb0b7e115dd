"""Collects every text that people read, merges what translators wrote, and says what is missing.

Needs no gettext programs: Babel reads Python and Jinja2, and writes both forms of the catalogue.
"""

import argparse
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import PoFileError, read_po, write_po
from jinja2 import TemplateSyntaxError

from krug.config.serving.translations import compile_file

PROJECT = Path(__file__).resolve().parents[1]
LANGUAGE = "ru"
CATALOGUE = PROJECT / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po"
PARTS = PROJECT / "locale" / "parts"
WHERE = ("krug/**/*.py", "krug/**/templates/**/*.html", "krug/**/templates/**/*.txt", "demo/**/*.py")
LAZY = {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
JINJA = {"extensions": "jinja2.ext.do,jinja2.ext.loopcontrols", "trimmed": "true", "silent": "false"}
PLACEHOLDER = re.compile(r"%\((\w+)\)|\{(\w+)\}")
HEADER = "# Russian texts of Krug."


@dataclass
class Report:
    """What came out of one run."""

    catalogue: Catalog
    missing: list[Message] = field(default_factory=list)
    fuzzy: list[Message] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    @property
    def is_complete(self) -> bool:
        """Every text can be shown in Russian."""
        return not (self.missing or self.fuzzy or self.broken)


def collect(report: Report) -> None:
    """Put every text of the sources into the report's catalogue, with the files where it stands."""
    for pattern in WHERE:
        for path in sorted(PROJECT.glob(pattern)):
            if "tests" in path.parts or "bundle" in path.parts:
                continue
            place = str(path.relative_to(PROJECT))
            try:
                found = _texts_of(path)
            except (TemplateSyntaxError, SyntaxError) as error:
                report.broken.append(f"{place}: {error}")
                continue
            for _line, text, comments, context in found:
                if text and (text if isinstance(text, str) else text[0]):
                    report.catalogue.add(text, locations=[(place, 0)], auto_comments=comments, context=context)


def _texts_of(path: Path) -> list[Any]:
    method = "python" if path.suffix == ".py" else "jinja2.ext:babel_extract"
    return extract_from_file(
        method, path, keywords=DEFAULT_KEYWORDS | LAZY, comment_tags=("Translators:",), options=JINJA
    )


def merge() -> Report:
    """The texts of the sources with every translation that is known: the catalogue's, then the parts'."""
    report = Report(Catalog(locale=LANGUAGE, project="Krug", charset="utf-8", header_comment=HEADER, fuzzy=False))
    collect(report)
    known = [CATALOGUE] if CATALOGUE.exists() else []
    for path in [*known, *sorted(PARTS.glob("*.po"))]:
        try:
            with path.open("rb") as text:
                given = read_po(text, locale=LANGUAGE, charset="utf-8", abort_invalid=True)
        except (PoFileError, UnicodeDecodeError, ValueError) as error:
            report.broken.append(f"{path.relative_to(PROJECT)}: {error}")
            continue
        for message in given:
            _take(report.catalogue, message, trusted=path != CATALOGUE)
    _examine(report)
    return report


def _take(catalogue: Catalog, given: Message, *, trusted: bool) -> None:
    if not given.id or not _has_text(given):
        return
    mine = catalogue.get(_key(given), context=given.context)
    if mine is None or isinstance(mine.id, str) != isinstance(given.string, str):
        return
    mine.string = given.string
    if given.fuzzy and not trusted:
        mine.flags.add("fuzzy")
    else:
        mine.flags.discard("fuzzy")


def _key(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _has_text(message: Message) -> bool:
    if isinstance(message.string, str):
        return bool(message.string)
    return len(message.string or ()) == 3 and all(message.string or ())


def _examine(report: Report) -> None:
    for message in report.catalogue:
        if not message.id:
            continue
        if not _has_text(message):
            report.missing.append(message)
        elif message.fuzzy:
            report.fuzzy.append(message)
        elif strange := _strange_placeholders(message):
            report.broken.append(f"“{_key(message)}”: the translation has unknown placeholders {', '.join(strange)}")


def _strange_placeholders(message: Message) -> set[str]:
    return _placeholders(message.string) - _placeholders(message.id)


def _placeholders(given: object) -> set[str]:
    texts = [given] if isinstance(given, str) else list(given) if isinstance(given, (tuple, list)) else []
    return {name for text in texts for match in PLACEHOLDER.findall(text) for name in match if name}


def write(report: Report) -> None:
    """Write the catalogue that people edit and the one that programs read."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    report.catalogue.revision_date = report.catalogue.creation_date
    with CATALOGUE.open("wb") as output:
        write_po(output, report.catalogue, width=110, sort_output=True, omit_header=False, include_lineno=False)
    text = CATALOGUE.read_text(encoding="utf-8")
    CATALOGUE.write_text(re.sub(r'^"(POT-Creation-Date|PO-Revision-Date|Generated-By):.*\n', "", text, flags=re.M))
    compile_file(CATALOGUE)


def main(words: list[str] | None = None) -> int:
    """Collect, merge, write and report; with --check only report."""
    parser = argparse.ArgumentParser(prog="messages", description=main.__doc__)
    describe(parser)
    return run(parser.parse_args(words))


def describe(parser: argparse.ArgumentParser) -> None:
    """Whether to write."""
    parser.add_argument("--check", action="store_true", help="write nothing, fail when a text is missing")


def run(given: argparse.Namespace) -> int:
    """Print what is missing, fuzzy or broken; fail when anything is."""
    report = merge()
    if not given.check:
        write(report)
    for name, messages in (("missing", report.missing), ("fuzzy", report.fuzzy)):
        for message in messages:
            places = ", ".join(sorted({place for place, _line in message.locations}))
            print(f"{name}: “{_key(message)}” ({places})", file=sys.stderr)
    for line in report.broken:
        print(f"broken: {line}", file=sys.stderr)
    print(
        f"{len(report.catalogue)} texts, {len(report.missing)} missing, {len(report.fuzzy)} fuzzy, "
        f"{len(report.broken)} broken."
    )
    return 0 if report.is_complete else 1


if __name__ == "__main__":
    sys.exit(main())
