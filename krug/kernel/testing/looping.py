"""Runs a coroutine on a thread of its own, because a browser test may have left a running loop on this one."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

Result = TypeVar("Result")
LONGEST = 120


def run_apart(work: Coroutine[Any, Any, Result]) -> Result:
    """The result of the coroutine, or what it raised; one that never ends fails."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(asyncio.run, asyncio.wait_for(work, LONGEST)).result()
