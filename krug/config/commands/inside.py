"""Commands that run in a process of their own, inside an installation that is already running."""

import os
import sys
from pathlib import Path

import django


def main() -> None:
    """Do the one thing that was named."""
    django.setup()
    if sys.argv[1] == "demo":
        from krug.config.commands.demo import tell_once

        tell_once(Path(os.environ["KRUG_DATA"]))


if __name__ == "__main__":
    main()
