"""A terminal that stands still: a real view filled through ``View.apply``, a clock that the test sets, and no hub."""

import signal
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from textual.pilot import Pilot

from wallboard_tui.client.administration import Administration
from wallboard_tui.client.home import Home
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.directory import Grant
from wallboard_tui.model.me import DIMENSIONS, Lens, Me
from wallboard_tui.tui.standing import Standing
from wallboard_tui.tui.terminal import Listener, TerminalError
from wallboard_tui.tui.widgets.footer import Footer
from wallboard_tui.view.view import View

if TYPE_CHECKING:
    from wallboard_tui.tui.app import WallboardApp

    from ...real_hub import RealHub

T = TypeVar("T")
NOW = 1_763_733_600.0
"""Friday 21 November 2025, 14:00:00 in Dublin."""
THEMES = Path(__file__).parents[3] / "themes"


@dataclass
class StillTerminal:
    """What the app is given in these tests. ``password`` is the one that everybody has."""

    me: Me | None = None
    view: View | None = None
    address: str = "unix:/run/hub.sock"
    person: str = ""
    at: float = NOW
    heard: float | None = NOW
    state: str = "live"
    reason: str = ""
    done: int = 0
    total: int = 0
    password: str = "correct horse"
    knows: dict[str, Me] = field(default_factory=dict)
    refuse: TerminalError | None = None
    acts: list[tuple[str, str, str]] = field(default_factory=list)
    listener: Listener | None = None
    signed_out: bool = False

    async def resume(self) -> Me | None:
        return self.me

    async def sign_in(self, address: str, person: str, password: str) -> Me:
        if self.refuse is not None:
            raise self.refuse
        if person not in self.knows or password != self.password:
            raise TerminalError("sign-in-failed", "Person or password are not right. Try again, or ask for a code.")
        self.me, self.address, self.person = self.knows[person], address, person
        return self.me

    async def set_password(self, address: str, person: str, old: str, new: str) -> Me:
        self.password = new
        return await self.sign_in(address, person, new)

    async def sign_out(self) -> None:
        self.me, self.signed_out = None, True

    async def run(self, listener: Listener) -> None:
        self.listener = listener

    def now(self) -> float:
        return self.at

    def standing(self) -> Standing:
        return Standing(self.state, self.at, self.heard, self.reason, self.done, self.total)

    async def ask(self, question: Callable[[View], T]) -> T:
        assert self.view is not None
        return question(self.view)

    async def followup(self, key: str, act: str, note: str = "", revision: int | None = None) -> Doc:
        if self.refuse is not None:
            raise self.refuse
        self.acts.append((key, act, note))
        return {}

    async def prepare(self) -> None:
        return

    async def view_as(self, person: str) -> "StillTerminal":
        raise TerminalError("not-permitted", "Nobody looks through other eyes here.")

    async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
        raise TerminalError("unreachable", "There is no hub here to ask.")

    async def active(self) -> None:
        return

    async def close(self) -> None:
        return


EVERYTHING = ("wallboard", "agents", "rollups", "metrics", "missed", "calls")
BOARD: Doc = {
    "key": "operations",
    "name": "OPERATIONS",
    "pages": [
        {
            "name": "Now",
            "rows": [
                {"height": 3, "panes": [{"pane": "wallboard"}]},
                {"height": 2, "panes": [{"pane": "agents", "width": 3}, {"pane": "missed", "width": 2}]},
            ],
        },
        {
            "name": "Today",
            "rows": [
                {"panes": [{"pane": "rollups", "width": 2}, {"pane": "metrics"}]},
                {"panes": [{"pane": "calls"}]},
            ],
        },
    ],
}


def somebody(person: str = "ann", panes: tuple[str, ...] = EVERYTHING, level: str = "manage", **changes: object) -> Me:
    """A person with these panes, who may see everything in them."""
    permissions = ("calls", "recents", "analytics", "analytics.rollup", "reports.missed", "wallboard", "supervisor")
    fields: dict[str, object] = {
        "person": person,
        "name": person.title(),
        "role": "standard:supervisor",
        "role_name": "Supervisor",
        "permissions": {name: Grant(level=level, scope=("ALL",)) for name in permissions},
        "panes": panes,
        "lenses": (Lens(name="all", permissions=permissions, rows=True, everything=True, by=DIMENSIONS),),
        "boards": (BOARD,),
        "organisation": {"key": "organisation", "name": "Acme", "time_zone": "Europe/Dublin"},
        "policy": 1,
        "fingerprint": "f",
        "lease_s": 3600,
        "server_time": NOW,
    }
    return Me.model_validate({**fields, **changes})


def footer_of(app: "WallboardApp") -> str:
    """What the footer of the screen in front says."""
    return "".join(span.text for footer in app.screen.query(Footer) for line in footer.lines for span in line).rstrip()


async def wait_until(pilot: Pilot[None], predicate: Callable[[], object], seconds: float = 10.0) -> None:
    """Waits until something holds; fails when it never does."""
    deadline = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > deadline:
            pytest.fail(f"it never came true: {getattr(predicate, '__name__', predicate)}")
        await pilot.pause(0.01)


async def come_to_rest(pilot: Pilot[None]) -> None:
    """Waits until what is under way went through every queue, from the app down to the widgets and back, and is drawn.

    ``pilot.pause()`` would take a process that is given no time for one that has nothing to do.
    """
    for _ in range(4):
        await pilot.pause(0.01)


QUEUES = {"support": "Support", "sales": "Sales", "billing": "Billing"}
AGENTS = ("Alice Morgan", "Ben Doyle", "Cara Byrne", "Dan Walsh", "Eve Nolan", "Finn Kelly", "Gwen Ryan", "Hugh Burke")
DAY = NOW - 6 * 3600
"""08:00, when the office opens."""


def queue_key(name: str) -> str:
    return f"asterisk:pbx1:{name}"


def agent_key(name: str) -> str:
    return f"asterisk:pbx1:{name}"


def office() -> list[Entry]:
    """A small office at 14:00: three queues, eight agents, a day of calls, some of them going on, some missed."""
    documents: list[tuple[str, Doc]] = [
        ("organisation", {"key": "organisation", "name": "Acme", "time_zone": "Europe/Dublin"}),
        ("source", {"key": "pbx1", "system": "asterisk", "mode": "followed", "last_event": NOW}),
    ]
    for name, title in QUEUES.items():
        documents.append(
            ("queue", {"key": queue_key(name), "source": "pbx1", "name": name, "title": title, "service_level_s": 20})
        )
    for name in AGENTS:
        key = agent_key(name)
        documents.append(
            ("agent", {"key": key, "source": "pbx1", "name": name, "queues": [queue_key(q) for q in QUEUES]})
        )
        at = DAY - 60.0
        documents.append(
            ("presence", {"key": f"{key}@{at:.0f}/*/login", "source": "pbx1", "agent": key, "at": at, "what": "login"})
        )
    away = agent_key(AGENTS[7])
    documents.append(
        (
            "presence",
            {
                "key": f"{away}@lunch",
                "source": "pbx1",
                "agent": away,
                "at": NOW - 1325,
                "what": "pause",
                "reason": "Lunch",
            },
        )
    )
    documents += [("call", a_call(i)) for i in range(180)]
    documents += [("call", call) for call in going_on()]
    documents += [("followup", a_followup(i)) for i in range(6)]
    return [
        Entry(seq, Change(kind, str(doc["key"]), doc, NOW, "source:pbx1"))
        for seq, (kind, doc) in enumerate(documents, 1)
    ]


def a_call(i: int) -> Doc:
    """The i-th finished call of the day; every seventh is abandoned."""
    queue = queue_key(tuple(QUEUES)[i % 3])
    agent = agent_key(AGENTS[i % 7])
    start = DAY + i * 115.0
    wait = 4.0 + (i * 7) % 40
    talk = 120.0 + (i * 37) % 300
    caller = f"+3538712345{i % 60:02d}"
    base: Doc = {
        "key": f"asterisk:pbx1:{start:.0f}.{i}",
        "source": "pbx1",
        "state": "ended",
        "started": start,
        "caller": caller,
        "facts": [f"queue:{queue}", f"agent:{agent}"],
    }
    if i % 7 == 6:
        visit = {"queue": queue, "entered": start, "outcome": "abandoned", "left": start + wait, "wait_s": wait}
        return {**base, "ended": start + wait, "visits": [visit]}
    up, end = start + wait, start + wait + talk
    visit = {"queue": queue, "entered": start, "outcome": "answered", "left": up, "wait_s": wait}
    leg = {
        "agent": agent, "queue": queue, "visit": 0, "outcome": "answered", "rang": up - 3, "answered": up, "ended": end,
        "ring_s": 3.0, "talk_s": talk,
    }  # fmt: skip
    return {**base, "answered": up, "ended": end, "visits": [visit], "legs": [leg]}


def going_on() -> list[Doc]:
    """Two callers who wait in Support and one who talks with Alice."""
    support, alice = queue_key("support"), agent_key(AGENTS[0])
    waiting = [
        {
            "key": f"asterisk:pbx1:w{i}", "source": "pbx1", "state": "waiting", "started": NOW - since,
            "facts": [f"queue:{support}"], "caller": f"+35386000000{i}",
            "visits": [{"queue": support, "entered": NOW - since, "outcome": "waiting"}],
        }
        for i, since in enumerate((134.0, 21.0))
    ]  # fmt: skip
    up = NOW - 362.0
    visit = {"queue": support, "entered": up - 9, "outcome": "answered", "left": up, "wait_s": 9.0}
    leg = {"agent": alice, "queue": support, "visit": 0, "outcome": "answered", "answered": up, "ring_s": 3.0}
    talking = {
        "key": "asterisk:pbx1:t1", "source": "pbx1", "state": "talking", "started": up - 9, "answered": up,
        "caller": "+353860000009", "facts": [f"queue:{support}", f"agent:{alice}"], "visits": [visit], "legs": [leg],
    }  # fmt: skip
    return [*waiting, talking]


def a_followup(i: int) -> Doc:
    """The i-th missed opportunity; the second is claimed."""
    caller = f"+3538712345{i:02d}"
    queue = queue_key(tuple(QUEUES)[i % 3])
    last = NOW - 600.0 * (i + 1)
    attempts = [
        {
            "call": f"asterisk:pbx1:m{i}{n}",
            "at": last - 90.0 * n,
            "queue": queue,
            "wait_s": 31.0 + n,
            "reason": "abandoned",
        }
        for n in range(i % 3, -1, -1)
    ]
    doc: Doc = {
        "key": caller, "caller": caller, "attempts": attempts, "first_miss": attempts[0]["at"], "last_miss": last,
        "facts": [f"queue:{queue}"],
    }  # fmt: skip
    if i == 1:
        doc |= {"status": "claimed", "owner": "ben", "history": [{"at": last + 60, "by": "ben", "status": "claimed"}]}
    return doc


@pytest.fixture
def view() -> Iterator[View]:
    """The small office in a real view, in memory."""
    view = View.open(None, lenses=1)
    view.apply(office())
    yield view
    view.close()


@pytest.fixture
async def hub(tmp_path_factory: pytest.TempPathFactory) -> "AsyncIterator[RealHub]":
    """A real hub, ended with its test."""
    from .live import Office

    real = Office(Home.at(tmp_path_factory.mktemp("hub")).prepare())
    await real.begin()
    yield real
    real.kill(signal.SIGTERM)


@pytest.fixture
def desk(tmp_path: Path) -> Home:
    """Where the terminal keeps its own things: another machine, as it were."""
    return Home.at(tmp_path / "desk").prepare()


@pytest.fixture
def queue_log(tmp_path: Path) -> Path:
    """Some answered calls of a queue, and two callers who gave up."""
    day, missed = time.time() - 900, 2
    lines = []
    for n in range(6):
        at = day + 60 * n
        lines.append(f"{at:.0f}|{at:.0f}.{n}|sales|NONE|ENTERQUEUE||+35318{n:06d}|1")
        if n < missed:
            lines.append(f"{at + 20:.0f}|{at:.0f}.{n}|sales|NONE|ABANDON|1|1|20")
        else:
            lines.append(f"{at + 5:.0f}|{at:.0f}.{n}|sales|Alice|CONNECT|5|x.{n}|3")
            lines.append(f"{at + 50:.0f}|{at:.0f}.{n}|sales|Alice|COMPLETEAGENT|5|45|1")
    file = tmp_path / "queue_log"
    file.write_text("\n".join(lines) + "\n")
    return file
