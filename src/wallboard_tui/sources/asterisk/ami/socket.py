"""Room ``sources``: the socket of a manager interface, read at once however busy the rest is. Input and output only.

Asterisk hangs up on whoever leaves it unable to write for a tenth of a second (``writetimeout`` in manager.conf), and
what it would have said is lost. So the socket has a thread and an event loop of its own, which do nothing but read:
what comes waits here as it came, with the time at which it did, until it is taken.
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
import time
from collections import deque
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Self, TypeVar

T = TypeVar("T")

CHUNK = 1 << 18
MOST_BYTES = 64 << 20
"""So much may wait: more than a hundred thousand events. Beyond, nothing is read until half of it was taken; should the
phone system then hang up, that is a lost line with a gap like any other."""
CLOSING_S = 1.0


class Socket:
    """Made by ``open``, on the event loop that takes what comes. Raises what ``asyncio.open_connection`` does."""

    def __init__(self) -> None:
        self._taker = asyncio.get_running_loop()
        self._loop = asyncio.new_event_loop()
        self._came: deque[tuple[float, bytes]] = deque()
        self._lock = threading.Lock()
        self._waiting = 0
        self._error: OSError | None = None
        self._closed = False
        self._news = asyncio.Event()
        """Belongs to the taker's loop."""
        self._room = asyncio.Event()
        """Belongs to the socket's loop."""
        self._reader: asyncio.StreamReader
        self._writer: asyncio.StreamWriter | None = None
        self._reading: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, host: str, port: int, tls: ssl.SSLContext | None, timeout_s: float) -> Self:
        """A connected socket that is being read. ``timeout_s``: how long it may take to reach the host, which ends with
        ``TimeoutError``, and then a handshake, which ends with ``ConnectionAbortedError``.
        """
        made = cls()
        threading.Thread(target=made._run, name="ami", daemon=True).start()
        try:
            await made._there(made._open(host, port, tls, timeout_s))
        except BaseException:
            made._stop()
            raise
        return made

    @property
    def waiting(self) -> int:
        """Bytes that came and were not taken yet."""
        return self._waiting

    async def read(self) -> tuple[float, bytes]:
        """What came next, and when: epoch seconds of this machine. Empty at the end; raises ``OSError``."""
        while not self._came:
            self._news.clear()
            if not self._came:
                await self._news.wait()
        at, data = self._came.popleft()
        with self._lock:
            self._waiting -= len(data)
            room = self._waiting <= MOST_BYTES // 2
        if room and not self._room.is_set():
            self._loop.call_soon_threadsafe(self._room.set)
        if not data:
            self._came.append((at, data))  # the end stays the end
            if self._error is not None:
                raise self._error
        return at, data

    def write(self, data: bytes) -> None:
        """Send, in turn."""
        if self._writer is not None and not self._closed:
            self._loop.call_soon_threadsafe(self._writer.write, data)

    async def drain(self) -> None:
        """Wait until what was written is on its way. Raises ``OSError``."""
        if self._writer is None or self._closed:
            raise ConnectionResetError
        await self._there(self._writer.drain())

    async def close(self) -> None:
        """Hang up, once what was written is sent, and end the thread."""
        if self._closed:
            return
        try:
            async with asyncio.timeout(CLOSING_S):
                await self._there(self._hang_up())
        except (OSError, TimeoutError):
            pass  # it is gone, or does not answer: the thread drops it
        finally:
            self._stop()

    async def _there(self, work: Coroutine[Any, Any, T]) -> T:
        """Have something done on the socket's loop."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def _stop(self) -> None:
        self._closed = True
        self._loop.call_soon_threadsafe(self._loop.stop)

    # -- on the socket's own thread

    def _run(self) -> None:
        try:
            self._loop.run_forever()
            if self._writer is not None:
                self._writer.transport.abort()
            # To their ends: what is given up in the middle, such as a handshake, holds sockets and complains later.
            left = asyncio.all_tasks(self._loop)
            for task in left:
                task.cancel()
            if left:
                self._loop.run_until_complete(asyncio.wait(left))
        finally:
            self._loop.close()

    async def _open(self, host: str, port: int, tls: ssl.SSLContext | None, timeout_s: float) -> None:
        async with asyncio.timeout(timeout_s):
            reached = await _reach(self._loop, host, port)
        self._reader, self._writer = await asyncio.open_connection(
            sock=reached,
            limit=CHUNK,
            ssl=tls,
            server_hostname=host if tls else None,
            ssl_handshake_timeout=timeout_s if tls else None,
        )
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        """Read to the end. Whatever ends it is told to whoever takes: silence would look like a quiet phone system."""
        try:
            while data := await self._reader.read(CHUNK):
                self._put(data)
                if self._waiting >= MOST_BYTES:
                    self._room.clear()
                    await self._room.wait()
        except OSError as error:
            self._error = error
        except Exception as error:
            self._error = ConnectionAbortedError(f"reading it failed: {error or type(error).__name__}")
            self._error.__cause__ = error
        finally:
            self._put(b"")

    def _put(self, data: bytes) -> None:
        with self._lock:
            self._waiting += len(data)
        self._came.append((time.time(), data))
        with suppress(RuntimeError):  # whoever took is gone, and with them the loop
            self._taker.call_soon_threadsafe(self._news.set)

    async def _hang_up(self) -> None:
        if self._writer is not None:
            self._writer.close()
            await self._writer.wait_closed()


async def _reach(loop: asyncio.AbstractEventLoop, host: str, port: int) -> socket.socket:
    """A socket that is connected to the first of a host's addresses that can be. Raises the last one's ``OSError``."""
    kind = socket.SOCK_STREAM
    try:
        addresses = socket.getaddrinfo(host, port, type=kind, flags=socket.AI_NUMERICHOST)
    except socket.gaierror:  # a name, which may take long to be looked up
        addresses = await loop.getaddrinfo(host, port, type=kind)
    error: OSError | None = None
    for family, _, protocol, _, address in addresses:
        try:
            return await _connected(loop, socket.socket(family, kind, protocol), address)
        except OSError as failed:  # nobody is there, or this machine has no such addresses (IPv6)
            error = failed
    raise error or OSError(f"{host} has no address")


async def _connected(loop: asyncio.AbstractEventLoop, found: socket.socket, address: Any) -> socket.socket:
    """The socket once it is connected; closed where that fails."""
    found.setblocking(False)
    try:
        await loop.sock_connect(found, address)
    except BaseException:
        found.close()
        raise
    return found
