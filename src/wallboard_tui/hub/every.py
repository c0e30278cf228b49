"""Room ``hub``: jobs that are done again and again beside the requests. Knows nothing of the hub."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

log = logging.getLogger(__name__)

LONGEST_PAUSE_S = 60.0


async def every(seconds: float, job: Callable[[], Awaitable[Any]], what: str) -> None:
    """Do a job again and again. A failure is logged, and the next turn waits longer each time, up to a minute."""
    pause = seconds
    while True:
        await asyncio.sleep(pause)
        try:
            await job()
            pause = seconds
        except Exception:
            pause = min(LONGEST_PAUSE_S, pause * 2)
            log.exception("The hub failed at its %s; it tries again in %.1f s.", what, pause)
