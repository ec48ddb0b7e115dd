"""How long a test may wait: a limit for a quiet machine, and as many times that as there is work for each core."""

from __future__ import annotations

import os
from pathlib import Path


def crowd() -> float:
    """How many tasks want each core now or wanted it within the last minute; one on a quiet machine."""
    last_minute, *_older, running, _newest = Path("/proc/loadavg").read_text(encoding="ascii").split()
    wanted = max(float(last_minute), float(running.partition("/")[0]))
    return max(1.0, wanted / (os.cpu_count() or 1))


def stretched(limit: float) -> float:
    """The limit on this machine as it is now."""
    return limit * crowd()
