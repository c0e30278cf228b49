"""Room ``client``: keeps the ``Connection`` that the screen shows, and notices silence."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from wallboard_tui.client.connection import Connection, State

SILENT = "The hub is silent."


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

    def tell(self) -> None:
        """Say how it stands."""
        self._on_state(self.connection)

    def heard(self) -> None:
        """Something came. A stream that had gone stale without breaking is live again."""
        self._quiet_since = self._clock()
        self.connection = replace(self.connection, last_heard=self._quiet_since)
        if self.connection.state == "stale" and self.connection.reason == SILENT:
            self.turn("live", reason="")

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
        while True:
            await asyncio.sleep(min(1.0, self._stale_s / 4))
            if self.connection.state in ("connecting", "live") and self._clock() - self._quiet_since > self._stale_s:
                self.turn("stale", reason=self.connection.reason or SILENT)
