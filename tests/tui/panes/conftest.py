"""A small call centre of real documents in a real view, at a fixed moment; and golden pictures."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.access.panes import BY
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.directory import Grant
from wallboard_tui.model.me import Lens, Me
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.panes import text
from wallboard_tui.view.view import View

NOW = 1795270052.0
"""Sat 21 Nov 2026, 14:07:32 in Dublin."""
SALES, SUPPORT, QUIET = "asterisk:pbx1:sales", "asterisk:pbx1:support", "asterisk:pbx1:quiet"
ANA, BEN, LI = "asterisk:pbx1:Ana", "asterisk:pbx1:Ben", "asterisk:pbx1:Li"
MAIN = "+35315550100"
ORGANISATION: Doc = {"key": "organisation", "name": "Acme", "time_zone": "Europe/Dublin"}
GOLDENS = Path(__file__).parent / "goldens"


@pytest.fixture
def now() -> float:
    """The moment everything is asked at."""
    return NOW


def call(
    number: int,
    started: float,
    queue: str,
    agent: str | None = None,
    *,
    waited: float = 8.0,
    talked: float | None = 240.0,
    outcome: str = "answered",
    **more: Any,
) -> Doc:
    """One inbound call through one queue: answered by an agent, or given up."""
    visit: Doc = {"queue": queue, "entered": started, "outcome": outcome, "wait_s": waited, "left": started + waited}
    doc: Doc = {
        "key": f"asterisk:pbx1:{number}",
        "source": "pbx1",
        "direction": "inbound",
        "state": "ended",
        "started": started,
        "caller": f"+35387{1000000 + number}",
        "number": MAIN,
        "visits": [visit],
        "facts": [f"queue:{queue}", *([f"agent:{agent}"] if agent else [])],
        "ended": started + waited + (talked or 0.0),
    }
    if agent is not None and outcome == "answered":
        doc["answered"] = started + waited
        leg = {"agent": agent, "queue": queue, "visit": 0, "outcome": "answered", "rang": started + waited - 4}
        leg |= {"answered": started + waited, "ended": started + waited + (talked or 0), "ring_s": 4, "talk_s": talked}
        doc["legs"] = [leg]
    return doc | more


def calls() -> list[Doc]:
    """Today's calls: a busy Support, a calm Sales, a caller who waits, one who talks, one missed; and yesterday's."""
    docs = [call(i, NOW - 7000 + 260 * i, SUPPORT, ANA if i % 2 else BEN, waited=5 + 3 * i) for i in range(20)]
    docs += [call(100 + i, NOW - 6500 + 400 * i, SALES, LI, waited=6, talked=120) for i in range(12)]
    docs += [call(200 + i, NOW - 3000 - i * 90, SUPPORT, outcome="abandoned", waited=55, talked=None) for i in range(3)]
    docs += [call(300 + i, NOW - 86400 - 3000 - i * 300, SUPPORT, ANA, waited=9) for i in range(9)]
    waiting = call(400, NOW - 134, SUPPORT, outcome="waiting", state="waiting")
    waiting["visits"] = [{"queue": SUPPORT, "entered": NOW - 134}]
    waiting.pop("ended")
    docs.append(waiting)
    talking = call(401, NOW - 372, SALES, LI, state="talking")
    talking["legs"][0] |= {"ended": None, "talk_s": None}
    talking.pop("ended")
    docs.append(talking)
    return docs


def directory() -> list[tuple[str, Doc]]:
    """Queues, agents, people, teams, numbers, and what the phone system cannot supply."""
    lacks = ["messages_in", "messages_out", "score_sum", "score_count", "hold_s", "wrap_s"]
    agents = ((ANA, "Ana Byrne", [SUPPORT]), (BEN, "Ben Walsh", [SUPPORT]), (LI, "李小龙", [SALES]))
    return [
        ("organisation", ORGANISATION),
        ("source", {"key": "pbx1", "system": "asterisk", "mode": "followed", "last_event": NOW, "lacks": lacks}),
        ("queue", {"key": SUPPORT, "source": "pbx1", "name": "support", "title": "Support"}),
        ("queue", {"key": SALES, "source": "pbx1", "name": "sales", "title": "Sales"}),
        ("queue", {"key": QUIET, "source": "pbx1", "name": "quiet", "title": "Returns & complaints of the north"}),
        *(("agent", {"key": k, "source": "pbx1", "name": n, "queues": q}) for k, n, q in agents),
        ("person", {"key": "ana", "name": "Ana Byrne", "role": "r", "agents": [ANA]}),
        ("person", {"key": "ben", "name": "Ben Walsh", "role": "r", "agents": [BEN]}),
        ("team", {"key": "north", "name": "North", "members": ["ana", "ben"], "queues": [SUPPORT]}),
        ("number", {"key": MAIN, "name": "Main line"}),
    ]


def presences() -> list[Doc]:
    """Ana is paused for lunch, Ben is ready, 李小龙 talks."""

    def said(agent: str, queue: str | None, ago: float, what: str, reason: str = "") -> Doc:
        at = NOW - ago
        key = f"{agent}@{at:.0f}/{queue or '*'}/{what}"
        return {"key": key, "source": "pbx1", "agent": agent, "queue": queue, "at": at, "what": what, "reason": reason}

    joins = [said(agent, queue, 14000, "join") for agent, queue in ((ANA, SUPPORT), (BEN, SUPPORT), (LI, SALES))]
    return [*joins, said(ANA, SUPPORT, 1325, "pause", "Lunch")]


def followups() -> list[Doc]:
    """Three callers nobody has reached, and one who was reached today."""

    def missed(number: int, ago: float, tries: int, **more: Any) -> Doc:
        attempt = {"call": f"c{number}", "queue": SUPPORT, "wait_s": 61.0, "reason": "abandoned"}
        times = [NOW - ago, *[NOW - ago / 2] * (tries - 1)]
        caller = f"+3538711122{number:02d}"
        doc = {"key": caller, "caller": caller, "attempts": [{**attempt, "at": at} for at in times]}
        return doc | {"first_miss": times[0], "last_miss": times[-1], "status": "open"} | more

    return [
        missed(1, 1080, 3, owner="ben", status="claimed"),
        missed(2, 7300, 1, caller_name="Siobhán O'Rourke-Fitzgerald", vip=True),
        missed(3, 260, 1, caller=None, masked=["caller"]),
        missed(4, 9000, 2, status="reached", reached_after_s=300.0),
    ]


def entries(bits: Callable[[str, Doc], int] = lambda kind, doc: -1) -> list[Entry]:
    """All documents as a journal's entries, each with the bits that ``bits`` gives it."""
    kinds = [*directory(), *(("presence", doc) for doc in presences())]
    kinds += [("followup", doc) for doc in followups()] + [("call", doc) for doc in calls()]
    return [
        Entry(seq, Change(kind, doc["key"], doc, NOW, "source:pbx1"), bits(kind, doc))
        for seq, (kind, doc) in enumerate(kinds, 1)
    ]


EVERYTHING = (
    "calls", "recents", "analytics", "analytics.rollup", "analytics.filter_agents", "reports.missed", "reports.queues",
    "wallboard", "supervisor", "caller_number",
)  # fmt: skip


def dimensions(names: Sequence[str]) -> tuple[str, ...]:
    """What figures may be broken down by with these permissions."""
    return tuple(by for by, needs in BY.items() if set(needs) & set(names))


def somebody(names: Sequence[str] = EVERYTHING, **more: Any) -> Me:
    """A person who holds these permissions on everything, through one lens."""
    fields: dict[str, Any] = {
        "person": "sue",
        "name": "Sue Flynn",
        "role": "r",
        "role_name": "Supervisor",
        "permissions": {name: Grant(scope=("ALL",)) for name in names},
        "panes": (),
        "lenses": (
            Lens(name="everything", permissions=tuple(names), rows=True, everything=True, by=dimensions(names)),
        ),
        "organisation": ORGANISATION,
        "policy": 1,
        "fingerprint": "f",
        "lease_s": 3600,
        "server_time": NOW,
    }
    return Me(**(fields | more))


@pytest.fixture
def me() -> Me:
    """Somebody who may see everything."""
    return somebody()


@pytest.fixture
def view() -> View:
    """The call centre, in memory."""
    made = View.open(None, lenses=1)
    made.apply(entries())
    return made


@pytest.fixture
def ana() -> Me:
    """An agent who may see the own figures and calls."""
    permissions = ("analytics", "recents")
    lens = Lens(name="own", permissions=permissions, rows=True)
    grants = {name: Grant(scope=("person:ana", f"agent:{ANA}")) for name in permissions}
    return somebody(permissions, person="ana", name="Ana Byrne", agents=(ANA,), lenses=(lens,), permissions=grants)


@pytest.fixture
def golden() -> Callable[[str, Sequence[Line]], None]:
    """Compares a picture with the file of that name; with ``UPDATE_GOLDENS=1`` it writes the file instead."""

    def compare(name: str, lines: Sequence[Line]) -> None:
        path = GOLDENS / f"{name}.txt"
        drawn = text(lines)
        if os.environ.get("UPDATE_GOLDENS"):
            path.parent.mkdir(exist_ok=True)
            path.write_text(drawn, encoding="utf-8")
        assert path.is_file(), f"{path.name} is missing; run with UPDATE_GOLDENS=1 and look at what it writes"
        assert drawn == path.read_text(encoding="utf-8")

    return compare


@pytest.fixture(name="entries")
def entries_fixture() -> Callable[..., list[Entry]]:
    """Makes the call centre's documents as a journal's entries."""
    return entries


@pytest.fixture(name="somebody")
def somebody_fixture() -> Callable[..., Me]:
    """Makes a person with some permissions."""
    return somebody
