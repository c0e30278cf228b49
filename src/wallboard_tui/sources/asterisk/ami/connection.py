"""Room ``sources``: one connection to a manager interface: signs in, asks, and hands on events. Input and output only.

Made by ``connecting.connect``. Everything that goes wrong is told as ``AmiError``, a sentence each.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Collection, Sequence

from wallboard_tui.sources.asterisk.ami.answers import Answer, Arrived, Asked
from wallboard_tui.sources.asterisk.ami.errors import (
    AmiError,
    AmiRefused,
    answered_with,
    gone,
    hung_up_on,
    login_refused,
    not_ami,
    not_asterisk,
    silent,
    too_long,
)
from wallboard_tui.sources.asterisk.ami.settings import AmiSettings
from wallboard_tui.sources.asterisk.ami.socket import Socket
from wallboard_tui.sources.asterisk.ami.wire import Blocks, action, greeting, may_greet

SHORT_BYTES = 4096
"""No greeting is longer, nor any answer before the login."""
PATIENCE = 6
"""How many times its time an answer may take at most while other things come: it stands behind them."""
ENDLESS_BYTES = 64 << 20
"""What is so long without an end is no message, and what follows would never be heard."""
MOST_WAITING = 2_000
"""Events that wait for whoever takes them; beyond, what comes stays at the socket as it came, a fifth of the size,
until some were taken."""
TOO_MANY_MALFORMED = 50
"""So many blocks in a row that are none: this is no manager interface (any more)."""


class Connection:
    """A signed-in connection. ``wanted``: the events to be given; ``None``: all."""

    def __init__(
        self,
        settings: AmiSettings,
        socket: Socket,
        wanted: Collection[str] | None = None,
    ) -> None:
        self.settings = settings
        self.version = ""
        self.arrived = 0
        """Events that came, those included that nobody wanted."""
        self.booted: Arrived | None = None
        """The phone system's word that it has started up, which it also says at a login."""
        self._socket = socket
        self._blocks = Blocks(wanted)
        self._asked: dict[str, Asked] = {}
        self._ident = 0
        self._events: list[Arrived] = []
        self._news = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self.opened_at = self.heard_at = time.time()
        """When it was signed in, and when that came which was taken last, by this machine's clock."""
        self._heard = float("-inf")
        """When something was last taken, by the event loop's clock."""
        self._signed_in = False
        self._lost: AmiError | None = None
        self._reading: asyncio.Task[None] | None = None

    @property
    def malformed(self) -> int:
        """Blocks so far that were no messages."""
        return self._blocks.malformed

    # -- asking

    async def ask(self, name: str, **fields: str) -> Answer:
        """Send an action and wait for all of its answer.

        Raises ``AmiRefused`` when Asterisk says no, ``AmiError`` when the line is lost or silent.
        """
        if self._lost is not None:
            raise self._lost
        self._ident += 1
        ident = f"wallboard-{self._ident}"
        asked = self._asked[ident] = Asked(name)
        began = asyncio.get_running_loop().time()
        try:
            self._socket.write(action(name, ident, fields))
            self._room.set()
            async with asyncio.timeout(self.settings.timeout_s):
                await self._socket.drain()
            return await self._answered(asked)
        except TimeoutError as error:
            took = max(self.settings.timeout_s, asyncio.get_running_loop().time() - began)
            raise silent(self.settings.address, f"did not answer {name}", round(took, 1), greeted=True) from error
        except OSError as error:
            raise gone(self.settings.address, error) from error
        finally:
            self._asked.pop(ident, None)

    async def _answered(self, asked: Asked) -> Answer:
        """Wait while something comes: in a flood of events the answer stands behind them. Not for ever, and before the
        login, where nothing else can come, not at all.
        """
        loop = asyncio.get_running_loop()
        began = loop.time()
        last = began + self.settings.timeout_s * (PATIENCE if self._signed_in else 1)
        while not asked.done.done():
            until = min(max(began, self._heard) + self.settings.timeout_s, last)
            if loop.time() >= until:
                raise TimeoutError
            await asyncio.wait((asked.done,), timeout=until - loop.time())
        return asked.done.result()

    async def events(self) -> AsyncIterator[list[Arrived]]:
        """Events as they come, all that came since the last time at once. Raises ``AmiError`` when the line ends."""
        while True:
            await self._news.wait()
            self._news.clear()
            taken = self.taken()
            if taken:
                yield taken
            elif self._lost is not None:
                raise self._lost

    @property
    def waiting(self) -> Sequence[Arrived]:
        """The events that came so far and were not given yet; they stay."""
        return tuple(self._events)

    def taken(self) -> list[Arrived]:
        """The events that came so far and were not given yet."""
        taken, self._events = self._events, []
        self._room.set()
        return taken

    async def close(self) -> None:
        """Say goodbye, as far as that is possible, and hang up."""
        if self._reading is not None:
            if self._lost is None:
                self._socket.write(action("Logoff", "wallboard-bye", {}))
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)
        await self._socket.close()

    # -- signing in

    async def open(self, secret: str) -> None:
        """Read the greeting and sign in: by MD5 challenge, and in plain where Asterisk knows no challenge."""
        address, login = self.settings.address, self.settings.login
        await self._greet()
        self._reading = asyncio.create_task(self._read())
        try:
            challenge = (await self.ask("Challenge", AuthType="MD5")).response.get("challenge", "")
        except AmiRefused:
            challenge = ""
        except AmiError as error:
            if error.name == "lost":
                raise hung_up_on(address, None, greeted=True) from error
            raise
        if challenge:
            # Not ours to choose: the challenge is defined with MD5.
            answer = hashlib.md5((challenge + secret).encode(), usedforsecurity=False).hexdigest()
            fields = {"AuthType": "MD5", "Username": self.settings.login, "Key": answer}
        else:
            fields = {"Username": self.settings.login, "Secret": secret}
        try:
            await self.ask("Login", **fields, Events="on")
        except AmiRefused as error:
            raise login_refused(address, login, f"refused the login {login}: {error.said}") from error
        except AmiError as error:
            if error.name == "lost":
                raise login_refused(address, login, f"hung up on the login {login}") from error
            raise
        self.opened_at = time.time()

    async def _greet(self) -> None:
        said, whole = b"", False
        try:
            async with asyncio.timeout(self.settings.timeout_s):
                while not whole and may_greet(said) and len(said) < SHORT_BYTES:
                    _, data = await self._socket.read()
                    if not data:
                        raise ConnectionAbortedError
                    said += data
                    whole = b"\n" in said
        except TimeoutError as error:
            raise silent(self.settings.address, "did not greet", self.settings.timeout_s, greeted=False) from error
        except OSError as error:
            if not said:
                raise hung_up_on(self.settings.address, error, greeted=False) from error
        line, _, rest = said.partition(b"\n")
        version = greeting(line.strip()) if whole else None
        if version is None:
            raise not_asterisk(self.settings.address, self.settings.usual_port, said)
        self.version = version
        self._take(rest, time.time())

    # -- reading

    async def _read(self) -> None:
        """Read for ever. Whatever ends it is told to all who wait."""
        try:
            while True:
                await self._room.wait()
                at, data = await self._socket.read()
                if not data:
                    raise gone(self.settings.address, None)
                self._heard, self.heard_at = asyncio.get_running_loop().time(), at
                self._take(data, at)
                await asyncio.sleep(0)  # where much waits, others get their turn
        except AmiError as error:
            self._end(error)
        except OSError as error:
            self._end(gone(self.settings.address, error))
        except Exception as error:  # whoever waits must hear of it, whatever it is
            self._end(AmiError("lost", f"Reading from {self.settings.address} failed: {error}.", "It is tried again."))
            raise

    def _take(self, data: bytes, now: float) -> None:
        before = self._blocks.passed
        for message in self._blocks.feed(data):
            asked = self._asked.get(message.get("actionid", ""))
            if asked is not None:
                self._signed_in = self._signed_in or asked.name == "Login"
                asked.take(message)
            elif "event" in message and "actionid" not in message:
                self.arrived += 1
                self._events.append(Arrived(now, message))
                if message["event"] == "FullyBooted":
                    # Asterisk says so to whoever may read ``system``.
                    self.booted = self._events[-1]
        self.arrived += self._blocks.passed - before
        if self._events:
            self._news.set()
        if len(self._events) >= MOST_WAITING and not self._asked:
            self._room.clear()
        self._check()

    def _check(self) -> None:
        """Raise ``AmiError`` where what comes is no manager interface, or none any more."""
        blocks, address = self._blocks, self.settings.address
        if not self._signed_in and blocks.malformed:
            raise not_ami(address, self.settings.usual_port, answered_with(blocks.odd))
        if not self._signed_in and blocks.unfinished > SHORT_BYTES:
            raise not_ami(address, self.settings.usual_port, too_long(SHORT_BYTES))
        if blocks.in_a_row >= TOO_MANY_MALFORMED or blocks.skipped > ENDLESS_BYTES:
            raise AmiError(
                "garbage",
                f"What {address} sends is not readable any more.",
                "It is connected again; if this goes on, check what listens there.",
            )

    def _end(self, error: AmiError) -> None:
        self._lost = error
        self._news.set()
        for asked in self._asked.values():
            if not asked.done.done():
                asked.done.set_exception(error)
