"""Room ``access``: why somebody may, or may not, see a document. The answer comes from the code that enforces it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from wallboard_tui.access.derive import effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import me
from wallboard_tui.access.permissions import PERMISSIONS
from wallboard_tui.access.reach import Reach
from wallboard_tui.access.rules import Reason, call_reasons
from wallboard_tui.access.scope import DIRECTIONS, Scope
from wallboard_tui.access.sight import UNKNOWN, WHOLE, Sight
from wallboard_tui.access.words import called, listed, scope_words
from wallboard_tui.model.base import Doc

ROWS: Final = ("calls", "recents")
"""The permissions that show calls themselves."""
UNNAMED: Final = "nothing that they may see names it, and no permission shows it"
_KINDS: Final = {"followup": "missed opportunity", "presence": "agent's state", "number": "business number"}


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
    """Whether somebody gets a document, by which clauses, and a sentence to read.

    ``reaches``: of a call that they do not see, the atoms for which they see calls. ``notes``: what else is to be known
    of it, in sentences.
    """

    person: str
    permitted: bool
    clauses: tuple[Clause, ...]
    sentence: str
    name: str = ""
    reaches: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


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
    gate = gate or gate_of(person, directory, secret)
    name = directory.people[person].name
    if (nothing := sees_nothing(gate, name)) is not None:
        return nothing
    permitted = bool(gate.admit(kind, doc))
    if kind == "call":
        return _of_call(gate, name, doc, permitted, sight)
    what = _KINDS.get(kind, kind)
    reason = gate.reason(kind, doc)
    if reason is None:
        unmet = missing(gate.reach, sight, ("reports.missed",)) if kind == "followup" else UNNAMED
        return Explanation(person, False, (), f"{name} does not see this {what}: {unmet}.", name)
    clauses = tuple(_of_other(gate.reach, kind, doc, sight)) or (_by_rule(gate.reach, reason, sight),)
    ways = "; ".join(shown(clause) for clause in clauses)
    return Explanation(person, True, clauses, f"{name} sees this {what}: {ways}.", name)


def who_can_see(why: Callable[[str], Explanation], directory: Directory) -> list[Explanation]:
    """Explanations of everybody who gets something, by person. ``why``: explains it of one of them."""
    return [one for one in map(why, sorted(directory.people)) if one.permitted]


def gate_of(person: str, directory: Directory, secret: bytes = b"") -> Gate:
    """Somebody's gate. Raises ``UnknownPerson``."""
    held = effective(person, directory).resolved(directory)
    return Gate(held, me(person, directory, policy=0, now=0.0), directory, secret=secret)


def sees_nothing(gate: Gate, name: str) -> Explanation | None:
    """Of somebody who can open nothing at all, that and why."""
    why = gate.reach.effective.sees_nothing
    return Explanation(gate.reach.key, False, (), f"{name} sees nothing: {why}", name) if why else None


def _of_call(gate: Gate, name: str, doc: Doc, permitted: bool, sight: Sight) -> Explanation:
    reach = gate.reach
    clauses = []
    for index, atoms in call_reasons(reach, doc):
        scope, lens = reach.lenses[index].scope, reach.lenses[index].lens
        clauses.append(clause_of(reach, lens.permissions, scope, atoms, lens.rows, sight))
    rows = [clause for clause in clauses if clause.rows]
    direction = doc.get("direction", "inbound")
    if rows:
        sentence = f"{name} sees this {direction} call: {'; '.join(shown(clause) for clause in rows)}."
        return Explanation(gate.me.person, permitted, tuple(clauses), sentence, name)
    sentence = f"{name} does not see this {direction} call: {missing(reach, sight, ROWS)}."
    if clauses:
        sentence += f" It counts in figures: {'; '.join(shown(clause) for clause in clauses)}."
    reaches = sight.scope(reach.scope(*ROWS)).atoms()
    return Explanation(gate.me.person, permitted, tuple(clauses), sentence, name, reaches)


def missing(reach: Reach, sight: Sight, permissions: Sequence[str]) -> str:
    """Why a row is not in the scopes of the permissions that show such rows."""
    # What holds for nothing, as the calls of managed teams where there are none, is only in the symbolic permissions.
    given = [name for name in permissions if effective(reach.key, reach.directory).holds(name)]
    if not given:
        titles = [PERMISSIONS[name].title for name in permissions]
        return f"neither {' nor '.join(titles)} is permitted" if titles[1:] else f"{titles[0]} is not permitted"
    by_words: dict[str, list[str]] = {}
    for name in given:
        if not reach.scope(name):
            by_words.setdefault("nothing so far", []).append(PERMISSIONS[name].title)
            continue
        words = scope_words(sight.scope(reach.scope(name)), reach.directory, reach.key) or UNKNOWN
        by_words.setdefault(words, []).append(PERMISSIONS[name].title)
    groups = (f"{' and '.join(titles)} ({words})" for words, titles in by_words.items())
    return f"it is not among {' or '.join(groups)}"


def _of_other(reach: Reach, kind: str, doc: Doc, sight: Sight) -> Iterator[Clause]:
    """The clauses by which a missed opportunity or an agent is admitted; of other kinds the rule's reason is all."""
    if kind == "followup":
        scope = reach.scope("reports.missed")
        attempts = doc.get("attempts", ())
        found = (scope.matching(one.get("direction", "inbound"), one.get("facts")) for one in attempts)
        if atoms := tuple(dict.fromkeys(atom for each in found for atom in each)):
            yield clause_of(reach, ("reports.missed",), scope, atoms, True, sight)
    elif kind == "agent":
        facts = [*reach.directory.agent_facts(doc["key"])]
        facts += [f"queue:{queue}" for queue in reach.directory.queues_of_agent(doc["key"])]
        for one in reach.lenses:
            each = (one.scope.matching(direction.value, facts) for direction in DIRECTIONS)
            if atoms := tuple(dict.fromkeys(atom for found in each for atom in found)):
                yield clause_of(reach, one.lens.permissions, one.scope, atoms, True, sight)


def _by_rule(reach: Reach, reason: Reason, sight: Sight) -> Clause:
    """The clause of a rule that needs no lens: by a permission that has no scope, or by an atom."""
    if reason.by in PERMISSIONS:
        return Clause((reason.by,), (), True, _origins(reach, (reason.by,)), reason.words)
    scope = sight.scope(Scope.readable((reason.by,)))
    by = scope_words(scope, reach.directory, reach.key)
    return Clause((), scope.atoms(), True, (), f"{reason.words} ({by})" if by else reason.words)


def clause_of(
    reach: Reach, permissions: tuple[str, ...], scope: Scope, atoms: tuple[str, ...], rows: bool, sight: Sight
) -> Clause:
    """The clause of permissions that hold for ``scope``, by the atoms of it that admit a document."""
    atoms = tuple(atom for atom in atoms if sight.scope(Scope.of(atom)))
    # With the directions that they hold for: all inbound calls are not everything.
    admitting = Scope(frozenset(pair for pair in scope.pairs if pair[0] in atoms))
    words = scope_words(admitting, reach.directory, reach.key) or UNKNOWN
    return Clause(permissions, atoms, rows, _origins(reach, permissions), words)


def _origins(reach: Reach, permissions: tuple[str, ...]) -> tuple[str, ...]:
    found = [one for name in permissions for one in reach.effective.origins.get(name, ()) if one.added]
    return tuple(sorted({_origin(one.kind, one.name) for one in found}))


def _origin(kind: str, name: str) -> str:
    return f"grant to {name}" if kind == "grant" else called(kind, name)


def shown(clause: Clause) -> str:
    """A clause as a part of a sentence: “Calls, Recents (team North), through role Supervisor”."""
    if not clause.permissions:
        return clause.words
    through = f", through {', '.join(clause.origins)}" if clause.origins else ""
    return f"{listed(PERMISSIONS[name].title for name in clause.permissions)} ({clause.words}){through}"
