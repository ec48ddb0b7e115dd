"""Where the built scripts, styles and icons stand in the browser's view."""

import json
import time
from functools import lru_cache
from pathlib import Path, PurePosixPath

from django.templatetags.static import static

MANIFEST = Path(__file__).parent / "bundle" / "ui" / "manifest.json"


@lru_cache(maxsize=2)
def files(built_at: int) -> dict[str, str]:
    """The built file of each source file, by the short name of the source; none before the first build."""
    if not built_at:
        return {}
    entries = json.loads(MANIFEST.read_text(encoding="utf-8"))
    return {PurePosixPath(source).name: entry["file"] for source, entry in entries.items()}


def built_at() -> int:
    """When the bundle was built: a new build is seen within a second, without a restart."""
    return _looked_at(int(time.monotonic()))


@lru_cache(maxsize=1)
def _looked_at(second: int) -> int:
    try:
        return MANIFEST.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def asset(name: str) -> str:
    """The address of a built file, for instance asset('core.js')."""
    return address(name, built_at())


@lru_cache(maxsize=400)
def address(name: str, built_at: int) -> str:
    """The address of a file of one build; a page of fifty rows asks for the icons as often."""
    return static(f"ui/{files(built_at).get(name, name)}")
