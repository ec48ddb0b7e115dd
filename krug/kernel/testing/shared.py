"""Where the real files that nobody here wrote are found; tests read them from there and never copy them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def shared(path: str) -> Path:
    """A file or folder of the shared data; a test that needs it is skipped, with words, where it is absent."""
    base = Path(os.environ.get("KRUG_SHARED") or ROOT.parent / "shared")
    found = base / path
    if not found.exists():
        pytest.skip(f"The shared data set {path} is not on this machine.")
    return found
