"""Room ``access``: which queues, agents, people, teams, numbers and extensions one person may know by name, and why.
Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set
from functools import cached_property
from typing import Final

from wallboard_tui.access.derive import Effective, effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.lenses import LensScope, lenses_of
from wallboard_tui.access.panes import ROLLUPS
from wallboard_tui.access.scope import Scope
from wallboard_tui.access.scope import compile as compiled
from wallboard_tui.access.touch import Touch
from wallboard_tui.model.directory import Person

LIVE: Final = ("supervisor", "wallboard")
PEOPLE: Final = ("calls", "recents", "analytics", "analytics.filter_agents", "reports.productivity", *LIVE)
"""Permissions whose rows and figures name agents and the people who are these agents."""
PLACES: Final = (*PEOPLE, *ROLLUPS, "reports.missed")
"""Permissions whose rows and figures name queues, teams and numbers."""
ROWS: Final = ("calls", "recents", "reports.missed")
"""Permissions whose rows (calls, attempts) also name queues that are not in scope themselves."""
OWN: Final = "own"
"""The reason why one knows what is one's own."""


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


def found_by(index: Mapping[str, Iterable[str]], atoms: Iterable[str]) -> set[str]:
    """Everything that some atom leads to."""
    return {one for atom in atoms for one in index.get(atom, ())}


class Knowing:
    """One person's resolved permissions against the directory of one moment."""

    def __init__(self, effective: Effective, directory: Directory) -> None:
        self.effective = effective
        self.directory = directory
        self.key = effective.person
        self.person: Person | None = directory.people.get(effective.person) if effective.permissions else None
        self.lenses: tuple[LensScope, ...] = tuple(lenses_of(effective, self._sees_states))
        self.shows_number = compiled(effective.scope("caller_number"))

    def scope(self, *permissions: str) -> Scope:
        """Union of the scopes of some permissions."""
        return self.effective.scope(*permissions)

    def may(self, permission: str, level: str = "view") -> bool:
        """Whether a permission is held at a level."""
        return self.effective.holds(permission, level)

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

    @cached_property
    def sees_own_states(self) -> bool:
        """Whether one's own states are shown: with ``analytics`` of oneself."""
        return Touch(self.scope("analytics"))(self.own)

    def own_agent(self, agent: str) -> bool:
        """Whether an agent is this person."""
        return f"agent:{self.directory.agent_key(agent)}" in self.own

    def lays_out(self) -> bool:
        """Whether the person edits boards: wallboard to manage, for everything."""
        held = self.effective.permissions.get("wallboard")
        return held is not None and held.managed.everything

    def _own_keys(self, prefix: str) -> set[str]:
        return {atom.removeprefix(prefix) for atom in self.own if atom.startswith(prefix)}

    @cached_property
    def near_agents(self) -> Set[str]:
        """Agents that some atom of the scopes leads to: of all others there is nothing to know. Where there are many,
        only these are looked at.
        """
        if self.people.everything:
            return self.directory.agents.keys()
        own = self._own_keys("agent:") & self.directory.agents.keys()
        return found_by(self.directory.agents_by_fact, self.people.atoms) | own

    @cached_property
    def near_people(self) -> Set[str]:
        """People that some atom of the scopes leads to, likewise."""
        if self.people.everything:
            return self.directory.people.keys()
        found = found_by(self.directory.people_by_fact, self.people.atoms | self.missed.atoms | self.own)
        return (found | self._workers if self.missed.everything else found) & self.directory.people.keys()

    @cached_property
    def near_queues(self) -> Set[str]:
        """Queues that some atom of the scopes leads to, that are the person's own, or that rows can name."""
        if self.places.everything or self.may("call_flow"):
            return self.directory.queues.keys()
        found = found_by(self.directory.queues_by_fact, self.places.atoms).union(self._named, self._own_queues)
        return found & self.directory.queues.keys()

    @cached_property
    def near_teams(self) -> Set[str]:
        """Teams that are in the scopes, or the person's own."""
        if self.places.everything or self.may("workgroups"):
            return self.directory.teams.keys()
        named = {atom.removeprefix("team:") for atom in self.places.atoms if atom.startswith("team:")}
        own = {*self.directory.teams_of(self.key), *self.directory.managed_by(self.key)}
        return (named | own) & self.directory.teams.keys()

    @cached_property
    def near_numbers(self) -> Set[str]:
        """Business numbers that some atom of the scopes leads to, that are the person's own, or that stand before a
        queue that rows can name.
        """
        directory = self.directory
        if self.places.everything or self.may("numbers"):
            return directory.numbers.keys()
        found = found_by(directory.numbers_by_fact, self.places.atoms)
        teams = (directory.teams.get(team) for queue in self._named for team in directory.teams_of_queue(queue))
        found.update(number for team in teams if team is not None for number in team.numbers)
        found.update((*self.person.caller_ids, self.person.default_caller_id or "") if self.person else ())
        return found & directory.numbers.keys()

    def knows_agent(self, agent: str) -> str:
        """Why the person may know an agent by name; nothing when they may not."""
        far = agent not in self.near_agents and agent in self.directory.agents
        return "" if far else self.agent_reason(agent)

    def agent_reason(self, agent: str) -> str:
        """``knows_agent`` of any agent, by the definition."""
        facts = self.directory.agent_facts(agent)
        if reason := self.people.reason(facts):
            return reason
        if self.own_agent(agent):
            return OWN
        # Who watches a queue sees who sits in it.
        return self.people.reason(f"queue:{queue}" for queue in self.directory.queues_of_agent(agent))

    def knows_person(self, person: str) -> str:
        """Why the person may know somebody by name."""
        return OWN if person == self.key else self.hears_of(person)

    def hears_of(self, person: str) -> str:
        """Why the person may know somebody by name who is not themselves."""
        far = person not in self.near_people and person in self.directory.people
        return "" if far else self.person_reason(person)

    def person_reason(self, person: str) -> str:
        """``hears_of`` of anybody, by the definition."""
        facts = self.directory.person_facts(person)
        # Missed opportunities name those who work on them, and nobody else.
        reason = self.people.reason(facts) or (person in self._workers and self.missed.reason(facts)) or ""
        found = self.directory.people.get(person)
        agents = found.agents if found else ()
        return reason or next((why for agent in agents if (why := self.agent_reason(agent))), "")

    def knows_queue(self, queue: str) -> str:
        """Why the person may know a queue by name: it is theirs to see, or a visible row can name it."""
        return self.holds_queue(queue) or self._named.get(queue, "")

    def holds_queue(self, queue: str) -> str:
        """Why a queue is the person's to see, by more than its name."""
        if reason := self.places.reason(self.directory.queue_facts(queue)):
            return reason
        if self.may("call_flow"):
            return "call_flow"
        return OWN if queue in self._own_queues else ""

    @cached_property
    def _own_queues(self) -> frozenset[str]:
        """Queues in which the person sits. What is one's own is not yet that of whoever looks through one's eyes."""
        mine = self.person.agents if self.person and self.lenses and not self.effective.viewer else ()
        return frozenset(queue for agent in mine for queue in self.directory.queues_of_agent(agent))

    def knows_team(self, team: str) -> str:
        """Why the person may know a team by name."""
        if reason := self.places.reason((f"team:{team}",)):
            return reason
        if self.may("workgroups"):
            return "workgroups"
        # What is one's own is not yet that of whoever looks through one's eyes.
        mine = self.lenses and not self.effective.viewer
        own = mine and team in (*self.directory.teams_of(self.key), *self.directory.managed_by(self.key))
        return OWN if own else ""

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
        person = self.person if not self.effective.viewer else None
        return OWN if person and number in (*person.caller_ids, person.default_caller_id) else ""

    def knows_extension(self, extension: str) -> str:
        """Why the person may know an extension."""
        if reason := self.people.reason(self.directory.extension_facts(extension)):
            return reason
        if self.may("users"):
            return "users"
        return OWN if self.person and self.person.extension == extension else ""

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

    def _sees_states(self, scope: Scope) -> bool:
        """Whether the states of all agents in a scope are the person's to see: live, or their own with analytics."""
        if self.live.everything:
            return True
        if Touch(scope).everything:
            return False
        own = self.own if self.sees_own_states else frozenset()
        return scope.names() <= self.live.atoms | own
