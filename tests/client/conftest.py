"""A small hub that says what a test tells it, behind a real server on a real Unix socket."""

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from wallboard_tui import PROTOCOL
from wallboard_tui.client.cache import Cache
from wallboard_tui.client.connection import Connection
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.client.sync import Sync
from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Lens, Me
from wallboard_tui.view import queries
from wallboard_tui.view.view import Touched, View

Row = tuple[str, str, int, int, Doc | None]
PAGE = 3
"""Rows per frame of a snapshot."""
Open = Callable[..., Any]
"""Opens a recording ``Terminal``."""


class Server(uvicorn.Server):
    """A server that leaves the signals of the test run alone, and says when it is up."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.up.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class ScriptedHub:
    """Speaks the feed's contract over rows that a test puts in; can be killed, started again, and made to misbehave."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.epoch = "e1"
        self.rows: dict[tuple[str, str], Row] = {}
        self.seq = 0
        self.me = me_of("ann")
        self.tokens = {"good"}
        self.requests: list[tuple[str, dict[str, str], Any]] = []
        self.cursors: list[str | None] = []
        self.hold_after: int | None = None
        """Break a snapshot off after so many frames."""
        self.answers: dict[str, Callable[[], Response]] = {}
        """Answers of a path instead of the usual ones."""
        self._feeds: set[asyncio.Queue[bytes | None]] = set()
        self._server: Server | None = None
        self._serving: asyncio.Task[None] | None = None

    # -- what tests do

    @property
    def address(self) -> str:
        return self.home.address

    @property
    def listening(self) -> int:
        """How many feeds are open."""
        return len(self._feeds)

    def put(self, kind: str, key: str, bits: int = 1, **fields: Any) -> None:
        """A document changed; open feeds are told."""
        self._change(kind, key, bits, {"key": key, **fields})

    def remove(self, kind: str, key: str) -> None:
        """A document is gone, or out of sight."""
        self._change(kind, key, 0, None)

    def _change(self, kind: str, key: str, bits: int, doc: Doc | None) -> None:
        self.seq += 1
        row = (kind, key, self.seq, bits, doc)
        self.rows[kind, key] = row
        self.say("changes", {"changes": [row]}, cursor=self.cursor(0))

    def say(self, event: str, data: Doc, cursor: str | None = None) -> None:
        """A frame to all open feeds."""
        for feed in self._feeds:
            feed.put_nowait(encode(event, data, cursor))

    def begin_anew(self) -> None:
        """Say that access changed, and go on in the same streams with a snapshot."""
        self.say("bye", {"reason": "access-changed"})
        for feed in self._feeds:
            for encoded in self._first(None):
                feed.put_nowait(encoded)

    def hang_up(self) -> None:
        """End all feeds without a word."""
        for feed in self._feeds:
            feed.put_nowait(None)

    def cursor(self, filled: float | str, seq: int | None = None) -> str:
        return f"{self.epoch}:{self.seq if seq is None else seq}:{self.me.fingerprint}:{filled}"

    async def start(self) -> None:
        """Listen, and return once it does."""
        self.home.prepare()
        self.home.socket.unlink(missing_ok=True)
        config = uvicorn.Config(
            self._app(), uds=str(self.home.socket), log_level="error", lifespan="off", timeout_graceful_shutdown=1
        )
        self._server = Server(config)
        self._serving = asyncio.create_task(self._server.serve())
        await self._server.up.wait()

    async def kill(self) -> None:
        """Be gone at once, like a process that was killed: connections break, the socket's file stays."""
        if self._server is None or self._serving is None:
            return
        for listener in self._server.servers:
            listener.close()
        for connection in list(self._server.server_state.connections):
            if (transport := getattr(connection, "transport", None)) is not None:
                transport.abort()
        self._server.force_exit = self._server.should_exit = True
        for feed in self._feeds:
            feed.put_nowait(None)
        with suppress(asyncio.CancelledError):
            await self._serving
        self._server = self._serving = None

    # -- what it answers

    def _app(self) -> Starlette:
        paths = {
            "/health": self._health,
            "/sign-in": self._sign_in,
            "/sign-out": self._ok,
            "/activity": self._ok,
            "/me": self._get_me,
            "/feed": self._feed,
            "/{rest:path}": self._echo,
        }
        methods = ["GET", "POST", "PUT"]
        return Starlette(routes=[Route(path, self._checked(answer), methods=methods) for path, answer in paths.items()])

    def _checked(self, answer: Callable[[Request], Any]) -> Callable[[Request], Any]:
        async def checked(request: Request) -> Response:
            body = await request.body()
            headers = dict(request.headers)
            self.requests.append((request.scope["path"], headers, json.loads(body) if body else None))
            if request.url.path in self.answers:
                return self.answers[request.url.path]()
            if headers.get("wallboard-protocol") != str(PROTOCOL):
                return refused(426, "other-protocol", "The terminal speaks another version.", "Update it.")
            response: Response = await answer(request)
            return response

        return checked

    async def _health(self, _: Request) -> Response:
        return JSONResponse({"status": "ok", "protocol": PROTOCOL, "epoch": self.epoch, "seq": self.seq})

    async def _sign_in(self, request: Request) -> Response:
        found = await request.json()
        if found["password"] != "right":
            return refused(401, "sign-in-failed", "This sign-in is not right.", "Check name and password.")
        return JSONResponse({"token": "good", "me": self.me.model_dump(mode="json")})

    async def _ok(self, _: Request) -> Response:
        return Response(status_code=204)

    async def _get_me(self, _: Request) -> Response:
        return JSONResponse(self.me.model_dump(mode="json"))

    async def _echo(self, request: Request) -> Response:
        return JSONResponse({"path": request.url.path, "raw": request.scope["raw_path"].decode()})

    async def _feed(self, request: Request) -> Response:
        self.cursors.append(request.query_params.get("cursor"))
        if request.headers.get("authorization", "").removeprefix("Bearer ") not in self.tokens:
            stream = self._refuse()
        else:
            stream = self._frames(request.query_params.get("cursor"))
        return StreamingResponse(stream, media_type="text/event-stream")

    async def _refuse(self) -> AsyncIterator[bytes]:
        yield encode("hello", {"answer": "sign-in", "reason": "expired"})

    async def _frames(self, cursor: str | None) -> AsyncIterator[bytes]:
        feed: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._feeds.add(feed)
        try:
            for encoded in self._first(cursor):
                yield encoded
            while (said := await feed.get()) is not None:
                yield said
        finally:
            self._feeds.discard(feed)

    def _first(self, cursor: str | None) -> Iterator[bytes]:
        epoch, seq, fingerprint, filled = (cursor or ":::").split(":")
        known = epoch == self.epoch and fingerprint == self.me.fingerprint
        hello: Doc = {"me": self.me.model_dump(mode="json"), "epoch": self.epoch}
        if known:
            yield encode("hello", {**hello, "answer": "continue", "seq": int(seq)})
            newer = sorted((row for row in self.rows.values() if row[2] > int(seq)), key=lambda row: row[2])
            yield encode("changes", {"changes": newer}, self.cursor(filled))
        else:
            yield encode("hello", {**hello, "answer": "snapshot", "seq": self.seq})
        yield from self._snapshot(int(filled) if known else len(self.rows))

    def _snapshot(self, left: int) -> Iterator[bytes]:
        """Rows not sent yet, newest first. The cursor's last part says how many are left (a test hub may choose)."""
        rows = sorted((row for row in self.rows.values() if row[4] is not None), key=lambda row: -row[2])
        total = len(rows)
        sent = max(0, total - left)
        frames = 0
        while sent < total:
            if self.hold_after is not None and frames >= self.hold_after:
                return
            page = rows[sent : sent + PAGE]
            sent += len(page)
            frames += 1
            yield encode("backfill", {"changes": page, "done": sent, "total": total}, self.cursor(total - sent))
        yield encode("ready", {"from": 0}, self.cursor(0))


def fill(hub: Any, count: int, name: str = "n") -> None:
    """So many contacts."""
    for n in range(count):
        hub.put("contact", f"+3531{n}", name=f"{name} {n}")


def hub_time() -> float:
    """The hub's clock, which is years behind this machine's."""
    return time.time() - 1e9


def encode(event: str, data: Doc, cursor: str | None = None) -> bytes:
    head = f"id: {cursor}\n" if cursor else ""
    return f"{head}event: {event}\ndata: {json.dumps({'t': hub_time(), 'policy': 1, **data})}\n\n".encode()


def refused(status: int, name: str, reason: str, next: str) -> Response:
    return JSONResponse({"error": {"name": name, "reason": reason, "next": next}}, status)


def me_of(person: str, fingerprint: str = "f1") -> Me:
    return Me(
        person=person,
        name=person.title(),
        role="standard:agent",
        role_name="Agent",
        permissions={},
        panes=("calls",),
        lenses=(Lens(name="calls", permissions=("calls",), rows=True),),
        organisation={"key": "organisation", "name": "Example Ltd"},
        policy=1,
        fingerprint=fingerprint,
        lease_s=3600,
        server_time=1000.0,
    )


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of its own; its path may be too long for a socket, as in life."""
    return Home.at(tmp_path / "home").prepare()


@pytest.fixture
async def hub(home: Home) -> AsyncIterator[ScriptedHub]:
    """A scripted hub that listens."""
    scripted = ScriptedHub(home)
    await scripted.start()
    yield scripted
    await scripted.kill()


@pytest.fixture
def new_me() -> Callable[..., Me]:
    """Makes another answer of ``/me``."""
    return me_of


@pytest.fixture
def refusing() -> Callable[..., Response]:
    """Makes a hub's refusal."""
    return refused


class Terminal:
    """A terminal that records what its ``Sync`` tells, and waits on conditions."""

    def __init__(self, hub: ScriptedHub, token: str | None = "good", **options: Any) -> None:
        self.hub = hub
        self.states: list[Connection] = []
        self.touched: list[Touched] = []
        self.views: list[View | None] = []
        self.people: list[Me] = []
        self.notices: list[str] = []
        self.client = HubClient(hub.address, token=token)
        self.cache = Cache.open(hub.home, hub.address, "ann", time.time())
        self._something = asyncio.Event()
        self.sync = Sync(
            self.client,
            self.cache,
            on_state=self._recorder(self.states),
            on_change=self._recorder(self.touched),
            on_view=self._recorder(self.views),
            on_me=self._recorder(self.people),
            on_notice=self._recorder(self.notices),
            **options,
        )
        self.running = asyncio.create_task(self.sync.run())
        self.running.add_done_callback(lambda _: self._something.set())

    def _recorder(self, where: list[Any]) -> Callable[[Any], None]:
        def record(what: Any) -> None:
            where.append(what)
            self._something.set()

        return record

    @property
    def state(self) -> str:
        return self.sync.connection.state

    async def until(self, condition: Callable[[], bool], seconds: float = 10) -> None:
        """Wait for something that a callback brings about."""
        async with asyncio.timeout(seconds):
            while not condition():
                self._something.clear()
                await self._something.wait()

    async def complete(self) -> None:
        """Wait until everything the hub has is here."""
        await self.until(lambda: self.state == "live" and self.has_all())

    def has_all(self) -> bool:
        return self.documents() == {ref: row[4] for ref, row in self.hub.rows.items() if row[4] is not None}

    def documents(self) -> dict[tuple[str, str], Doc]:
        """Everything in the view, read from it."""
        if self.cache.view is None:
            return {}
        kinds = {kind for kind, _ in self.hub.rows}
        found = {kind: queries.documents(self.cache.view, kind) for kind in kinds}
        return {(kind, key): doc for kind, docs in found.items() for key, doc in docs.items()}

    async def close(self) -> None:
        """End as a terminal ends; the cache stays."""
        self.running.cancel()
        with suppress(asyncio.CancelledError):
            await self.running
        await self.client.close()
        self.cache.close()


@pytest.fixture
async def terminal(hub: ScriptedHub) -> AsyncIterator[Callable[..., Terminal]]:
    """Opens terminals of the scripted hub."""
    opened: list[Terminal] = []

    def open_one(**options: Any) -> Terminal:
        opened.append(Terminal(hub, **options))
        return opened[-1]

    yield open_one
    for one in opened:
        await one.close()
