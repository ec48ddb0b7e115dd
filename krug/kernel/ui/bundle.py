"""Where the built scripts, styles and icons stand in the browser's view."""

import json
from functools import lru_cache
from pathlib import Path, PurePosixPath

from django.conf import settings
from django.templatetags.static import static

MANIFEST = Path(__file__).parent / "bundle" / "ui" / "manifest.json"


@lru_cache(maxsize=1)
def files(stamp: float) -> dict[str, str]:
    """The built file of each source file, by the short name of the source."""
    if not stamp:
        return {}
    entries = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return {PurePosixPath(source).name: entry["file"] for source, entry in entries.items()}


@lru_cache(maxsize=1)
def built_at() -> float:
    """When the bundle was built; read once outside development."""
    return MANIFEST.stat().st_mtime if MANIFEST.is_file() else 0.0


def asset(name: str) -> str:
    """The address of a built file, for instance asset('core.js')."""
    if settings.DEBUG:
        built_at.cache_clear()
    return static(f"ui/{files(built_at()).get(name, name)}")
