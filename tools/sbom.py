"""The list of all that is shipped with a release, as CycloneDX: `python -m tools.sbom > sbom.json` (CFG-05)."""

from __future__ import annotations

import base64
import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).resolve().parents[1]
PACKAGE = re.compile(r"^([A-Za-z0-9_.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)[^\n]*((?:\n    --hash=[^\n]+)*)", re.M)


def components() -> list[dict[str, Any]]:
    """Every locked package of Python and of the front end, with its version and hashes."""
    return [*_python(PROJECT / "requirements" / "krug.lock"), *_front(PROJECT / "package-lock.json")]


def _python(lock: Path) -> list[dict[str, Any]]:
    found = PACKAGE.findall(lock.read_text(encoding="utf-8"))
    return [
        _one("pypi", name.lower(), version, re.findall(r"sha256:(\w{64})", hashes)) for name, version, hashes in found
    ]


def _front(lock: Path) -> list[dict[str, Any]]:
    packages = json.loads(lock.read_text(encoding="utf-8"))["packages"]
    shipped = {path: one for path, one in packages.items() if path and not one.get("dev")}
    return [
        _one("npm", path.rpartition("node_modules/")[2], one["version"], [], one.get("integrity", ""))
        for path, one in shipped.items()
    ]


def _one(kind: str, name: str, version: str, sha256: list[str], integrity: str = "") -> dict[str, Any]:
    hashes = [{"alg": "SHA-256", "content": each} for each in sha256]
    if integrity.startswith("sha512-"):
        hashes.append({"alg": "SHA-512", "content": base64.b64decode(integrity[7:]).hex()})
    url = f"pkg:{kind}/{name.replace('@', '%40')}@{version}"
    return {"type": "library", "name": name, "version": version, "purl": url, "bom-ref": url, "hashes": hashes}


def bill() -> dict[str, Any]:
    """The whole document."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    about = {"type": "application", "name": project["name"], "version": str(project.get("version", "0"))}
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": about},
        "components": components(),
    }


if __name__ == "__main__":
    json.dump(bill(), sys.stdout, indent=1)
