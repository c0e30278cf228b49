"""Room ``access``: what one person reaches, and the prints by which to tell whether two reach the same. Pure.

Everything the gate asks about a person is answered here, from resolved permissions and the directory of one moment.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

from wallboard_tui.access.derive import Effective
from wallboard_tui.access.knowing import LIVE, PLACES, Knowing, found_by
from wallboard_tui.access.sight import Sight

PERSONAL: Final = frozenset({"person", "board"})
"""Kinds of which everybody gets their own selection, whatever the scopes: themselves, and what they are offered."""
COUNTED: Final = 3
"""Raised when terminals make other figures of the rows they have: then they need a new cache."""
_DECIDING: Final = ("users", "roles", "audit", "workgroups", "numbers", "call_flow", "contacts", "account")


def _print_of(deciding: Mapping[str, object]) -> str:
    text = json.dumps(deciding, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


def decides_otherwise(old: Effective, new: Effective) -> bool:
    """Whether two sets of resolved permissions plainly differ in what they show: then fingerprints differ, too."""
    if any(old.scope(name) != new.scope(name) for name in (*PLACES, "caller_number")):
        return True
    return any(old.holds(name) != new.holds(name) for name in _DECIDING)


class Reach(Knowing):
    """One person's resolved permissions against the directory of one moment."""

    @cached_property
    def sight(self) -> Sight:
        """What the documents of people may name to this person."""
        return Sight(self)

    def lens_of(self, permission: str) -> int | None:
        """Index of the lens through which a permission looks."""
        return next((i for i, one in enumerate(self.lenses) if permission in one.lens.permissions), None)

    def fingerprint(self) -> str:
        """Changes exactly when what the person gets, or what is taken out of it, changes; differs between people."""
        own = {"person": self.key, "own": sorted(self.own), "apart": self._apart}
        return _print_of({"deciding": self._decided, **own})

    def stream(self) -> str:
        """Equal for people who get the same documents with the same taken out, but for the kinds in ``PERSONAL``."""
        return _print_of({"deciding": self._decided, "apart": self._apart})

    @cached_property
    def _apart(self) -> list[str]:
        """What sets this person's documents apart from those of others with the same scopes: the atoms that are
        their own, unless they see all of what these would show them.
        """
        teams = (*self.directory.teams_of(self.key), *self.directory.managed_by(self.key))
        missed = self.may("reports.missed")
        unmasked = self.scope("caller_number").everything or not missed
        # One's own name, in teams and missed opportunities, is known to oneself in any case.
        named = self.people.everything or self.key in self._workers or not (teams or missed)
        stateless = not any(self.may(name) for name in (*LIVE, "analytics"))
        whole = self.pauses.everything and all(one.lens.everything for one in self.lenses)
        person = self.person
        nobody = person is None or not (teams or person.agents or person.extension or person.caller_ids)
        if unmasked and named and (nobody or (self.places.everything and (stateless or whole))):
            return []
        return [self.key, *sorted(self.own)]

    @cached_property
    def _decided(self) -> str:
        return _print_of(self._deciding)

    @cached_property
    def known(self) -> Mapping[str, frozenset[str] | None]:
        """Keys of what the person knows by name, by kind, without themselves; ``None``: all there are."""
        directory = self.directory
        extensions = found_by(directory.extensions_by_fact, self.people.atoms) | self._own_keys("ext:")
        extensions = set(directory.extensions) if self.may("users") else extensions & directory.extensions.keys()
        known: list[tuple[str, Iterable[str], Callable[[str], str], bool]] = [
            ("agent", self.near_agents, self.agent_reason, self.people.everything),
            ("person", self.near_people, self.person_reason, self.people.everything),
            ("queue", self.near_queues, self.knows_queue, self.places.everything),
            ("team", self.near_teams, self.knows_team, self.places.everything),
            ("number", self.near_numbers, self.knows_number, self.places.everything),
            ("extension", extensions, self.knows_extension, self.people.everything),
        ]
        return {k: None if whole else frozenset(filter(knows, keys)) for k, keys, knows, whole in known}

    @cached_property
    def _deciding(self) -> dict[str, object]:
        return {
            "viewer": self.effective.viewer,
            "counted": COUNTED,
            "lenses": [(one.lens.model_dump(), one.scope.atoms()) for one in self.lenses],
            "scopes": {name: self.scope(name).atoms() for name in (*PLACES, "caller_number")},
            "lays_out": self.lays_out(),
            "opens": [name for name in _DECIDING if self.may(name)],
            "knows": {kind: "all" if keys is None else sorted(keys) for kind, keys in self.known.items()},
            "named": sorted(self._named),
            "by name": sorted(self._by_name()),
            "held": sorted(self.sight.held) if self.may("users") else [],
            "facts": {} if self.people.everything else self._attribution(),
            "foreign": self.foreign,
            "apart": sorted(self.directory.names.apart) if self.lenses else [],
        }

    def _by_name(self) -> Iterator[str]:
        """Queues and numbers of which the person knows the name and no more."""
        yield from (queue for queue in self.known["queue"] or () if not self.holds_queue(queue))
        yield from (number for number in self.known["number"] or () if not self.holds_number(number))

    @cached_property
    def foreign(self) -> Mapping[str, tuple[str, ...]]:
        """Agents whom the person knows, with the interfaces that are somebody's whom they do not know."""
        known, all_of = self.known["agent"], self.directory.names.foreign_interfaces
        if known is None:
            return {}
        found = {agent: all_of[agent] for agent in sorted(all_of.keys() & known)}
        unknown = {
            agent: tuple(one for one, owner in own.items() if owner not in known) for agent, own in found.items()
        }
        return {agent: interfaces for agent, interfaces in unknown.items() if interfaces}

    def _attribution(self) -> dict[str, list[str]]:
        # Legs are judged by what the directory says of their agents, so a change of team changes what is taken out.
        atoms = self.places.atoms
        near = set(self.directory.agents) if self.places.everything else found_by(self.directory.agents_by_fact, atoms)
        facts = {agent: self.directory.agent_facts(agent) for agent in sorted(near)}
        found = {agent: [fact for fact in some if fact in atoms] for agent, some in facts.items()}
        return {agent: known for agent, known in found.items() if known}
