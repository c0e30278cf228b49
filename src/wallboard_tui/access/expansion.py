"""Room ``access``: what a scope comes to once memberships and routing are followed. Pure.

A team's calls are those of its queues, numbers and members. Whoever changes these changes what the team's scope holds
without touching anybody's permissions; so to route a queue or to add a member is to grant.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from wallboard_tui.access.derive import Effective, Held
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.scope import ALL, DIRECTIONS, Scope


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
        self._known: dict[Scope, Scope] = {}

    def of(self, scope: Scope) -> Scope:
        """A resolved scope together with everything whose calls it holds by membership or routing."""
        found = self._known.get(scope)
        if found is None:
            pairs = set(scope.pairs)
            for atom, direction in scope.pairs:
                pairs.update((other, direction) for other in self._with.get(atom, ()))
            found = self._known[scope] = Scope(frozenset(pairs)).normalised()
        return found

    def effective(self, effective: Effective) -> Effective:
        """Resolved permissions with expanded scopes."""
        permissions = {
            name: Held(held.level, self.of(held.scope), self.of(held.managed))
            for name, held in effective.permissions.items()
        }
        return replace(effective, permissions=permissions)

    def same(self, other: Expansion, effective: Effective) -> bool:
        """Whether both make the same of somebody's permissions."""
        scopes = {scope for held in effective.permissions.values() for scope in (held.scope, held.managed)}
        return all(self.of(scope) == other.of(scope) for scope in scopes if not _whole(scope))


def _whole(scope: Scope) -> bool:
    return all((ALL, direction) in scope.pairs for direction in DIRECTIONS)


def _things(directory: Directory) -> Iterable[tuple[str, tuple[str, ...]]]:
    """Every atom that stands for a thing, with the facts that are stamped on its calls."""
    for queue in directory.queues:
        yield f"queue:{queue}", directory.queue_facts(queue)
    for number in directory.numbers:
        yield f"number:{number}", directory.number_facts(number)
    for person in directory.people:
        yield f"person:{person}", directory.person_facts(person)
    agents = {*directory.agents, *(agent for person in directory.people.values() for agent in person.agents)}
    for agent in agents:
        yield f"agent:{directory.agent_key(agent)}", directory.agent_facts(agent)
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
