"""An empty installation gives its first administrator one link, valid once and for three days."""

import hashlib
import os
import secrets
import time
from pathlib import Path

LIVES = 72 * 3600


def make_link(data: Path, base_url: str) -> str:
    """A new link for the first administrator; an earlier one stops being valid."""
    token = secrets.token_urlsafe(32)
    path = _file(data)
    unfinished = path.with_suffix(".new")
    unfinished.unlink(missing_ok=True)
    handle = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(f"{_hash(token)} {int(time.time()) + LIVES}")
    unfinished.replace(path)
    return f"{base_url}/welcome/{token}/"


def is_valid(data: Path, token: str) -> bool:
    """The link with this token may be used now."""
    try:
        kept, until = _file(data).read_text(encoding="utf-8").split()
    except (OSError, ValueError):
        return False
    return secrets.compare_digest(kept, _hash(token)) and time.time() < int(until)


def use(data: Path, token: str) -> bool:
    """Take the link away; true for exactly one caller."""
    if not is_valid(data, token):
        return False
    taken = _file(data).with_name(f"first-run.used-{os.getpid()}-{secrets.token_hex(4)}")
    try:
        _file(data).rename(taken)
    except FileNotFoundError:
        return False
    taken.unlink()
    return True


def _file(data: Path) -> Path:
    return data / "first-run"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
