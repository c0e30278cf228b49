"""Room ``access``: a scope: which rows a permission holds for. Knows the model and the directory.

A scope is a set of (atom, direction) pairs. A row is in it when, for its direction, one of its facts, or ``ALL``, is.
It compiles to two forms that must agree: a closure for live rows, and an SQL condition for stored ones.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from wallboard_tui.access.directory import Directory
from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import Direction
from wallboard_tui.model.directory import Person

Pair = tuple[str, Direction]
Predicate = Callable[[str, "Sequence[str] | None"], bool]

DIRECTIONS: Final[tuple[Direction, ...]] = tuple(Direction)
ALL: Final = "ALL"
SYMBOLS: Final = frozenset({"MANAGED", "OWN_TEAMS", "SELF", "GRANTED"})
AGENT: Final = "agent:"
"""Atoms that mean something else for each person. ``GRANTED``: what the person's "Manage …" lists name (001)."""
PREFIXES: Final = ("number:", "queue:", "ext:", "team:", "person:", "agent:")


class ScopeError(ValueError):
    """Text that is no scope. The message names the text and what is allowed."""


@dataclass(frozen=True, slots=True)
class Scope:
    """A set of (atom, direction) pairs, so that unions stay exact."""

    pairs: frozenset[Pair] = frozenset()

    @classmethod
    def parse(cls, atoms: Iterable[str]) -> Scope:
        """The scope of atoms such as ``ALL``, ``SELF``, ``queue:asterisk:pbx1:sales`` or ``ALL/inbound``.

        Without a direction an atom holds for all three. Raises ``ScopeError`` for anything else.
        """
        return cls(frozenset(pair for atom in atoms for pair in _pairs(atom)))

    @classmethod
    def readable(cls, atoms: Iterable[str]) -> Scope:
        """As ``parse``, but what cannot be read is left out: stored text that nobody understands grants nothing."""
        return cls(frozenset(pair for atom in atoms if _is_atom(_split(atom)[0]) for pair in _pairs(atom)))

    @classmethod
    def of(cls, *atoms: str) -> Scope:
        """The scope of some atoms in every direction."""
        return cls(frozenset((atom, direction) for atom in atoms for direction in DIRECTIONS))

    def atoms(self) -> tuple[str, ...]:
        """The scope as text that ``parse`` reads, sorted; a direction stands only where not all three hold."""
        found: dict[str, list[Direction]] = {}
        for atom, direction in self.pairs:
            found.setdefault(atom, []).append(direction)
        texts = []
        for atom, directions in found.items():
            # An atom that itself ends like a direction is always written in full.
            if len(directions) == len(DIRECTIONS) and _split(atom)[1] is None:
                texts.append(atom)
            else:
                texts.extend(f"{atom}/{direction}" for direction in directions)
        return tuple(sorted(texts))

    def __or__(self, other: Scope) -> Scope:
        return Scope(self.pairs | other.pairs)

    def __and__(self, other: Scope) -> Scope:
        """What both contain, pair by pair; ``ALL`` contains every pair of its direction."""
        return Scope(
            frozenset(pair for pair in self.pairs if other.contains(pair))
            | frozenset(pair for pair in other.pairs if self.contains(pair))
        ).normalised()

    def __sub__(self, other: Scope) -> Scope:
        return Scope(self.pairs - other.pairs)

    def __le__(self, other: Scope) -> bool:
        return all(other.contains(pair) for pair in self.pairs)

    def __bool__(self) -> bool:
        return bool(self.pairs)

    def contains(self, pair: Pair) -> bool:
        """Whether a pair, or ``ALL`` in its direction, is in the scope."""
        return pair in self.pairs or (ALL, pair[1]) in self.pairs

    @property
    def everything(self) -> bool:
        """Whether the scope is ``ALL`` in every direction."""
        return all((ALL, direction) in self.pairs for direction in DIRECTIONS)

    def normalised(self) -> Scope:
        """The same scope without pairs that ``ALL`` contains already."""
        if not any((ALL, direction) in self.pairs for direction in DIRECTIONS):
            return self
        return Scope(frozenset(pair for pair in self.pairs if pair[0] == ALL or (ALL, pair[1]) not in self.pairs))

    def resolve(self, person: Person | Doc, directory: Directory) -> Scope:
        """The scope with what depends on the person replaced by what it means for this one today, and agents by all
        names that are theirs.
        """
        atoms = {atom for atom, _ in self.pairs}
        meaning = {atom: directory.names.atoms(atom.removeprefix(AGENT)) for atom in atoms if atom.startswith(AGENT)}
        if symbols := SYMBOLS & atoms:
            somebody = person if isinstance(person, Person) else Person.load(person)
            meaning |= {symbol: _meaning(symbol, somebody, directory) for symbol in symbols}
        if not meaning:
            return self.normalised()
        return Scope(
            frozenset((atom, way) for symbol, way in self.pairs for atom in meaning.get(symbol, (symbol,)))
        ).normalised()

    def concrete(self, direction: str) -> frozenset[str]:
        """Atoms that a fact can equal, in one direction; neither ``ALL`` nor anything that needs a person."""
        return frozenset(atom for atom, way in self.pairs if way == direction and atom != ALL and atom not in SYMBOLS)

    def names(self) -> frozenset[str]:
        """Atoms that a fact can equal, whatever the direction."""
        return frozenset(atom for direction in DIRECTIONS for atom in self.concrete(direction))

    def matching(self, direction: str, facts: Sequence[str] | None) -> tuple[str, ...]:
        """The atoms by which a row is in the scope; empty when it is not."""
        known = direction in tuple(DIRECTIONS)
        everything = (ALL,) if known and (ALL, direction) in self.pairs else ()
        concrete = self.concrete(direction)
        return (*everything, *(fact for fact in dict.fromkeys(facts or ()) if fact in concrete))


NOWHERE: Final = Scope()


def compile(scope: Scope) -> Predicate:
    """The scope as a function of a row's direction and facts. Decides in well under a microsecond."""
    return _compiled(scope)


@lru_cache(maxsize=4096)
def _compiled(scope: Scope) -> Predicate:
    # A direction without an entry admits nothing; None admits everything.
    admits: dict[str, Callable[[Iterable[str]], bool] | None] = {}
    for direction in DIRECTIONS:
        if (ALL, direction) in scope.pairs:
            admits[direction.value] = None
        elif atoms := scope.concrete(direction):
            admits[direction.value] = atoms.isdisjoint

    def admit(direction: str, facts: Sequence[str] | None) -> bool:
        if direction not in admits:
            return False
        misses = admits[direction]
        return misses is None or (facts is not None and not misses(facts))

    return admit


def to_sql(scope: Scope, *, call: str = "call", gathered: bool = False) -> tuple[str, list[str]]:
    """The scope as a condition over ``call(id, direction)`` and ``call_fact(fact, call)``, with its parameters.

    ``call`` is the name or alias of the table of calls in the query. Atoms travel as one JSON array per condition, so
    their number has no limit. ``gathered``: the calls of the facts are looked up first, and not the facts of each
    call: for counting all there are.
    """
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_]*", call):
        raise ValueError(f"{call!r} is no name of a table; use letters, digits and _")
    groups: dict[frozenset[str] | None, list[str]] = {}
    for direction in DIRECTIONS:
        atoms = None if (ALL, direction) in scope.pairs else scope.concrete(direction)
        if atoms is None or atoms:
            groups.setdefault(atoms, []).append(direction.value)
    terms, parameters = [], []
    for atoms, directions in groups.items():
        # Directions are our own three words, never text from outside.
        ways = ", ".join(f"'{direction}'" for direction in directions)
        term = f"{call}.direction IN ({ways})"
        if atoms is not None:
            facts = "FROM call_fact AS scope_fact WHERE scope_fact.fact IN (SELECT value FROM json_each(?))"
            if gathered:
                term += f" AND {call}.id IN (SELECT scope_fact.call {facts})"
            else:
                term += f" AND EXISTS (SELECT 1 {facts} AND scope_fact.call = {call}.id)"
            parameters.append(json.dumps(sorted(atoms), ensure_ascii=False))
        terms.append(f"({term})")
    return (f"({' OR '.join(terms)})" if terms else "0"), parameters


def _meaning(symbol: str, person: Person, directory: Directory) -> tuple[str, ...]:
    if symbol == "MANAGED":
        return tuple(f"team:{team}" for team in directory.managed_by(person.key))
    if symbol == "OWN_TEAMS":
        return tuple(f"team:{team}" for team in directory.teams_of(person.key))
    own = (
        f"person:{person.key}",
        *(atom for agent in person.agents for atom in directory.names.atoms(agent)),
        *((f"ext:{person.extension}",) if person.extension else ()),
    )
    if symbol == "SELF":
        return own
    granted = (
        *(f"ext:{extension}" for extension in person.manage_extensions),
        *(f"queue:{queue}" for queue in person.manage_queues),
        *(f"number:{number}" for number in person.manage_numbers),
    )
    return (*granted, *own) if granted and person.extension else granted


def _split(text: str) -> tuple[str, str | None]:
    atom, slash, direction = text.rpartition("/")
    return (atom, direction) if slash and direction in tuple(DIRECTIONS) else (text, None)


def _is_atom(atom: str) -> bool:
    return atom == ALL or atom in SYMBOLS or any(atom.startswith(prefix) and atom != prefix for prefix in PREFIXES)


def _pairs(text: str) -> list[Pair]:
    atom, direction = _split(text)
    if not _is_atom(atom):
        raise ScopeError(
            f"{text!r} is no scope: use ALL, SELF, OWN_TEAMS, MANAGED, GRANTED or one of {' '.join(PREFIXES)} with a "
            "key, with /inbound, /outbound or /internal behind it for one direction"
        )
    return [(atom, Direction(direction))] if direction else [(atom, way) for way in DIRECTIONS]
