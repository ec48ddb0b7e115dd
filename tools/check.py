"""Everything that must be true before a change is handed in: one list, at home and on the server."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from krug.config.serving import front

PROJECT = Path(__file__).resolve().parents[1]
TEST_SETTINGS = {"DJANGO_SETTINGS_MODULE": "krug.config.settings.test"}


@dataclass(frozen=True)
class Check:
    """One question to the whole tree."""

    name: str
    command: tuple[str, ...]


def _module(*words: str) -> tuple[str, ...]:
    return (sys.executable, "-m", *words)


def _node(*words: str) -> tuple[str, ...]:
    return (*front.node_program(), *words)


def _program(name: str, *words: str) -> tuple[str, ...]:
    return (str(Path(sys.executable).parent / name), *words)


CHECKS = (
    Check("format", _program("ruff", "format", "--check", "--quiet", ".")),
    Check("lint", _program("ruff", "check", "--quiet", ".")),
    Check("types", _module("mypy", "krug", "tools")),
    Check("types of scripts", _node("node_modules/typescript/bin/tsc", "--project", "tsconfig.json")),
    Check("ladder", _program("lint-imports", "--no-cache")),
    Check("Django", _module("django", "check", "--fail-level", "WARNING")),
    Check("migrations", _module("django", "makemigrations", "--check", "--dry-run")),
    Check("translations", _module("tools.messages", "--check")),
    Check("house", _module("tools.testing", "tests/test_house.py", "-n0", "-q")),
)


def main(words: list[str]) -> int:
    """Ask every question, also after the first bad answer; 0 when all are well."""
    front.build_if_changed()
    failed = [check.name for check in CHECKS if not _is_well(check)]
    if "--no-tests" not in words and not _is_well(Check("tests", _module("tools.testing"))):
        failed.append("tests")
    print(f"Not well: {', '.join(failed)}." if failed else "All is well.")
    return 1 if failed else 0


def _is_well(check: Check) -> bool:
    started = time.monotonic()
    print(f"— {check.name}", flush=True)
    environment = os.environ | TEST_SETTINGS | {"PYTHONPATH": str(PROJECT)}
    done = subprocess.run(check.command, cwd=PROJECT, env=environment)
    print(f"  {'well' if not done.returncode else 'NOT WELL'}, {time.monotonic() - started:.1f} s", flush=True)
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
