"""Formulas as people write them, with labels in brackets and words of both languages, and as they are kept."""

from __future__ import annotations

import re
from collections.abc import Mapping

from django.utils.translation import gettext as _

from krug.administration.rules.formulas import LONGEST
from krug.kernel.errors import Refusal

NAMED = re.compile(r"\[([^\[\]]{1,80})\]")
CALLED = re.compile(r"([^\W\d_]+)\s*\(")
ALIASES = {"округл": "round", "модуль": "abs", "мин": "min", "макс": "max", "первое": "first", "сегодня": "today"}


def normalised(text: str, names: Mapping[str, str]) -> str:
    """The formula with the names of fields in the place of the labels that people write in brackets."""
    if len(text) > LONGEST:
        raise Refusal(_("A formula may have at most %(count)s characters.") % {"count": LONGEST}, field="formula")

    def named(found: re.Match[str]) -> str:
        label = found.group(1).strip()
        name = names.get(label.casefold())
        if name is None:
            raise Refusal(
                _("There is no number, sum or date called “%(name)s” here.") % {"name": label}, field="formula"
            )
        return f" {name} "

    def called(found: re.Match[str]) -> str:
        word = found.group(1).casefold()
        return f"{ALIASES.get(word, word)}("

    signs = str.maketrans({"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-"})
    text = re.sub(r"(?<=\d),(?=\d)", ".", NAMED.sub(named, text.translate(signs)))
    return " ".join(CALLED.sub(called, text.replace(";", ", ")).split())


def spoken(formula: str, labels: Mapping[str, str]) -> str:
    """The formula as people write it, with the labels of the fields."""
    return re.sub(
        r"[a-z_][a-z0-9_]*(?![a-z0-9_(])", lambda name: f"[{labels.get(name.group(), name.group())}]", formula
    )
