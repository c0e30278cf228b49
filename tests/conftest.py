"""What tests of several rooms share: recordings of a manager interface, and a phone system that speaks it."""

import asyncio
import gc
import lzma
import re
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import md5
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, not whether a law holds.
settings.register_profile("laws", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("laws")

COLLECT = (50_000, 10, 10)
"""Thresholds of Python's search for reference cycles. Looking as often as it does by default is a seventh of what
tests of access cost and a third of what those of the screen do; the hub, too, looks as seldom as this."""

RECORDINGS = Path(__file__).parent / "data" / "asterisk"
END = b"\r\n\r\n"


def pytest_collection_finish() -> None:
    """What is loaded by now stays, so it is looked through no more."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT)


def block_of(**fields: str) -> bytes:
    """A block as Asterisk sends it; underscores in names are hyphens."""
    return "\r\n".join(f"{name.replace('_', '-')}: {value}" for name, value in fields.items()).encode()


def field_of(block: bytes, name: str) -> str:
    """A field of a block, empty where it has none."""
    found = re.search(rb"(?:^|\r\n)" + name.encode() + rb": ?([^\r\n]*)", block, re.IGNORECASE)
    return found.group(1).decode() if found else ""


@dataclass
class Pbx:
    """A phone system's manager interface on a real port: what it says is what the test lets it say."""

    login: str = "wallboard"
    secret: str = "sesame"
    banner: bytes = b"Asterisk Call Manager/11.0.0\r\n"
    knows_challenge: bool = True
    refused: set[str] = field(default_factory=set)
    """Actions, in lower case, that the account may not ask."""
    silent: set[str] = field(default_factory=set)
    """Actions, in lower case, that are never answered."""
    lists: dict[str, list[bytes]] = field(default_factory=dict)
    """Action, in lower case → the blocks of its answer."""
    meanwhile: dict[str, list[bytes]] = field(default_factory=dict)
    """Action, in lower case → events that happen right after its answer."""
    answers: dict[str, bytes] = field(default_factory=dict)
    """Action, in lower case → the one block that answers it."""
    clock: Callable[[], float] | None = None
    uptime: int | None = None
    asked: list[str] = field(default_factory=list)
    logins: int = 0
    port: int = 0
    _server: asyncio.Server | None = None
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)
    """Of those who are signed in."""
    _serving: dict[asyncio.Task[Any], asyncio.StreamWriter] = field(default_factory=dict)
    _arrived: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def start(self, port: int = 0) -> None:
        """Listen; ``port`` 0: on any."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", port)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Go down: every connection ends, and nobody listens."""
        self.hang_up()
        if self._server is not None:
            self._server.close()
        for writer in self._serving.values():
            writer.transport.abort()
        # To their ends: the loop, at its own end, would cancel them in the middle of a read.
        await asyncio.gather(*self._serving)

    def hang_up(self) -> None:
        """End every connection at once."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()

    async def say(self, blocks: Iterable[bytes], pieces: Callable[[bytes], Sequence[bytes]] | None = None) -> None:
        """Send events to whoever is signed in; ``pieces`` tears the bytes."""
        data = b"".join(block + END for block in blocks)
        for writer in list(self._writers):
            with suppress(ConnectionError):
                for piece in pieces(data) if pieces else (data,):
                    writer.write(piece)
                    if pieces:
                        await asyncio.sleep(0)
                await writer.drain()

    async def until(self, condition: Callable[["Pbx"], bool]) -> None:
        """Wait until something was asked, or somebody signed in."""
        async with asyncio.timeout(20), self._arrived:
            await self._arrived.wait_for(lambda: condition(self))

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving[task] = writer
        try:
            await self._talk(reader, writer)
        finally:
            del self._serving[task]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(self.banner)
        challenge = "424242"
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                block = await reader.readuntil(END)
                name = field_of(block, "Action")
                if name.lower() == "login":
                    wanted = md5((challenge + self.secret).encode()).hexdigest()
                    good = self.secret == field_of(block, "Secret") or wanted == field_of(block, "Key")
                    if field_of(block, "Username") != self.login or not good:
                        self._answer(writer, block, [block_of(Response="Error", Message="Authentication failed")])
                        await writer.drain()
                        break
                    self._answer(writer, block, [block_of(Response="Success", Message="Authentication accepted")])
                    self._writers.append(writer)
                    self.logins += 1
                    if self.uptime is not None:
                        writer.write(block_of(Event="FullyBooted", Uptime=str(self.uptime)) + END)
                elif name.lower() not in self.silent:
                    self._answer(writer, block, self._answer_to(name, challenge, field_of(block, "Queue")))
                    writer.writelines(event + END for event in self.meanwhile.get(name.lower(), ()))
                async with self._arrived:
                    self.asked.append(name)
                    self._arrived.notify_all()
        writer.close()

    def _answer_to(self, name: str, challenge: str, queue: str = "") -> list[bytes]:
        word = name.lower()
        if word in self.refused:
            return [block_of(Response="Error", Message="Permission denied")]
        if word == "challenge" and self.knows_challenge:
            return [block_of(Response="Success", Challenge=challenge)]
        if word == "ping":
            now = f"{self.clock():.6f}" if self.clock else "0.000000"
            return [block_of(Response="Success", Ping="Pong", Timestamp=now)]
        if word in self.answers:
            return [self.answers[word]]
        if word in self.lists:
            mark = f"\r\nQueue: {queue}\r\n".encode()
            found = [block for block in self.lists[word] if not queue or mark in block + b"\r\n"]
            done = block_of(Event=f"{name}Complete", EventList="Complete", ListItems=str(len(found)))
            start = block_of(Response="Success", EventList="start", Message=f"{name} will follow")
            return [start, *found, done]
        if word == "listcommands":
            may = {"QueueStatus", "CoreShowChannels", "CoreStatus", "CoreSettings", "Filter", "Agents", "Ping"}
            return [block_of(Response="Success", **{name: "…" for name in may if name.lower() not in self.refused})]
        if word == "coresettings":
            return [block_of(Response="Success", AsteriskVersion="22.10.1", SystemName="pbx1")]
        if word in ("logoff", "filter", "corestatus"):
            return [block_of(Response="Success")]
        return [block_of(Response="Error", Message="Invalid/unknown command")]

    def _answer(self, writer: asyncio.StreamWriter, asked: bytes, blocks: Iterable[bytes]) -> None:
        ident = field_of(asked, "ActionID")
        for block in blocks:
            writer.write(block + f"\r\nActionID: {ident}".encode() + END)


@pytest.fixture
async def new_pbx() -> AsyncIterator[Callable[..., Pbx]]:
    """Phone systems; they go down at the end of the test."""
    made: list[Pbx] = []

    def new(**given: object) -> Pbx:
        made.append(Pbx(**given))  # type: ignore[arg-type]
        return made[-1]

    yield new
    for pbx in made:
        await pbx.stop()


@pytest.fixture(scope="session")
def ami_recording() -> Callable[[str], list[bytes]]:
    """The blocks of a recorded manager interface, without its greeting: ``main``, ``gap1``, ``crash2`` …"""
    known: dict[str, list[bytes]] = {}

    def blocks(name: str) -> list[bytes]:
        if name not in known:
            raw = lzma.decompress((RECORDINGS / f"ami.{name}.xz").read_bytes())
            known[name] = [block for block in raw.partition(b"\r\n")[2].split(END) if block]
        return known[name]

    return blocks


@pytest.fixture(scope="session")
def ami_block() -> Callable[..., bytes]:
    """Makes a block from fields."""
    return block_of
