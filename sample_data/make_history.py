"""Makes the weeks behind the recording: `python sample_data/make_history.py` writes `history/`; same seed, same files.

Callers, their names, the numbers they dial and the queues behind them are those of the recording; so are the agents,
who is in which queue, and the words they use for pauses. When calls come, how long people wait and talk, and who
works when is made here, by a small simulation of an office: 08:00 to 20:00, talks of two to eight minutes, shifts,
lunches, breaks, call-backs.

The files look like a queue_log and a CDR whose times count from a Monday 00:00 local time, for 35 days.
`sources/replay.py` moves them so that today is today.
"""

from __future__ import annotations

import csv
import heapq
import io
import itertools
import json
import lzma
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from wallboard_tui.sources.asterisk.cdr import read_cdr
from wallboard_tui.sources.asterisk.cdr_rows import load
from wallboard_tui.sources.asterisk.queues_conf import read_queues_conf

HERE = Path(__file__).parent
SEED = 20251
DAYS = 35
HOUR = 3600
OPEN, CLOSE = 8 * HOUR, 20 * HOUR
CALLS = (760, 720, 700, 680, 640, 230, 140)
"""Calls a day, Monday first."""
CURVE = (0.6, 1.1, 1.4, 1.35, 0.95, 0.9, 1.2, 1.25, 1.1, 0.8, 0.5, 0.35)
"""How busy each hour from 08:00 is."""
SHIFTS = ((8.0, 16.5), (9.5, 18.0), (11.5, 20.0))
STAFF = ((6, 5, 6), (2, 2, 2))
"""People per shift on weekdays and at weekends."""
REGULARS = (
    "Alice Morgan", "Bob Tanaka", "Dmitri Ivanov", "Eve O'Brien", "Grace Hopper-Lee", "Ivy Nguyễn", "Jürgen Groß",
    "Liam Walsh", "Wen Li", "Yara Silva", "Zack Moore",
)  # fmt: skip
"""They work every weekday; the others in turn."""
DYNAMIC = {
    "Sam Temp": ("Local/agent-112@agents/n", ("sales", "support")),
    "Tina Float": ("IAX2/agent206", ("billing", "sales")),
}
REASONS = ("Training", "Back office", "Meeting", "Réunion", "Coaching: 1-on-1")
PATIENCE = {"sales": 170, "support": 210, "billing": 150, "vip": 120}
TIMEOUT = {"sales": 240, "support": 300, "billing": 180, "vip": 150}
TRANSFER_TO = {"sales": "5003", "support": "5001", "billing": "5002", "vip": "5002"}


@dataclass
class Agent:
    """Somebody on shift. ``free_at``: idle since; ``None``: ringing, talking, paused or away."""

    name: str
    interface: str
    extension: str
    queues: tuple[str, ...]
    in_since: int | None = None
    free_at: int | None = None
    breaks: list[tuple[int, str]] = field(default_factory=list)
    leaves_at: int = 0


@dataclass
class Caller:
    """A caller's one call."""

    number: str
    name: str
    called: str
    queue: str
    id: str = ""
    started: int = 0
    entered: int = 0
    answered: int | None = None
    agent: Agent | None = None
    talking: bool = False
    stay: int = 0
    last_channel: str = ""


class Office:
    """Simulates day after day and writes down what a phone system would have."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[tuple[int, int, str]] = []
        self.rows: list[list[object]] = []
        self._events: list[tuple[int, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._ids = itertools.count(100_000)
        self._waiting: list[Caller] = []
        self._on_shift: list[Agent] = []
        self.now = 0
        self._templates = list(templates())
        self._everybody = list(agents())

    # -- one day

    def day(self, day: int) -> None:
        """Simulate one day of the 35."""
        weekday, midnight = day % 7, day * 24 * HOUR
        self._roster(midnight, weekend=weekday > 4)
        for _ in range(round(CALLS[weekday] * self.random.uniform(0.94, 1.06))):
            template = self.random.choice(self._templates)
            hour = self.random.choices(range(len(CURVE)), CURVE)[0]
            at = midnight + OPEN + hour * HOUR + self.random.randrange(HOUR)
            self.at(at, lambda t=template: self._arrive(Caller(*t)))  # type: ignore[misc]
        for agent in self._on_shift:
            for _ in range(self.random.randint(1, 5)):
                template = self.random.choice(self._templates)
                at = self.random.randint(agent.in_since or 0, agent.leaves_at)
                self.at(at, lambda number=template[0]: self._dial(number, 1))  # type: ignore[misc]
            agent.in_since = None
        while self._events:
            self.now, _, act = heapq.heappop(self._events)
            act()
        self._waiting.clear()

    def at(self, when: int, act: Callable[[], None]) -> None:
        """Let something happen then."""
        heapq.heappush(self._events, (when, next(self._order), act))

    def _roster(self, midnight: int, *, weekend: bool) -> None:
        pool = [agent for agent in self._everybody if weekend or agent.name not in REGULARS]
        self.random.shuffle(pool)
        if not weekend:
            pool = [agent for agent in self._everybody if agent.name in REGULARS] + pool
        staff = STAFF[weekend]
        self._on_shift = pool[: sum(staff)]
        places = [shift for shift, people in zip(SHIFTS, staff, strict=True) for _ in range(people)]
        self.random.shuffle(places)
        for agent, (start, end) in zip(self._on_shift, places, strict=True):
            agent.in_since = midnight + int(start * HOUR) + self.random.randint(-300, 240)
            agent.leaves_at = midnight + int(end * HOUR) + self.random.randint(-60, 600)
            middle = (start + end) / 2
            agent.breaks = sorted(
                [
                    (midnight + int((middle + self.random.uniform(-0.6, 0.6)) * HOUR), "Lunch"),
                    (midnight + int((start + 2 + self.random.uniform(-0.4, 0.4)) * HOUR), "Break"),
                    (midnight + int((end - 1.8 + self.random.uniform(-0.4, 0.4)) * HOUR), "Break"),
                ]
                + [
                    (midnight + int(self.random.uniform(start + 0.5, end - 0.5) * HOUR), self.random.choice(REASONS))
                    for _ in range(self.random.randint(0, 2))
                ]
            )
            self.at(agent.in_since, lambda a=agent: self._log_in(a))  # type: ignore[misc]

    # -- agents

    def say(self, call: str, queue: str, agent: str, verb: str, *params: object) -> None:
        """Write a line of queue_log."""
        text = "|".join((call, queue, agent, verb, "|".join(map(str, params))))
        self.lines.append((self.now, next(self._order), text))

    def _log_in(self, agent: Agent) -> None:
        agent.in_since = self.now
        if agent.name in DYNAMIC:
            for queue in agent.queues:
                self.say("MANAGER", queue, agent.interface, "ADDMEMBER", "")
        else:
            self.say("NONE", "NONE", agent.name, "AGENTLOGIN", agent.interface)
        for at, reason in agent.breaks:
            self.at(at, lambda a=agent, r=reason: self._pause(a, r))  # type: ignore[misc]
        self.at(agent.leaves_at, lambda: self._leave(agent))
        self._free(agent)

    def _leave(self, agent: Agent) -> None:
        if agent.free_at is None:
            self.at(self.now + 20, lambda: self._leave(agent))
            return
        agent.free_at = None
        since, agent.in_since = agent.in_since or self.now, None
        if agent.name in DYNAMIC:
            for queue in agent.queues:
                self.say("MANAGER", queue, agent.interface, "REMOVEMEMBER", "")
        else:
            self.say("NONE", "NONE", agent.name, "AGENTLOGOFF", agent.interface, self.now - since)

    def _pause(self, agent: Agent, reason: str) -> None:
        if agent.in_since is None or self.now > agent.leaves_at - 900:
            return
        if agent.free_at is None:
            self.at(self.now + 25, lambda: self._pause(agent, reason))
            return
        agent.free_at = None
        minutes = {"Lunch": (30, 38), "Break": (9, 16)}.get(reason, (4, 25))
        self._pauses(agent, "PAUSE", reason)
        self.at(self.now + self.random.randint(*minutes) * 60 + self.random.randrange(60), lambda: self._back(agent))

    def _back(self, agent: Agent) -> None:
        self._pauses(agent, "UNPAUSE", "")
        self._free(agent)

    def _pauses(self, agent: Agent, verb: str, reason: str) -> None:
        self.say("NONE", "NONE", agent.name, f"{verb}ALL", reason)
        for queue in agent.queues:
            self.say("NONE", queue, agent.name, verb, reason)

    def _free(self, agent: Agent) -> None:
        agent.free_at = self.now
        self._offer()

    # -- calls to queues

    def _arrive(self, caller: Caller) -> None:
        caller.id, caller.started = self._id(), self.now
        self._enter(caller, caller.queue)

    def _id(self) -> str:
        return f"pbx1-{self.now}.{next(self._ids)}"

    def _enter(self, caller: Caller, queue: str) -> None:
        caller.queue, caller.entered, caller.agent, caller.talking = queue, self.now, None, False
        caller.stay += 1
        self._waiting.append(caller)
        position = sum(other.queue == queue for other in self._waiting)
        self.say(caller.id, queue, "NONE", "ENTERQUEUE", "", caller.number, position)
        stay = caller.stay
        patience = 3 + int(self.random.expovariate(1 / PATIENCE[queue]))
        key = self.random.random() < 0.015
        self.at(self.now + min(patience, TIMEOUT[queue]), lambda: self._give_up(caller, stay, patience, key))
        self._offer()

    def _give_up(self, caller: Caller, stay: int, patience: int, key: bool) -> None:
        if caller.stay != stay or caller.talking:
            return
        self._waiting.remove(caller)
        if caller.agent is not None:
            agent, caller.agent = caller.agent, None
            self.say(caller.id, caller.queue, agent.name, "RINGCANCELED", self.random.randint(300, 6000))
            self._free(agent)
        waited, queue = self.now - caller.entered, caller.queue
        if patience >= TIMEOUT[queue]:
            self.say(caller.id, queue, "NONE", "EXITWITHTIMEOUT", 1, 1, waited)
            if queue in ("sales", "vip") and self.random.random() < 0.6:
                self._enter(caller, "support" if queue == "sales" else "sales")
                return
        elif key:
            self.say(caller.id, queue, "NONE", "EXITWITHKEY", 1, 1, 1, waited)
        else:
            self.say(caller.id, queue, "NONE", "ABANDON", 1, 1, waited)
        caller.stay += 1
        self._hang_up(caller)
        self._missed(caller, waited)

    def _missed(self, caller: Caller, waited: int) -> None:
        """Some call again; most of the others are called back."""
        if not caller.number or waited < 5:
            return
        if self.random.random() < 0.3:
            again = Caller(caller.number, caller.name, caller.called, caller.queue)
            again.queue = next(t[3] for t in self._templates if t[2] == caller.called)
            self.at(self.now + self.random.randint(90, 1500), lambda: self._arrive(again) if self._is_open() else None)
        elif self.random.random() < 0.82:
            self.at(self.now + int(self.random.lognormvariate(6.9, 0.7)), lambda: self._dial(caller.number, 3))

    def _is_open(self) -> bool:
        return OPEN <= self.now % (24 * HOUR) < CLOSE

    def _offer(self) -> None:
        """Ring idle agents for waiting callers: VIPs first, then who came first; the agent who is idle longest."""
        for caller in sorted(self._waiting, key=lambda c: (c.queue != "vip", c.entered)):
            if caller.agent is not None:
                continue
            idle = [a for a in self._on_shift if a.free_at is not None and caller.queue in a.queues]
            if idle:
                self._ring(caller, min(idle, key=lambda a: (a.free_at, a.name)))

    def _ring(self, caller: Caller, agent: Agent) -> None:
        agent.free_at, caller.agent = None, agent
        luck, stay = self.random.random(), caller.stay
        if luck < 0.045:
            ring = 0 if luck < 0.012 else self.random.choice((8, 10, 12))
            self.at(self.now + max(ring, 1), lambda: self._no_answer(caller, agent, stay, ring))
        else:
            ring = self.random.randint(1, 4 if caller.queue == "vip" else 7)
            self.at(self.now + ring, lambda: self._answer(caller, agent, stay, ring))

    def _no_answer(self, caller: Caller, agent: Agent, stay: int, ring: int) -> None:
        if caller.agent is not agent or caller.stay != stay:
            return
        caller.agent = None
        self.say(caller.id, caller.queue, agent.name, "RINGNOANSWER", ring * 1000)
        self.at(self.now + 15, lambda: self._free(agent))
        self._offer()

    def _answer(self, caller: Caller, agent: Agent, stay: int, ring: int) -> None:
        if caller.agent is not agent or caller.stay != stay:
            return
        self._waiting.remove(caller)
        caller.talking = True
        caller.answered = caller.answered or self.now
        caller.last_channel = channel(agent, next(self._ids))
        waited = self.now - caller.entered
        self.say(caller.id, caller.queue, agent.name, "CONNECT", waited, self._id(), ring)
        talk = min(max(int(self.random.lognormvariate(5.42, 0.5)), 35), 1100)
        self.at(self.now + talk, lambda: self._complete(caller, agent, waited, talk))

    def _complete(self, caller: Caller, agent: Agent, waited: int, talk: int) -> None:
        self.at(self.now + self.random.randint(4, 35), lambda: self._free(agent))
        queue = caller.queue
        if caller.stay < 3 and self.random.random() < 0.035:
            extension = TRANSFER_TO[queue]
            self.say(caller.id, queue, agent.name, "BLINDTRANSFER", extension, "xfer", waited, talk, 1)
            self._enter(caller, {"5001": "sales", "5002": "support", "5003": "billing"}[extension])
            return
        verb = self.random.choices(("COMPLETECALLER", "COMPLETEAGENT"), (2, 1))[0]
        self.say(caller.id, queue, agent.name, verb, waited, talk, 1)
        self._hang_up(caller)

    def _hang_up(self, caller: Caller) -> None:
        self._row(
            caller.started, caller.answered, caller.number, caller.name, caller.called, "from-trunk", "IAX2/carrier",
            caller.last_channel, "Queue", f"{caller.queue},tT", caller.id, f"did-{caller.called}",
        )  # fmt: skip

    # -- calls out

    def _dial(self, number: str, tries: int) -> None:
        """An idle agent calls somebody; when nobody is idle, a little later."""
        if not number or not self._is_open():
            return
        idle = [agent for agent in self._on_shift if agent.free_at is not None]
        if not idle:
            self.at(self.now + 120, lambda: self._dial(number, tries))
            return
        agent = min(idle, key=lambda a: (a.free_at, a.name))
        agent.free_at = None
        started, ring = self.now, self.random.randint(5, 24)
        talk = min(max(int(self.random.lognormvariate(4.9, 0.6)), 15), 900) if self.random.random() < 0.72 else 0
        call = self._id()
        self.at(started + ring + talk, lambda: self._dialled(agent, call, number, started, ring, talk))
        if not talk and tries > 1:
            self.at(started + self.random.randint(1200, 4800), lambda: self._dial(number, tries - 1))

    def _dialled(self, agent: Agent, call: str, number: str, started: int, ring: int, talk: int) -> None:
        answered = started + ring if talk else None
        self._row(
            started, answered, agent.extension, agent.name, f"9{number}", "from-phones", f"IAX2/agent{agent.extension}",
            "IAX2/carrier-out-1" if talk else "", "Dial", f"IAX2/carrier-out/{number},25,tT", call, "outbound",
        )  # fmt: skip
        self.at(self.now + self.random.randint(4, 30), lambda: self._free(agent))

    def _row(
        self, started: int, answered: int | None, src: str, name: str, dst: str, context: str, chan: str, other: str,
        app: str, data: str, call: str, userfield: str,
    ) -> None:  # fmt: skip
        """Write a row of the CDR; it ends now."""
        self.rows.append([
            "", src, dst, context, f'"{name}" <{src}>', f"{chan}-{call.rpartition('.')[2]}", other, app, data,
            written(started), "" if answered is None else written(answered), written(self.now), self.now - started,
            0 if answered is None else self.now - answered, "NO ANSWER" if answered is None else "ANSWERED",
            "DOCUMENTATION", call, userfield,
        ])  # fmt: skip


def written(seconds: int) -> str:
    """A time of the files as a CDR writes it: the first Monday is 1970-01-01."""
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S")


def channel(agent: Agent, number: int) -> str:
    """A channel to an agent's phone."""
    interface = agent.interface.removesuffix("/n")
    return f"{interface}-{number:08x};1" if interface.startswith("Local/") else f"{interface}-{number}"


def templates() -> Iterator[tuple[str, str, str, str]]:
    """Number, name, number dialled and queue of each recorded caller. Everybody keeps the first name they had."""
    names: dict[str, str] = {}
    queues = {"1": "sales", "2": "support", "3": "billing", "4": "vip"}
    for batch in read_cdr([HERE / "recorded" / "Master.csv.xz"], "pbx1"):
        for part in batch.parts:
            row = load(part.part["rows"][0])
            called = row.userfield.removeprefix("did-")
            if row.context == "from-trunk" and called.isdigit():
                name = names.setdefault(row.src, row.name) if row.src else ""
                yield row.src, name, called, queues[called[-1]]


def agents() -> Iterator[Agent]:
    """Everybody of queues.conf, with the extension the organisation gave them, and the dynamic members."""
    documents = json.loads((HERE / "organisation.json").read_text(encoding="utf-8"))["documents"]
    extensions = {doc["name"]: doc["extension"] for kind, doc in documents if kind == "agent"}
    for batch in read_queues_conf([HERE / "recorded" / "queues.conf"], "pbx1"):
        for kind, doc in batch.documents:
            if kind == "agent":
                queues = tuple(queue.rpartition(":")[2] for queue in doc["queues"])
                names = [doc["name"], *doc.get("interfaces", ())]
                interface = next(name for name in reversed(names) if "/" in name and not name.startswith("Agent/"))
                yield Agent(doc["name"], interface, extensions[doc["name"]], queues)
    for name, (interface, queues) in DYNAMIC.items():
        yield Agent(name, interface, extensions[name], queues)


def write(path: Path, text: str) -> None:
    """Write a compressed file that is the same whenever it is made of the same text."""
    path.write_bytes(lzma.compress(text.encode(), preset=9 | lzma.PRESET_EXTREME))


def main() -> None:
    """Make all days and write both files."""
    office = Office(SEED)
    for day in range(DAYS):
        office.day(day)
    target = HERE / "history"
    target.mkdir(exist_ok=True)
    write(target / "queue_log.xz", "".join(f"{at}|{text}\n" for at, _, text in sorted(office.lines)))
    rows = io.StringIO()
    csv.writer(rows, quoting=csv.QUOTE_MINIMAL, lineterminator="\n").writerows(office.rows)
    write(target / "Master.csv.xz", rows.getvalue())
    print(f"{len(office.lines)} lines, {len(office.rows)} rows")


if __name__ == "__main__":
    main()
