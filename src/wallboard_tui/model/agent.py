"""Room ``model``: agents, and what they said about their own presence.

An *agent* is what a phone system calls somebody who takes calls (a queue member); a *person* is somebody who may sign
in. The directory links the two.
"""

from collections.abc import Iterable, Iterator, Mapping
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


Named = tuple[str, str, Iterable[str]]
"""An agent's key, name and interfaces."""


def interface_keys(agent: Named) -> Iterator[tuple[str, str]]:
    """Each interface of an agent, and the key under which the phone system speaks of them by it: same source, other
    name.
    """
    key, name, interfaces = agent
    if name and key.endswith(name):
        prefix = key.removesuffix(name)
        yield from ((interface, prefix + interface) for interface in interfaces)


def agents_by_name(agents: Iterable[Named], links: Iterable[tuple[str, Iterable[str]]]) -> dict[str, str]:
    """Key under which an agent is spoken of, other than the own → the agent's key. ``links``: people, and the agents
    that they are.

    An interface leads to the agent that lists it, the first by key where several do, also where the interface has a
    document of its own: it was spoken of before the agent had a name. Not so where people are linked to that document
    who are not those linked to the agent: what was said under it stays theirs. What leads to an interface leads on to
    its agent; of interfaces that list each other the first by key is the agent.
    """
    found: dict[str, str] = {}
    linked: dict[str, set[str]] = {}
    for person, own in links:
        for agent in own:
            linked.setdefault(agent, set()).add(person)
    ordered = sorted(agents, key=lambda each: each[0])
    documents = {key for key, _, _ in ordered}
    for each in ordered:
        key = each[0]
        for _, said in interface_keys(each):
            others = linked.get(said) if said in documents else None
            if said != key and (not others or others == linked.get(key)):
                found.setdefault(said, key)
    ends = {said: _end(said, found) for said in found}
    return {said: key for said, key in ends.items() if said != key}


def _end(said: str, leads: Mapping[str, str]) -> str:
    """Where one gets from a name in the end."""
    path = {said: None}
    while (said := leads.get(said, "")) and said not in path:
        path[said] = None
    way = list(path)
    return min(way[way.index(said) :]) if said else way[-1]


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
