"""Room ``access``: what an answer of one person's gate about a call or a presence rests on, so that people of whom it
is the same may be sent the same bytes. Pure.

A document names people, agents, queues, numbers; the directory says to which atoms each belongs (``around``). A gate
judges by which of these atoms are in which of its scopes. Where two gates find the same ones in the same scopes, and
treat them alike (``mark``), they admit, cut and mask that document alike.
"""

from __future__ import annotations

import hashlib
from collections.abc import Hashable, Iterable
from typing import TYPE_CHECKING, Final

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.scope import ALL, DIRECTIONS, Scope
from wallboard_tui.model.base import Doc

if TYPE_CHECKING:
    from wallboard_tui.access.gate import Gate

KINDS: Final = ("call", "presence")
"""Kinds that have marks: of others there are few, or they are cut by more than scopes."""
Around = tuple[tuple[str, ...], ...]


def around(kind: str, doc: Doc, directory: Directory) -> Around:
    """What a directory says of all that a call or a presence names, and the facts it was stamped with."""
    facts = tuple(doc.get("facts") or ())
    if kind == "presence":
        agent, queue = doc["agent"], doc.get("queue")
        sits = tuple(f"queue:{one}" for one in directory.queues_of_agent(agent))
        routed = (f"queue:{queue}", *(f"team:{team}" for team in directory.teams_of_queue(queue))) if queue else ()
        return facts, directory.agent_facts(agent), sits, routed
    legs, visits = doc.get("legs") or (), doc.get("visits") or ()
    return (
        facts,
        (f"number:{doc.get('number')}",),
        *(directory.agent_facts(leg["agent"]) for leg in legs if leg.get("agent") is not None),
        *(directory.queue_facts(part["queue"]) for part in (*visits, *legs) if part.get("queue") is not None),
        *(directory.extension_facts(one) for one in (doc.get("extension"), doc.get("called")) if one),
    )


def atoms_of(surroundings: Around) -> frozenset[str]:
    """All atoms that the decision about a document can turn on."""
    return frozenset(atom for some in surroundings for atom in some)


class _Sets:
    """The distinct sets of atoms by which a gate judges documents of one sort, each with its place."""

    def __init__(self) -> None:
        self.found: list[frozenset[str]] = []
        self._shape = ""
        self._any = frozenset[str]()
        self._marks: dict[tuple[frozenset[str], str], bytes] = {}

    def place(self, everything: bool, atoms: frozenset[str]) -> int:
        """Where a set stands; -1 for what needs no atom."""
        if everything:
            return -1
        if atoms not in self.found:
            self.found.append(atoms)
        return self.found.index(atoms)

    def shaped(self, shape: Hashable) -> _Sets:
        """``shape``: what the gate does with these sets."""
        self._shape = repr(shape)
        self._any = frozenset[str]().union(*self.found)
        return self

    def mark(self, atoms: frozenset[str], number: str, fingerprint: str) -> bytes:
        """What of a document's atoms is in which set. Of a call that is theirs by its number, people and queues are
        named to those who know them anyway: that is everybody's own.
        """
        hit = atoms & self._any
        own = fingerprint if number in hit else ""
        found = self._marks.get((hit, own))
        if found is None:
            # Few are ever needed: of all atoms only those in some scope of this person count.
            text = repr((self._shape, [sorted(hit & one) for one in self.found], own))
            found = self._marks[hit, own] = hashlib.blake2b(text.encode(), digest_size=16).digest()
        return found


class Sharing:
    """What the answers of one gate rest on."""

    def __init__(self, gate: Gate) -> None:
        self._fingerprint = gate.fingerprint
        self._calls = {way.value: _calls(gate, way.value) for way in DIRECTIONS}
        self._presences = _presences(gate)
        self._wanted = {"call": _wanted_calls(gate), "presence": _wanted_presences(gate)}

    def mark(self, kind: str, doc: Doc, atoms: frozenset[str]) -> bytes:
        """Equal for gates that admit and redact this document alike. ``atoms``: of what is around it."""
        if kind == "presence":
            return self._presences.mark(atoms, "", "")
        sets = self._calls.get(doc.get("direction", "inbound"))
        return b"" if sets is None else sets.mark(atoms, f"number:{doc.get('number')}", self._fingerprint)

    def wanted(self, kind: str) -> frozenset[str] | None:
        """Names and facts of which a document must have one to be admitted; ``None``: it need have none of them."""
        return self._wanted[kind]


def _calls(gate: Gate, direction: str) -> _Sets:
    sets = _Sets()

    def place(scope: Scope) -> int:
        return sets.place(any(pair == (ALL, direction) for pair in scope.pairs), scope.concrete(direction))

    reach = gate.reach
    lenses = tuple((i, place(one.scope)) for i, one in enumerate(reach.lenses) if one.lens.rows)
    numbers = place(reach.scope("caller_number"))
    # Whose extension was dialled is told to those who may know it, in whichever scope the call is.
    extensions = (reach.may("users"), sets.place(reach.people.everything, reach.people.atoms))
    return sets.shaped((lenses, numbers, extensions, sets.place(False, reach.own), reach.may("contacts")))


def _presences(gate: Gate) -> _Sets:
    sets, reach = _Sets(), gate.reach
    analytics = reach.scope("analytics")
    own = any(atom == ALL for atom, _ in analytics.pairs) or not reach.own.isdisjoint(analytics.names())
    shape = (
        reach.person is None,
        sets.place(False, reach.own),
        own,
        sets.place(reach.live.everything, reach.live.atoms),
        sets.place(reach.pauses.everything, reach.pauses.atoms),
        tuple(
            (counts, sets.place(touch.everything, touch.atoms))
            for counts, touch in (gate.lens_gate(i).counting() for i in range(len(reach.lenses)))
        ),
    )
    return sets.shaped(shape)


def _wanted_calls(gate: Gate) -> frozenset[str] | None:
    scopes = [one.scope for one in gate.reach.lenses if one.lens.rows]
    if any(atom == ALL for scope in scopes for atom, _ in scope.pairs):
        return None
    return frozenset[str]().union(*(scope.names() for scope in scopes))


def _wanted_presences(gate: Gate) -> frozenset[str] | None:
    reach = gate.reach
    if reach.live.everything:
        return None
    return frozenset({*reach.live.atoms, *reach.own, *_named(reach.near_agents, reach.directory)})


def _named(agents: Iterable[str], directory: Directory) -> Iterable[str]:
    return (f"agent:{name}" for agent in agents for name in directory.names_of_agent(agent))
