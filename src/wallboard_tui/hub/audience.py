"""Room ``hub``: who listens to the feed: its terminals, and the channels that those with equal access share. Knows what
a channel carries, and the hub's directory.
"""

import asyncio
from collections.abc import Iterable, Sequence, Set

from wallboard_tui.hub.channel import Channel, Watched
from wallboard_tui.hub.encoder import Encoder
from wallboard_tui.hub.hub import Committed, Hub
from wallboard_tui.hub.known import WATCHED, Access
from wallboard_tui.hub.terminal import Terminal
from wallboard_tui.journal.base import Ref
from wallboard_tui.model.change import Entry

CURSOR_LAG = 500
"""Seqs after which a terminal that sees none of the changes gets an empty frame, so that its cursor moves along."""


class Audience:
    """All terminals of a hub, each in the channels of its access once it has joined."""

    def __init__(self, hub: Hub, encode: Encoder) -> None:
        self._hub = hub
        self._encode = encode
        self.terminals: set[Terminal] = set()
        self._channels: dict[tuple[bool, str], Channel] = {}
        """By whether it is personal, and the fingerprint or stream of the gates that it serves."""
        self.seq = hub.view.seq
        """Seq of the last entry that was handed to the channels."""

    @property
    def streams(self) -> int:
        """How many streams are filtered, redacted and encoded for all terminals together."""
        return sum(not personal for personal, _ in self._channels)

    # -- coming and going

    def join(self, terminal: Terminal, access: Access, watched: Watched) -> None:
        """From now on what happens waits at the terminal, as far as its access shows it. ``watched``: as it stands."""
        for personal, name in _names(access):
            channel = self._channels.get((personal, name))
            if channel is None:
                channel = self._channels[personal, name] = Channel(access.gate, personal, quiet_since=self.seq)
                channel.begin(watched)
            channel.terminals.add(terminal)

    def shown(self, access: Access) -> Set[Ref]:
        """What somebody who has joined may see of all ``WATCHED`` documents."""
        channels = (self._channels.get(name) for name in _names(access))
        # Whoever was cut meanwhile has left: nothing is for them.
        return frozenset[Ref]().union(*(channel.shown for channel in channels if channel is not None))

    def leave(self, terminal: Terminal) -> None:
        """Nothing that happens waits at the terminal any more."""
        for name in _names(terminal.access) if terminal.access is not None else ():
            channel = self._channels.get(name)
            if channel is not None:
                channel.terminals.discard(terminal)
                if not channel.terminals:
                    del self._channels[name]

    def stays(self, terminal: Terminal, access: Access) -> None:
        """The terminal's access was computed anew and shows the same: it stays where it is, behind the newer gate."""
        terminal.access = access
        for name in _names(access):
            if (channel := self._channels.get(name)) is not None:
                channel.gate = access.gate

    def personal(self) -> dict[str, Channel]:
        """The channels of one person each, by fingerprint."""
        return {name: channel for (personal, name), channel in self._channels.items() if personal}

    # -- what they are told

    def tell(self, part: Sequence[Entry], committed: Committed) -> None:
        """Tell everybody of some entries of a commit, as far as their access shows them."""
        # What is personal comes first: the cursor moves with what everybody gets.
        for channel in sorted(self._channels.values(), key=lambda each: not each.personal):
            self._tell(channel, part, committed)
        self.seq = part[-1].seq

    def _tell(self, channel: Channel, part: Sequence[Entry], committed: Committed) -> None:
        seq = part[-1].seq
        found = channel.rows(part, committed.before)
        if channel.personal:
            if found:
                channel.send(self._encode.changes(found))
        elif found or seq - channel.quiet_since >= CURSOR_LAG or committed.kinds & WATCHED:
            channel.send(self._encode.changes(found), seq)

    async def review(self, seq: int) -> None:
        """Tell everybody what has come into sight and gone out of it, now that the directory is another."""
        documents = await self._hub.read(self.watched)
        for channel in list(self._channels.values()):
            if found := channel.review(documents, seq):
                channel.send(self._encode.changes(found))
            await asyncio.sleep(0)  # who was cut is told meanwhile

    def watched(self) -> Watched:
        """All documents of ``WATCHED`` kinds as they stand. Belongs on the hub's thread."""
        return self._hub.known.watched


def _names(access: Access) -> Iterable[tuple[bool, str]]:
    """The channels of somebody: what is theirs alone, and what everybody with equal scopes gets."""
    return (True, access.gate.fingerprint), (False, access.gate.stream)
