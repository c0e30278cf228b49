"""A phone system that a benchmark plays: made calls as the events of a manager interface, on a real socket."""

import asyncio
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import httpx

from wallboard_tui.client.home import Home

# The phone system that the tests speak to; it is no part of the program.
sys.path.append(str(Path(__file__).resolve().parents[1] / "tests"))
from _screen import number

from conftest import END, Pbx, block_of  # type: ignore[import-not-found]

SOURCE, VARIABLE, SECRET = "bench", "BENCH_SECRET", "sesame"
QUEUES, AGENTS = 20, 200
EVENTS_PER_CALL = 9
RINGS_S, TALKS_S, DONE_S = 0.2, 0.6, 1.6
"""When an agent is rung, answers and has hung up, in seconds from the caller's coming."""
HELD_S, TALKED_S = 3, 42
"""What the events say of the waiting and the talking, for every call: the figures follow from that."""


def queue(n: int) -> str:
    """The queue of call ``n``."""
    return f"queue{n % QUEUES:02}"


class Timed(NamedTuple):
    """Events of one call that happen together. ``at``: seconds after the caller came."""

    at: float
    call: int
    blocks: list[bytes]


def call(n: int) -> Iterator[Timed]:
    """A call that is answered, as Asterisk tells it: each event with the fields that it really has."""
    ident, agent = f"bench-{n}.1", n % AGENTS
    channel = {
        "Privilege": "agent,all", "SystemName": "bench", "Channel": f"PJSIP/trunk-{n:08x}", "ChannelState": "4",
        "ChannelStateDesc": "Ring", "CallerIDNum": number(n), "CallerIDName": "Somebody",
        "ConnectedLineNum": "<unknown>", "ConnectedLineName": "<unknown>", "Language": "en", "AccountCode": "",
        "Context": "from-trunk", "Exten": "5001",
        "Priority": "1", "Uniqueid": ident, "Linkedid": ident,
    }  # fmt: skip
    rung = {
        "DestChannel": f"PJSIP/{agent + 100}-{n:08x}", "DestChannelState": "5", "DestChannelStateDesc": "Ringing",
        "DestCallerIDNum": "5001", "DestCallerIDName": "<unknown>", "DestConnectedLineNum": number(n),
        "DestLanguage": "en", "DestAccountCode": "", "DestContext": "agents", "DestExten": "5001", "DestPriority": "1",
        "DestUniqueid": f"bench-{n}.2", "DestLinkedid": ident,
    }  # fmt: skip
    member = {"Queue": queue(n), "Interface": f"PJSIP/{agent + 100}", "MemberName": f"Agent {agent:03}"}

    def said(name: str, *more: dict[str, str]) -> bytes:
        return bytes(block_of(Event=name, **{key: value for part in (channel, *more) for key, value in part.items()}))

    here = {"Queue": queue(n), "Position": "1", "Count": "1"}
    yield Timed(0.0, n, [said("Newchannel"), said("QueueCallerJoin", here)])
    yield Timed(RINGS_S, n, [said("AgentCalled", rung, member), said("DialBegin", rung)])
    answered = {"HoldTime": str(HELD_S), "RingTime": "1"}
    yield Timed(TALKS_S, n, [
        said("DialEnd", rung, {"DialStatus": "ANSWER"}), said("QueueCallerLeave", here),
        said("AgentConnect", rung, member, answered),
    ])  # fmt: skip
    over = {"HoldTime": str(HELD_S), "TalkTime": str(TALKED_S), "Reason": "caller"}
    yield Timed(DONE_S, n, [said("AgentComplete", rung, member, over), said("Hangup", {"Cause": "16"})])


def lists() -> dict[str, list[bytes]]:
    """What the phone system answers to a look at it: its queues and members, and nothing going on."""
    found = []
    for n in range(QUEUES):
        found.append(block_of(Event="QueueParams", Queue=queue(n), Strategy="ringall", Calls="0", ServiceLevel="20"))
    for agent in range(AGENTS):
        found.append(
            block_of(Event="QueueMember", Queue=queue(agent), Name=f"Agent {agent:03}",
                     Location=f"PJSIP/{agent + 100}", Membership="static", Paused="0")
        )  # fmt: skip
    return {"queuestatus": found, "coreshowchannels": [], "agents": []}


@dataclass(frozen=True)
class Said:
    """What was said: how many events, in how many seconds, and when each caller's coming was (``perf_counter``)."""

    events: int
    seconds: float
    came: dict[int, float]


class Phones(threading.Thread):
    """The phone system on a thread of its own, with an event loop of its own."""

    def __init__(self, shows: dict[str, list[bytes]] | None = None) -> None:
        super().__init__(daemon=True)
        self._loop = asyncio.new_event_loop()
        self._pbx = Pbx(secret=SECRET, lists=shows or lists())
        self.start()
        self._do(self._pbx.start())

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self._pbx.port)

    @property
    def asked(self) -> list[str]:
        """The actions that were asked so far."""
        return list(self._pbx.asked)

    def run(self) -> None:
        """Until the program ends."""
        self._loop.run_forever()

    def _do(self, work: object, within_s: float = 60.0) -> object:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(within_s)  # type: ignore[arg-type]

    def looked_at(self, within_s: float = 30.0) -> None:
        """Wait until somebody has signed in and asked what there is. Raises ``TimeoutError``."""
        self._do(self._pbx.until(lambda pbx: "Agents" in pbx.asked), within_s)

    def steadily(self, first: int, calls: int, rate: float, came: dict[int, float]) -> Said:
        """Says calls evenly, ``rate`` events a second; ``came`` is told of each caller as they come."""
        gap = EVENTS_PER_CALL / rate
        due = sorted((n * gap + each.at, each) for n in range(calls) for each in call(first + n))
        began = time.perf_counter()
        self._do(self._paced(due, began, came), calls * gap + 120)
        return Said(calls * EVENTS_PER_CALL, time.perf_counter() - began, came)

    async def _paced(self, due: Sequence[tuple[float, Timed]], began: float, came: dict[int, float]) -> None:
        for at, each in due:
            wait = began + at - time.perf_counter()
            if wait > 0:
                await asyncio.sleep(wait)
            if not each.at:
                came[each.call] = time.perf_counter()
            await self._pbx.say(each.blocks)

    def at_once(self, first: int, calls: int) -> Said:
        """Says calls as fast as somebody reads: all that come, then all that are rung, and so on."""
        blocks: list[bytes] = []
        for step in zip(*(list(call(first + n)) for n in range(calls)), strict=True):
            blocks += [block for each in step for block in each.blocks]
        data = [b"".join(block + END for block in blocks[at : at + 500]) for at in range(0, len(blocks), 500)]
        began = time.perf_counter()
        self._do(self._flood(data), 300)
        return Said(len(blocks), time.perf_counter() - began, {})

    async def _flood(self, data: Sequence[bytes]) -> None:
        for writer in list(self._pbx._writers):
            for piece in data:
                writer.write(piece)
                await writer.drain()


def following(home: Home, phones: Phones) -> dict[str, str]:
    """Tells a home's hub to follow the phone system; returns what must stand in the hub's environment."""
    lines = ["[[source]]", f'name = "{SOURCE}"', 'host = "127.0.0.1"', f"port = {phones.port}", 'login = "wallboard"']
    home.hub_toml.write_text("\n".join([*lines, f'secret_env = "{VARIABLE}"', ""]), encoding="utf-8")
    return {VARIABLE: SECRET}


def wrong_figures(hub: httpx.Client, calls: range, within_s: float = 60.0) -> list[str]:
    """What the hub's figures of each queue say otherwise than the calls that were made; empty once all are right."""
    counts = Counter(f"asterisk:{SOURCE}:{queue(n)}" for n in calls)
    deadline = time.perf_counter() + within_s
    while True:
        rows = hub.get("/kpis", params={"by": "queue", "period": "all"}).raise_for_status().json()
        found = {row["key"]: row["measures"] for row in rows}
        wrong = []
        for key, count in counts.items():
            truth = {"offered": count, "answered": count, "handled": count,
                     "wait_answered_s": count * HELD_S, "talk_s": count * TALKED_S}  # fmt: skip
            said = {name: found.get(key, {}).get(name) for name in truth}
            wrong += [
                f"{key}: {name} is {said[name]}, not {truth[name]}" for name in truth if said[name] != truth[name]
            ]
        if not wrong or time.perf_counter() > deadline:
            return wrong
        time.sleep(0.2)
