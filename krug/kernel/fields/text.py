"""Words: one line, many lines, and the short codes that have rules of their own."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Any, ClassVar

from django.db.models import Q
from django.utils.translation import gettext as _

from krug.kernel.errors import Refusal
from krug.kernel.fields.base import Field, FieldFault, Reading
from krug.kernel.ui.names import whole_name

# Marks that turn the direction of writing: unseen, they come with pasted numbers and make a name read as another.
TURNING = dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)))


@dataclass(frozen=True, kw_only=True)
class TextField(Field):
    """One line of text."""

    kind: ClassVar[str] = "text"
    operators: ClassVar[tuple[str, ...]] = ("contains", "eq", "ne", "starts", "in", "not_in", "empty", "not_empty")
    max_length: int = 255

    @property
    def empty(self) -> Any:
        return ""

    def parse(self, raw: Any, reading: Reading) -> Any:
        if isinstance(raw, bool) or not isinstance(raw, (str, int, float)):
            raise FieldFault(_("This must be text."), code="TYPE")
        text = unicodedata.normalize("NFC", str(raw).translate(TURNING)).strip()
        if not text.isprintable() and any(
            unicodedata.category(char) in ("Cc", "Cs") and char not in self.allowed for char in text
        ):
            raise FieldFault(_("Remove the control characters from the text."), code="CONTROL_CHARACTERS")
        if len(text) > self.max_length and (digits := "".join(text.split())).isdigit():
            text = digits
        if len(text) > self.max_length:
            raise FieldFault(too_long(text, self.max_length), code="TOO_LONG")
        return text

    @property
    def allowed(self) -> str:
        """The control characters that this kind of text may hold."""
        return ""

    def compare(self, operator: str, value: Any) -> Q:
        if operator == "contains":
            return Q(**{f"{self.at}__has_part": value})
        if operator == "starts":
            return Q(**{f"{self.at}__begins": value})
        return super().compare(operator, value)

    def empty_condition(self, is_empty: bool) -> Q:
        found = Q(**{self.at: ""}) | Q(**{f"{self.at}__isnull": True})
        return found if is_empty else ~found


@dataclass(frozen=True, kw_only=True)
class PersonNameField(TextField):
    """A person's name in one line, shown in the letters of the reader."""

    def show(self, value: Any, language: str) -> str:
        return whole_name(str(value or ""), language)


@dataclass(frozen=True, kw_only=True)
class LongTextField(TextField):
    """Text of several lines."""

    kind: ClassVar[str] = "long_text"
    operators: ClassVar[tuple[str, ...]] = ("contains", "empty", "not_empty")
    max_length: int = 20_000

    @property
    def allowed(self) -> str:
        return "\n\r\t"


def too_long(text: str, limit: int) -> str:
    """By how much a text passes its limit, in words; nothing is ever cut without a word."""
    said = _("The text is too long: %(length)s characters, %(limit)s are allowed.")
    return said % {"length": len(text), "limit": limit}


def refuse_longer(text: str, limit: int, field: str) -> str:
    """The text, if it fits; for forms that are written by hand."""
    if len(text) > limit:
        raise Refusal(too_long(text, limit), field=field, code="TOO_LONG")
    return text
