"""Secrets come from files that only the owner of the installation may read."""

import os
import secrets
from pathlib import Path


def secret_key(data: Path) -> str:
    """The signing key: from KRUG_SECRET_KEY_FILE, else made once in the data folder."""
    given = os.environ.get("KRUG_SECRET_KEY_FILE")
    return Path(given).read_text(encoding="utf-8").strip() if given else kept_secret(data / "secret-key")


def encryption_keys(data: Path) -> list[str]:
    """The keys that lock secrets kept in the database, the newest first: one a line, made once in the data folder."""
    given = os.environ.get("KRUG_ENCRYPTION_KEY_FILE")
    text = Path(given).read_text(encoding="utf-8") if given else kept_secret(data / "encryption-key")
    return [line.strip() for line in text.splitlines() if line.strip()]


def kept_secret(path: Path) -> str:
    """Read a secret, making it at the first call."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="utf-8").strip()
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48))
    return path.read_text(encoding="utf-8").strip()
