"""The built front end is served with names that never change their content."""

import re
from collections.abc import Callable
from typing import Any

from django.conf import settings
from whitenoise import WhiteNoise

PREFIX = "static/"
NAMED_BY_CONTENT = re.compile(r"[-.][A-Za-z0-9_-]{8,}\.\w+$")


class BuiltFiles(WhiteNoise):  # type: ignore[misc]  # the library tells no types
    """The files of the bundle; one that is built anew is served at once, without a restart."""

    seen = 0

    def __call__(self, environ: Any, start_response: Any) -> Any:
        if str(environ.get("PATH_INFO", "")).startswith(f"/{PREFIX}"):
            self.look_again()
        return super().__call__(environ, start_response)

    def look_again(self) -> None:
        """Learn the files of a new build; those of the one before stay known until the next start."""
        note = settings.BUNDLE / "ui" / "manifest.json"
        built = note.stat().st_mtime_ns if note.is_file() else 0
        if built and built != self.seen:
            self.seen = built
            self.add_files(str(settings.BUNDLE), prefix=PREFIX)


def with_static_files(application: Callable[..., Any]) -> WhiteNoise:
    """The application, with the files of the bundle answered before it."""
    files = BuiltFiles(application, max_age=60, immutable_file_test=_never_changes, add_headers_function=_headers)
    files.look_again()
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
