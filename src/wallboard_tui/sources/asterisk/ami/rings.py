"""Room ``sources``: the legs of one call while its lines are taken in: which agents rang, and how that ended. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from wallboard_tui.model.base import Doc


@dataclass(slots=True)
class Rings:
    """Legs in the order in which they began."""

    legs: list[Doc] = field(default_factory=list)
    _unsure: list[Doc] = field(default_factory=list)
    """Legs that rang when something may have been missed, such as how they ended."""

    def add(self, agent: str, queue: str, visit: int, known: Doc) -> Doc:
        """A leg more: the agent's and the queue's key, which visit it belongs to, and what is known."""
        leg: Doc = {"agent": agent, "queue": queue, "visit": visit, **known}
        self.legs.append(leg)
        return leg

    def of(self, agent: str) -> Doc | None:
        """The leg of an agent who rings."""
        return next((leg for leg in self.legs if leg["agent"] == agent and leg["outcome"] == "ringing"), None)

    def stop(self, agent: str, at: float, outcome: str) -> Doc | None:
        """An agent rings no more."""
        leg = self.of(agent)
        if leg is not None:
            leg.update(outcome=outcome, ended=round(at, 3))
        return leg

    def cancel(self, at: float) -> None:
        """Whoever still rings does so in vain; who rang when something was missed may have stopped before."""
        for leg in self.legs:
            if leg["outcome"] == "ringing":
                unsure = any(leg is one for one in self._unsure)
                leg.update(outcome="unknown" if unsure else "canceled", ended=round(at, 3))

    def missed(self) -> None:
        """Something may have been missed."""
        self._unsure += [leg for leg in self.legs if leg["outcome"] == "ringing"]

    def summed_up(self, agent: str, queue: str, talked: float | None) -> bool:
        """Whether the newest leg is this agent's, summed up already with so long a talk: it is said twice."""
        if not self.legs or talked is None:
            return False
        last = self.legs[-1]
        total = last.get("talk_s", -1.0) + last.get("hold_s", 0.0)
        return (last["queue"], last["agent"]) == (queue, agent) and bool(total == talked)
