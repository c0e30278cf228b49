"""Room ``access``: by which names the agents of one directory are spoken of, and whose each is. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from wallboard_tui.model.agent import Agent, Named, agents_by_name, interface_keys
from wallboard_tui.model.directory import Person


@dataclass(frozen=True)
class AgentNames:
    """The names of some agents, some of whom people are linked to; both by key."""

    agents: Mapping[str, Agent]
    people: Mapping[str, Person]

    @cached_property
    def leads(self) -> Mapping[str, str]:
        """Another name of an agent → the agent's key, as the view has it."""
        return agents_by_name(self._named(), ((key, one.agents) for key, one in self.people.items() if one.agents))

    @cached_property
    def others(self) -> Mapping[str, tuple[str, ...]]:
        """Agent → all other names that lead to it, sorted."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in sorted(self.leads):
            found[self.leads[name]].append(name)
        return {agent: tuple(names) for agent, names in found.items()}

    @cached_property
    def foreign_interfaces(self) -> Mapping[str, Mapping[str, str]]:
        """Agent → interfaces that it lists and by which somebody else is spoken of → key of whom."""
        found: dict[str, dict[str, str]] = {}
        for agent in self._named():
            own = self.key(agent[0])
            said = ((interface, self.key(name)) for interface, name in interface_keys(agent))
            if others := {interface: other for interface, other in said if other != own}:
                found[agent[0]] = others
        return found

    @cached_property
    def apart(self) -> frozenset[str]:
        """Agents whom others list as an interface, and who stay themselves since people are linked to them."""
        listed = {name for agent in self._named() for _, name in interface_keys(agent) if name != agent[0]}
        return frozenset(name for name in listed & self.agents.keys() if name not in self.leads)

    def key(self, name: str) -> str:
        """The agent's key, given any name; unknown ones stay as they are."""
        return self.leads.get(name, name)

    def atoms(self, name: str) -> tuple[str, ...]:
        """Atoms that stand for an agent, by whichever name: the agent's, and those of documents that lead to it. What
        was stamped under one of these, before it was known whose it is, is the agent's; of names without a document
        this is learnt with them.
        """
        agent = self.key(name)
        others = (other for other in self.others.get(agent, ()) if other in self.agents)
        return tuple(f"agent:{one}" for one in (agent, *others))

    def _named(self) -> Iterable[Named]:
        return ((key, agent.name, agent.interfaces) for key, agent in self.agents.items())
