"""Room ``sources``: the talks of one call while its lines are taken in: who talks, who was on hold, what is summed up.
Pure.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from wallboard_tui.model.base import Doc

AgentThere = tuple[str, str]
"""(queue's key, agent's key)."""


@dataclass(slots=True)
class Talk:
    """A leg whose talk Asterisk has not summed up yet."""

    leg: Doc
    missed: bool = False
    """Whether something may have been missed since the agent answered."""
    held_s: float = 0.0
    held_since: float | None = None
    passed: str = "unknown"
    """How the agent passed the caller on, as far as that was said."""

    def of(self, who: AgentThere) -> bool:
        """Whether it is the talk of an agent in a queue."""
        return (self.leg["queue"], self.leg["agent"]) == who

    def told(self, at: float, talked: float) -> None:
        """Asterisk's talk time holds the hold time: ours is apart, where all of it was heard."""
        if self.missed:
            self.leg["talk_s"] = talked
            return
        held = self.held_s + (at - self.held_since if self.held_since is not None else 0.0)
        self.leg["hold_s"] = min(round(held, 3), talked)
        self.leg["talk_s"] = round(talked - self.leg["hold_s"], 3)


@dataclass(slots=True)
class Talks:
    """The talk that goes on, and those that are not summed up yet."""

    now: Talk | None = None
    unfinished: list[Talk] = field(default_factory=list)

    def begin(self, leg: Doc, *, missed: bool = False) -> None:
        """An agent has answered."""
        self.now = Talk(leg, missed)
        self.unfinished.append(self.now)

    def going_on(self, who: AgentThere) -> Talk | None:
        """The talk that goes on, if it is with this agent."""
        return self.now if self.now is not None and self.now.of(who) else None

    def newest(self, who: AgentThere) -> Talk | None:
        """The newest talk with an agent that Asterisk has not summed up."""
        return next((talk for talk in reversed(self.unfinished) if talk.of(who)), None)

    def break_off(self, at: float) -> None:
        """The caller is somewhere else: how the talk ended was never said."""
        if self.now is not None:
            self.now.leg["ended"] = round(at, 3)
            self.now.leg.pop("held", None)
            self.now = None

    def missed(self) -> None:
        """Something may have been missed."""
        for talk in self.unfinished:
            talk.missed = True
            talk.leg.pop("held", None)

    def hold(self, who: AgentThere, at: float) -> None:
        """The agent puts the caller on hold."""
        talk = self.going_on(who)
        if talk is not None and talk.held_since is None:
            talk.held_since = at
            talk.leg["held"] = round(at, 3)

    def unhold(self, who: AgentThere, at: float) -> None:
        """The agent comes back."""
        talk = self.going_on(who)
        if talk is not None and talk.held_since is not None:
            talk.held_s += at - talk.held_since
            talk.held_since = None
            talk.leg.pop("held", None)

    def done(self, talk: Talk) -> None:
        """Asterisk has summed a talk up."""
        self.unfinished.remove(talk)
        talk.leg.pop("held", None)
        if self.now is talk:
            self.now = None
