"""Names that people give in two languages are shown in the reader's, or in the other when one is missing."""

from __future__ import annotations

from django.utils.translation import get_language


def in_language(russian: str, english: str, language: str | None = None) -> str:
    """The name in the language of the reader, with the other as fallback."""
    is_russian = (language or get_language() or "en").startswith("ru")
    return (russian or english) if is_russian else (english or russian)
