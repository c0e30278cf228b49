"""Room ``access``: why somebody sees, or does not see, what stands in rows that are no documents: an agent's state, and
figures. Pure. The answer comes from the code that enforces it; of figures it says what of them counts, too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.explain import Clause, Explanation, clause_of, gate_of, missing, sees_nothing, shown
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.knowing import LIVE
from wallboard_tui.access.panes import BY
from wallboard_tui.access.reach import Reach
from wallboard_tui.access.redaction import in_team, state_facts
from wallboard_tui.access.scope import ALL, DIRECTIONS, Scope
from wallboard_tui.access.sight import WHOLE, Sight
from wallboard_tui.access.words import listed, scope_words
from wallboard_tui.model.base import Doc

REASONS: Final = "Why an agent pauses is not told with it: that takes Supervisor workspace."
TIMES: Final = (
    "How long agents were signed in, free or paused is not told with it: that takes Supervisor workspace or Wallboard "
    "for all of whom it is told."
)
PARTLY: Final = "in part"
_OF: Final[Mapping[str, str]] = {
    "queue": " of the queue", "agent": " of the agent", "team": " of the team", "number": " to the number",
    "campaign": " of the campaign", "all": "",
}  # fmt: skip
_TIMED: Final = frozenset({"queue", "agent", "team", "all"})
"""Breakdowns in which time in a state stands."""
_Facts = Callable[[Directory, str], Iterable[str]]


def explain_state(
    person: str,
    agent: str,
    directory: Directory,
    *,
    gate: Gate | None = None,
    sight: Sight = WHOLE,
    queues: Sequence[str] = (),
    calls: Sequence[Doc] = (),
) -> Explanation:
    """Why a person sees what an agent does now, or what they would need.

    ``queues``, ``calls``: where the agent is signed in now and the calls that go on with them, as far as whoever asks
    sees that: it shows the state to those who watch these. The rest as for ``explain``.
    """
    gate = gate or gate_of(person, directory)
    reach, name = gate.reach, directory.people[person].name
    if (nothing := sees_nothing(gate, name)) is not None:
        return nothing
    said: list[Doc] = [{"agent": agent}, *({"agent": agent, "queue": queue} for queue in queues)]
    facts = list(dict.fromkeys(fact for doc in said for fact in state_facts(reach, doc)))
    clauses = []
    for scope, permissions in _by_scope(reach, LIVE):
        found = {*_matching(scope, facts), *_talking(gate, permissions[0], agent, calls)}
        if found:
            clauses.append(clause_of(reach, permissions, scope, tuple(sorted(found)), True, sight))
    if not clauses and reach.own_agent(agent) and reach.sees_own_states:
        # However far it reaches: states of others are not shown by it.
        own = Scope.of(*reach.own)
        clauses = [clause_of(reach, ("analytics",), own, _atoms(own), True, sight)]
    if not clauses:
        sentence = f"{name} does not see this agent's state: {missing(reach, sight, LIVE)}."
        return Explanation(person, False, (), sentence, name)
    told = reach.own_agent(agent) or any(in_team(reach.pauses, reach, doc) for doc in said)
    sentence = f"{name} sees this agent's state: {'; '.join(map(shown, clauses))}."
    return Explanation(person, True, tuple(clauses), sentence, name, notes=() if told else (REASONS,))


def explain_figures(
    person: str,
    by: str,
    key: str,
    directory: Directory,
    *,
    gate: Gate | None = None,
    sight: Sight = WHOLE,
    agents: Iterable[str] = (),
) -> Explanation:
    """Through which permissions figures of a subject are counted for a person, and what of it counts; or what they
    would need.

    ``by``, ``key``: the breakdown and the subject's key, empty for the calls that have none. ``agents``: who was rung
    in the queue, as far as whoever asks sees that, beside those who are known to sit in it. The rest as for
    ``explain``.
    """
    gate = gate or gate_of(person, directory)
    reach, name = gate.reach, directory.people[person].name
    if (nothing := sees_nothing(gate, name)) is not None:
        return nothing
    lens = gate.me.lens_by(by)
    row = _Row(directory, by, key, tuple(agents))
    clauses: list[Clause] = []
    if lens is not None and _stands(gate, lens, by, key):
        clauses = [
            _of_figures(reach, row, scope, permissions, sight)
            for scope, permissions in _by_scope(reach, BY[by])
            if row.leads(scope)
        ]
    if lens is None or not clauses:
        sentence = f"{name} does not see this row of figures: {missing(reach, sight, BY[by])}."
        return Explanation(person, False, (), sentence, name)
    notes = [_counted(reach, row, reach.lenses[lens].scope, sight)]
    own = by == "agent" and directory.agent_key(key) in gate.me.own_states()
    if by in _TIMED and not (reach.lenses[lens].lens.states or own):
        notes.append(TIMES)
    sentence = f"{name} sees this row of figures: {'; '.join(map(shown, clauses))}."
    return Explanation(person, True, tuple(clauses), sentence, name, notes=tuple(notes))


def _stands(gate: Gate, lens: int, by: str, key: str) -> bool:
    """Whether somebody's table of a breakdown can have a row of a subject at all."""
    if by == "agent":
        return gate.lens_gate(lens).shows_agent(key)
    return by != "team" or bool(gate.reach.knows_team(key))


class _Row:
    """One row of figures, and the facts by which calls of it are in a scope."""

    def __init__(self, directory: Directory, by: str, key: str, agents: tuple[str, ...]) -> None:
        self.by = by
        self.of = _OF[by] if key or by == "all" else f" that have no {by}"
        self.whole = tuple(_WHOLE[by](directory, key)) if by in _WHOLE and key else ()
        """Facts that all calls of the row have, from when the subject had them."""
        self.part = frozenset(_PART[by](directory, key)) if by in _PART and key else frozenset()
        """Facts that some calls of the row may have."""
        self.part |= {fact for agent in agents for fact in directory.agent_facts(agent)}
        # Whoever takes a call, it has the number over which it came: that is taken out of none.
        self.any = not self.whole or by == "number"
        self.itself = f"{by}:{directory.agent_key(key) if by == 'agent' else key}"

    def fully(self, scope: Scope) -> Scope:
        """The part of a scope that holds all calls of the row, of whichever directions."""
        return Scope(frozenset(pair for pair in scope.pairs if pair[0] == ALL or pair[0] in self.whole))

    def partly(self, scope: Scope) -> Scope:
        """The part that holds some of them."""
        return Scope(frozenset(pair for pair in scope.pairs if self.any or pair[0] in self.part))

    def leads(self, scope: Scope) -> bool:
        """Whether calls of the row can be in a scope."""
        return bool(self.fully(scope) or self.partly(scope))


def _of_figures(reach: Reach, row: _Row, scope: Scope, permissions: tuple[str, ...], sight: Sight) -> Clause:
    if full := row.fully(scope):
        return clause_of(reach, permissions, scope, _atoms(full), True, sight)
    found = clause_of(reach, permissions, scope, _atoms(row.partly(scope)), True, sight)
    return Clause(found.permissions, found.atoms, True, found.origins, f"{found.words}, {PARTLY}")


def _counted(reach: Reach, row: _Row, scope: Scope, sight: Sight) -> str:
    """What of a row counts in a scope, in a sentence."""
    full, part = row.fully(scope), f"Only a part of the calls{row.of} counts"
    if not full:
        words = scope_words(sight.scope(row.partly(scope)), reach.directory, reach.key)
        return f"{part}: {words}." if words else f"{part}."
    ways = [way for way in DIRECTIONS if any(pair[1] == way for pair in full.pairs)]
    calls = f"{'All' if len(ways) == len(DIRECTIONS) else f'All {listed(ways)}'} calls{row.of} count"
    if all(full.contains((row.itself, way)) for way in ways):
        return f"{calls}."
    words = scope_words(sight.scope(full), reach.directory)
    since = " that concern" if row.by == "agent" else ", from when it belonged to"
    return f"{calls}{since} {words}." if words else f"Calls{row.of} count, if not all of them."


def _by_scope(reach: Reach, permissions: Iterable[str]) -> list[tuple[Scope, tuple[str, ...]]]:
    """The permissions among some that are held, those with one scope together."""
    found: dict[Scope, list[str]] = {}
    for name in permissions:
        if scope := reach.scope(name):
            found.setdefault(scope, []).append(name)
    return [(scope, tuple(names)) for scope, names in found.items()]


def _talking(gate: Gate, permission: str, agent: str, calls: Iterable[Doc]) -> Iterable[str]:
    """The atoms by which calls that go on show a permission's holder what an agent does."""
    index = gate.reach.lens_of(permission)
    if index is None:
        return
    lens = gate.lens_gate(index)
    for call in calls:
        seen = lens.call(call) or {}
        if any(leg.get("agent") == agent for leg in seen.get("legs", ())):
            yield from lens.scope.matching(call.get("direction", "inbound"), call.get("facts"))


def _matching(scope: Scope, facts: Iterable[str]) -> tuple[str, ...]:
    """The atoms by which something without a direction is in a scope."""
    every = list(facts)
    return tuple(dict.fromkeys(atom for way in DIRECTIONS for atom in scope.matching(way.value, every)))


def _atoms(scope: Scope) -> tuple[str, ...]:
    return tuple(sorted({atom for atom, _ in scope.pairs}))


def _of_agents(directory: Directory, queues: Iterable[str]) -> Iterable[str]:
    """Facts of the agents who sit in some queues."""
    for queue in queues:
        for agent in directory.agents_by_fact.get(f"queue:{queue}", ()):
            yield from directory.agent_facts(agent)


def _some_of_queue(directory: Directory, queue: str) -> Iterable[str]:
    teams = (directory.teams.get(team) for team in directory.teams_of_queue(queue))
    yield from (f"number:{number}" for team in teams if team is not None for number in team.numbers)
    yield from _of_agents(directory, (queue,))


def _some_of_team(directory: Directory, key: str) -> Iterable[str]:
    team = directory.teams.get(key)
    if team is None:
        return
    for queue in team.queues:
        yield from directory.queue_facts(queue)
    people = (directory.people.get(member) for member in team.members)
    for agent in (agent for person in people if person is not None for agent in person.agents):
        yield from directory.agent_facts(agent)
    yield from _of_agents(directory, team.queues)


_WHOLE: Final[Mapping[str, _Facts]] = {
    "queue": Directory.queue_facts, "number": Directory.number_facts, "agent": Directory.agent_facts,
    "team": lambda directory, key: (f"team:{key}",),
}  # fmt: skip
_PART: Final[Mapping[str, _Facts]] = {"queue": _some_of_queue, "team": _some_of_team}
