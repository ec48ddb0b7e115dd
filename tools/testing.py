"""The test suite on a PostgreSQL of its own, which is thrown away when it breaks and never trusted to survive."""

import os
import subprocess
import sys
from pathlib import Path

from krug.config.serving import front, translations
from krug.config.serving.postgres import Cluster

PROJECT = Path(__file__).resolve().parents[1]
CARELESS = {"fsync": "off", "full_page_writes": "off", "synchronous_commit": "off", "max_connections": "120"}


def main(paths: list[str]) -> int:
    """Run pytest over the paths, or over everything, in two processes."""
    translations.compile_if_changed()
    front.build_if_changed()
    if "DATABASE_URL" in os.environ:
        return _pytest(paths, os.environ["DATABASE_URL"])
    scratch = PROJECT / "var" / "test"
    scratch.mkdir(parents=True, exist_ok=True)
    cluster = Cluster(scratch, CARELESS)
    cluster.start()
    try:
        return _pytest(paths, cluster.address())
    finally:
        cluster.release()


def _pytest(paths: list[str], address: str) -> int:
    is_one_file = len([path for path in paths if not path.startswith("-")]) == 1 and ".py" in "".join(paths)
    alone = is_one_file or any(path.startswith("-n") for path in paths)
    options = [] if alone else ["-n", "2", "--dist", "loadfile", "--no-loadscope-reorder"]
    command = [sys.executable, "-m", "pytest", *options, *paths]
    return subprocess.run(command, cwd=PROJECT, env=os.environ | {"DATABASE_URL": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
