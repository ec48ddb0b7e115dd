"""Gathers the stories of all domains, so that each event finds its own."""

from importlib import import_module
from pathlib import Path

for file in sorted(Path(__file__).parent.glob("*.py")):
    if file.stem not in ("__init__", "apps", "stories"):
        import_module(f"krug.flows.{file.stem}")
