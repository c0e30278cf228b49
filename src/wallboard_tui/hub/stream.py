"""Room ``hub``: what one terminal is sent, from hello to bye: where it stood, what it lacks, and then what happens.

Where its access changes, the same stream says so (``bye``) and begins anew with a hello: nobody has to ask again.
"""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import ExitStack, aclosing, suppress

from wallboard_tui.hub.audience import Audience
from wallboard_tui.hub.channel import Row, Watched
from wallboard_tui.hub.encoder import Encoder
from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.figures import Figures
from wallboard_tui.hub.frames import NOTHING, Cursor, Reached
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.hub.notices import Notices
from wallboard_tui.hub.one_thread import Unwanted
from wallboard_tui.hub.resume import missed, tellable
from wallboard_tui.hub.sessions import Ended
from wallboard_tui.hub.snapshot import Backfill, Page, Stock, turn
from wallboard_tui.hub.terminal import ANEW, CUT, Terminal

NOW, LET_IN, TODAY, OLDER = range(4)
"""Ranks of what is done for terminals. Of hundreds that begin anew at once, each soon has what goes on now once it is
let in; everybody's today comes when all have that, and what is older comes last.
"""
CATCH_UP = 500
"""Entries read at a time for a terminal that was away."""


class Stream:
    """The frames of one terminal, encoded."""

    def __init__(
        self,
        hub: Hub,
        terminal: Terminal,
        audience: Audience,
        figures: Figures,
        notices: Notices,
        encode: Encoder,
        stock: Stock,
    ) -> None:
        self._hub = hub
        self._terminal = terminal
        self._audience = audience
        self._figures = figures
        self._notices = notices
        self._encode = encode
        self._stock = stock

    async def frames(self, wanted: str | None) -> AsyncGenerator[bytes, None]:
        """All of them. ``wanted``: the cursor that the terminal says it has."""
        while True:
            async with aclosing(self._until_over(wanted)) as frames:
                async for encoded in frames:
                    yield encoded
            if self._terminal.over != ANEW or self._terminal.final:
                return
            wanted = None
            self._terminal = self._terminal.anew()

    async def _until_over(self, wanted: str | None) -> AsyncGenerator[bytes, None]:
        """Under one access: until it changes, or the stream is over."""
        terminal = self._terminal
        self._audience.terminals.add(terminal)
        try:
            async for encoded in self._served(wanted):
                if terminal.over == CUT:
                    return
                yield encoded
            if terminal.over not in (None, CUT):
                if terminal.over == ANEW:
                    # What changed is said with it: the board that follows takes longer.
                    for notice in self._greeting():
                        yield notice
                yield self._encode.frame("bye", reason=terminal.over)
        finally:
            terminal.told.set()
            self._audience.terminals.discard(terminal)
            self._audience.leave(terminal)

    async def _served(self, wanted: str | None) -> AsyncIterator[bytes]:
        terminal = self._terminal
        try:
            access, watched = await self._admitted()
            cursor = await self._resumable(Cursor.parse(wanted), access) if wanted else None
            if wanted and cursor is None:
                # What happened during that look is not in what stood before it, and did not wait for the terminal.
                access, watched = await self._admitted()
        except HubError:
            # They may look no longer: whoever asks again is told why.
            terminal.stop(CUT)
            return
        except Unwanted:
            return
        if terminal.over is not None:
            return
        stream = self._continued(access, cursor) if cursor else self._begun(access, watched)
        greeted = False
        async for encoded in stream:
            yield encoded
            if not greeted:
                greeted = True
                for notice in self._greeting():
                    yield notice

    def _greeting(self) -> list[bytes]:
        """What somebody who came back is to be told; it is told once. The operator and viewers are not told."""
        waiting = self._notices.take(self._terminal.person) if self._terminal.own else []
        return [self._encode.notice(notice) for notice in waiting]

    async def _admitted(self) -> tuple[Access, Watched]:
        """The terminal's access, and what stands of which it may see some.

        From here on it is told when that changes; what changed just before is looked up again. Raises ``HubError`` when
        they may not look at all, ``Unwanted`` when the stream is over.
        """
        terminal = self._terminal
        while True:
            access, watched = await self._hub.later(terminal.open, self._looked_up, rank=LET_IN)
            terminal.access = access
            if access.me.policy == self._hub.journal.policy():
                if terminal.session is not None and "login" not in access.me.capabilities:
                    terminal.stop(Ended.DISABLED.value)
                return access, watched

    def _looked_up(self) -> tuple[Access, Watched]:
        return self._hub.access(self._terminal.person, self._terminal.viewer), self._audience.watched()

    async def _resumable(self, cursor: Cursor | None, access: Access) -> Cursor | None:
        """The cursor, if a terminal may go on from it: same history, same access, and nothing it could not be told."""
        if cursor is None or cursor.epoch != self._hub.journal.epoch or cursor.seq > self._audience.seq:
            return None
        if cursor.fingerprint != access.gate.fingerprint:
            return None
        return cursor if await self._hub.read(tellable, self._hub.journal, cursor.seq, access.gate) else None

    async def _begun(self, access: Access, watched: Watched) -> AsyncIterator[bytes]:
        """A snapshot from nothing. What happens from ``position`` on waits at the terminal."""
        position = self._audience.seq
        self._audience.join(self._terminal, access, watched)
        pages = self._filling(access, position, Reached())
        first = await anext(pages, b"")
        # Without waiting in between, so that they are one write: of hundreds that begin anew each costs.
        yield self._encode.hello("snapshot", access.me, position, Reached())
        if first:
            yield first
        async for encoded in pages:
            yield encoded

    async def _continued(self, access: Access, cursor: Cursor) -> AsyncIterator[bytes]:
        """Everything since the cursor, then what was missing of the snapshot."""
        terminal = self._terminal
        yield self._encode.hello("continue", access.me, cursor.seq, cursor.reached)
        position = cursor.seq
        while True:
            watched = await self._hub.read(self._audience.watched)
            # Nothing is awaited between looking at the seq and joining: what comes from then on waits at the terminal.
            if position >= self._audience.seq or terminal.over is not None:
                break
            try:
                caught_up = self._hub.later(terminal.open, self._caught_up, access, position, self._audience.seq)
                found, position = await caught_up
            except Unwanted:
                return
            if terminal.over is None:
                yield self._encode.durable(self._encode.changes(found), access, position, cursor.reached)
        self._audience.join(terminal, access, watched)
        async for encoded in self._filling(access, position, cursor.reached):
            yield encoded

    def _caught_up(self, access: Access, position: int, seq: int) -> tuple[list[Row], int]:
        entries = [entry for entry in self._hub.journal.read(position, CATCH_UP) if entry.seq <= seq]
        return missed(access.gate, entries), entries[-1].seq if entries else seq

    async def _filling(self, access: Access, position: int, reached: Reached) -> AsyncIterator[bytes]:
        """The back-fill, page by page; between two pages whatever happened meanwhile. Then only what happens."""
        terminal = self._terminal
        until = NOTHING
        # Whoever loses access while their rows are put together is told at once, and not after their next page.
        with suppress(Unwanted), ExitStack() as board:
            if not reached.late:
                board.enter_context(self._hub.precedence.first())
            async for page in self._pages(access, reached):
                if terminal.over is not None:
                    break
                if page.ready is None:
                    encoded = self._encode.backfill(page.rows, page.done, page.total)
                else:
                    async for documents in self._figures.since(access, page.ready, until):
                        yield self._encode.frame("figures", documents=documents)
                    until = page.ready
                    encoded = self._encode.frame("ready", **{"from": page.ready})
                if terminal.over is not None:
                    break
                reached = page.reached
                yield self._encode.durable(encoded, access, position, reached) if page.durable else encoded
                while (waiting := terminal.take()) is not None:
                    position = position if waiting.seq is None else waiting.seq
                    yield self._encode.sent(waiting, access, reached)
                if reached.late:
                    board.close()  # the board is there: what is older waits its turn
        while (waiting := await terminal.next()) is not None:
            yield self._encode.sent(waiting, access, reached)

    async def _pages(self, access: Access, reached: Reached) -> AsyncIterator[Page]:
        """The back-fill, in turn with that of other terminals: what goes on now for everybody, then everybody's today,
        then what is older.

        Raises ``Unwanted`` as soon as it is not wanted any more.
        """
        shown = self._audience.shown(access)
        pages = Backfill(self._hub, self._stock, access, reached, shown).pages()
        rank, more = NOW if reached == Reached() else OLDER, True
        while more:
            found, more = await self._hub.later(self._terminal.open, turn, pages, rank=rank)
            if any(page.board for page in found):
                rank = TODAY if rank == NOW else OLDER
            for page in found:
                yield page
