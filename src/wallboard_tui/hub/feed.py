"""Room ``hub``: the feed: hands what a commit changed to every terminal. Knows the hub, access and the terminals.

Rows go out through channels (``audience``): one for all whose scopes and redaction are equal, and one beside it for
what is a person's own. What only one terminal needs (hello, back-fill, catching up) is made for it alone (``stream``).
The order at each terminal is that of the seqs; its cursor says how far it has come.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress

from wallboard_tui.hub.audience import Audience
from wallboard_tui.hub.cut_over import CutOver
from wallboard_tui.hub.encoder import Encoder
from wallboard_tui.hub.ending import Ending
from wallboard_tui.hub.every import every
from wallboard_tui.hub.figures import Figures
from wallboard_tui.hub.hub import Committed, Hub
from wallboard_tui.hub.known import DIRECTORY_KINDS, WATCHED
from wallboard_tui.hub.notices import Notices
from wallboard_tui.hub.sessions import SENTENCES, Ended, Sessions
from wallboard_tui.hub.snapshot import Stock
from wallboard_tui.hub.stream import Stream
from wallboard_tui.hub.terminal import CUT, Terminal
from wallboard_tui.model.security import Notice

log = logging.getLogger(__name__)

BEAT_S = 4.0
LOOK_S = 1.0
"""How often sessions are looked at."""
FIGURES_S = 0.25
"""How often figures that moved are sent."""
NOTICES_S = 0.5
"""How often it is written down what people were told."""
SLICE = 200
"""Entries per frame."""


class Feed:
    """All open feeds of a hub. ``start`` it on the loop that serves them."""

    def __init__(self, hub: Hub, sessions: Sessions, figures: Figures) -> None:
        self._hub = hub
        self._figures = figures
        self._notices = Notices(hub)
        self._encode = Encoder(hub)
        self._stock = Stock.of(hub)
        self._audience = Audience(hub, self._encode)
        self._ending = Ending(hub, sessions, self._audience)
        self._cut_over = CutOver(hub, self._audience, self._ending, self._encode)
        self._tasks: list[asyncio.Task[None]] = []

    def __len__(self) -> int:
        return len(self.terminals)

    @property
    def terminals(self) -> set[Terminal]:
        """Those that are followed now."""
        return self._audience.terminals

    @property
    def streams(self) -> int:
        """How many streams are filtered, redacted and encoded for all terminals together."""
        return self._audience.streams

    def start(self) -> None:
        """Begin to listen, beat, and look after sessions and figures."""
        self._hub.listeners.append(self.on_commit)
        work = (
            (self._beat, BEAT_S, "beat"),
            (self._ending.look, LOOK_S, "look at sessions"),
            (self._send_figures, FIGURES_S, "figures"),
            (self._notices.write_down, NOTICES_S, "notices"),
        )
        self._tasks = [asyncio.create_task(every(seconds, job, what)) for job, seconds, what in work]

    async def stop(self) -> None:
        """Tell every terminal that the hub is going away, and stop."""
        for terminal in list(self.terminals):
            terminal.end("shutting-down")
        with suppress(ValueError):
            self._hub.listeners.remove(self.on_commit)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._notices.write_down()

    # -- one terminal

    def stream(
        self, person: str, session: str | None, wanted: str | None, viewer: str = ""
    ) -> AsyncGenerator[bytes, None]:
        """The frames of one terminal, encoded. ``wanted``: the cursor it says it has; ``viewer``: who looks through the
        person's eyes.
        """
        terminal = Terminal(person, session, viewer)
        stream = Stream(
            self._hub, terminal, self._audience, self._figures, self._notices, self._encode, self._stock
        )  # fmt: skip
        return stream.frames(wanted)

    def sign_in(self, why: Ended) -> bytes:
        """The only frame for somebody who is not signed in."""
        return self._encode.frame("hello", answer="sign-in", reason=why.value, sentence=SENTENCES[why])

    async def end_session(self, key: str, why: Ended) -> None:
        """A session is over: its feeds are told, and it is taken out of the journal."""
        await self._ending.end([key], why)

    # -- what happens

    async def on_commit(self, committed: Committed) -> None:
        """Hand what a commit changed to every terminal. Should that fail, all are cut: they resume by cursor."""
        try:
            await self._hand(committed)
        except Exception:
            log.exception("Changes could not be handed to the terminals; they are cut and resume.")
            for terminal in list(self.terminals):
                terminal.stop(CUT)
            self._audience.seq = max(self._audience.seq, committed.entries[-1].seq)

    async def _hand(self, committed: Committed) -> None:
        entries = committed.entries
        notices = self._notices.note(entries)
        if self.terminals and committed.kinds & (DIRECTORY_KINDS | {"board"}):
            await self._cut_over.review(entries[-1].seq, sight=bool(committed.kinds & WATCHED))
        for begin in range(0, len(entries), SLICE):
            self._audience.tell(entries[begin : begin + SLICE], committed)
            await asyncio.sleep(0)
        self._figures.note(entries)
        self._tell_notices(notices)

    def _tell_notices(self, new: Sequence[Notice]) -> None:
        """Tell people who are there; whoever begins anew was told with that, or is told when they come back."""
        for person in {notice.person for notice in new}:
            if present := [one for one in self.terminals if one.person == person and one.tells]:
                for notice in self._notices.take(person):
                    encoded = self._encode.notice(notice)
                    for terminal in present:
                        terminal.send(encoded)

    # -- from time to time

    async def _beat(self) -> None:
        encoded = self._encode.frame("beat")
        for terminal in self.terminals:
            terminal.send(encoded)

    async def _send_figures(self) -> None:
        served = self._audience.personal()
        access = {print_: t.access for print_, each in served.items() for t in each.terminals if t.access is not None}
        for fingerprint, documents in await self._figures.moved(access):
            if (channel := self._audience.personal().get(fingerprint)) is not None:
                channel.send(self._encode.frame("figures", documents=documents))
