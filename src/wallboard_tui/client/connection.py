"""Room ``client``: how a terminal stands with its hub: state, back-off, the hub's clock. Pure but for ``elapsed``."""

import sys
import time
from collections import deque
from dataclasses import dataclass
from random import Random
from typing import Literal

STALE_S = 12.0
"""Seconds without a frame (the hub beats every 4) after which what is drawn is called stale."""

_AWAKE_OR_NOT = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC if sys.platform == "darwin" else None)
"""The clock that goes on while the machine sleeps, where it is another than Python's own."""

State = Literal["connecting", "live", "stale", "signed-out"]


@dataclass(frozen=True, slots=True)
class Connection:
    """What the header says about the hub. Times are epoch seconds of this machine's clock."""

    state: State = "connecting"
    since: float = 0.0
    """When the state began."""
    last_heard: float | None = None
    """When the hub was last heard, in an earlier run of the terminal too; ``None``: never."""
    backfill_done: int = 0
    backfill_total: int = 0
    """Older rows received and expected; equal when nothing is missing."""
    reason: str = ""
    """Why it is not live, in a sentence."""
    why: str = ""
    """The same as a name for programs: a ``HubError``'s name, or the reason of the hub's ``bye``."""

    @property
    def filling(self) -> bool:
        """Whether older rows are still coming in."""
        return self.backfill_done < self.backfill_total


def elapsed() -> float:
    """Seconds that pass evenly, also while the machine sleeps: what a laptop finds on the line when it wakes is old."""
    return time.monotonic() if _AWAKE_OR_NOT is None else time.clock_gettime(_AWAKE_OR_NOT)


class BackOff:
    """How long to wait before the next try: doubles, up to ``most_s``, half of it left to chance.

    ``most_s`` is short, so that a board is back within 5 s of its hub; chance keeps many terminals from coming at once.
    """

    def __init__(self, random: Random, *, first_s: float = 0.1, most_s: float = 2.0) -> None:
        self._random = random
        self._first_s = first_s
        self._most_s = most_s
        self._next_s = first_s

    def next(self) -> float:
        """Seconds to wait now."""
        wait, self._next_s = self._next_s, min(self._next_s * 2, self._most_s)
        return wait * (0.5 + self._random.random() / 2)

    def reset(self) -> None:
        """It worked: the next failure starts from the shortest wait."""
        self._next_s = self._first_s


class HubClock:
    """The hub's clock, from the times its frames carry and this machine's monotonic clock.

    A frame is never early, only late; so of the latest frames the one that puts the hub's clock furthest is right.
    """

    def __init__(self, now: float, monotonic: float) -> None:
        self._base = now - monotonic
        self._seen: deque[float] = deque(maxlen=30)

    def heard(self, hub_time: float, monotonic: float) -> None:
        """A frame that was written at ``hub_time`` arrived."""
        self._seen.append(hub_time - monotonic)
        self._base = max(self._seen)

    def late(self, hub_time: float, monotonic: float) -> float:
        """How many seconds ago a frame was written that arrives now, as far as is known; 0 for the first one."""
        return max(0.0, self.now(monotonic) - hub_time) if self._seen else 0.0

    def now(self, monotonic: float) -> float:
        """Epoch seconds on the hub's clock; on this machine's until the hub was heard."""
        return monotonic + self._base
