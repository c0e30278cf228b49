"""Room ``tui``: the terminal of whoever signs in at a hub, by the means of the ``client`` room. No Textual here.

Light to import, for the first paint: everything that needs the network is imported when it is first used.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING

from wallboard_tui.client import session
from wallboard_tui.client.cache import Cache
from wallboard_tui.client.connection import elapsed
from wallboard_tui.client.errors import HubError
from wallboard_tui.client.home import Home, HomeError
from wallboard_tui.client.session import Session
from wallboard_tui.model.me import Me
from wallboard_tui.tui.following import Following, Reach, import_all, import_network, refused
from wallboard_tui.tui.terminal import Listener, TerminalError

if TYPE_CHECKING:
    from wallboard_tui.client.hub import HubClient
    from wallboard_tui.tui.viewing import ViewingTerminal

RESUME_S = 5.0
"""With nothing to show, the hub is given so long to say who is signed in before the sign-in screen comes."""
ACTIVE_EVERY_S = 60.0
"""The hub is told of key presses at most this often; the shortest idle limit is minutes."""


class OnlineTerminal(Following):
    """One person's terminal of a hub.

    ``reach`` is awaited before the hub is first spoken to and when nobody answers: it may start a hub of one's own.
    """

    def __init__(
        self,
        home: Home,
        *,
        address: str = "",
        reach: Reach | None = None,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = elapsed,
    ) -> None:
        super().__init__(reach=reach, wall=wall, monotonic=monotonic)
        self._home = home
        remembered = session.load(home.session)
        if remembered is not None and address and remembered.address != address:
            remembered = None
        self._token = remembered.token if remembered else None
        self.address = address or (remembered.address if remembered else "")
        self.person = remembered.person if remembered else ""
        self._told = float("-inf")

    # Signing in and out

    async def prepare(self) -> None:
        # What the network and the feed need takes a while to import; on another thread nobody who types waits for it.
        await asyncio.to_thread(import_all)
        if self._sync is None and self.address:
            with suppress(HubError):  # signing in will say it
                await (await self._line(self.address, self._token)).health()

    async def resume(self) -> Me | None:
        if self._token is None or not self.address or not self.person:
            return None
        self._cache = Cache.open(self._home, self.address, self.person, self._wall())
        if self._cache.me is None or self._cache.view is None:
            try:
                me = await self._who()
            except HubError as error:
                if error.signed_out:
                    session.forget(self._home.session)
                    return None
                raise TerminalError(error.name, f"{self._cannot_show()} {error}") from error
            await self._open_cache(me)
        self.me = self._cache.me
        return self.me

    async def _who(self) -> Me:
        """Who is signed in, asked of the hub. Raises ``HubError``, after a few seconds when it does not answer."""
        client = await self._line(self.address, self._token)
        try:
            async with asyncio.timeout(RESUME_S):
                return await client.me()
        except TimeoutError as error:
            raise HubError("no-answer", f"the hub at {self.address} does not answer", "Try again.") from error
        except HubError as error:
            if error.name != "unreachable" or self._reach is None:
                raise
        return await (await self._hub(self.address, self._token)).me()

    def _cannot_show(self) -> str:
        """Why nothing is on the screen although somebody is signed in."""
        if self._cache is not None and self._cache.until is not None and self._wall() >= self._cache.until:
            until = datetime.fromtimestamp(self._cache.until).astimezone()
            return f"What this terminal keeps could be shown without the hub until {until:%d %b %H:%M}."
        return "This terminal keeps nothing that it could show without the hub."

    async def sign_in(self, address: str, person: str, password: str) -> Me:
        try:
            client = await self._hub(address)
            me = await client.sign_in(person, password, _terminal_name())
        except HubError as error:
            raise refused(error) from error
        return await self._signed_in(client, me)

    async def set_password(self, address: str, person: str, old: str, new: str) -> Me:
        try:
            client = await self._hub(address, self._token if self.me else None)
            me = await client.set_password(person, old, new)
        except HubError as error:
            raise refused(error) from error
        if self.me is not None and self._sync is not None:
            self._token = client.token
            session.save(self._home.session, Session(self.address, self.person, self._token))
            self._sync.client.token = client.token
            return me
        return await self._signed_in(client, me)

    async def _signed_in(self, client: "HubClient", me: Me) -> Me:
        self._token, self.address, self.person = client.token, client.address, me.person
        with suppress(OSError, HomeError):  # without it the person signs in again next time, and nothing else is lost
            self._home.prepare()
            session.save(self._home.session, Session(self.address, self.person, self._token))
        if self._cache is not None:
            self._cache.close()
        self._cache = await asyncio.to_thread(Cache.open, self._home, self.address, self.person, self._wall())
        await self._open_cache(me)
        self.me = me
        return me

    async def _open_cache(self, me: Me) -> None:
        assert self._cache is not None
        if self._cache.fits(me):
            await asyncio.to_thread(self._cache.confirm, me, self._wall())
        else:
            await asyncio.to_thread(self._cache.begin, me, self._wall())
            self._cache.release()

    async def sign_out(self) -> None:
        if self._client is not None:
            await self._client.sign_out()
        with suppress(OSError):
            session.forget(self._home.session)
        if self._cache is not None:
            self._cache.purge()
        self._cache, self._sync, self._token, self.me = None, None, None, None

    async def _hub(self, address: str, token: str | None = None) -> "HubClient":
        """A line to the hub at an address; starts one's own hub when there is a way to."""
        if self._reach is not None:
            try:
                await self._reach()
            except HomeError as error:
                raise HubError("home", f"{error.thing}: {error.reason}", error.next) from error
        return await self._line(address, token)

    async def _line(self, address: str, token: str | None) -> "HubClient":
        """A line to the hub at an address, whether or not there is one."""
        from wallboard_tui.client.hub import HubClient

        if self._client is None or self._client.address != address:
            if self._client is not None:
                await self._client.close()
            self._client = HubClient(address)
        self._client.token = token
        return self._client

    # Following

    async def run(self, listener: Listener) -> None:
        await asyncio.to_thread(import_network)
        # Nothing is waited for: the feed finds out by itself whether the hub is there, and says so meanwhile.
        _, reason = await self._follow(await self._line(self.address, self._token), listener)
        with suppress(OSError):
            session.forget(self._home.session)
        self._token, self.me = None, None
        listener.signed_out(reason)

    async def view_as(self, person: str) -> "ViewingTerminal":
        """Another terminal, through somebody else's eyes. Raises ``TerminalError`` where that is not permitted."""
        from wallboard_tui.tui.viewing import ViewingTerminal

        return await ViewingTerminal.begin(self.address, self._token, person, reach=self._reach)

    # Acting

    async def active(self) -> None:
        now = self._monotonic()
        if self._client is not None and now - self._told >= ACTIVE_EVERY_S:
            self._told = now
            with suppress(HubError):  # the feed says by itself what is wrong with the hub
                await self._client.activity()


def _terminal_name() -> str:
    import platform

    return platform.node()
