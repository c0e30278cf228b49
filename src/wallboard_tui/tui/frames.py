"""Room ``tui``: the common frame timer. Redraws when something asks for it, at most so many times a second; else it
sleeps.
"""

import time
from collections.abc import Callable

from textual.message_pump import MessagePump
from textual.timer import Timer

RATE = 10.0
"""Frames a second at most."""


class Frames:
    """Runs ``draw`` soon after ``request``, with at least ``1/rate`` seconds between two runs. No request, no timer."""

    def __init__(
        self,
        node: MessagePump,
        draw: Callable[[], None],
        rate: float = RATE,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._node = node
        self._draw = draw
        self._gap = 1.0 / rate
        self._monotonic = monotonic
        self._last = float("-inf")
        self._rest = 0.0
        self._timer: Timer | None = None
        self.drawn = 0
        """Frames so far."""

    def request(self) -> None:
        """Something is dirty."""
        if self._timer is None:
            wait = max(0.001, self._last + max(self._gap, self._rest) - self._monotonic())
            self._timer = self._node.set_timer(wait, self._fire, name="frame")

    def pause(self, seconds: float) -> None:
        """The next run comes so many seconds after the last one at the earliest, if that is later than the rate."""
        self._rest = seconds

    def _fire(self) -> None:
        self._timer = None
        self._last = self._monotonic()
        self.drawn += 1
        self._draw()
