"""Room ``sources``: one agent in one queue, as events of Asterisk 13 to 22 and its snapshots tell of them. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from wallboard_tui.sources.asterisk.ami.lines import moment, number
from wallboard_tui.sources.asterisk.ami.watch import Malformed
from wallboard_tui.sources.asterisk.ami.wire import Message

FIELDS = {
    "state_interface": "stateinterface", "membership": "membership", "penalty": "penalty", "wrap_up_s": "wrapuptime",
}  # fmt: skip
"""What not every version tells in every event: name here → field there."""


@dataclass(frozen=True, slots=True)
class Membership:
    """One agent in one queue, as the phone system has it now."""

    name: str
    interface: str
    state_interface: str
    membership: str
    penalty: int
    paused: bool
    reason: str
    last_pause: float
    joined: float
    """When, as far as this Asterisk tells (16 and later); else 0."""
    wrap_up_s: float
    """The member's own wrap-up time; 0: the queue's."""


def named(event: Message) -> bool:
    """Whether an event says which member it is about."""
    return any(event.get(name) for name in ("membername", "name", "interface", "location"))


def member_of(event: Message) -> Membership:
    """A member as events (13 to 22) and QueueStatus tell of it. Raises ``Malformed``."""
    interface = event.get("interface") or event.get("location") or ""
    name = event.get("membername") or event.get("name") or interface
    if not name:
        raise Malformed(f"{event['event']} without MemberName and Interface")
    return Membership(
        name=name,
        interface=interface,
        state_interface=event.get("stateinterface") or "",
        membership=event.get("membership") or "dynamic",
        penalty=int(number(event.get("penalty")) or 0),
        paused=event.get("paused") == "1",
        reason=event.get("pausedreason") or event.get("reason") or "",
        last_pause=moment(event.get("lastpause")) or 0.0,
        joined=moment(event.get("logintime")) or 0.0,
        wrap_up_s=number(event.get("wrapuptime")) or 0.0,
    )
