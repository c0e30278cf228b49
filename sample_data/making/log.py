"""A clock that jumps from event to event, and what a phone system would have written: queue_log lines and CDR rows."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable
from datetime import UTC, datetime


class Log:
    """Time and chance of a simulation, and all that it wrote. Times are seconds since the beginning of the files."""

    def __init__(self, seed: int, first_id: int) -> None:
        self.random = random.Random(seed)
        self.now = 0
        self.lines: list[tuple[int, str]] = []
        """Time and rest of each queue_log line, in order."""
        self.rows: list[list[object]] = []
        """Rows of the CDR, in order."""
        self.over: set[str] = set()
        """Calls that ended."""
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._ids = itertools.count(first_id)

    def at(self, when: int, act: Callable[[], None]) -> None:
        """Let something happen then."""
        heapq.heappush(self._events, (when, next(self._order), act))

    def run(self, ends: int | None = None) -> None:
        """Let everything happen, up to a moment when one is given."""
        while self._events and (ends is None or self._events[0][0] < ends):
            self.now, _, act = heapq.heappop(self._events)
            act()
        self.now = self.now if ends is None else ends

    def new_id(self) -> str:
        """The uniqueid of a channel that begins now."""
        return f"pbx1-{self.now}.{self.next_number()}"

    def next_number(self) -> int:
        """A number that nothing else has."""
        return next(self._ids)

    def say(self, call: str, queue: str, agent: str, verb: str, *params: object) -> None:
        """Write a line of queue_log."""
        self.lines.append((self.now, "|".join((call, queue, agent, verb, "|".join(map(str, params))))))

    def row(
        self, started: int, answered: int | None, src: str, name: str, dst: str, context: str, chan: str, other: str,
        app: str, data: str, call: str, userfield: str,
    ) -> None:  # fmt: skip
        """Write a row of the CDR; the call ends now."""
        self.over.add(call)
        self.rows.append([
            "", src, dst, context, f'"{name}" <{src}>', f"{chan}-{call.rpartition('.')[2]}", other, app, data,
            written(started), "" if answered is None else written(answered), written(self.now), self.now - started,
            0 if answered is None else self.now - answered, "NO ANSWER" if answered is None else "ANSWERED",
            "DOCUMENTATION", call, userfield,
        ])  # fmt: skip


def written(seconds: float) -> str:
    """A time of the files as a CDR writes it: they begin with 1970-01-01."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")
