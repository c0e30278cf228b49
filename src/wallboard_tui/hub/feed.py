"""Room ``hub``: the feed: what a terminal is sent, from hello to bye. Knows the hub, access and the terminals.

Rows go out through channels: one for all whose scopes and redaction are equal, and one beside it for what is a
person's own. What only one terminal needs (hello, back-fill, catching up) is
made for it alone. The order at each terminal is that of the seqs; its cursor says how far it has come.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import ExitStack, suppress

from wallboard_tui.access.derive import Effective
from wallboard_tui.access.reach import decides_otherwise
from wallboard_tui.hub.channel import WATCHED, Channel, Row
from wallboard_tui.hub.encoder import Encoder
from wallboard_tui.hub.every import every
from wallboard_tui.hub.figures import Figures
from wallboard_tui.hub.frames import NOTHING, Cursor, Reached
from wallboard_tui.hub.hub import DIRECTORY_KINDS, Access, Committed, Hub, Unwanted
from wallboard_tui.hub.notices import Notices
from wallboard_tui.hub.resume import missed, tellable
from wallboard_tui.hub.sessions import SENTENCES, Ended, Sessions
from wallboard_tui.hub.snapshot import Backfill
from wallboard_tui.hub.terminal import CUT, Terminal
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Entry
from wallboard_tui.model.me import Me
from wallboard_tui.model.security import Notice

log = logging.getLogger(__name__)

BEAT_S = 4.0
LOOK_S = 1.0
"""How often sessions are looked at."""
FIGURES_S = 0.25
"""How often figures that moved are sent."""
SLICE = 200
"""Entries per frame."""
TOLD_S = 0.5
"""An answer waits so long at most for terminals that lost access to be told: one may be stopped, or cut off."""
LOOKED_AT = 20
"""Terminals whose access is looked at in one piece of work."""
CATCH_UP = 500
"""Entries read at a time for a terminal that was away."""
CURSOR_LAG = 500
"""Seqs after which a terminal that sees none of the changes gets an empty frame, so that its cursor moves along."""


class Feed:
    """All open feeds of a hub. ``start`` it on the loop that serves them."""

    def __init__(self, hub: Hub, sessions: Sessions, figures: Figures) -> None:
        self._hub = hub
        self._sessions = sessions
        self._encode = Encoder(hub)
        self._terminals: set[Terminal] = set()
        self._channels: dict[tuple[bool, str], Channel] = {}
        """By whether it is personal, and the fingerprint or stream of the gates that it serves."""
        self._figures = figures
        self._notices = Notices(hub)
        self._tasks: list[asyncio.Task[None]] = []
        self.seq = hub.view.seq
        """Seq of the last entry that was handed to the channels."""

    def __len__(self) -> int:
        return len(self._terminals)

    @property
    def streams(self) -> int:
        """How many streams are filtered, redacted and encoded for all terminals together."""
        return sum(not personal for personal, _ in self._channels)

    def start(self) -> None:
        """Begin to listen, beat, and look after sessions and figures."""
        self._hub.listeners.append(self.on_commit)
        work = (
            (self._beat, BEAT_S, "beat"),
            (self._look, LOOK_S, "look at sessions"),
            (self._send_figures, FIGURES_S, "figures"),
        )
        self._tasks = [asyncio.create_task(every(seconds, job, what)) for job, seconds, what in work]

    async def stop(self) -> None:
        """Tell every terminal that the hub is going away, and stop."""
        for terminal in list(self._terminals):
            terminal.end("shutting-down")
        with suppress(ValueError):
            self._hub.listeners.remove(self.on_commit)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    # -- one terminal

    async def stream(
        self, person: str, session: str | None, wanted: str | None, viewer: str = ""
    ) -> AsyncIterator[bytes]:
        """The frames of one terminal, encoded. ``wanted``: the cursor it says it has; ``viewer``: who looks through the
        person's eyes.
        """
        terminal = Terminal(person, session, viewer)
        self._terminals.add(terminal)
        try:
            access = await self._admitted(terminal)
            cursor = await self._resumable(Cursor.parse(wanted), access)
            stream = self._continued(terminal, access, cursor) if cursor else self._begun(terminal, access)
            greeted = False
            async for encoded in stream:
                if terminal.over == CUT:
                    return
                yield encoded
                if not greeted:
                    greeted = True
                    for notice in await self._greeting(terminal):
                        yield notice
            if terminal.over not in (None, CUT):
                yield self._encode.frame("bye", reason=terminal.over)
        finally:
            terminal.told.set()
            self._terminals.discard(terminal)
            self._leave(terminal)

    async def _greeting(self, terminal: Terminal) -> list[bytes]:
        """What somebody who came back is to be told; it is told once. The operator and viewers are not told."""
        waiting = self._notices.of(terminal.person) if self._tells(terminal) else []
        if waiting:
            await self._hub.run(self._hub.commit, self._notices.told(waiting))
        return [self._notice(notice) for notice in waiting]

    def _tells(self, terminal: Terminal) -> bool:
        return terminal.session is not None and not terminal.viewer and terminal.over is None

    def _notice(self, notice: Notice) -> bytes:
        return self._encode.frame("notice", text=notice.text, at=notice.at, key=notice.key)

    async def _admitted(self, terminal: Terminal) -> Access:
        """The terminal's access.

        From here on it is told when that changes; what changed just before is looked up again.
        """
        while True:
            access = terminal.access = await self._hub.read(self._hub.access, terminal.person, terminal.viewer)
            if access.me.policy == self._hub.journal.policy():
                return access

    def sign_in(self, why: Ended) -> bytes:
        """The only frame for somebody who is not signed in."""
        return self._encode.frame("hello", answer="sign-in", reason=why.value, sentence=SENTENCES[why])

    async def _resumable(self, cursor: Cursor | None, access: Access) -> Cursor | None:
        """The cursor, if a terminal may go on from it: same history, same access, and nothing it could not be told."""
        if cursor is None or cursor.epoch != self._hub.journal.epoch or cursor.seq > self.seq:
            return None
        if cursor.fingerprint != access.gate.fingerprint:
            return None
        return cursor if await self._hub.read(tellable, self._hub.journal, cursor.seq, access.gate) else None

    async def _begun(self, terminal: Terminal, access: Access) -> AsyncIterator[bytes]:
        """A snapshot from nothing. What happens from ``position`` on waits at the terminal."""
        position = self.seq
        await self._join(terminal, access)
        yield self._encode.hello("snapshot", access.me, position, Reached())
        async for encoded in self._filling(terminal, access, position, Reached()):
            yield encoded

    async def _continued(self, terminal: Terminal, access: Access, cursor: Cursor) -> AsyncIterator[bytes]:
        """Everything since the cursor, then what was missing of the snapshot."""
        yield self._encode.hello("continue", access.me, cursor.seq, cursor.reached)
        position = cursor.seq
        while position < self.seq and terminal.over is None:
            try:
                caught_up = self._hub.later(terminal.open, self._caught_up, access, position, self.seq)
                found, position = await caught_up
            except Unwanted:
                return
            if terminal.over is None:
                yield self._encode.durable(self._encode.changes(found), access, position, cursor.reached)
        # Nothing is awaited between looking at the seq and joining: what comes from then on waits at the terminal.
        await self._join(terminal, access)
        async for encoded in self._filling(terminal, access, position, cursor.reached):
            yield encoded

    def _caught_up(self, access: Access, position: int, seq: int) -> tuple[list[Row], int]:
        entries = [entry for entry in self._hub.journal.read(position, CATCH_UP) if entry.seq <= seq]
        return missed(access.gate, entries), entries[-1].seq if entries else seq

    async def _filling(
        self, terminal: Terminal, access: Access, position: int, reached: Reached
    ) -> AsyncIterator[bytes]:
        """The back-fill, page by page; between two pages whatever happened meanwhile. Then only what happens."""
        until = NOTHING
        # Whoever loses access while their rows are put together is told at once, and not after their next page.
        with suppress(Unwanted), ExitStack() as board:
            if not reached.late:
                board.enter_context(self._hub.precedence.first())
            async for page in Backfill(self._hub, access, reached, terminal.open).pages():
                if terminal.over is not None:
                    break
                if page.ready is None:
                    encoded = self._encode.frame("backfill", changes=page.rows, done=page.done, total=page.total)
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

    async def _join(self, terminal: Terminal, access: Access) -> None:
        new = []
        for personal, name in _channels_of(access):
            channel = self._channels.get((personal, name))
            if channel is None:
                channel = self._channels[personal, name] = Channel(access.gate, personal, quiet_since=self.seq)
                new.append(channel)
            channel.terminals.add(terminal)
        if new:
            watched = await self._hub.read(self._watched)
            for channel in new:
                channel.review(watched, self.seq)

    def _leave(self, terminal: Terminal) -> None:
        for name in _channels_of(terminal.access) if terminal.access is not None else ():
            channel = self._channels.get(name)
            if channel is not None:
                channel.terminals.discard(terminal)
                if not channel.terminals:
                    del self._channels[name]

    def _watched(self) -> list[tuple[str, Doc]]:
        known = self._hub.known
        return [
            *((kind, doc) for kind, doc in known.docs if kind in WATCHED),
            *(("board", doc) for doc in known.boards),
        ]

    # -- what happens

    async def on_commit(self, committed: Committed) -> None:
        """Hand what a commit changed to every terminal. Should that fail, all are cut: they resume by cursor."""
        try:
            await self._hand(committed)
        except Exception:
            log.exception("Changes could not be handed to the terminals; they are cut and resume.")
            for terminal in list(self._terminals):
                terminal.stop(CUT)
            self.seq = max(self.seq, committed.entries[-1].seq)

    async def _hand(self, committed: Committed) -> None:
        entries = committed.entries
        if self._terminals and committed.kinds & (DIRECTORY_KINDS | {"board"}):
            await self._review(entries[-1].seq, sight=bool(committed.kinds & WATCHED))
        for begin in range(0, len(entries), SLICE):
            part = entries[begin : begin + SLICE]
            # What is personal comes first: the cursor moves with what everybody gets.
            for channel in sorted(self._channels.values(), key=lambda each: not each.personal):
                self._tell(channel, part, committed)
            self.seq = part[-1].seq
            await asyncio.sleep(0)
        self._figures.note(entries)
        await self._tell_notices(self._notices.note(entries))

    async def _tell_notices(self, new: Sequence[Notice]) -> None:
        """Tell people who are there; whoever was just told to begin anew is told when they come back."""
        told = []
        for notice in new:
            present = [one for one in self._terminals if one.person == notice.person and self._tells(one)]
            for terminal in present:
                terminal.send(self._notice(notice))
            told += [notice] if present else []
        if told:
            await self._hub.read(self._hub.commit, self._notices.told(told))

    def _tell(self, channel: Channel, part: Sequence[Entry], committed: Committed) -> None:
        seq = part[-1].seq
        found = channel.rows(part, committed.before)
        if channel.personal:
            if found:
                channel.send(self._encode.changes(found))
        elif found or seq - channel.quiet_since >= CURSOR_LAG or committed.kinds & WATCHED:
            channel.send(self._encode.changes(found), seq)

    async def _review(self, seq: int, *, sight: bool) -> None:
        """The directory or a board changed: everybody gets what is theirs now, or is told to begin anew."""
        # First, at once, whoever plainly lost or gained something; then everybody is looked at in full.
        served = [(one, one.access) for one in self._terminals if one.access is not None and one.over is None]
        for terminal in await self._hub.read(plainly_changed, self._hub, served):
            terminal.stop("access-changed")
            self._leave(terminal)
        left = [(terminal, access) for terminal, access in served if terminal.over is None]
        for begin in range(0, len(left), LOOKED_AT):
            part = left[begin : begin + LOOKED_AT]
            for (terminal, old), new in zip(part, await self._hub.read(self._accesses, part), strict=True):
                if terminal.over is None:
                    await self._review_terminal(terminal, old, new)
        await _all_told([terminal for terminal, _ in served if terminal.over is not None])
        if sight:
            documents = await self._hub.read(self._watched)
            for channel in list(self._channels.values()):
                if found := channel.review(documents, seq):
                    channel.send(self._encode.changes(found))
                await asyncio.sleep(0)  # who was cut is told meanwhile

    def _accesses(self, served: Iterable[tuple[Terminal, Access]]) -> list[Access | None]:
        return [self._hub.access_or_none(terminal.person, terminal.viewer) for terminal, _ in served]

    async def _review_terminal(self, terminal: Terminal, old: Access, access: Access | None) -> None:
        if access is None and terminal.viewer:
            terminal.stop("access-changed")
            self._leave(terminal)
        elif access is None or (terminal.session is not None and "login" not in access.me.capabilities):
            terminal.stop(Ended.DISABLED.value)
            self._leave(terminal)
            await self._end_sessions([terminal.session] if terminal.session else [], Ended.DISABLED)
        elif access.gate.fingerprint != old.gate.fingerprint:
            terminal.stop("access-changed")
            self._leave(terminal)
        else:
            terminal.access = access
            for name in _channels_of(access):
                if (channel := self._channels.get(name)) is not None:
                    channel.gate = access.gate
            if _differs(old.me, access.me):
                terminal.send(self._encode.frame("me", me=access.me.model_dump(mode="json")))

    # -- sessions and beats

    async def end_session(self, key: str, why: Ended) -> None:
        """A session is over: its feeds are told, and it is taken out of the journal."""
        await self._hub.run(self._hub.commit, self._sessions.removals([key]))
        self._over([key], why)

    async def _end_sessions(self, keys: Sequence[str], why: Ended) -> None:
        await self._hub.read(self._hub.commit, self._sessions.removals(keys))
        self._over(keys, why)

    def _over(self, keys: Sequence[str], why: Ended) -> None:
        self._sessions.ended(keys, why)
        for terminal in self._terminals:
            if terminal.session in keys:
                terminal.stop(why.value)

    async def _look(self) -> None:
        overdue = self._sessions.overdue()
        for why in {why for _, why in overdue}:
            keys = [key for key, reason in overdue if reason is why]
            await self._hub.run(self._hub.commit, self._sessions.removals(keys))
            self._over(keys, why)
        # A session that ended elsewhere (a new password) takes its feeds along.
        for terminal in list(self._terminals):
            if terminal.session is not None and isinstance(state := self._sessions.check(terminal.session), Ended):
                terminal.stop(state.value)

    async def _beat(self) -> None:
        encoded = self._encode.frame("beat")
        for terminal in self._terminals:
            terminal.send(encoded)

    async def _send_figures(self) -> None:
        served = {print_: channel for (personal, print_), channel in self._channels.items() if personal}
        access = {print_: t.access for print_, each in served.items() for t in each.terminals if t.access is not None}
        for fingerprint, documents in await self._figures.moved(access):
            if (channel := self._channels.get((True, fingerprint))) is not None:
                channel.send(self._encode.frame("figures", documents=documents))


def _channels_of(access: Access) -> tuple[tuple[bool, str], tuple[bool, str]]:
    """The channels of somebody: what is theirs alone, and what everybody with equal scopes gets."""
    return (True, access.gate.fingerprint), (False, access.gate.stream)


def plainly_changed(hub: Hub, served: Iterable[tuple[Terminal, Access]]) -> list[Terminal]:
    """Terminals of people whose scopes are others now, so that what they have cannot be what is theirs.

    Belongs on the hub's thread. This is much less work than looking in full at what everybody may know.
    """
    known: dict[tuple[str, str], Effective] = {}
    found = []
    for terminal, access in served:
        who = (terminal.person, terminal.viewer)
        if who not in known:
            known[who] = hub.effective(*who)
        held = known[who]
        if "login" in held.capabilities and decides_otherwise(access.gate.reach.effective, held):
            found.append(terminal)
    return found


async def _all_told(cut: Iterable[Terminal]) -> None:
    """Wait until those who were cut have been told; who takes nothing from the line is not waited for long."""
    waiting = [asyncio.create_task(terminal.told.wait()) for terminal in cut]
    if waiting:
        _, late = await asyncio.wait(waiting, timeout=TOLD_S)
        for task in late:
            task.cancel()


def _differs(old: Me, new: Me) -> bool:
    """Whether a terminal has something to recompose."""
    always = {"policy", "server_time"}
    return old.model_dump(exclude=always) != new.model_dump(exclude=always)
