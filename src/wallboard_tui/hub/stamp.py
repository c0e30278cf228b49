"""Room ``hub``: what the organisation adds to a call or a presence: facts, number, campaign, contact. Pure, given a
directory.

Stamped when it happens, and judged later under that day's access: what was stamped stays, and facts only grow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.scope import Scope
from wallboard_tui.hub.learnt import Learnt
from wallboard_tui.hub.phones import normal
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Team

Facts = Callable[[str], tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TeamsOwn:
    """What is a team's own under one directory: its queues, its numbers, and its members with what is theirs."""

    fact: str
    """The team as a fact."""
    facts: frozenset[str]
    """Facts by which a call or a presence is the team's."""
    queues: frozenset[str]
    numbers: frozenset[str]
    agents: frozenset[str]
    """Keys of the agents that members are."""

    @classmethod
    def of(cls, team: Team, directory: Directory) -> TeamsOwn:
        """What is a team's own."""
        members = [directory.people[member] for member in team.members if member in directory.people]
        own = {atom for person in members for atom in Scope.of("SELF").resolve(person, directory).names()}
        own |= {f"queue:{queue}" for queue in team.queues} | {f"number:{number}" for number in team.numbers}
        agents = frozenset(directory.agent_key(agent) for person in members for agent in person.agents)
        return cls(f"team:{team.key}", frozenset(own), frozenset(team.queues), frozenset(team.numbers), agents)


class Stamper:
    """Stamps documents under one directory. Remembers the facts of each queue, agent and number it met."""

    def __init__(self, directory: Directory) -> None:
        self.directory = self._directory = directory
        self._country = directory.organisation.country if directory.organisation else "IE"
        self._agent: Facts = cache(self._facts_of_agent)
        self._queue: Facts = cache(directory.queue_facts)
        self._number: Facts = cache(directory.number_facts)
        self._extension: Facts = cache(directory.extension_facts)
        self._called = directory.number_by_dialled

    def call(self, call: Doc, old: Doc | None) -> Doc:
        """The call with what the organisation adds. ``old`` is the call as it stood, with its stamps."""
        stamped = {name: value for name, value in call.items() if value is not None}
        sent = stamped.get("caller")
        caller = normal(sent, self._country)
        if caller is None:
            stamped.pop("caller", None)
        elif caller != sent:
            stamped["caller"] = caller
        facts: dict[str, None] = {}
        if old is not None:
            for field in ("number", "campaign", "contact"):
                if old.get(field) is not None:
                    stamped[field] = old[field]
            facts = dict.fromkeys(old.get("facts") or ())
        self._place(stamped)
        if caller is not None and "contact" not in stamped and caller in self._directory.contacts:
            stamped["contact"] = caller
        self._add_facts(stamped, facts)
        # In one order, whichever file told of what first.
        stamped["facts"] = sorted(facts)
        return stamped

    def again(self, call: Doc, learnt: Learnt) -> Doc:
        """A stamped call with what became known of its agents since; nothing else of today's directory."""
        stamped = self.call(call, call)
        facts = dict.fromkeys(stamped["facts"])
        for leg in call.get("legs") or ():
            if leg.get("agent") is not None:
                self._add_extension(leg["agent"], learnt, facts)
        for extension in self._extensions(call):
            if extension in learnt.extensions:
                for agent in sorted(learnt.extended):
                    known = self._directory.agents.get(agent)
                    if known is not None and known.extension == extension:
                        facts.update(dict.fromkeys(self._agent(agent)))
        return {**stamped, "facts": sorted(facts)}

    def presence_again(self, presence: Doc, learnt: Learnt) -> Doc:
        """A stamped presence with what became known of its agent since."""
        facts = dict.fromkeys(presence.get("facts") or ())
        of_agent = self._agent(presence["agent"])
        if of_agent[0] not in facts:
            facts.update(dict.fromkeys(of_agent))
        self._add_extension(presence["agent"], learnt, facts)
        return {**presence, "facts": sorted(facts)}

    def adopted(self, call: Doc, team: TeamsOwn) -> Doc:
        """A stamped call with a team whose it is by now; the call itself when it is not, or carries the team already.

        A number of the team that is known as a business number only since then is the call's from now on. Nothing else
        of today's directory is added.
        """
        facts = set(call.get("facts") or ())
        if call.get("number") is None:
            placed = dict(call)
            self._place(placed)
            if placed.get("number") in team.numbers:
                call = placed
                facts.add(f"number:{placed['number']}")
        if team.fact in facts or team.facts.isdisjoint(facts):
            return call
        return {**call, "facts": sorted({*facts, team.fact})}

    def presence_adopted(self, presence: Doc, team: TeamsOwn) -> Doc:
        """A stamped presence with a team whose it is by now; itself when it is not."""
        facts = {*(presence.get("facts") or ()), self._agent(presence["agent"])[0]}
        # What somebody said of all their queues is not yet the teams' that these route to.
        own = facts if presence.get("queue") else {fact for fact in facts if not fact.startswith("queue:")}
        if team.fact in facts or team.facts.isdisjoint(own):
            return presence
        return {**presence, "facts": sorted({*facts, team.fact})}

    def of_team(self, called: Iterable[str], team: TeamsOwn) -> list[str]:
        """Those of some dialled numbers that are business numbers of a team."""
        return [dialled for dialled in called if self._number_of(dialled) in team.numbers]

    def _number_of(self, called: str) -> str | None:
        return self._called.get(called) or self._called.get(normal(called, self._country) or "")

    def _add_extension(self, agent: str, learnt: Learnt, facts: dict[str, None]) -> None:
        key = self._directory.agent_key(agent)
        known = self._directory.agents.get(key)
        if key in learnt.extended and known is not None:
            facts[f"ext:{known.extension}"] = None

    def _facts_of_agent(self, agent: str) -> tuple[str, ...]:
        """Facts of an agent, and the name it was spoken of by: that it is another's may become known later only."""
        facts = self._directory.agent_facts(agent)
        return facts if f"agent:{agent}" in facts else (*facts, f"agent:{agent}")

    def _place(self, call: Doc) -> None:
        """Which business number was called, and the campaign it stood on then."""
        called = call.get("called")
        if call.get("number") is None and called is not None and call.get("direction", "inbound") == "inbound":
            number = self._number_of(called)
            if number is not None:
                call["number"] = number
        if call.get("number") is not None and call.get("campaign") is None:
            known = self._directory.numbers.get(call["number"])
            if known is not None and known.campaign is not None:
                call["campaign"] = known.campaign

    def _add_facts(self, call: Doc, facts: dict[str, None]) -> None:
        """Add the facts of whatever takes part in the call and was not stamped before.

        What was is left as it was: reading a file again after somebody changed teams must change nothing.
        """
        known = frozenset(facts)
        legs = call.get("legs") or ()
        for leg in legs:
            agent = leg.get("agent")
            if agent is not None and (of_agent := self._agent(agent))[0] not in known:
                facts.update(dict.fromkeys(of_agent))
        for place in (*(call.get("visits") or ()), *legs):
            queue = place.get("queue")
            if queue is not None and (of_queue := self._queue(queue))[0] not in known:
                facts.update(dict.fromkeys(of_queue))
        number = call.get("number")
        if number is not None and f"number:{number}" not in known:
            facts.update(dict.fromkeys(self._number(number)))
        for extension in self._extensions(call):
            if f"ext:{extension}" not in known:
                facts.update(dict.fromkeys(self._extension(extension)))

    def _extensions(self, call: Doc) -> Iterable[str]:
        if call.get("extension") is not None:
            yield call["extension"]
        called = call.get("called")
        if called is not None and self._is_extension(called, call.get("direction", "inbound")):
            yield called

    def _is_extension(self, called: str, direction: str) -> bool:
        """Whether somebody's extension was called directly."""
        if direction == "outbound" or called in self._called:
            return False
        return direction == "internal" or called in self._directory.extensions or len(self._extension(called)) > 1

    def presence(self, presence: Doc, old: Doc | None) -> Doc:
        """A presence with its facts: the agent, the person behind it, their teams, and the queue. What is said of all
        queues at once is stamped with these by ``hub.sitting``.
        """
        if old is not None and old.get("facts"):
            return {**presence, "facts": old["facts"]}
        facts = dict.fromkeys(self._agent(presence["agent"]))
        if presence.get("queue") is not None:
            facts.update(dict.fromkeys(self._queue(presence["queue"])))
        return {**presence, "facts": sorted(facts)}
