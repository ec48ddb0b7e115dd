"""Write everything that people have entered into one file."""

import argparse
import json
from pathlib import Path

from krug.config.serving import archive
from krug.config.serving.installation import installation


def describe(parser: argparse.ArgumentParser) -> None:
    """Where to write."""
    parser.add_argument("file", metavar="FILE", help="the file to write; keep the secret key apart from it")
    parser.add_argument("--json", action="store_true", help="print what was written as JSON")


def run(given: argparse.Namespace) -> None:
    """Write the backup; it is whole or absent."""
    target = Path(given.file).resolve()
    with installation(Path(given.data)) as here:
        manifest = archive.write(here, target)
    rows = manifest["rows"]
    assert isinstance(rows, dict)
    size = target.stat().st_size
    if given.json:
        print(json.dumps(manifest | {"file": str(target), "bytes": size}))
    else:
        print(f"{target}: {sum(rows.values())} rows of {len(rows)} tables, {size} bytes")
