"""Room ``sources``: the phones of queue members, as Asterisk tells their state, as presence documents. Pure.

Asterisk says the state of a member's device with each change (``QueueMemberStatus``) and in snapshots. What its own
calls tell of an agent is told by these; said is only what they do not tell: a phone that cannot be reached, and one
that rings or is in use for a while although no call that is followed is there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from wallboard_tui.metrics.presence import DEVICE_BUSY, DEVICE_FREE, DEVICE_GONE, DEVICE_RINGS
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.statements import Seat, statement

STATES = {
    "2": DEVICE_BUSY, "3": DEVICE_BUSY, "4": DEVICE_GONE, "5": DEVICE_GONE, "6": DEVICE_RINGS, "7": DEVICE_BUSY,
    "8": DEVICE_BUSY,
}  # fmt: skip
"""Asterisk's device states (``ast_device_state``): in use, busy, invalid, unavailable, ringing, ringing and in use, on
hold. 0 (unknown) and 1 (not in use) say nothing against an agent."""
OUTSIDE_S = 3.0
"""A phone is in use, or rings, a moment before and after the call is told that it is for."""
_FIRST = (DEVICE_BUSY, DEVICE_RINGS, DEVICE_FREE, DEVICE_GONE)
"""Which of an agent's phones counts: one that is used before one that rings, any that is there before one that is
not."""


@dataclass(slots=True)
class Devices:
    """What the members' phones do. Times are the phone system's."""

    source: str
    _phones: dict[str, dict[str, str]] = field(default_factory=dict)
    """Agent → queue → state of the phone."""
    _said: dict[str, str] = field(default_factory=dict)
    """Agent → what was said last."""
    _since: dict[str, float] = field(default_factory=dict)
    """Agent → since when the phone is as it is, without a call that is followed."""
    _moved: set[str] = field(default_factory=set)

    def note(self, seat: Seat, status: str | None, at: float) -> None:
        """A member's phone is in this state; ``None`` where that was not said."""
        agent, queue = seat
        if status is None:
            return
        before = self._state(agent)
        self._phones.setdefault(agent, {})[queue] = STATES.get(status, DEVICE_FREE)
        after = self._state(agent)
        if before != after or agent not in self._since:
            self._since[agent] = at
        self._moved.add(agent)

    def forget(self, seat: Seat, at: float) -> None:
        """A member is none any more."""
        agent, queue = seat
        phones = self._phones.get(agent)
        if phones is not None and phones.pop(queue, None) is not None:
            self._since[agent] = at
            self._moved.add(agent)

    def _state(self, agent: str) -> str:
        return min(self._phones.get(agent, {}).values(), key=_FIRST.index, default=DEVICE_FREE)

    def statements(self, now: float, who: Callable[[], Collection[str]]) -> list[Doc]:
        """What is new. ``who``: gives the agents who ring or talk for a call that is followed."""
        found: list[Doc] = []
        engaged = who() if self._moved else ()
        for agent in sorted(self._moved):
            state = self._state(agent)
            if state in (DEVICE_BUSY, DEVICE_RINGS) and agent in engaged:
                self._since[agent] = now
                state = DEVICE_FREE
            elif state in (DEVICE_BUSY, DEVICE_RINGS) and now - self._since[agent] < OUTSIDE_S:
                state = DEVICE_FREE
            else:
                self._moved.discard(agent)
            if state in (DEVICE_BUSY, DEVICE_RINGS):
                self._moved.add(agent)  # a call that is followed may yet turn out to be what it is for
            if state != self._said.get(agent, DEVICE_FREE):
                self._said[agent] = state
                found.append(statement(self.source, (agent, ""), self._since[agent], state))
            if not self._phones.get(agent) and state == DEVICE_FREE:
                self._forget(agent)
        return found

    def _forget(self, agent: str) -> None:
        for known in (self._phones, self._said, self._since):
            known.pop(agent, None)

    def frozen(self) -> Devices:
        """As they are now."""
        return Devices(self.source, {agent: dict(phones) for agent, phones in self._phones.items()})

    def gone(self) -> frozenset[str]:
        """Agents whose phones cannot be reached, as a snapshot has just shown."""
        return frozenset(agent for agent in self._phones if self._state(agent) == DEVICE_GONE)

    def known(self) -> frozenset[str]:
        """Agents whose phones' state was told."""
        return frozenset(agent for agent, phones in self._phones.items() if phones)


def device_corrections(
    source: str, gone: Collection[str], known: Collection[str], believed: Mapping[str, str], at: float
) -> list[Doc]:
    """Statements that take back what is believed of phones and a snapshot does not show.

    ``believed``: agent → what was said last of the phone. What holds is said by ``statements``, again where need be.
    """
    back = [agent for agent in sorted(known) if agent not in gone and believed.get(agent, DEVICE_FREE) != DEVICE_FREE]
    return [statement(source, (agent, ""), at, DEVICE_FREE) for agent in back]
