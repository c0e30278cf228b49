"""Who else may answer at a manager interface's address: each is told by a sentence, as soon as it can be known."""

import asyncio
import gc
import os
import ssl
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest

from wallboard_tui.sources.asterisk.ami import AmiError, AmiSettings, connection
from wallboard_tui.sources.asterisk.ami.connecting import connect

TLS = Path(__file__).parents[1] / "data" / "tls"
GREETING = b"Asterisk Call Manager/11.0.0\r\n"
END = b"\r\n\r\n"
Peer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(peer: Peer, tls: ssl.SSLContext | None = None) -> AsyncIterator[int]:
    """The port of somebody who does ``peer`` with whoever comes."""
    going: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        going.add(asyncio.current_task())  # type: ignore[arg-type]
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await peer(reader, writer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in going:
            task.cancel()
        await asyncio.gather(*going, return_exceptions=True)


async def refusal(peer: Peer, timeout_s: float, *, tls: bool = False, served: ssl.SSLContext | None = None) -> AmiError:
    """What is said of a peer. Takes no longer than ten seconds."""
    async with listening(peer, served) as port:
        account = AmiSettings("127.0.0.1", "wallboard", port=port, tls=tls, timeout_s=timeout_s)
        async with asyncio.timeout(10):
            with pytest.raises(AmiError) as raised:
                await connect(account, "sesame")
        found = raised.value
        assert f"127.0.0.1:{port}" in found.reason, "which of the phone systems it is"
        assert found.next.endswith("."), "what to do next"
        assert "sesame" not in str(found)
        return found


def says(*pieces: bytes, hangs_up: bool = False, every: float = 0.0) -> Peer:
    """A peer that says something, whatever it hears."""

    async def peer(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(every)
        if not hangs_up:
            await asyncio.Event().wait()

    return peer


def greets(*answer: bytes, hangs_up: bool = False, for_ever: bool = False) -> Peer:
    """A peer that greets as Asterisk does, and then answers anything with something else."""

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(GREETING)
        await reader.readuntil(END)
        more = True
        while more:
            for piece in answer:
                writer.write(piece)
                await writer.drain()
                await asyncio.sleep(0.01)
            more = for_ever
        if not hangs_up:
            await asyncio.Event().wait()

    return peer


async def http(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A web server: it waits for a request."""
    await reader.readline()
    writer.write(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0" + END)
    await writer.drain()


TEN_MB = [b"x" * (1 << 16)] * 160
NOISE = bytes([0, 255, 1, 254]) + os.urandom(60).replace(b"\n", b"x")
AT_ONCE: dict[str, tuple[Peer, str, str]] = {
    "ssh": (says(b"SSH-2.0-OpenSSH_9.6\r\n"), "not-asterisk", "is not Asterisk: it says “SSH-2.0-OpenSSH_9.6”"),
    "mail": (says(b"220 mx ESMTP\r\n"), "not-asterisk", "it says “220 mx ESMTP”"),
    "escapes": (says(b"\x1b[2J\x1b[31mowned\r\n"), "not-asterisk", "something that is no text"),
    "noise": (says(NOISE), "not-asterisk", "something that is no text"),
    "half a greeting": (says(b"Asterisk Call", hangs_up=True), "not-asterisk", "it says “Asterisk Call”"),
    "10 MB of greeting": (says(*TEN_MB), "not-asterisk", "is not Asterisk"),
    "hangs up": (says(hangs_up=True), "lost", "ended the connection without a greeting"),
    "greets, hangs up": (says(GREETING, hangs_up=True), "lost", "greets as Asterisk, but ended the connection before"),
    "hangs up when asked": (greets(hangs_up=True), "lost", "greets as Asterisk, but ended the connection before"),
    "noise after the greeting": (
        greets(NOISE + END),
        "not-asterisk",
        "asked to sign in, it sends something that is no",
    ),
    "chatter after the greeting": (greets(b"500 what?" + END), "not-asterisk", "asked to sign in, it says “500 what?”"),
    "10 MB line": (greets(*TEN_MB), "not-asterisk", "more than 4096 bytes without an end"),
    "endless line": (greets(TEN_MB[0], for_ever=True), "not-asterisk", "more than 4096 bytes without an end"),
}


@pytest.mark.parametrize(("peer", "name", "words"), AT_ONCE.values(), ids=AT_ONCE)
async def test_what_can_be_known_at_once_of_a_peer_is_said_at_once(peer: Peer, name: str, words: str) -> None:
    found = await refusal(peer, timeout_s=60)
    assert found.name == name
    assert words in found.reason


IN_TIME: dict[str, tuple[Peer, str, str]] = {
    "silent": (says(), "did not greet within 0.4 s", "whether it speaks TLS there"),
    "a web server": (http, "did not greet within 0.4 s", "Check host and port"),
    "a byte now and then": (says(*[b"%c" % byte for byte in GREETING], every=0.05), "did not greet within", "TLS"),
    "greets, is silent": (says(GREETING), "did not answer Challenge within 0.4 s", "whether the phone system is over"),
    "greets, a byte now and then": (greets(b"x", for_ever=True), "did not answer Challenge within", "overloaded"),
    "greets, talks of other things": (
        greets(b"Event: Reload\r\nModule: x" + END, for_ever=True), "did not answer Challenge within", "overloaded",
    ),
}  # fmt: skip


@pytest.mark.parametrize(("peer", "words", "next_step"), IN_TIME.values(), ids=IN_TIME)
async def test_a_peer_that_only_keeps_one_waiting_is_not_waited_for(peer: Peer, words: str, next_step: str) -> None:
    found = await refusal(peer, timeout_s=0.4)
    assert found.name == "silent"
    assert words in found.reason
    assert next_step in found.next


ON_TLS: dict[str, tuple[Peer, str]] = {
    "a plain port": (says(GREETING), "does not speak TLS"),
    "ssh": (says(b"SSH-2.0-OpenSSH_9.6\r\n"), "does not speak TLS"),
    "a web server": (http, "does not speak TLS"),
    "hangs up": (says(hangs_up=True), "hangs up on the handshake"),
    "silent": (says(), "does not answer the handshake within"),
}


@pytest.mark.parametrize(("peer", "words"), ON_TLS.values(), ids=ON_TLS)
async def test_a_peer_without_tls_is_said_to_have_none(peer: Peer, words: str) -> None:
    found = await refusal(peer, timeout_s=0.5 if "within" in words else 60, tls=True)
    assert (found.name, words in found.reason) == ("tls-failed", True), found


async def test_nothing_is_left_over_of_a_handshake_that_was_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    complaints: list[object] = []
    monkeypatch.setattr(sys, "unraisablehook", complaints.append)
    await refusal(says(), timeout_s=0.1, tls=True)
    async with asyncio.timeout(10):
        while any(thread.name == "ami" for thread in threading.enumerate()):  # noqa: ASYNC110 - another thread's end
            await asyncio.sleep(0.01)
    gc.collect()
    assert not complaints


async def test_a_port_with_tls_does_not_greet_who_speaks_plainly_and_may_be_one() -> None:
    served = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    served.load_cert_chain(TLS / "pbx.pem", TLS / "pbx.key")
    found = await refusal(says(GREETING), timeout_s=0.4, served=served)
    assert (found.name, "whether it speaks TLS there" in found.next) == ("silent", True)


# -- once signed in


async def _sign_in(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(GREETING)
    for answer in (b"Challenge: 1", b"Message: Authentication accepted"):
        asked = await reader.readuntil(END)
        ident = asked.partition(b"ActionID: ")[2].partition(b"\r\n")[0]
        writer.write(b"Response: Success\r\nActionID: " + ident + b"\r\n" + answer + END)


def signs_in(*then: bytes) -> Peer:
    """A peer that lets anybody in, and then says something over and over."""

    async def peer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await _sign_in(reader, writer)
        while True:
            for piece in then:
                writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.005)

    return peer


@pytest.mark.parametrize(
    "then", [[b"x"], [b"Event: Reload\r\nModule: x" + END]], ids=["a byte now and then", "other things"]
)
async def test_an_answer_that_never_comes_is_not_waited_for_however_much_else_does(
    then: Sequence[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "PATIENCE", 2)
    async with listening(signs_in(*then)) as port:
        line = await connect(AmiSettings("127.0.0.1", "wallboard", port=port, timeout_s=0.3), "sesame")
        with pytest.raises(AmiError, match="did not answer QueueStatus within") as raised:
            await line.ask("QueueStatus")
        assert raised.value.name == "silent"
        await line.close()


async def test_a_message_that_never_ends_ends_the_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "ENDLESS_BYTES", 4 << 20)
    async with listening(signs_in(b"x" * (1 << 18))) as port:
        line = await connect(AmiSettings("127.0.0.1", "wallboard", port=port, timeout_s=60), "sesame")
        async with asyncio.timeout(10):
            with pytest.raises(AmiError, match="not readable any more"):
                await line.ask("QueueStatus")
        assert len(line._blocks._rest) < 10, "nothing of it is kept"
        await line.close()
