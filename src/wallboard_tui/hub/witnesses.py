"""Room ``hub``: who says what members did where queue_log is read beside a live line: the file as long as it grows,
else the line. Without input or output; times are passed in.
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass, field

from wallboard_tui.metrics.presence import DEVICES
from wallboard_tui.model.base import Doc

TOLD_BY_FILE_S = 3.0
"""So long what a member did waits for queue_log to say it: its word then stands alone."""
GROWN_BEFORE_S = 1.0
"""queue_log may be read a little before the event that says the same."""


@dataclass(slots=True)
class Files:
    """How the files of a source are doing, as its line needs to know it. Times of the event loop's clock."""

    queue_log: bool = False
    """Whether there is one to be followed."""
    cdr: bool = False
    grown_at: float = float("-inf")
    """When queue_log was last found to have grown."""
    told_until: float = 0.0
    """The time of queue_log's newest line, by the phone system's clock: what happened before, it has told."""
    caught_up: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once all of queue_log was read, or it turned out that it cannot be."""


class Statements:
    """What members did by the line's word, until queue_log has had its chance to say it."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._waiting: list[tuple[float, Doc]] = []
        """When it was heard, by the event loop's clock, and what."""

    def hear(self, said: Iterable[Doc], now: float) -> list[Doc]:
        """The line says this now. Returns what nobody else says, and need not wait."""
        if not self._files.queue_log:
            return list(said)
        alone: list[Doc] = []
        for doc in said:
            if doc["what"] in DEVICES:
                alone.append(doc)
            else:
                self._waiting.append((now, doc))
        return alone

    def due(self, now: float, *, log_is_read: bool) -> list[Doc]:
        """What has waited long enough: queue_log was read, did not grow, and has told of nothing later."""
        if self._files.queue_log and not self._files.caught_up.is_set():
            return []
        grown = self._files.grown_at + GROWN_BEFORE_S
        told = int(self._files.told_until) if log_is_read else 0
        left = [(heard, doc) for heard, doc in self._waiting if heard > grown and doc["at"] >= told]
        self._waiting = [(heard, doc) for heard, doc in left if now - heard < TOLD_BY_FILE_S]
        return [doc for heard, doc in left if now - heard >= TOLD_BY_FILE_S]
