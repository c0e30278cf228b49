"""Room ``tui``: a terminal that looks through somebody else's eyes: read-only, audited by the hub, cut to the viewer's
own access. No Textual here.

What it is sent stays in memory: nothing of it is ever on a disk, whatever ends the program.
"""

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Self

from wallboard_tui.client.cache import Cache
from wallboard_tui.client.errors import HubError
from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Me
from wallboard_tui.tui.following import Following, Reach, import_all, refused
from wallboard_tui.tui.terminal import READ_ONLY, Listener, TerminalError

if TYPE_CHECKING:
    from wallboard_tui.client.hub import HubClient

FORBIDDEN = frozenset({"not-permitted", "not-found"})
"""Names of the hub's refusals after which a view is over."""


class ViewingTerminal(Following):
    """What somebody else's terminal would show, as far as the viewer may see it too.

    It is never signed in or out: it ends with ``close``, and by itself with the viewer's session or right to look.
    """

    def __init__(self, client: "HubClient", me: Me, *, reach: Reach | None = None) -> None:
        super().__init__(reach=reach)
        self.address = client.address
        self.person = me.person
        self.me = me
        self._name = me.name
        self._client = client
        self._cache = Cache.in_memory(client.address, me.person)
        self._cache.begin(me, time.time())
        self.gone = asyncio.Event()
        """The viewer may not look any more, or there is nobody to look at."""

    @classmethod
    async def begin(cls, address: str, token: str | None, person: str, *, reach: Reach | None = None) -> Self:
        """Asks the hub what somebody sees. Raises ``TerminalError`` where one may not look, or nobody answers."""
        await asyncio.to_thread(import_all)
        from wallboard_tui.client.hub import HubClient

        client = HubClient(address, token=token, view_as=person)
        try:
            me = await client.me()
        except HubError as error:
            await client.close()
            raise refused(error) from error
        return cls(client, me, reach=reach)

    async def run(self, listener: Listener) -> None:
        assert self._client is not None
        following = asyncio.ensure_future(self._follow(self._client, _Watched(self, listener)))
        gone = asyncio.ensure_future(self.gone.wait())
        try:
            await asyncio.wait({following, gone}, return_when=asyncio.FIRST_COMPLETED)
            reason = following.result()[1] if following.done() else self.standing().reason
        finally:
            for task in (gone, following):
                task.cancel()
            with suppress(asyncio.CancelledError):
                await following
        self.me = None
        listener.signed_out(reason)

    def connection_changed(self) -> None:
        """It stands otherwise with the hub. What the hub forbids now, asking again does not permit."""
        if self._sync is not None and self._sync.connection.why in FORBIDDEN:
            self.gone.set()

    async def followup(self, key: str, act: str, note: str = "", revision: int | None = None) -> Doc:
        raise TerminalError("read-only", READ_ONLY.format(name=self._name))

    async def view_as(self, person: str) -> "ViewingTerminal":
        raise TerminalError("read-only", READ_ONLY.format(name=self._name))

    async def prepare(self) -> None:
        """Nothing: nobody signs in here."""

    async def active(self) -> None:
        """Nothing: whoever is at the keys is the viewer, whose own terminal tells the hub."""

    async def resume(self) -> Me | None:
        return self.me

    async def sign_in(self, address: str, person: str, password: str) -> Me:
        raise TerminalError("read-only", READ_ONLY.format(name=self._name))

    async def set_password(self, address: str, person: str, old: str, new: str) -> Me:
        raise TerminalError("read-only", READ_ONLY.format(name=self._name))

    async def sign_out(self) -> None:
        await self.close()


class _Watched:
    """Tells a listener everything, and the terminal itself how it stands with the hub."""

    def __init__(self, terminal: ViewingTerminal, listener: Listener) -> None:
        self._terminal = terminal
        self._listener = listener

    def view_changed(self, kinds: frozenset[str]) -> None:
        self._listener.view_changed(kinds)

    def connection_changed(self) -> None:
        self._terminal.connection_changed()
        self._listener.connection_changed()

    def access_changed(self, me: Me) -> None:
        self._listener.access_changed(me)

    def view_replaced(self) -> None:
        self._listener.view_replaced()

    def notice(self, sentence: str) -> None:
        self._listener.notice(sentence)

    def signed_out(self, reason: str) -> None:
        self._listener.signed_out(reason)
