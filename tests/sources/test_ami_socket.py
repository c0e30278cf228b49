"""The socket of a manager interface is read at once, however busy whoever takes what comes."""

import asyncio
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from wallboard_tui.sources.asterisk.ami import connection as connections
from wallboard_tui.sources.asterisk.ami import socket as sockets
from wallboard_tui.sources.asterisk.ami.connecting import connect
from wallboard_tui.sources.asterisk.ami.connection import Connection
from wallboard_tui.sources.asterisk.ami.errors import AmiError
from wallboard_tui.sources.asterisk.ami.settings import AmiSettings
from wallboard_tui.sources.asterisk.ami.socket import Socket

WRITE_TIMEOUT_S = 0.1
"""Asterisk's own, unless manager.conf says otherwise: who cannot be written to for so long is hung up on."""
EVENTS, BUSY_S = 5_000, 0.5
"""More events than the kernel keeps while nobody reads, and time enough for Asterisk to lose its patience."""
NO_FAMILY = 255
"""No machine has addresses of this family."""


class Impatient(threading.Thread):
    """A phone system with little room for what nobody reads: it hangs up as Asterisk does. ``said``: events written."""

    def __init__(self, events: int, patience_s: float = WRITE_TIMEOUT_S) -> None:
        super().__init__(daemon=True)
        self._events, self._patience_s = events, patience_s
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.settings = AmiSettings("127.0.0.1", "wallboard", self._listening.getsockname()[1])
        self.go = threading.Event()
        self.said = 0
        self.start()

    def run(self) -> None:
        line, _ = self._listening.accept()
        with self._listening, line:
            line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
            # As Asterisk does it: else each few kilobytes would wait for a delayed acknowledgement.
            line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            line.sendall(b"Asterisk Call Manager/11.0.0\r\n")
            for answer in (b"Response: Error\r\nMessage: Invalid/unknown command", b"Response: Success"):
                ident = line.recv(4096).partition(b"ActionID: ")[2].partition(b"\r\n")[0]
                line.sendall(answer + b"\r\nActionID: " + ident + b"\r\n\r\n")
            self.go.wait(20)
            line.settimeout(self._patience_s)
            for n in range(self._events):
                try:
                    line.sendall(b"Event: QueueCallerJoin\r\nUniqueid: %d\r\nMore: %b\r\n\r\n" % (n, b"." * 500))
                except OSError:  # it takes too long, or nobody is there any more
                    return
                self.said += 1


@pytest.fixture
def impatient() -> Iterator[Impatient]:
    found = Impatient(EVENTS)
    yield found
    found.go.set()
    found.join(20)


async def all_of(line: Connection) -> tuple[list[str], int]:
    """Events until the line ends, and the most bytes that waited meanwhile."""
    found: list[str] = []
    most = 0
    with suppress(AmiError):
        async for arrived in line.events():
            most = max(most, line._socket.waiting)
            found += [one.event["uniqueid"] for one in arrived]
    return found, most


async def drained(line: Connection) -> None:
    """Read until the line ends."""
    async for _ in line.events():
        pass


async def test_a_phone_system_that_waits_a_tenth_of_a_second_for_its_readers_never_waits_for_a_busy_hub(
    impatient: Impatient,
) -> None:
    line = await connect(impatient.settings, "sesame")
    try:
        impatient.go.set()
        time.sleep(BUSY_S)  # noqa: ASYNC251 (that is the point: nothing else happens on this loop)
        found, _ = await all_of(line)
    finally:
        await line.close()
    assert impatient.said == EVENTS
    assert found == [str(n) for n in range(EVENTS)], "nothing is lost, in its order"


async def test_what_came_is_as_old_as_its_coming_and_not_as_its_taking(impatient: Impatient) -> None:
    line = await connect(impatient.settings, "sesame")
    try:
        began = time.time()
        impatient.go.set()
        time.sleep(BUSY_S)  # noqa: ASYNC251
        first = await anext(line.events())
        assert began <= first[0].at < began + BUSY_S / 2
    finally:
        await line.close()


async def test_no_more_than_a_bound_waits_and_the_rest_waits_at_the_phone_system(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sockets, "MOST_BYTES", 1 << 19)
    monkeypatch.setattr(connections, "MOST_WAITING", 100)
    patient = Impatient(EVENTS, patience_s=20)
    line = await connect(patient.settings, "sesame")
    try:
        patient.go.set()
        found, most = await all_of(line)
    finally:
        await line.close()
    assert len(found) == EVENTS
    assert 0 < most <= (1 << 19) + sockets.CHUNK


async def test_a_reader_that_fails_ends_the_line_and_says_why(
    impatient: Impatient, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = await connect(impatient.settings, "sesame")
    try:
        monkeypatch.setattr(sockets, "CHUNK", "no number of bytes")
        impatient.go.set()
        with pytest.raises(AmiError, match=r"ended the connection .reading it failed: .*str"):
            await asyncio.wait_for(drained(line), 10)
    finally:
        await line.close()


async def test_a_closed_socket_has_no_thread() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        before = set(threading.enumerate())
        one = await Socket.open("127.0.0.1", listening.getsockname()[1], None, 10)
        (thread,) = set(threading.enumerate()) - before
        await one.close()
        await one.close()
        thread.join(5)
        assert not thread.is_alive()
        with pytest.raises(ConnectionResetError):
            await one.drain()


async def test_who_cannot_be_reached_leaves_no_thread_behind() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    before = set(threading.enumerate())
    with pytest.raises(ConnectionRefusedError):
        await Socket.open("127.0.0.1", port, None, 10)
    for thread in set(threading.enumerate()) - before:
        thread.join(5)
        assert not thread.is_alive()


async def test_an_address_of_a_kind_that_this_machine_does_not_have_is_passed_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A machine without IPv6, for one, may still be told ``::1`` for ``localhost``."""
    found = socket.getaddrinfo("127.0.0.1", 0, type=socket.SOCK_STREAM)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
        none_such = (NO_FAMILY, *found[0][1:4], ("::1", port, 0, 0))
        known = [(*one[:4], ("127.0.0.1", port)) for one in found]
        with pytest.raises(OSError, match="not supported"):
            socket.socket(NO_FAMILY, socket.SOCK_STREAM)
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: [none_such, *known])
        await (await Socket.open("localhost", port, None, 10)).close()
