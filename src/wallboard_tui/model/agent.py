"""Room ``model``: agents, and what they said about their own presence.

An *agent* is what a phone system calls somebody who takes calls (a queue member); a *person* is somebody who may sign
in. The directory links the two.
"""

from dataclasses import dataclass
from enum import StrEnum

from wallboard_tui.model.base import Document, Epoch, Seconds


class Agent(Document):
    """A queue member. Key: ``asterisk:pbx1:Alice Morgan``; a member without a name is known by its interface."""

    kind = "agent"

    source: str
    name: str
    interfaces: tuple[str, ...] = ()
    """Other names of the same agent on the phone system: ``Local/agent-101@agents/n``, ``IAX2/agent206``."""
    extension: str | None = None
    queues: tuple[str, ...] = ()
    """Keys of the queues the agent is a static member of."""
    penalties: dict[str, int] = {}
    """Queue → penalty, where it is not 0: agents with a lower one are rung first."""
    wrap_ups: dict[str, Seconds] = {}
    """Queue → the agent's own wrap-up time in it, where there is one; else the queue's holds."""


class What(StrEnum):
    """What a presence document says. ``JOIN``/``LEAVE`` of one queue; ``LOGIN``/``LOGOUT`` of the agent altogether,
    and so ``DEVICE_…``: the phone is as its calls tell, rings or is in use for something else, or cannot be reached.
    """

    LOGIN = "login"
    LOGOUT = "logout"
    JOIN = "join"
    LEAVE = "leave"
    PAUSE = "pause"
    UNPAUSE = "unpause"
    DEVICE_FREE = "device_free"
    DEVICE_RINGS = "device_rings"
    DEVICE_BUSY = "device_busy"
    DEVICE_GONE = "device_gone"


class Presence(Document):
    """One thing an agent did to their availability. Key: ``presence_key``. Written once, never changed."""

    kind = "presence"

    source: str
    agent: str
    """An agent's key, or the key it would have under one of its ``interfaces``, by which readers resolve it."""
    queue: str | None = None
    """``None``: for all queues at once."""
    at: Epoch
    what: What
    reason: str = ""
    facts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Interval:
    """An agent was in a state from ``start`` to ``end`` (``None``: still is).

    ``queue is None``: the agent as a whole (paused when paused in any queue, counted once); else in that queue. States:
    ``paused``, ``available`` (signed in and not paused), ``out``; and beside these ``signed_in`` and ``engaged``.
    """

    agent: str
    queue: str | None
    state: str
    reason: str
    start: Epoch
    end: Epoch | None


def presence_key(agent: str, at: float, queue: str | None, what: str) -> str:
    """The key of a presence document: the same statement has the same key, however often it is read."""
    when = f"{at:.0f}" if at == int(at) else f"{at:.3f}"
    return f"{agent}@{when}/{queue or '*'}/{what}"
