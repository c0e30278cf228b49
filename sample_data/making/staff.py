"""Who works when: shifts, lunches, breaks. Writes log-ins, log-offs and pauses."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from making.log import Log

HOUR = 3600
REGULARS = (
    "Alice Morgan", "Bob Tanaka", "Dmitri Ivanov", "Eve O'Brien", "Grace Hopper-Lee", "Ivy Nguyễn", "Jürgen Groß",
    "Liam Walsh", "Wen Li", "Yara Silva", "Zack Moore",
)  # fmt: skip
"""They work every weekday; the others in turn."""
DYNAMIC = {
    "Sam Temp": ("Local/agent-112@agents/n", ("sales", "support")),
    "Tina Float": ("IAX2/agent206", ("billing", "sales")),
}
"""They are added to their queues when they come."""
REASONS = ("Training", "Back office", "Meeting", "Réunion", "Coaching: 1-on-1")


@dataclass(frozen=True)
class Day:
    """When an office is open, how busy it is then, and who works. Hours count from ``begins``."""

    begins: int
    opens: int
    curve: tuple[float, ...]
    """How busy each hour from ``opens`` is."""
    calls: int
    shifts: tuple[tuple[float, float], ...]
    people: tuple[int, ...]
    """How many work in each shift."""
    regulars: bool = True
    """Whether those come who work every weekday; else everybody takes turns, and each shift has somebody for each
    queue.
    """
    all_from: float | None = None
    """The hour from which everybody is there."""
    ends: int | None = None
    """Nothing is written from then on."""

    def is_open(self, at: int) -> bool:
        """Whether callers are let in."""
        return self.opens * HOUR <= at - self.begins < (self.opens + len(self.curve)) * HOUR


@dataclass(eq=False)
class Agent:
    """Somebody who takes calls. ``idle_since`` is ``None`` while they ring, talk, pause or are away."""

    name: str
    interface: str
    extension: str
    queues: tuple[str, ...]
    in_since: int | None = None
    idle_since: int | None = None
    leaves_at: int = 0


class Staff:
    """Everybody who works here. ``on_idle`` is called whenever somebody has nothing to do."""

    def __init__(self, log: Log, people: Sequence[Agent], on_idle: Callable[[], None]) -> None:
        self.log = log
        self.people = list(people)
        self.idle_times: list[tuple[str, int, int]] = []
        """Agent, from, to: when somebody was there and had nothing to do."""
        self._on_idle = on_idle

    def idle(self, queue: str = "") -> Agent | None:
        """Who has had nothing to do for longest, of a queue's members."""
        found = [a for a in self.people if a.idle_since is not None and (not queue or queue in a.queues)]
        return min(found, key=lambda agent: (agent.idle_since, agent.name), default=None)

    def take(self, agent: Agent) -> None:
        """The agent has something to do from now on."""
        if agent.idle_since is not None:
            self.idle_times.append((agent.name, agent.idle_since, self.log.now))
        agent.idle_since = None

    def free(self, agent: Agent) -> None:
        """The agent has nothing to do from now on."""
        agent.idle_since = self.log.now
        self._on_idle()

    def close(self) -> None:
        """The day is cut off here."""
        for agent in self.people:
            self.take(agent)

    def roster(self, day: Day) -> list[tuple[int, int]]:
        """Plan who works on a day. Returns when each of them comes and leaves."""
        chance = self.log.random
        pool = [agent for agent in self.people if not day.regulars or agent.name not in REGULARS]
        chance.shuffle(pool)
        if day.regulars:
            pool = [agent for agent in self.people if agent.name in REGULARS] + pool
        places = [shift for shift, people in zip(day.shifts, day.people, strict=True) for _ in range(people)]
        if day.regulars:
            chance.shuffle(places)
        else:
            pool = _covering(pool, day.people)
        found = []
        for agent, (start, end) in zip(pool, places, strict=False):
            comes = max(day.begins, day.begins + int(start * HOUR) + chance.randint(-300, 240))
            leaves = day.begins + int(end * HOUR) + chance.randint(-60, 600)
            breaks = self._breaks(day.begins, start, end)
            self._plan(agent, comes, leaves, breaks)
            found.append((comes, leaves))
        if day.all_from is not None:
            self.log.at(day.begins + int(day.all_from * HOUR), self._everybody_comes)
        return found

    def _breaks(self, begins: int, start: float, end: float) -> list[tuple[int, str]]:
        chance = self.log.random

        def about(hour: float, give: float) -> int:
            return begins + int((hour + chance.uniform(-give, give)) * HOUR)

        middle, half = (start + end) / 2, (end - start) / 2 - 0.5
        found = [(about(middle, 0.6), "Lunch"), (about(start + 2, 0.4), "Break"), (about(end - 1.8, 0.4), "Break")]
        return found + [(about(middle, half), chance.choice(REASONS)) for _ in range(chance.randint(0, 2))]

    def _plan(self, agent: Agent, comes: int, leaves: int, breaks: list[tuple[int, str]]) -> None:
        def come() -> None:
            agent.leaves_at = leaves
            self._log_in(agent)

        self.log.at(comes, come)
        self.log.at(leaves, lambda: self._leave(agent))
        for at, reason in breaks:
            self.log.at(at, lambda reason=reason: self._pause(agent, reason))  # type: ignore[misc]

    def _everybody_comes(self) -> None:
        """Whoever is not there comes within a quarter of an hour, and stays."""
        for agent in self.people:
            if agent.in_since is None:
                self._plan(agent, self.log.now + self.log.random.randrange(900), self.log.now + 24 * HOUR, [])

    def _log_in(self, agent: Agent) -> None:
        agent.in_since = self.log.now
        if agent.name in DYNAMIC:
            for queue in agent.queues:
                self.log.say("MANAGER", queue, agent.interface, "ADDMEMBER", "")
        else:
            self.log.say("NONE", "NONE", agent.name, "AGENTLOGIN", agent.interface)
        self.free(agent)

    def _leave(self, agent: Agent) -> None:
        if agent.idle_since is None:
            self.log.at(self.log.now + 20, lambda: self._leave(agent))
            return
        self.take(agent)
        since, agent.in_since = agent.in_since or self.log.now, None
        if agent.name in DYNAMIC:
            for queue in agent.queues:
                self.log.say("MANAGER", queue, agent.interface, "REMOVEMEMBER", "")
        else:
            self.log.say("NONE", "NONE", agent.name, "AGENTLOGOFF", agent.interface, self.log.now - since)

    def _pause(self, agent: Agent, reason: str) -> None:
        if agent.in_since is None or self.log.now > agent.leaves_at - 900:
            return
        if agent.idle_since is None:
            self.log.at(self.log.now + 25, lambda: self._pause(agent, reason))
            return
        self.take(agent)
        self._say(agent, "PAUSE", reason)
        chance = self.log.random
        minutes = chance.randint(*{"Lunch": (30, 38), "Break": (9, 16)}.get(reason, (4, 25)))
        self.log.at(self.log.now + minutes * 60 + chance.randrange(60), lambda: self._back(agent))

    def _back(self, agent: Agent) -> None:
        self._say(agent, "UNPAUSE", "")
        self.free(agent)

    def _say(self, agent: Agent, verb: str, reason: str) -> None:
        self.log.say("NONE", "NONE", agent.name, f"{verb}ALL", reason)
        for queue in agent.queues:
            self.log.say("NONE", queue, agent.name, verb, reason)


def _covering(pool: Sequence[Agent], people: Sequence[int]) -> list[Agent]:
    """Those of a shuffled pool who work in each shift, shift by shift: of the members of each queue somebody, first of
    those queues that have few, and then whoever comes next.
    """
    left = list(pool)
    queues = sorted({queue for agent in pool for queue in agent.queues})
    scarce = sorted(queues, key=lambda queue: sum(queue in agent.queues for agent in pool))
    found: list[Agent] = []
    for number in people:
        shift: list[Agent] = []
        for queue in scarce:
            if not any(queue in agent.queues for agent in shift):
                shift.append(next(agent for agent in left if queue in agent.queues and agent not in shift))
        shift = [*shift, *(agent for agent in left if agent not in shift)][:number]
        left = [agent for agent in left if agent not in shift]
        found += shift
    return found
