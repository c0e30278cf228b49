"""Room ``hub``: stamps once more what stands in the journal: with what became known of agents since, and what they
say without naming a queue with the queues that they are signed into.

A log-off or a pause for all queues is a fact of each of these: who watches one of them has to learn of it, or their
figures keep the agent there for good. Which queues these are may become known later (a file before it, a queue joined
while it holds), so statements around new ones are looked at again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from math import inf

from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.learnt import Learnt
from wallboard_tui.hub.stamp import Stamper
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change
from wallboard_tui.view.said import Stretch, moved, signed_into

AT_ONCE = 2000
"""Presences per append."""
EVER = Stretch(-inf, inf)


def stamp_queues(hub: Hub, presences: Collection[str], by: str) -> None:
    """Stamp presences without a queue on which some others, by key, bear. These stand in the journal already."""
    if presences:
        _stamp(hub, moved(hub.view, presences).items(), by)


def stamp_again(hub: Hub, stamper: Stamper, learnt: Learnt, by: str) -> None:
    """Add to calls and presences what became known of their agents."""
    now = hub.clock()
    concerned = learnt.concerned(hub.view)
    for kind, keys in concerned.items():
        stamp = stamper.again if kind == "call" else stamper.presence_again
        for first in range(0, len(keys), AT_ONCE):
            some = hub.journal.get_many(kind, keys[first : first + AT_ONCE]).values()
            stamped = [(one.change, stamp(one.change.doc, learnt)) for one in some if one.change.doc is not None]
            hub.commit([Change(kind, old.key, new, now, by) for old, new in stamped if new != old.doc])
    if concerned["presence"]:
        # Two names are one agent's by now: what was said under the one bears on the other.
        _stamp(hub, ((agent, EVER) for agent in moved(hub.view, concerned["presence"])), by)


def _stamp(hub: Hub, agents: Iterable[tuple[str, Stretch]], by: str) -> None:
    queues: dict[str, frozenset[str]] = {}
    for agent, stretch in agents:
        queues.update(signed_into(hub.view, agent, stretch))
    keys, now = sorted(queues), hub.clock()
    for first in range(0, len(keys), AT_ONCE):
        found = hub.journal.get_many("presence", keys[first : first + AT_ONCE])
        old = {key: entry.change.doc for key, entry in found.items() if entry.change.doc is not None}
        new = {key: _about(doc, queues[key]) for key, doc in old.items()}
        changes = [Change("presence", key, doc, now, by) for key, doc in new.items() if doc != old[key]]
        if changes:
            hub.commit(changes)


def _about(presence: Doc, queues: Iterable[str]) -> Doc:
    """A presence without a queue as a fact of some queues. Not of the teams that these route to: these do not see who
    of other teams sits there.
    """
    facts = {fact for fact in presence.get("facts") or () if not fact.startswith("queue:")}
    return {**presence, "facts": sorted(facts | {f"queue:{queue}" for queue in queues})}
