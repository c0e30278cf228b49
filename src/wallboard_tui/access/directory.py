"""Room ``access``: the organisation as the rules need it: people, teams, queues, who belongs to what. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from pydantic import ValidationError

from wallboard_tui.access.agent_names import AgentNames
from wallboard_tui.model.agent import Agent
from wallboard_tui.model.base import Doc, Document
from wallboard_tui.model.directory import Contact, Extension, Number, Organisation, Person, Queue, Role, Team

KINDS: dict[str, type[Document]] = {
    "person": Person, "role": Role, "team": Team, "queue": Queue, "number": Number, "agent": Agent,
    "extension": Extension, "contact": Contact, "organisation": Organisation,
}  # fmt: skip


@dataclass(frozen=True)
class Directory:
    """Everything that decides about access, at one moment, each kind by key.

    ``unreadable`` names documents that did not fit their model. They are left out: a person or role that cannot be read
    gives no access.
    """

    people: Mapping[str, Person] = field(default_factory=dict)
    roles: Mapping[str, Role] = field(default_factory=dict)
    teams: Mapping[str, Team] = field(default_factory=dict)
    queues: Mapping[str, Queue] = field(default_factory=dict)
    numbers: Mapping[str, Number] = field(default_factory=dict)
    agents: Mapping[str, Agent] = field(default_factory=dict)
    extensions: Mapping[str, Extension] = field(default_factory=dict)
    contacts: Mapping[str, Contact] = field(default_factory=dict)
    organisation: Organisation | None = None
    unreadable: tuple[str, ...] = ()

    @classmethod
    def from_documents(cls, documents: Iterable[tuple[str, Doc]]) -> Directory:
        """The directory of some ``(kind, document)`` pairs; kinds that do not belong to it are passed over."""
        found: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}
        unreadable = []
        for kind, doc in documents:
            model = KINDS.get(kind)
            if model is None:
                continue
            try:
                found[kind][doc["key"]] = model.load(doc)
            except (ValidationError, KeyError):
                unreadable.append(f"{kind} {doc.get('key', '?')}")
        return cls(
            people=found["person"], roles=found["role"], teams=found["team"], queues=found["queue"],
            numbers=found["number"], agents=found["agent"], extensions=found["extension"], contacts=found["contact"],
            organisation=next(iter(found["organisation"].values()), None), unreadable=tuple(unreadable),
        )  # fmt: skip

    def changed(self, changes: Iterable[tuple[str, str, Doc | None]]) -> Directory:
        """The directory after some ``(kind, key, document)`` were put, or removed where the document is ``None``.

        Raises ``pydantic.ValidationError`` for a document that does not fit.
        """
        found: dict[str, Any] = {}
        fields = {"person": "people"} | {kind: f"{kind}s" for kind in KINDS if kind not in ("person", "organisation")}
        organisation = self.organisation
        for kind, key, doc in changes:
            if kind == "organisation":
                organisation = Organisation.load(doc) if doc is not None else None
            elif kind in KINDS:
                each = found.setdefault(fields[kind], dict(getattr(self, fields[kind])))
                each.pop(key, None)
                if doc is not None:
                    each[key] = KINDS[kind].load(doc)
        return replace(self, organisation=organisation, **found)

    def agent_key(self, name: str) -> str:
        """The agent's key, given it or a key made of one of the agent's interfaces; unknown names stay as they are."""
        return self.names.key(name)

    def names_of_agent(self, agent: str) -> tuple[str, ...]:
        """Every name that leads to an agent by ``agent_key``."""
        return (agent, *self.names.others.get(agent, ()))

    def person_of_agent(self, agent: str) -> str | None:
        """Key of the person who is this agent."""
        return self._person_by_agent.get(self.agent_key(agent))

    def teams_of(self, person: str) -> tuple[str, ...]:
        """Keys of the teams a person is a member of."""
        return self._teams_by_member.get(person, ())

    def managed_by(self, person: str) -> tuple[str, ...]:
        """Keys of the teams a person manages."""
        return self._teams_by_manager.get(person, ())

    def teams_of_queue(self, queue: str) -> tuple[str, ...]:
        """Keys of the teams that calls of a queue are routed to."""
        return self._teams_by_queue.get(queue, ())

    def teams_of_number(self, number: str) -> tuple[str, ...]:
        """Keys of the teams that calls to a number are routed to."""
        return self._teams_by_number.get(number, ())

    def person_facts(self, person: str) -> tuple[str, ...]:
        """Atoms of somebody who rang, talked or changed state: the person, the extension and the person's teams."""
        found = self.people.get(person)
        extension = (f"ext:{found.extension}",) if found and found.extension else ()
        return (f"person:{person}", *extension, *(f"team:{team}" for team in self.teams_of(person)))

    def agent_facts(self, agent: str) -> tuple[str, ...]:
        """Atoms of an agent: the agent, its extension, and those of the person who is this agent. No queues."""
        known = self._facts_of_agents.get(agent)
        if known is None:
            known = self._facts_of_agents[agent] = self._agent_facts(agent)
        return known

    def _agent_facts(self, agent: str) -> tuple[str, ...]:
        key = self.agent_key(agent)
        facts = [f"agent:{key}"]
        known = self.agents.get(key)
        if known and known.extension:
            facts.append(f"ext:{known.extension}")
        person = self.person_of_agent(key)
        if person is not None:
            facts.extend(fact for fact in self.person_facts(person) if fact not in facts)
        return tuple(facts)

    def extension_facts(self, extension: str) -> tuple[str, ...]:
        """Atoms of an extension: itself, and the people and agents whose it is, with their teams."""
        facts = {f"ext:{extension}": None}
        for person in self.people_by_extension.get(extension, ()):
            facts.update(dict.fromkeys(self.person_facts(person)))
        for agent in self._agents_by_extension.get(extension, ()):
            facts.update(dict.fromkeys(self.agent_facts(agent)))
        return tuple(facts)

    def queue_facts(self, queue: str) -> tuple[str, ...]:
        """Atoms of a queue: itself and the teams it routes to."""
        return (f"queue:{queue}", *(f"team:{team}" for team in self.teams_of_queue(queue)))

    def number_facts(self, number: str) -> tuple[str, ...]:
        """Atoms of a business number: itself and the teams it routes to."""
        return (f"number:{number}", *(f"team:{team}" for team in self.teams_of_number(number)))

    def queues_of_agent(self, agent: str) -> tuple[str, ...]:
        """Keys of the queues an agent is a static member of, whichever side says so."""
        return self._queues_by_agent.get(self.agent_key(agent), ())

    def queue_key(self, name: str) -> str | None:
        """Key of a queue given by its key, name or title; ``None`` when there is no such queue."""
        if name in self.queues:
            return name
        return next((key for key, queue in self.queues.items() if name in (queue.name, queue.title)), None)

    @cached_property
    def number_by_dialled(self) -> Mapping[str, str]:
        """Business numbers by what leads to them: themselves, and what the phone system logs them under. A number is
        its own, whatever another says; where two share something else, the first by key has it.
        """
        found = {key: key for key in self.numbers}
        for key, number in sorted(self.numbers.items()):
            for dialled in number.dialled:
                found.setdefault(dialled, key)
        return found

    @cached_property
    def numbers_by_dialled(self) -> Mapping[str, tuple[str, ...]]:
        """All business numbers that say of something that it leads to them. Where several do, one of them has it
        (``number_by_dialled``), and what the others say means nothing.
        """
        return _inverted((key, dict.fromkeys((key, *number.dialled))) for key, number in self.numbers.items())

    @cached_property
    def agents_by_fact(self) -> Mapping[str, tuple[str, ...]]:
        """Agents by each of their atoms, and by the queues in which they sit."""
        return _inverted((key, self._facts_and_queues(key)) for key in self.agents)

    @cached_property
    def people_by_fact(self) -> Mapping[str, tuple[str, ...]]:
        """People by each of their atoms, and by all that their agents are found by."""
        return _inverted(
            (key, [*self.person_facts(key), *(fact for one in person.agents for fact in self._facts_and_queues(one))])
            for key, person in self.people.items()
        )

    @cached_property
    def extensions_by_fact(self) -> Mapping[str, tuple[str, ...]]:
        """Extensions by each of their atoms."""
        return _inverted((key, self.extension_facts(key)) for key in self.extensions)

    @cached_property
    def queues_by_fact(self) -> Mapping[str, tuple[str, ...]]:
        """Queues by each of their atoms."""
        return _inverted((key, self.queue_facts(key)) for key in self.queues)

    @cached_property
    def numbers_by_fact(self) -> Mapping[str, tuple[str, ...]]:
        """Business numbers by each of their atoms."""
        return _inverted((key, self.number_facts(key)) for key in self.numbers)

    def _facts_and_queues(self, agent: str) -> tuple[str, ...]:
        return (*self.agent_facts(agent), *(f"queue:{queue}" for queue in self.queues_of_agent(agent)))

    @cached_property
    def derived(self) -> dict[str, Any]:
        """What ``derive.effective`` made of this directory, by person: kept as long as the directory is."""
        return {}

    @cached_property
    def _facts_of_agents(self) -> dict[str, tuple[str, ...]]:
        return {}

    @cached_property
    def names(self) -> AgentNames:
        """By which names agents are spoken of."""
        return AgentNames(self.agents, self.people)

    @cached_property
    def _person_by_agent(self) -> dict[str, str]:
        return {self.agent_key(agent): key for key, person in self.people.items() for agent in person.agents}

    @cached_property
    def people_by_mail(self) -> Mapping[str, tuple[str, ...]]:
        """People by their mail address, in small letters."""
        return _inverted(
            (key, (person.email.casefold(),) if person.email else ()) for key, person in self.people.items()
        )

    @cached_property
    def people_by_extension(self) -> Mapping[str, tuple[str, ...]]:
        """People by their extension."""
        return _inverted((key, (person.extension,) if person.extension else ()) for key, person in self.people.items())

    @cached_property
    def _agents_by_extension(self) -> dict[str, tuple[str, ...]]:
        return _inverted((key, (agent.extension,) if agent.extension else ()) for key, agent in self.agents.items())

    @cached_property
    def _teams_by_member(self) -> dict[str, tuple[str, ...]]:
        return _inverted((key, team.members) for key, team in self.teams.items())

    @cached_property
    def _teams_by_manager(self) -> dict[str, tuple[str, ...]]:
        return _inverted((key, team.managers) for key, team in self.teams.items())

    @cached_property
    def _teams_by_queue(self) -> dict[str, tuple[str, ...]]:
        return _inverted((key, team.queues) for key, team in self.teams.items())

    @cached_property
    def _teams_by_number(self) -> dict[str, tuple[str, ...]]:
        return _inverted((key, team.numbers) for key, team in self.teams.items())

    @cached_property
    def _queues_by_agent(self) -> dict[str, tuple[str, ...]]:
        pairs = {(self.agent_key(key), queue) for key, agent in self.agents.items() for queue in agent.queues}
        pairs |= {(self.agent_key(agent), key) for key, queue in self.queues.items() for agent in queue.members}
        return _inverted((queue, (agent,)) for agent, queue in sorted(pairs))


def _inverted(pairs: Iterable[tuple[str, Iterable[str]]]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, values in pairs:
        for value in dict.fromkeys(values):
            found[value].append(key)
    return {value: tuple(sorted(keys)) for value, keys in found.items()}
