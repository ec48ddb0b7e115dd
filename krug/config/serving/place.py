"""Where PostgreSQL keeps its files, and as whom it runs, on this machine."""

import grp
import hashlib
import os
import pwd
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET_FOLDER = 90
SYSTEM_FOLDER = Path("/var/lib/krug")


@dataclass(frozen=True)
class Owner:
    """The system user under whom PostgreSQL runs when we are root, who may not run it."""

    uid: int
    gid: int

    def for_popen(self) -> dict[str, object]:
        """The arguments by which subprocess becomes this user."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def server_owner() -> Owner | None:
    """Nobody in particular for an ordinary user; `postgres` or `nobody` for root."""
    if os.geteuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Owner(entry.pw_uid, entry.pw_gid or grp.getgrnam("nogroup").gr_gid)
    raise OSError("PostgreSQL may not run as root, and there is neither a user 'postgres' nor 'nobody'.")


def database_home(data: Path, owner: Owner | None) -> Path:
    """The data folder itself, unless the server's user cannot reach it: then a folder of the system."""
    data.mkdir(parents=True, exist_ok=True)
    if owner is None or _can_enter(data, owner):
        return data
    home = SYSTEM_FOLDER / f"{data.name}-{_mark(data)}"
    home.mkdir(parents=True, exist_ok=True)
    return home


def socket_folder(home: Path, owner: Owner | None) -> Path:
    """A private folder for the server's socket, short enough for the system."""
    folder = home / "run"
    if len(str(folder)) > LONGEST_SOCKET_FOLDER:
        folder = Path(tempfile.gettempdir()) / f"krug-{os.geteuid()}-{_mark(home)}"
    make_private(folder, owner)
    return folder


def make_private(folder: Path, owner: Owner | None) -> None:
    """Make a folder that only the server's user may enter."""
    folder.mkdir(mode=0o700, exist_ok=True)
    expected = owner.uid if owner else os.geteuid()
    if folder.is_symlink() or folder.stat().st_uid not in (expected, os.geteuid()):
        raise PermissionError(f"{folder} belongs to somebody else; remove it.")
    folder.chmod(0o700)
    if owner:
        os.chown(folder, owner.uid, owner.gid)


def _can_enter(folder: Path, owner: Owner) -> bool:
    test = ["/bin/sh", "-c", 'cd "$1"', "sh", str(folder)]
    done = subprocess.run(test, stderr=subprocess.DEVNULL, cwd="/", user=owner.uid, group=owner.gid, extra_groups=[])
    return done.returncode == 0


def _mark(path: Path) -> str:
    return hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:10]
