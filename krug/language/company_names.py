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
_FORMS: Final = tuple(tuple(form.upper().split()) for form in LEGAL_FORMS)
_BY_FIRST: Final = {form[0]: tuple(other for other in _FORMS if other[0] == form[0]) for form in _FORMS}
_BY_LAST: Final = {form[-1]: tuple(other for other in _FORMS if other[-1] == form[-1]) for form in _FORMS}
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
    first = words[0] if words else ""
    if first.isascii() and first not in _LATIN_BEFORE_NAME:
        return 0
    return next((len(form) for form in _BY_FIRST.get(first, ()) if tuple(words[: len(form)]) == form), 0)


def _form_at_end(words: list[str]) -> int:
    last = words[-1] if words else ""
    return next((len(form) for form in _BY_LAST.get(last, ()) if tuple(words[-len(form) :]) == form), 0)
