"""Room ``access``: what one person reaches: lenses, and which queues, agents and people they may know by name. Pure.

Everything the gate asks about a person is answered here, from resolved permissions and the directory of one moment.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from wallboard_tui.access.derive import Effective, effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.panes import BY, ROLLUPS
from wallboard_tui.access.scope import ALL, Scope
from wallboard_tui.access.scope import compile as compiled
from wallboard_tui.model.directory import Person
from wallboard_tui.model.me import Lens

LENSES: Final[Mapping[str, tuple[str, ...]]] = {
    "calls": ("calls",),
    "recents": ("recents",),
    "analytics": ("analytics",),
    "rollups": ROLLUPS,
    "missed": ("reports.missed",),
    "wallboard": ("wallboard",),
    "supervisor": ("supervisor",),
}
"""Groups of permissions that look through one lens each; groups with equal scopes share one. What figures may be broken
down by (``panes.BY``) are groups too."""

LIVE: Final = ("supervisor", "wallboard")
PEOPLE: Final = ("calls", "recents", "analytics", "analytics.filter_agents", "reports.productivity", *LIVE)
"""Permissions whose rows and figures name agents and the people who are these agents."""
PLACES: Final = (*PEOPLE, *ROLLUPS, "reports.missed")
"""Permissions whose rows and figures name queues, teams and numbers."""
ROWS: Final = ("calls", "recents", "reports.missed")
"""Permissions whose rows (calls, attempts) also name queues that are not in scope themselves."""
PERSONAL: Final = frozenset({"person", "board", "notice"})
"""Kinds of which everybody gets their own selection, whatever the scopes: themselves, what they are offered or told."""
COUNTED: Final = 2
"""Raised when terminals make other figures of the rows they have: then they need a new cache."""
_DECIDING: Final = ("users", "roles", "audit", "workgroups", "numbers", "call_flow", "contacts", "account")


@dataclass(frozen=True, slots=True)
class LensScope:
    """A lens with its scope."""

    lens: Lens
    scope: Scope


def _print_of(deciding: Mapping[str, object]) -> str:
    text = json.dumps(deciding, sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


class Workers:
    """People who may work on missed opportunities: claim, call back, resolve. Kept for the directory asked about last:
    everybody's access is computed from the same one.
    """

    def __init__(self) -> None:
        self._known: tuple[Directory, frozenset[str]] | None = None

    def __call__(self, directory: Directory) -> frozenset[str]:
        known = self._known
        if known is None or known[0] is not directory:
            people = (p for p in directory.people if effective(p, directory).holds("reports.missed", "manage"))
            known = self._known = (directory, frozenset(people))
        return known[1]


workers = Workers()


class Touch:
    """Membership in a scope without a direction: agents, queues and people have none, so any direction is enough."""

    def __init__(self, scope: Scope) -> None:
        self.everything = any(atom == ALL for atom, _ in scope.pairs)
        self.atoms = frozenset(atom for atom, _ in scope.pairs)

    def __call__(self, facts: Iterable[str]) -> bool:
        return self.everything or not self.atoms.isdisjoint(facts)

    def reason(self, facts: Iterable[str]) -> str:
        """The first atom that fits, or nothing."""
        return ALL if self.everything else next((fact for fact in facts if fact in self.atoms), "")


def decides_otherwise(old: Effective, new: Effective) -> bool:
    """Whether two sets of resolved permissions plainly differ in what they show: then fingerprints differ, too."""
    if any(old.scope(name) != new.scope(name) for name in (*PLACES, "caller_number")):
        return True
    return any(old.holds(name) != new.holds(name) for name in _DECIDING)


def found_by(index: Mapping[str, Iterable[str]], atoms: Iterable[str]) -> set[str]:
    """Everything that some atom leads to."""
    return {one for atom in atoms for one in index.get(atom, ())}


class Reach:
    """One person's resolved permissions against the directory of one moment."""

    def __init__(self, effective: Effective, directory: Directory) -> None:
        self.effective = effective
        self.directory = directory
        self.key = effective.person
        self.person: Person | None = directory.people.get(effective.person) if effective.permissions else None
        self.lenses: tuple[LensScope, ...] = tuple(self._lenses())
        self.shows_number = compiled(effective.scope("caller_number"))

    def scope(self, *permissions: str) -> Scope:
        """Union of the scopes of some permissions."""
        return self.effective.scope(*permissions)

    def may(self, permission: str, level: str = "view") -> bool:
        """Whether a permission is held at a level."""
        return self.effective.holds(permission, level)

    def lens_of(self, permission: str) -> int | None:
        """Index of the lens through which a permission looks."""
        return next((i for i, one in enumerate(self.lenses) if permission in one.lens.permissions), None)

    @cached_property
    def people(self) -> Touch:
        """What names people and agents."""
        return Touch(self.scope(*PEOPLE))

    @cached_property
    def places(self) -> Touch:
        """What names queues, teams and numbers."""
        return Touch(self.scope(*PLACES))

    @cached_property
    def live(self) -> Touch:
        """What shows agents' states."""
        return Touch(self.scope(*LIVE))

    @cached_property
    def pauses(self) -> Touch:
        """What shows why an agent paused."""
        return Touch(self.scope("supervisor"))

    @cached_property
    def missed(self) -> Touch:
        """What names those who worked on missed opportunities."""
        return Touch(self.scope("reports.missed", *PEOPLE))

    @cached_property
    def _workers(self) -> frozenset[str]:
        return workers(self.directory) if self.may("reports.missed") else frozenset()

    @cached_property
    def own(self) -> frozenset[str]:
        """Atoms of the person: the person, the agents they are, the own extension."""
        return frozenset() if self.person is None else Scope.of("SELF").resolve(self.person, self.directory).names()

    def own_agent(self, agent: str) -> bool:
        """Whether an agent is this person."""
        return f"agent:{self.directory.agent_key(agent)}" in self.own

    def lays_out(self) -> bool:
        """Whether the person edits boards: wallboard to manage, for everything."""
        held = self.effective.permissions.get("wallboard")
        return held is not None and held.managed.everything

    def knows_agent(self, agent: str) -> str:
        """Why the person may know an agent by name; nothing when they may not."""
        facts = self.directory.agent_facts(agent)
        if reason := self.people.reason(facts):
            return reason
        if self.own_agent(agent):
            return "own"
        # Who watches a queue sees who sits in it.
        return self.people.reason(f"queue:{queue}" for queue in self.directory.queues_of_agent(agent))

    def knows_person(self, person: str) -> str:
        """Why the person may know somebody by name."""
        return "own" if person == self.key else self._hears_of(person)

    def _hears_of(self, person: str) -> str:
        facts = self.directory.person_facts(person)
        # Missed opportunities name those who work on them, and nobody else.
        reason = self.people.reason(facts) or (person in self._workers and self.missed.reason(facts)) or ""
        found = self.directory.people.get(person)
        agents = found.agents if found else ()
        return reason or next((why for agent in agents if (why := self.knows_agent(agent))), "")

    def knows_queue(self, queue: str) -> str:
        """Why the person may know a queue by name: it is theirs to see, or a visible row can name it."""
        return self.holds_queue(queue) or self._named.get(queue, "")

    def holds_queue(self, queue: str) -> str:
        """Why a queue is the person's to see, by more than its name."""
        if reason := self.places.reason(self.directory.queue_facts(queue)):
            return reason
        if self.may("call_flow"):
            return "call_flow"
        mine = self.person.agents if self.person and self.lenses else ()
        return "own" if any(queue in self.directory.queues_of_agent(agent) for agent in mine) else ""

    def knows_team(self, team: str) -> str:
        """Why the person may know a team by name."""
        if reason := self.places.reason((f"team:{team}",)):
            return reason
        if self.may("workgroups"):
            return "workgroups"
        own = self.lenses and team in (*self.directory.teams_of(self.key), *self.directory.managed_by(self.key))
        return "own" if own else ""

    def knows_number(self, number: str) -> str:
        """Why the person may know a business number by name: it is theirs to see, or a visible row can name it."""
        # Calls that came to a queue came over a number in front of it.
        named = (why for queue in self._behind(number) if (why := self._named.get(queue)))
        return self.holds_number(number) or next(named, "")

    def holds_number(self, number: str) -> str:
        """Why a business number is the person's to see, by more than its name."""
        if reason := self.places.reason(self.directory.number_facts(number)):
            return reason
        if self.may("numbers"):
            return "numbers"
        person = self.person
        return "own" if person and number in (*person.caller_ids, person.default_caller_id) else ""

    def knows_extension(self, extension: str) -> str:
        """Why the person may know an extension."""
        if reason := self.people.reason(self.directory.extension_facts(extension)):
            return reason
        if self.may("users"):
            return "users"
        return "own" if self.person and self.person.extension == extension else ""

    @cached_property
    def _named(self) -> Mapping[str, str]:
        """Queues that visible rows can name though they are not in scope, with the atom by which the rows are visible.

        A call that rang an agent in scope is visible with the queue it rang them in, and so is what the agent does
        there. Calls to a number in scope are visible with every queue they come to: those of the teams it routes to.
        """
        found: dict[str, str] = {}
        calls, agents = Touch(self.scope(*ROWS)), Touch(self.scope(*ROWS, *LIVE))
        for agent in () if agents.everything else found_by(self.directory.agents_by_fact, agents.atoms):
            if reason := agents.reason(self.directory.agent_facts(agent)):
                found.update(dict.fromkeys(self.directory.queues_of_agent(agent), reason))
        for number in self.directory.numbers:
            if f"number:{number}" in calls.atoms:
                found.update(dict.fromkeys(self._behind(number), f"number:{number}"))
        return found

    def _behind(self, number: str) -> tuple[str, ...]:
        """Queues of the teams that calls to a business number are routed to."""
        teams = (self.directory.teams.get(team) for team in self.directory.teams_of_number(number))
        return tuple(queue for team in teams if team is not None for queue in team.queues)

    def fingerprint(self) -> str:
        """Changes exactly when what the person gets, or what is taken out of it, changes; differs between people."""
        own = {"person": self.key, "own": sorted(self.own), "apart": self._apart()}
        return _print_of({**self._deciding, **own})

    def stream(self) -> str:
        """Equal for people who get the same documents with the same taken out, but for the kinds in ``PERSONAL``."""
        return _print_of({**self._deciding, "apart": self._apart()})

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
    def _deciding(self) -> dict[str, object]:
        directory = self.directory
        # Where there are many, only those are asked about that some atom leads to.
        atoms = self.people.atoms
        agents = found_by(directory.agents_by_fact, atoms) | (self._own_keys("agent:") & directory.agents.keys())
        extensions = found_by(directory.extensions_by_fact, atoms) | self._own_keys("ext:")
        extensions = set(directory.extensions) if self.may("users") else extensions & directory.extensions.keys()
        known: list[tuple[str, Iterable[str], Callable[[str], str], bool]] = [
            ("agent", agents, self.knows_agent, self.people.everything),
            ("person", self._may_hear_of(), self._hears_of, self.people.everything),
            ("queue", directory.queues, self.knows_queue, self.places.everything),
            ("team", directory.teams, self.knows_team, self.places.everything),
            ("number", directory.numbers, self.knows_number, self.places.everything),
            ("extension", extensions, self.knows_extension, self.people.everything),
        ]
        return {
            "viewer": self.effective.viewer,
            "counted": COUNTED,
            "lenses": [(one.lens.model_dump(), one.scope.atoms()) for one in self.lenses],
            "scopes": {name: self.scope(name).atoms() for name in (*PLACES, "caller_number")},
            "lays_out": self.lays_out(),
            "opens": [name for name in _DECIDING if self.may(name)],
            "knows": {k: "all" if whole else sorted(filter(knows, keys)) for k, keys, knows, whole in known},
            "named": sorted(self._named),
            "facts": {} if self.people.everything else self._attribution(),
        }

    def _own_keys(self, prefix: str) -> set[str]:
        return {atom.removeprefix(prefix) for atom in self.own if atom.startswith(prefix)}

    def _may_hear_of(self) -> set[str]:
        """People of whom ``_hears_of`` has to be asked: all others it says nothing of."""
        atoms = self.people.atoms | self.missed.atoms | self.own
        found = found_by(self.directory.people_by_fact, atoms)
        return (found | self._workers if self.missed.everything else found) & self.directory.people.keys()

    def _lenses(self) -> Iterable[LensScope]:
        held = self.effective
        rows = held.scope("calls", "recents")
        groups: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [
            (name, group, ()) for name, group in LENSES.items()
        ]
        groups += [(f"by {by}", group, (by,)) for by, group in BY.items()]
        found: dict[Scope, tuple[str, list[str], list[str]]] = {}
        for name, group, by in groups:
            if scope := held.scope(*group):
                _, permissions, dimensions = found.setdefault(scope, (name, [], []))
                permissions += [one for one in group if held.holds(one)]
                dimensions += by
        for scope, (name, permissions, dimensions) in found.items():
            lens = Lens(
                name=name,
                permissions=tuple(dict.fromkeys(permissions)),
                rows=scope <= rows,
                everything=scope.everything,
                by=tuple(dimensions),
                states=self._sees_states(scope),
            )
            yield LensScope(lens, scope)

    def _sees_states(self, scope: Scope) -> bool:
        """Whether the states of all agents in a scope are the person's to see: live, or their own with analytics."""
        if self.live.everything:
            return True
        if Touch(scope).everything:
            return False
        analytics = Touch(self.scope("analytics"))
        own = self.own if analytics(self.own) else frozenset()
        return scope.names() <= self.live.atoms | own

    def _attribution(self) -> dict[str, list[str]]:
        # Legs are judged by what the directory says of their agents, so a change of team changes what is taken out.
        atoms = self.places.atoms
        near = set(self.directory.agents) if self.places.everything else found_by(self.directory.agents_by_fact, atoms)
        facts = {agent: self.directory.agent_facts(agent) for agent in sorted(near)}
        found = {agent: [fact for fact in some if fact in atoms] for agent, some in facts.items()}
        return {agent: known for agent, known in found.items() if known}
