"""A real hub on real files, behind a real Unix socket; only the clock is the test's, and passwords are hashed
cheaply.
"""

import json
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx
import pytest

from wallboard_tui.access.packs import roles_of
from wallboard_tui.hub.frames import Cursor
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.intake import Intake
from wallboard_tui.hub.runtime import Runtime
from wallboard_tui.hub.serve import serving
from wallboard_tui.hub.settings import Settings
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.lines import Lines
from wallboard_tui.sources.asterisk.queue_log import QueueLog

from ..hub_process import cheap_passwords, start

NOON = 1_795_262_400.0
"""2026-11-21 12:00 UTC, a Saturday."""
SUPPORT, SALES = "asterisk:pbx1:support", "asterisk:pbx1:sales"
SECRET_CALLER = "+353861234567"


class Clock:
    """The hub's time, which only the test moves."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


def organisation() -> list[tuple[str, Doc]]:
    """Two teams, two queues, and a person for each kind of access."""
    people: list[Doc] = [
        {"key": "adm", "name": "Ada Admin", "role": "standard:admin", "email": "ada@example.org"},
        {"key": "sue", "name": "Sue Lead", "role": "standard:supervisor"},
        {
            "key": "bob",
            "name": "Bob Tanaka",
            "role": "standard:agent",
            "extension": "102",
            "agents": ["asterisk:pbx1:Bob"],
        },
        {
            "key": "cat",
            "name": "Cat Byrne",
            "role": "standard:agent",
            "extension": "103",
            "agents": ["asterisk:pbx1:Cat"],
        },
        {"key": "rex", "name": "Rex Front", "role": "standard:receptionist"},
        {"key": "ria", "name": "Ria Reports", "role": "standard:reporting-only"},
        {"key": "ned", "name": "Ned Nothing", "role": "calltracks:no-access"},
    ]
    found: list[tuple[str, Doc]] = [
        (
            "organisation",
            {
                "key": "organisation",
                "name": "Corrib",
                "time_zone": "Europe/Dublin",
                "packs": ["standard", "calltracks"],
            },
        ),
        ("queue", {"key": SUPPORT, "source": "pbx1", "name": "support"}),
        ("queue", {"key": SALES, "source": "pbx1", "name": "sales"}),
        ("team", {"key": "north", "name": "North", "members": ["bob"], "managers": ["sue"], "queues": [SUPPORT]}),
        ("team", {"key": "south", "name": "South", "members": ["cat"], "queues": [SALES]}),
        *(("person", person) for person in people),
    ]
    roles = [role for pack in ("standard", "calltracks") for role in roles_of(pack)]
    return [*found, *(("role", role.dump()) for role in roles)]


def answered(at: float, call: str, queue: str, agent: str, caller: str, wait: int = 5, talk: int = 60) -> list[str]:
    """The lines of a call that an agent answered."""
    start = int(at)
    return [
        f"{start}|{call}|{queue}|NONE|ENTERQUEUE||{caller}|1",
        f"{start + wait}|{call}|{queue}|{agent}|CONNECT|{wait}|{call}x|2",
        f"{start + wait + talk}|{call}|{queue}|{agent}|COMPLETECALLER|{wait}|{talk}|1",
    ]


def abandoned(at: float, call: str, queue: str, caller: str, wait: int = 30) -> list[str]:
    """The lines of a call whose caller gave up."""
    start = int(at)
    return [
        f"{start}|{call}|{queue}|NONE|ENTERQUEUE||{caller}|1",
        f"{start + wait}|{call}|{queue}|NONE|ABANDON|1|1|{wait}",
    ]


def take(hub: Hub, lines: list[str], source: str = "pbx1") -> Intake:
    """Take queue_log lines in, as an import does. Belongs on the hub's thread."""
    intake = Intake(hub, source, "imported")
    reader = QueueLog(source)
    intake.take(reader.read(Lines("queue_log", 1, lines)))
    intake.take(reader.finish())
    return intake


@dataclass
class Frame:
    """One frame of a feed as a terminal reads it."""

    event: str
    data: dict[str, Any]
    cursor: str | None
    size: int


def parse(raw: bytes) -> Frame:
    """A frame from its bytes."""
    fields = dict(line.split(b": ", 1) for line in raw.strip().split(b"\n"))
    cursor = fields.get(b"id")
    return Frame(fields[b"event"].decode(), json.loads(fields[b"data"]), cursor.decode() if cursor else None, len(raw))


@dataclass
class Screen:
    """What a terminal has: documents by kind and key at their newest seq, figures, and its cursor.

    Breaks on a broken promise.
    """

    documents: dict[tuple[str, str], Doc] = field(default_factory=dict)
    seqs: dict[tuple[str, str], int] = field(default_factory=dict)
    figures: dict[str, Doc] = field(default_factory=dict)
    cursor: str | None = None
    ready: float | None = None
    events: list[str] = field(default_factory=list)
    me: Doc = field(default_factory=dict)

    def take(self, frame: Frame) -> None:
        """Apply a frame, as a view does."""
        self.events.append(frame.event)
        if frame.event == "hello":
            self.me = frame.data.get("me") or {}
            if frame.data["answer"] == "snapshot":
                self.documents, self.seqs, self.figures, self.ready = {}, {}, {}, None
        for kind, key, seq, bits, doc in frame.data.get("changes", ()):
            if seq < self.seqs.get((kind, key), 0):
                continue
            self.seqs[kind, key] = seq
            if doc is None:
                self.documents.pop((kind, key), None)
            else:
                assert bits
                self.documents[kind, key] = doc
        for kind, doc, key in frame.data.get("documents", ()):
            if doc is None:
                self.figures.pop(f"{kind} {key}", None)
            else:
                self.figures[f"{kind} {key}"] = doc
        if frame.event == "ready":
            self.ready = frame.data["from"]
        if frame.cursor:
            assert Cursor.parse(frame.cursor) is not None
            self.cursor = frame.cursor

    def keys(self, kind: str) -> set[str]:
        """Keys of the documents of a kind."""
        return {key for of, key in self.documents if of == kind}


@dataclass
class House:
    """A hub at work, its clock, and ways to talk to it."""

    hub: Hub
    runtime: Runtime
    clock: Clock
    socket: Path

    def client(self, **headers: str) -> httpx.AsyncClient:
        """A client on the hub's socket."""
        transport = httpx.AsyncHTTPTransport(uds=str(self.socket), verify=False)  # else it reads all certificates
        wanted = {"Wallboard-Protocol": "1", **{name.replace("_", "-"): value for name, value in headers.items()}}
        return httpx.AsyncClient(transport=transport, base_url="http://hub", headers=wanted, timeout=20)

    def operator(self, person: str | None = None) -> httpx.AsyncClient:
        """The operator, or the operator acting as somebody."""
        return self.client(Wallboard_Operator="1", **({"Wallboard_As": person} if person else {}))

    async def signed_in(self, person: str, password: str = "correct horse battery") -> httpx.AsyncClient:
        """A client of somebody who signed in."""
        client = self.client()
        response = await client.post("/sign-in", json={"person": person, "password": password, "terminal": "test"})
        assert response.status_code == 200, response.text
        client.headers["Authorization"] = f"Bearer {response.json()['token']}"
        return client

    async def take(self, lines: list[str]) -> Intake:
        """Take queue_log lines in, and everything that follows from them."""
        intake = await self.hub.run(take, self.hub, lines)
        await self.runtime.catch_up()
        return intake

    async def put(self, *documents: tuple[str, Doc]) -> None:
        """Put documents as an admin would."""
        await self.hub.run(self.hub.commit, [self.hub.put(kind, doc, "adm") for kind, doc in documents])

    def stream(self, person: str, cursor: str | None = None, session: str | None = None) -> AsyncIterator[Frame]:
        """A person's feed, frame by frame, without HTTP."""

        async def frames() -> AsyncIterator[Frame]:
            raw = self.runtime.feed.stream(person, session, cursor)
            try:
                async for frame in raw:
                    yield parse(frame)
            finally:
                await raw.aclose()

        return frames()


@asynccontextmanager
async def running(home: Path, clock: Clock, documents: list[tuple[str, Doc]] | None = None) -> AsyncIterator[House]:
    """A hub in this process, until the end of the context."""
    hub = Hub.open(home, clock)
    socket = home / "hub.sock"
    runtime = Runtime(hub, Settings(home, socket), cheap_passwords())
    try:
        if documents:
            hub.commit([hub.put(kind, doc, "test") for kind, doc in documents])
        async with serving(runtime):
            yield House(hub, runtime, clock, socket)
    finally:
        hub.close()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
async def house(home: Path, clock: Clock) -> AsyncIterator[House]:
    """A hub with an organisation, and a password for everybody."""
    hashed = cheap_passwords().hash("correct horse battery")
    documents = organisation()
    documents += [
        ("credential", {"key": d["key"], "password_hash": hashed}) for kind, d in documents if kind == "person"
    ]
    async with running(home, clock, documents) as found:
        yield found


@pytest.fixture
def a_running_hub() -> Callable[..., Any]:
    """``running``: for tests that start and stop a hub themselves."""
    return running


@dataclass
class HubProcess:
    """A hub in a process of its own, as ``wallboard hub`` runs it."""

    process: BaseProcess
    socket: Path
    log: Path

    @property
    def pid(self) -> int:
        """Its process."""
        assert self.process.pid is not None
        return self.process.pid

    @property
    def runs(self) -> bool:
        """Whether it has not ended yet."""
        return self.process.is_alive()

    def client(self, operator: bool = True) -> httpx.Client:
        """A client on its socket."""
        headers = {"Wallboard-Protocol": "1", **({"Wallboard-Operator": "1"} if operator else {})}
        transport = httpx.HTTPTransport(uds=str(self.socket), verify=False)
        return httpx.Client(transport=transport, base_url="http://hub", headers=headers, timeout=60)

    def ended(self, within_s: float = 20) -> int:
        """Its exit status, once it has ended by itself. Fails when it goes on."""
        self.process.join(within_s)
        assert self.process.exitcode is not None, self.log.read_text()
        return self.process.exitcode

    def stop(self) -> None:
        """End it as a service manager would."""
        self.process.terminate()
        assert self.ended() == 0

    def kill(self) -> None:
        """The power goes."""
        self.process.kill()
        self.process.join()


@pytest.fixture
def start_hub(home: Path) -> Iterator[Callable[..., HubProcess]]:
    """Start a hub process over the test's home, wait until it answers; whatever still runs at the end is ended.

    Takes what ``hub_process.start`` takes.
    """
    started: list[HubProcess] = []

    def begun(*, wait: bool = True, **how: Any) -> HubProcess:
        home.mkdir(exist_ok=True)
        log = home.parent / "hub.log"
        found = HubProcess(start(home, log, **how), home / "hub.sock", log)
        started.append(found)
        deadline = time.monotonic() + 60
        while wait:
            with suppress(httpx.TransportError, OSError), found.client() as client:
                if client.get("/health").status_code == 200:
                    break
            assert found.runs, log.read_text()
            assert time.monotonic() < deadline, log.read_text()
            time.sleep(0.02)
        return found

    yield begun
    for one in started:
        if one.runs:
            one.kill()
