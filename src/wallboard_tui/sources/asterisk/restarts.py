"""Room ``sources``: what a start of the phone system implies about agents, whichever file told of it. Pure.

Pauses and log-ins live in the phone system's memory: after a start there are none. That holds for every agent of the
source and every start, also where one file tells of the agent and another of the start.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from wallboard_tui.model.agent import presence_key
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.keys import source_of

RESTART = "restart"
"""Reason of statements that a start implies; ``metrics.presence`` knows them by it."""
_ENDS = {"unpause": ("pause", "unpause"), "logout": ("login", "logout")}
"""What a start implies, and for whom: those who ever said one of these."""


class Implied:
    """Collects starts and agents in any order, and gives each statement that follows once."""

    def __init__(self) -> None:
        self._starts: set[float] = set()
        self._agents: dict[str, set[str]] = {what: set() for what in _ENDS}
        self._given: set[tuple[str, str, float]] = set()
        self._moved = False

    def started(self, at: Iterable[float]) -> None:
        """The phone system started then."""
        before = len(self._starts)
        self._starts.update(at)
        self._moved |= len(self._starts) > before

    def spoke(self, agents: Iterable[str], what: str = "unpause") -> None:
        """Agents, by the key under which they were spoken of, took part in a queue's call or said ``what``."""
        for implied, said in _ENDS.items():
            if what in said:
                before = len(self._agents[implied])
                self._agents[implied].update(agents)
                self._moved |= len(self._agents[implied]) > before

    def note(self, kind: str, doc: Doc) -> None:
        """Look at a document for what it says of agents."""
        if kind == "call":
            self.spoke(leg["agent"] for leg in doc.get("legs") or () if leg.get("queue") and leg.get("agent"))
        elif kind == "presence" and doc.get("reason") != RESTART:
            self.spoke((doc["agent"],), doc["what"])

    def news(self) -> list[tuple[str, Doc]]:
        """Presence documents that were not given yet."""
        if not self._moved:
            return []
        self._moved = False
        return [("presence", doc) for doc in self._missing()]

    def _missing(self) -> Iterator[Doc]:
        for what, agents in self._agents.items():
            for agent in sorted(agents):
                for at in sorted(self._starts):
                    if (what, agent, at) not in self._given:
                        self._given.add((what, agent, at))
                        yield {
                            "key": presence_key(agent, at, None, what), "source": source_of(agent), "agent": agent,
                            "at": at, "what": what, "reason": RESTART,
                        }  # fmt: skip
