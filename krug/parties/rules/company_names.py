"""Names of companies: stored as registered, compared without legal form, quotes and the ways of writing them."""

from __future__ import annotations

import re
from typing import Final
from unicodedata import normalize

# Longer forms come first: what is left of them would otherwise be taken for a part of the name.
LEGAL_FORMS: Final[tuple[str, ...]] = tuple(
    sorted(
        (
            "общество с ограниченной ответственностью",
            "общество с дополнительной ответственностью",
            "публичное акционерное общество",
            "непубличное акционерное общество",
            "закрытое акционерное общество",
            "открытое акционерное общество",
            "акционерное общество",
            "индивидуальный предприниматель",
            "федеральное государственное унитарное предприятие",
            "государственное унитарное предприятие",
            "муниципальное унитарное предприятие",
            "унитарное предприятие",
            "производственный кооператив",
            "автономная некоммерческая организация",
            "некоммерческое партнерство",
            "некоммерческая организация",
            "товарищество с ограниченной ответственностью",
            "полное товарищество",
            "товарищество на вере",
            "крестьянское фермерское хозяйство",
            "глава крестьянского фермерского хозяйства",
            "федеральное государственное бюджетное учреждение",
            "государственное бюджетное учреждение",
            "муниципальное бюджетное учреждение",
            "федеральное казенное учреждение",
            "казенное предприятие",
            "ооо",
            "оао",
            "зао",
            "пао",
            "нао",
            "ао",
            "одо",
            "ип",
            "фгуп",
            "гуп",
            "муп",
            "уп",
            "чуп",
            "кфх",
            "ано",
            "нко",
            "тоо",
            "нп",
            "фгбу",
            "гбу",
            "мбу",
            "фку",
            "гку",
            "мку",
            "фгбоу",
            "сао",
            "чоу",
            "тсж",
            "снт",
            "рао",
            "llc",
            "l l c",
            "ltd",
            "limited",
            "ltd liability company",
            "limited liability company",
            "inc",
            "incorporated",
            "corp",
            "corporation",
            "co",
            "company",
            "co ltd",
            "plc",
            "llp",
            "lp",
            "gmbh",
            "gmbh & co kg",
            "gmbh & co",
            "mbh",
            "ag",
            "kg",
            "ohg",
            "ug",
            "se",
            "sa",
            "s a",
            "sarl",
            "sas",
            "spa",
            "s p a",
            "srl",
            "s r l",
            "sl",
            "bv",
            "b v",
            "nv",
            "n v",
            "oy",
            "oyj",
            "ab",
            "as",
            "a s",
            "aps",
            "asa",
            "sp z o o",
            "spzoo",
            "sro",
            "s r o",
            "kft",
            "zrt",
            "doo",
            "d o o",
            "ooo",
            "oao",
            "zao",
            "pao",
            "jsc",
            "pjsc",
            "cjsc",
            "ojsc",
            "pty",
            "pty ltd",
            "pte",
            "pte ltd",
            "kk",
        ),
        key=lambda form: (-len(form.split()), -len(form)),
    )
)
_HYPHENS = re.compile(r"\s*[-‐-―−]\s*")
_QUOTES = re.compile(r"[\"'`«»„“”‘’‹›]")
_PUNCTUATION = re.compile(r"[.,;:!?()\[\]/\\*_|№#]+")
_FORMS: Final[dict[tuple[str, ...], None]] = {tuple(form.upper().split()): None for form in LEGAL_FORMS}
_LONGEST_FORM: Final = max(map(len, _FORMS))
_LATIN_BEFORE_NAME: Final = frozenset(("OOO", "OAO", "ZAO", "PAO", "JSC", "PJSC", "CJSC", "OJSC", "LLC"))


def company_key(name: str) -> str:
    """The name for comparison: upper case, ё as е, one kind of hyphen, no quotes, no legal form."""
    text = normalize("NFKC", name).upper().replace("Ё", "Е")
    text = _HYPHENS.sub("-", _QUOTES.sub(" ", text)).replace("&", " & ")
    words = [word for word in (part.strip("-") for part in _PUNCTUATION.sub(" ", text).split()) if word]
    bare = _without_form(words)
    return " ".join(bare or words)


def legal_form_in(name: str) -> str:
    """The legal form that stands at the edge of the name, as it is written there; empty when there is none."""
    words = _PUNCTUATION.sub(" ", _QUOTES.sub(" ", name)).split()
    upper = [word.upper().replace("Ё", "Е") for word in words]
    count = _form_at_start(upper)
    if count:
        return " ".join(words[:count])
    count = _form_at_end(upper)
    return " ".join(words[-count:]) if count else ""


def _without_form(words: list[str]) -> list[str]:
    """Forms are taken off both ends as long as something is left."""
    while len(words) > 1:
        start = _form_at_start(words)
        if start and start < len(words):
            words = words[start:]
            continue
        end = _form_at_end(words)
        if not end or end >= len(words):
            break
        words = words[:-end]
    return words


def _form_at_start(words: list[str]) -> int:
    for count in range(min(_LONGEST_FORM, len(words)), 0, -1):
        form = tuple(words[:count])
        if form in _FORMS and (not form[0].isascii() or form[0] in _LATIN_BEFORE_NAME):
            return count
    return 0


def _form_at_end(words: list[str]) -> int:
    for count in range(min(_LONGEST_FORM, len(words)), 0, -1):
        if tuple(words[-count:]) in _FORMS:
            return count
    return 0
