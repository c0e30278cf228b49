"""Room ``tui``: the pace of a board's frames. One comes when something asks for it, at most so many times a second;
else nothing runs at all.
"""

import asyncio
import time
from collections.abc import Callable

RATE = 10.0
"""Frames a second at most."""


class Frames:
    """Lets whoever draws wait for the next frame: one was requested, and at least ``1/rate`` seconds have passed."""

    def __init__(self, rate: float = RATE, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._gap = 1.0 / rate
        self._monotonic = monotonic
        self._last = float("-inf")
        self.rest = 0.0
        """Seconds from frame to frame at least, beyond the rate."""
        self._requested = asyncio.Event()
        self.drawn = 0
        """Frames so far."""

    def request(self) -> None:
        """Something is dirty."""
        self._requested.set()

    def pause(self, seconds: float) -> None:
        """The next frame comes so many seconds after the last one at the earliest, if that is later than the rate."""
        self.rest = seconds

    @property
    def wait_s(self) -> float:
        """Seconds until the next frame may come."""
        return max(0.0, self._last + max(self._gap, self.rest) - self._monotonic())

    async def next(self) -> None:
        """Returns when it is time to draw."""
        await self._requested.wait()
        await asyncio.sleep(self.wait_s)
        self._requested.clear()
        self._last = self._monotonic()
        self.drawn += 1
