"""Room ``access``: why somebody may, or may not, see a document. The answer comes from the code that enforces it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from wallboard_tui.access.derive import effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import me
from wallboard_tui.access.permissions import PERMISSIONS
from wallboard_tui.access.reach import Reach
from wallboard_tui.access.rules import call_reasons
from wallboard_tui.access.scope import DIRECTIONS, Scope
from wallboard_tui.access.sight import UNKNOWN, WHOLE, Sight
from wallboard_tui.access.words import called, scope_words
from wallboard_tui.model.base import Doc


@dataclass(frozen=True, slots=True)
class Clause:
    """One way in which a document is admitted: permissions, and the atoms by which it is in their scope.

    ``rows``: the document itself is sent; else it only counts in figures. ``origins``: where the permission comes from.
    ``words``: the atoms to be read.
    """

    permissions: tuple[str, ...]
    atoms: tuple[str, ...]
    rows: bool
    origins: tuple[str, ...]
    words: str = ""


@dataclass(frozen=True, slots=True)
class Explanation:
    """Whether somebody gets a document, by which clauses, and a sentence to read."""

    person: str
    permitted: bool
    clauses: tuple[Clause, ...]
    sentence: str
    name: str = ""


def explain(
    person: str,
    kind: str,
    doc: Doc,
    directory: Directory,
    *,
    secret: bytes = b"",
    gate: Gate | None = None,
    sight: Sight = WHOLE,
) -> Explanation:
    """Why a person gets a document, or does not. ``secret``: as for ``Gate``; ``gate``: the person's, where there is
    one; ``sight``: what whoever asks knows by name. Raises ``UnknownPerson``.
    """
    if gate is None:
        held = effective(person, directory).resolved(directory)
        gate = Gate(held, me(person, directory, policy=0, now=0.0), directory, secret=secret)
    held = gate.reach.effective
    name = directory.people[person].name
    if held.sees_nothing:
        return Explanation(person, False, (), f"{name} sees nothing: {held.sees_nothing}", name)
    permitted = bool(gate.admit(kind, doc))
    if kind == "call":
        return _of_call(gate, name, doc, permitted, sight)
    reason = gate.reason(kind, doc)
    if not permitted:
        return Explanation(person, False, (), f"{name} does not see this {kind}: {_unmet(kind)}.", name)
    clauses = tuple(_of_other(gate.reach, kind, doc, sight))
    reason = _told(reason, sight)
    clauses = clauses or (Clause((), (reason,), True, (), reason),)
    return Explanation(person, True, clauses, f"{name} sees this {kind}: {reason}.", name)


def who_can_see(
    kind: str,
    doc: Doc,
    directory: Directory,
    *,
    secret: bytes = b"",
    gates: Callable[[str], Gate | None] = lambda person: None,
    sight: Sight = WHOLE,
) -> list[Explanation]:
    """Explanations of everybody who gets a document, by person. ``gates``: those that there are already; ``sight``:
    what whoever asks knows by name.
    """
    found = (
        explain(person, kind, doc, directory, secret=secret, gate=gates(person), sight=sight)
        for person in sorted(directory.people)
    )
    return [one for one in found if one.permitted]


def _of_call(gate: Gate, name: str, doc: Doc, permitted: bool, sight: Sight) -> Explanation:
    reach = gate.reach
    clauses = []
    for index, atoms in call_reasons(reach, doc):
        lens = reach.lenses[index].lens
        clauses.append(_clause(reach, lens.permissions, atoms, lens.rows, sight))
    rows = [clause for clause in clauses if clause.rows]
    direction = doc.get("direction", "inbound")
    if rows:
        shown = "; ".join(f"{_by(clause)} ({', '.join(clause.origins)})" for clause in rows)
        sentence = f"{name} sees this {direction} call: {shown}."
    elif clauses:
        shown = "; ".join(_by(clause) for clause in clauses)
        missing = f"For the call itself {_missing(reach, sight)}."
        sentence = f"{name} does not see this {direction} call; it counts in figures: {shown}. {missing}"
    else:
        sentence = f"{name} does not see this {direction} call: {_missing(reach, sight)}."
    return Explanation(gate.me.person, permitted, tuple(clauses), sentence, name)


def _missing(reach: Reach, sight: Sight) -> str:
    """Why a call is not in the scope in which somebody sees calls."""
    scope = reach.scope("calls", "recents")
    inside = f"none of its facts is in {' '.join(sight.scope(scope).atoms()) or UNKNOWN}"
    return inside if scope else "neither calls nor recents are permitted"


def _told(reason: str, sight: Sight) -> str:
    """A rule's reason, which may end with the atom it rests on."""
    words, _, atom = reason.rstrip(")").rpartition("(" if reason.endswith(")") else " by ")
    return reason if not words or sight.scope(Scope.of(atom)) else words.rstrip(" (")


def _of_other(reach: Reach, kind: str, doc: Doc, sight: Sight) -> Iterator[Clause]:
    """The clauses by which a missed opportunity or an agent is admitted; of other kinds the rule's reason is all."""
    if kind == "followup":
        scope = reach.scope("reports.missed")
        attempts = doc.get("attempts", ())
        found = (scope.matching(one.get("direction", "inbound"), one.get("facts")) for one in attempts)
        if atoms := tuple(dict.fromkeys(atom for each in found for atom in each)):
            yield _clause(reach, ("reports.missed",), atoms, True, sight)
    elif kind == "agent":
        facts = [*reach.directory.agent_facts(doc["key"])]
        facts += [f"queue:{queue}" for queue in reach.directory.queues_of_agent(doc["key"])]
        for one in reach.lenses:
            each = (one.scope.matching(direction.value, facts) for direction in DIRECTIONS)
            if atoms := tuple(dict.fromkeys(atom for found in each for atom in found)):
                yield _clause(reach, one.lens.permissions, atoms, True, sight)


def _clause(reach: Reach, permissions: tuple[str, ...], atoms: tuple[str, ...], rows: bool, sight: Sight) -> Clause:
    atoms = tuple(atom for atom in atoms if sight.scope(Scope.of(atom)))
    found = [one for name in permissions for one in reach.effective.origins.get(name, ()) if one.added]
    origins = tuple(sorted({_origin(one.kind, one.name) for one in found}))
    words = scope_words(Scope.of(*atoms), reach.directory, reach.key) or UNKNOWN
    return Clause(permissions, atoms, rows, origins, words)


def _origin(kind: str, name: str) -> str:
    return f"grant to {name}" if kind == "grant" else called(kind, name)


def _by(clause: Clause) -> str:
    titles = ", ".join(PERMISSIONS[name].title for name in clause.permissions)
    return f"{titles} by {', '.join(clause.atoms) or UNKNOWN}"


def _unmet(kind: str) -> str:
    return f"no rule for {kind} fits this person and this document"
