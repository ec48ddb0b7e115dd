"""The built front end is served with names that never change their content."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from whitenoise import WhiteNoise

NAMED_BY_CONTENT = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.\w+$")


def with_static_files(application: Callable[..., Any]) -> WhiteNoise:
    """The application, with the files of the bundle answered before it."""
    files = WhiteNoise(application, max_age=60, immutable_file_test=_never_changes, add_headers_function=_headers)
    if settings.BUNDLE.is_dir():
        files.add_files(str(settings.BUNDLE), prefix="static/")
    return files


def _never_changes(path: str, url: str) -> bool:
    return NAMED_BY_CONTENT.search(url) is not None


def _headers(headers: Any, path: str, url: str) -> None:
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "same-origin"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
    headers["Content-Security-Policy"] = "default-src 'none'; frame-ancestors 'none'"
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains"
