"""Cleans and reads the cells of a foreign table."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from krug.exchange.importing.plans import TablePlan
from krug.exchange.importing.tables import plain_cell
from krug.kernel.fields import Field, FieldFault, Reading
from krug.kernel.fields.codes import CodeField

NUMERIC = re.compile(r"^(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})(?:[ T]\d{1,2}:.*)?$")
COMPACT = re.compile(r"^((?:1[89]|20)\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?:T\d.*)?$")
LINE_ENDS = re.compile(r"\s*[\r\n\v\f]+\s*")
INVISIBLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\ufeff]")
NOT_OF_A_NUMBER = re.compile(r"[\s\u00a0\u202f$€₽£%]|руб\.?|р\.$", re.IGNORECASE)


def cleaned(text: str, fillers: frozenset[str]) -> str:
    """The cell without outer spaces, the guard of a formula and the fillers that mean nothing."""
    plain = plain_cell(text.strip()) if text else ""
    return "" if plain.casefold() in fillers else plain


def reader_of(field: Field, plan: TablePlan, reading: Reading) -> Callable[[str], Any]:
    """The function that reads cells of one column, with the habits of the file in mind."""
    if field.kind == "datetime" and plan.days:
        return lambda text: field.parse_or_empty(_day(text, plan.days, field), reading)
    if field.kind == "date" and plan.days:
        return lambda text: field.parse_or_empty(_day(_parted(text), plan.days, field), reading)
    if field.kind == "date":
        return lambda text: field.parse_or_empty(_without_time(_parted(text)), reading)
    if isinstance(field, CodeField):
        names = names_of(field)
        return lambda text: field.parse_or_empty(names.get(text.casefold(), text), reading)
    if field.numeric:
        return lambda text: field.parse_or_empty(_number(text, plan.decimal, whole=field.kind == "integer"), reading)
    if field.kind == "text":
        return lambda text: field.parse_or_empty(one_line(text), reading)
    return lambda text: field.parse_or_empty(text, reading)


def one_line(text: str) -> str:
    """Several lines of a cell in one, without signs that nobody sees."""
    return text if text.isprintable() else INVISIBLE.sub("", LINE_ENDS.sub(", ", text))


def names_of(field: CodeField) -> dict[str, Any]:
    """What the codes are called, in both languages: files name countries, and name them in words."""
    found: dict[str, Any] = {"usa": "US", "uk": "GB", "сша": "US"} if field.name == "country" else {}
    for language in ("ru", "en"):
        with override(language):
            found |= {str(label).casefold(): code for code, label in field.choices}
    return found


def _parted(text: str) -> str:
    """A day written as eight digits, as cards and old programs write it."""
    found = COMPACT.match(text)
    return "-".join(found.groups()) if found else text


def _without_time(text: str) -> str:
    found = NUMERIC.match(text)
    return text.replace("T", " ").split(" ")[0] if found else text


def _day(text: str, order: str, field: Field) -> Any:
    found = NUMERIC.match(text.strip())
    if found is None or (field.kind == "datetime" and (" " in text or "T" in text)):
        return text
    first, middle, last = found.groups()
    if len(first) == 4:
        parts = (first, middle, last)
    else:
        parts = (last, middle, first) if order == "dmy" else (last, first, middle)
    year, month, day = map(int, parts)
    try:
        return date(year + (2000 if year < 70 else 1900) if year < 100 else year, month, day).isoformat()
    except ValueError as error:
        raise FieldFault(_("There is no such day: %(text)s.") % {"text": text[:40]}, code="NOT_A_DATE") from error


def _number(text: str, decimal: str, *, whole: bool) -> str:
    plain = NOT_OF_A_NUMBER.sub("", text)
    if decimal == ",":
        plain = plain.replace(".", "").replace(",", ".")
    elif decimal == ".":
        plain = plain.replace(",", "")
    return re.sub(r"[.,]0+$", "", plain) if whole else plain
