"""Room ``client``: keeps the ``Connection`` that the screen shows, and notices silence."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from wallboard_tui.client.connection import Connection, State

log = logging.getLogger(__name__)

SILENT = "The hub is silent."


async def watching(pause_s: float, look: Callable[[], Awaitable[object]], what: str) -> None:
    """Look after something again and again. Whatever goes wrong is logged, once for all the looks in a row at which it
    does, and the next look is as soon as ever: what is looked after may not be shown for longer.
    """
    failing = False
    while True:
        await asyncio.sleep(pause_s)
        try:
            await look()
            failing = False
        except Exception:
            if not failing:
                log.exception("The terminal failed at its look at %s; it looks again every %.1f s.", what, pause_s)
            failing = True


class Link:
    """The connection's state as it changes; ``on_state`` is called with each change that a person could notice."""

    def __init__(
        self,
        on_state: Callable[[Connection], None],
        clock: Callable[[], float],
        *,
        heard: float | None,
        stale_s: float,
    ) -> None:
        self.connection = Connection("connecting", clock(), heard)
        self._on_state = on_state
        self._clock = clock
        self._stale_s = stale_s
        self._quiet_since = clock()
        self._late_since: float | None = None
        self._told = True

    def tell(self) -> None:
        """Say how it stands."""
        self._told = False
        self._on_state(self.connection)
        self._told = True

    @property
    def last_heard(self) -> float:
        """How old what is here is, and when its lease began: what lay on the way for long is no word of now."""
        heard = self.connection.last_heard
        return self._clock() if heard is None else heard

    def heard(self, late: float = 0.0) -> bool:
        """Something came that the hub wrote so many seconds ago. A stream that had gone stale without breaking is live
        again.

        But not by what lay on the way while this program, or the network, stood still: that is no word of what holds
        now. ``False``: it was such. Where all that comes is late, for as long as silence would be borne, it is taken
        for what it says: the line is slow, or the hub's clock was set back.
        """
        now = self._clock()
        if self.connection.state == "live" and now - self._quiet_since > self._stale_s:
            self.turn("stale", reason=SILENT)
        silent = self.connection.state == "stale" and self.connection.reason == SILENT
        if silent and late > self._stale_s:
            self._late_since = now if self._late_since is None else self._late_since
            if now - self._late_since <= self._stale_s:
                return False
        self._late_since = None
        self._quiet_since = now
        self.connection = replace(self.connection, last_heard=now)
        if silent:
            self.turn("live", reason="")
        return True

    def busy(self) -> None:
        """What had come was written meanwhile: that was no silence."""
        if self.connection.state != "stale":
            self._quiet_since = self._clock()

    def turn(self, state: State | None = None, **fields: Any) -> None:
        """Another state, or other fields of the same."""
        state = state or self.connection.state
        since = self.connection.since if state == self.connection.state else self._clock()
        changed = replace(self.connection, state=state, since=since, **fields)
        if changed != self.connection:
            self.connection = changed
            self.tell()

    def lost(self, why: str, reason: str) -> None:
        """The stream broke off. It is stale only once nothing was heard for a while: a hub may just start anew."""
        self.turn("stale" if self.connection.state == "stale" else "connecting", why=why, reason=reason)

    async def watch(self) -> None:
        """Call it stale when nothing was heard for a while. Looks at the wall clock: a laptop may have slept."""
        await watching(min(1.0, self._stale_s / 4), self._look, "the hub's silence")

    async def _look(self) -> None:
        if not self._told:
            self.tell()
        if self.connection.state in ("connecting", "live") and self._clock() - self._quiet_since > self._stale_s:
            self.turn("stale", reason=self.connection.reason or SILENT)
