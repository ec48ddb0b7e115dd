"""The moment at which one looks, when it is not now; while one looks back nothing is changed."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

PARAMETER = "as_of"


@dataclass(frozen=True)
class Looking:
    """A look at the past: when, as the address said it, and who may see what, which is as of today."""

    at: datetime
    text: str
    seen: Callable[[Any, Any, Any], Any]


_looking: ContextVar[Looking | None] = ContextVar("looking", default=None)


def looking_back() -> Looking | None:
    """The look at the past that is under way, if one is."""
    return _looking.get()


def then(url: str) -> str:
    """The same address at the same moment."""
    looking = _looking.get()
    if looking is None or not url:
        return url
    return f"{url}{'&' if '?' in url else '?'}{urlencode({PARAMETER: looking.text})}"
