"""What happens to callers: they wait, are answered, give up, try again, are called back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from making.log import Log
from making.staff import HOUR, Agent, Day, Staff

PATIENCE = {"sales": 170, "support": 210, "billing": 150, "vip": 120}
"""Mean seconds for which callers would wait."""
TIMEOUT = {"sales": 240, "support": 300, "billing": 180, "vip": 150}
"""Seconds after which a queue lets nobody wait any longer."""
NEXT = {"sales": "support", "vip": "sales", "billing": "support"}
"""Where most of those go whom a queue let wait too long."""
TRANSFERS = {
    "sales": ("5003", "billing"), "support": ("5001", "sales"),
    "billing": ("5002", "support"), "vip": ("5002", "support"),
}  # fmt: skip
"""Extension dialled and queue reached when an agent passes a caller on."""
WITHHELD = 0.008
"""Share of callers who hide their number. They wait as long as they may: nobody could call them back."""
STRANGERS = 0.18
"""Share of callers who are not in the recording, and seldom call again."""
AGAIN, CALLED_BACK = 0.3, 0.85
"""Of callers whom nobody answered: how many try again by themselves; how many of the others are called back."""
SHORT_S = 5
"""Who gives up sooner dialled the wrong number."""


@dataclass(frozen=True)
class Line:
    """Somebody with a telephone, and the queue behind the number they dial."""

    number: str
    name: str
    called: str
    queue: str


@dataclass(eq=False)
class Caller:
    """A caller's one call. ``stay`` counts the queues it was in: what was meant for an earlier one is void."""

    line: Line
    id: str
    started: int
    queue: str = ""
    entered: int = 0
    stay: int = 0
    agent: Agent | None = None
    talking: bool = False
    answered: int | None = None
    channel: str = ""


class Office:
    """Simulates one day after the other."""

    def __init__(self, log: Log, lines: Sequence[Line], people: Sequence[Agent]) -> None:
        self.log = log
        self.staff = Staff(log, people, self._offer)
        self._known = [line for line in lines if line.number]
        self._withheld = [line for line in lines if not line.number]
        self._strangers = [self._stranger(number) for number in range(600, 1000)]
        self._waiting: list[Caller] = []
        self._tomorrow: list[str] = []

    def _stranger(self, number: int) -> Line:
        like = self.log.random.choice(self._known)
        return Line(f"+1415555{number:04}", like.name, like.called, like.queue)

    def day(self, day: Day) -> None:
        """Simulate one day. Who was to be called back the day before is called first."""
        self._day = day
        chance = self.log.random
        opens = day.begins + day.opens * HOUR
        for comes, leaves in self.staff.roster(day):
            for _ in range(chance.randint(1, 5)):
                self._dial_at(chance.randint(comes, leaves), chance.choice(self._known).number, 1)
        for _ in range(day.calls):
            hour = chance.choices(range(len(day.curve)), day.curve)[0]
            self._arrive_at(opens + hour * HOUR + chance.randrange(HOUR), self._anybody())
        for number in self._tomorrow:
            self._dial_at(opens + chance.randint(300, 5400), number, 3)
        self._tomorrow = []
        self.log.run(day.ends)
        if day.ends is not None:
            self.staff.close()
        self._waiting.clear()

    def _anybody(self) -> Line:
        luck = self.log.random.random()
        some = self._withheld if luck < WITHHELD else self._strangers if luck < WITHHELD + STRANGERS else self._known
        return self.log.random.choice(some)

    # -- callers

    def _arrive_at(self, when: int, line: Line) -> None:
        def arrive() -> None:
            if self._day.is_open(self.log.now):
                self._enter(Caller(line, self.log.new_id(), self.log.now), line.queue)
            else:
                self._tomorrow.append(line.number)

        self.log.at(when, arrive)

    def _enter(self, caller: Caller, queue: str) -> None:
        caller.queue, caller.entered, caller.agent, caller.talking = queue, self.log.now, None, False
        caller.stay += 1
        self._waiting.append(caller)
        position = sum(other.queue == queue for other in self._waiting)
        self.log.say(caller.id, queue, "NONE", "ENTERQUEUE", "", caller.line.number, position)
        stay, chance = caller.stay, self.log.random
        patience, key = 3 + int(chance.expovariate(1 / PATIENCE[queue])), chance.random() < 0.015
        if not caller.line.number:
            patience, key = TIMEOUT[queue], False
        waits = min(patience, TIMEOUT[queue])
        self.log.at(self.log.now + waits, lambda: self._give_up(caller, stay, patience >= TIMEOUT[queue], key))
        self._offer()

    def _give_up(self, caller: Caller, stay: int, timed_out: bool, key: bool) -> None:
        if caller.stay != stay or caller.talking:
            return
        self._waiting.remove(caller)
        if caller.agent is not None:
            agent, caller.agent = caller.agent, None
            self.log.say(caller.id, caller.queue, agent.name, "RINGCANCELED", self.log.random.randint(300, 6000))
            self.staff.free(agent)
        waited, queue = self.log.now - caller.entered, caller.queue
        if timed_out:
            self.log.say(caller.id, queue, "NONE", "EXITWITHTIMEOUT", 1, 1, waited)
            if queue in NEXT and (self.log.random.random() < 0.6 or not caller.line.number):
                self._enter(caller, NEXT[queue])
                return
        elif key:
            self.log.say(caller.id, queue, "NONE", "EXITWITHKEY", 1, 1, 1, waited)
        else:
            self.log.say(caller.id, queue, "NONE", "ABANDON", 1, 1, waited)
        caller.stay += 1
        self._hang_up(caller)
        if caller.line.number and waited >= SHORT_S and caller.answered is None:
            self._missed(caller.line)

    def _missed(self, line: Line) -> None:
        """Some call again; most of the others are called back."""
        chance = self.log.random
        if chance.random() < AGAIN:
            self._arrive_at(self.log.now + chance.randint(90, 1500), line)
        elif chance.random() < CALLED_BACK:
            self._dial_at(self.log.now + int(chance.lognormvariate(6.9, 0.7)), line.number, 3)

    def _hang_up(self, caller: Caller) -> None:
        line = caller.line
        self.log.row(
            caller.started, caller.answered, line.number, line.name, line.called, "from-trunk", "IAX2/carrier",
            caller.channel, "Queue", f"{caller.queue},tT", caller.id, f"did-{line.called}",
        )  # fmt: skip

    # -- agents and callers

    def _offer(self) -> None:
        """Ring idle agents for waiting callers: VIPs first, then who came first; the agent who is idle longest."""
        for caller in sorted(self._waiting, key=lambda c: (c.queue != "vip", c.entered)):
            if caller.agent is None and (agent := self.staff.idle(caller.queue)) is not None:
                self._ring(caller, agent)

    def _ring(self, caller: Caller, agent: Agent) -> None:
        self.staff.take(agent)
        caller.agent = agent
        luck, stay, now = self.log.random.random(), caller.stay, self.log.now
        if luck < 0.045:
            ring = 0 if luck < 0.012 else self.log.random.choice((8, 10, 12))
            self.log.at(now + max(ring, 1), lambda: self._no_answer(caller, agent, stay, ring))
        else:
            ring = self.log.random.randint(1, 4 if caller.queue == "vip" else 7)
            self.log.at(now + ring, lambda: self._answer(caller, agent, stay, ring))

    def _no_answer(self, caller: Caller, agent: Agent, stay: int, ring: int) -> None:
        if caller.agent is not agent or caller.stay != stay:
            return
        caller.agent = None
        self.log.say(caller.id, caller.queue, agent.name, "RINGNOANSWER", ring * 1000)
        self.log.at(self.log.now + 15, lambda: self.staff.free(agent))
        self._offer()

    def _answer(self, caller: Caller, agent: Agent, stay: int, ring: int) -> None:
        if caller.agent is not agent or caller.stay != stay:
            return
        self._waiting.remove(caller)
        caller.talking = True
        caller.answered = caller.answered or self.log.now
        caller.channel = channel(agent, self.log.next_number())
        waited = self.log.now - caller.entered
        self.log.say(caller.id, caller.queue, agent.name, "CONNECT", waited, self.log.new_id(), ring)
        talk = min(max(int(self.log.random.lognormvariate(5.42, 0.5)), 35), 1100)
        self.log.at(self.log.now + talk, lambda: self._complete(caller, agent, waited, talk))

    def _complete(self, caller: Caller, agent: Agent, waited: int, talk: int) -> None:
        chance = self.log.random
        self.log.at(self.log.now + chance.randint(4, 35), lambda: self.staff.free(agent))
        queue = caller.queue
        if caller.stay < 3 and chance.random() < 0.035:
            extension, after = TRANSFERS[queue]
            self.log.say(caller.id, queue, agent.name, "BLINDTRANSFER", extension, "xfer", waited, talk, 1)
            self._enter(caller, after)
            return
        verb = chance.choices(("COMPLETECALLER", "COMPLETEAGENT"), (2, 1))[0]
        self.log.say(caller.id, queue, agent.name, verb, waited, talk, 1)
        self._hang_up(caller)

    # -- calls out

    def _dial_at(self, when: int, number: str, tries: int) -> None:
        self.log.at(when, lambda: self._dial(number, tries))

    def _dial(self, number: str, tries: int) -> None:
        """An idle agent calls somebody: a little later when nobody is idle, the next day when the office is closed."""
        if not self._day.is_open(self.log.now):
            if tries > 1:
                self._tomorrow.append(number)
            return
        agent = self.staff.idle()
        if agent is None:
            self._dial_at(self.log.now + 120, number, tries)
            return
        self.staff.take(agent)
        chance, started, call = self.log.random, self.log.now, self.log.new_id()
        ring = chance.randint(5, 24)
        talk = min(max(int(chance.lognormvariate(4.9, 0.6)), 15), 900) if chance.random() < 0.72 else 0
        self.log.at(started + ring + talk, lambda: self._dialled(agent, call, number, started, ring, talk))
        if not talk and tries > 1:
            self._dial_at(started + chance.randint(1200, 4800), number, tries - 1)

    def _dialled(self, agent: Agent, call: str, number: str, started: int, ring: int, talk: int) -> None:
        self.log.row(
            started, started + ring if talk else None, agent.extension, agent.name, f"9{number}", "from-phones",
            f"IAX2/agent{agent.extension}", "IAX2/carrier-out-1" if talk else "", "Dial",
            f"IAX2/carrier-out/{number},25,tT", call, "outbound",
        )  # fmt: skip
        self.log.at(self.log.now + self.log.random.randint(4, 30), lambda: self.staff.free(agent))


def channel(agent: Agent, number: int) -> str:
    """A channel to an agent's phone."""
    interface = agent.interface.removesuffix("/n")
    return f"{interface}-{number:08x};1" if interface.startswith("Local/") else f"{interface}-{number}"
