"""Room ``tui``: a terminal that looks through somebody else's eyes: read-only, audited by the hub, cut to the viewer's
own access. No Textual here.

What it is sent stays in memory: nothing of it is ever on a disk, whatever ends the program.
"""

import asyncio
import time
from typing import TYPE_CHECKING, Self

from wallboard_tui.client.cache import Cache
from wallboard_tui.client.errors import HubError
from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Me
from wallboard_tui.tui.following import Following, Reach, import_all, refused
from wallboard_tui.tui.terminal import Listener, TerminalError

if TYPE_CHECKING:
    from wallboard_tui.client.hub import HubClient

READ_ONLY = "You view as {name}: read-only. Press Esc to act as yourself again."


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
        _, reason = await self._follow(self._client, listener)
        self.me = None
        listener.signed_out(reason)

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
