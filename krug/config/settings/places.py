"""Where an installation keeps what people enter."""

import os
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2]
PROJECT = PACKAGE.parent


def data_folder() -> Path:
    """The folder named by KRUG_DATA; else `var` in a checkout, and the user's own place for an installed wheel."""
    if given := os.environ.get("KRUG_DATA"):
        return Path(given).resolve()
    if (PROJECT / "pyproject.toml").is_file():
        return PROJECT / "var"
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "krug"
