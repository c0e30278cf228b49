"""Room ``hub``: what waits to be sent to one terminal. Bounded: who reads too slowly is cut, and resumes by cursor."""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import Self

from wallboard_tui.hub.known import Access

MOST_FRAMES = 512
MOST_BYTES = 4_000_000

ANEW = "access-changed"
"""Another access: the stream says so, and begins anew."""
CUT = "too-slow"
"""Not said to the terminal: it could not read it. Its stream just ends."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """One encoded frame; ``seq`` is what the terminal has once it has stored the frame, ``None`` when it is not
    durable.
    """

    encoded: bytes
    seq: int | None = None


@dataclass(eq=False, slots=True)
class Terminal:
    """One open feed. ``person`` is whose access it shows, ``session`` the session's key, ``None`` for the operator."""

    person: str
    session: str | None
    viewer: str = ""
    """Somebody else who looks through the person's eyes."""
    access: Access | None = None
    """The access under which it is served; ``None`` before that was looked up."""
    over: str | None = None
    """Why the stream ends, once what waits was sent."""
    final: bool = False
    """Whether nothing begins anew: there is a reason that ends it, though another was first."""
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    told: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the stream has ended, and why was handed to the line."""
    _waiting: deque[Waiting] = field(default_factory=deque)
    _bytes: int = 0

    def send(self, encoded: bytes, seq: int | None = None) -> None:
        """Let a frame wait its turn. One too many, and the terminal is cut: what waited is dropped."""
        if self.over is not None:
            return
        if len(self._waiting) >= MOST_FRAMES or self._bytes + len(encoded) > MOST_BYTES:
            self.stop(CUT)
            return
        self._waiting.append(Waiting(encoded, seq))
        self._bytes += len(encoded)
        self.wake.set()

    def anew(self) -> Self:
        """The same terminal, of which nothing is known yet and for which nothing waits."""
        return type(self)(self.person, self.session, self.viewer)

    def open(self) -> bool:
        """Whether the stream goes on."""
        return self.over is None

    @property
    def own(self) -> bool:
        """Whether it is somebody's own, who reads what is said to them: not the operator's, nor a viewer's."""
        return self.session is not None and not self.viewer

    @property
    def tells(self) -> bool:
        """Whether what is said to somebody can be said here, now."""
        return self.own and self.over is None

    def end(self, reason: str) -> None:
        """Let the stream end once what waits was sent. The first reason is the one that is said."""
        if self.over is None:
            self.over = reason
        self.final = self.final or reason != ANEW
        self.wake.set()

    def stop(self, reason: str) -> None:
        """Let the stream end now: what waits was let through under an access that is no more."""
        self._waiting.clear()
        self._bytes = 0
        self.end(reason)

    def take(self) -> Waiting | None:
        """The next frame, if one waits."""
        if not self._waiting:
            return None
        found = self._waiting.popleft()
        self._bytes -= len(found.encoded)
        return found

    async def next(self) -> Waiting | None:
        """The next frame; ``None`` once the stream is over."""
        while True:
            if (found := self.take()) is not None:
                return found
            if self.over is not None:
                return None
            self.wake.clear()
            await self.wake.wait()
