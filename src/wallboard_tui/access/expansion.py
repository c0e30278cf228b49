"""Room ``access``: what a scope comes to once memberships and routing are followed. Pure.

A team's calls are those of its queues, numbers and members; a number's are those that came under what it is dialled
by, an agent's what is said under the agent's interfaces; who watches a queue sees who sits in it. Whoever changes these
changes what a scope holds without touching anybody's permissions; so to route a queue, to add a member, or to give a
number what is dialled, is to grant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wallboard_tui.access.derive import Effective, Held
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.knowing import LIVE
from wallboard_tui.access.scope import Scope


class Expansion:
    """Follows the memberships and routing of one directory."""

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        # By each atom, the other atoms whose calls carry it as a fact: what is in scope with it.
        self._with: dict[str, set[str]] = {}
        for atom, facts in _things(directory):
            for fact in facts:
                if fact != atom:
                    self._with.setdefault(fact, set()).add(atom)
        # By a queue's atom, the agents who sit in it: their states are in scope with it, their calls are not.
        self._seated: dict[str, set[str]] = {}
        for agent in directory.agents:
            for queue in directory.queues_of_agent(agent):
                self._seated.setdefault(f"queue:{queue}", set()).add(f"agent:{agent}")
        self._known: dict[tuple[Scope, bool], Scope] = {}

    def of(self, scope: Scope, *, states: bool = False) -> Scope:
        """A resolved scope together with everything whose calls it holds by membership or routing. ``states``: and with
        the agents whose states it holds because they sit in its queues.
        """
        found = self._known.get((scope, states))
        if found is None:
            pairs = set(scope.pairs)
            for atom, direction in scope.pairs:
                pairs.update((other, direction) for other in self._with.get(atom, ()))
                if states:
                    pairs.update((agent, direction) for agent in self._seated.get(atom, ()))
            found = self._known[scope, states] = Scope(frozenset(pairs)).normalised()
        return found

    def effective(self, effective: Effective) -> Effective:
        """Resolved permissions with expanded scopes."""
        permissions = {
            name: Held(held.level, self.of(held.scope, states=name in LIVE), self.of(held.managed, states=name in LIVE))
            for name, held in effective.permissions.items()
        }
        return replace(effective, permissions=permissions)

    def same(self, other: Expansion, effective: Effective) -> bool:
        """Whether both make the same of somebody's permissions."""
        scopes = {
            (scope, name in LIVE)
            for name, held in effective.permissions.items()
            for scope in (held.scope, held.managed)
            if not scope.everything
        }
        return all(self.of(scope, states=states) == other.of(scope, states=states) for scope, states in scopes)


def _things(directory: Directory) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Every atom that stands for a thing, with the facts that are stamped on its calls."""
    for queue in directory.queues:
        yield f"queue:{queue}", directory.queue_facts(queue)
    for number in directory.numbers:
        yield f"number:{number}", directory.number_facts(number)
    for dialled, number in directory.number_by_dialled.items():
        yield f"dialled:{dialled}", directory.number_facts(number)
    for person in directory.people:
        yield f"person:{person}", directory.person_facts(person)
    agents = {*directory.agents, *(agent for person in directory.people.values() for agent in person.agents)}
    for agent in agents:
        for atom in directory.names.atoms(agent):
            yield atom, directory.agent_facts(agent)
        for name in directory.names_of_agent(directory.agent_key(agent)):
            yield f"called:{name}", directory.agent_facts(agent)
    extensions = {
        *directory.extensions,
        *(person.extension for person in directory.people.values() if person.extension),
        *(agent.extension for agent in directory.agents.values() if agent.extension),
    }
    for extension in extensions:
        yield f"ext:{extension}", directory.extension_facts(extension)
    # Queues that a team names before the phone system told of them, and numbers alike.
    for team in directory.teams.values():
        for queue in team.queues:
            if queue not in directory.queues:
                yield f"queue:{queue}", directory.queue_facts(queue)
        for number in team.numbers:
            if number not in directory.numbers:
                yield f"number:{number}", directory.number_facts(number)
