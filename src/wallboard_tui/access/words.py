"""Room ``access``: scopes and permissions in words that people read: “team North, own calls”. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from wallboard_tui.access.derive import Effective, Held
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.permissions import PERMISSIONS
from wallboard_tui.access.scope import ALL, DIRECTIONS, Scope
from wallboard_tui.access.sight import UNKNOWN, Sight

_SYMBOLS: Final = {
    "MANAGED": "managed teams",
    "OWN_TEAMS": "own teams",
    "SELF": "own",
    "GRANTED": "what the Manage lists name",
}
_KINDS: Final = {"number": "number", "queue": "queue", "ext": "extension", "team": "team", "agent": "agent"}
MOST: Final = 6
"""Titles in one sentence; of more it says how many."""
MOST_NAMES: Final = 12
"""Names of one scope in a notice, which is read in passing."""


def scope_words(
    scope: Scope, directory: Directory, person: str = "", most: int | None = None, *, inside: bool = False
) -> str:
    """A scope to be read. ``person``: whose it is, so that the own extension and agents are “own”.

    ``most``: so many names of it, and how many more; all of them where nothing is said. ``inside``: it stands in
    brackets, and has none of its own. Nothing for an administrative permission, which has no scope.
    """
    own = _own(person, directory)
    if all(atom != f"person:{person}" for atom, _ in scope.pairs):
        own = frozenset()  # a part of one's own, such as the extension that one had before: said by its name
    by_atom: dict[str, set[str]] = {}
    for atom, direction in scope.pairs:
        by_atom.setdefault("SELF" if atom in own else atom, set()).add(direction.value)
    found: dict[str, None] = {}
    for atom in sorted(by_atom, key=lambda atom: (atom != ALL, _rank(atom), atom)):
        ways = by_atom[atom]
        part = f"{' and '.join(sorted(ways)) if inside else ', '.join(sorted(ways))} only"
        only = "" if len(ways) == len(DIRECTIONS) else f" {part}" if inside else f" ({part})"
        found[f"{atom_words(atom, directory)}{only}"] = None
    return listed(found, len(found) if most is None else most)


@dataclass(frozen=True, slots=True)
class Words:
    """Scopes in words for one reader, who may not know everything by name."""

    directory: Directory
    sight: Sight

    def of(self, scope: Scope, person: str = "") -> str:
        """A scope to be read, as ``scope_words``, without what may not be named."""
        shown = self.sight.scope(scope)
        return scope_words(shown, self.directory, person) if shown or not scope else UNKNOWN


def atom_words(atom: str, directory: Directory) -> str:
    """One atom to be read: ``queue:asterisk:pbx1:sales`` is “queue Sales”."""
    if atom == ALL:
        return "everything"
    if atom in _SYMBOLS:
        return _SYMBOLS[atom]
    kind, _, key = atom.partition(":")
    if kind == "person":
        person = directory.people.get(key)
        return person.name if person else key
    return called(_KINDS.get(kind, kind), name_of(kind, key, directory))


def a(kind: str) -> str:
    """A kind with its article: “a person”, “an agent”."""
    return f"{'an' if kind[:1] in 'aeio' else 'a'} {kind}"


def called(kind: str, name: str) -> str:
    """A thing by what it is and its name: “team North”; a name that says what it is stands alone: “Team Sales”."""
    return name if name.casefold().startswith(f"{kind} ".casefold()) else f"{kind} {name}"


def name_of(kind: str, key: str, directory: Directory) -> str:
    """What people call a thing: a queue's title, a team's name; its key where it has none."""
    if kind == "queue":
        queue = directory.queues.get(key)
        return (queue.title or queue.name) if queue else key
    if kind == "number":
        number = directory.numbers.get(key)
        return number.name or key if number else key
    named: Mapping[str, Mapping[str, Any]] = {
        "team": directory.teams, "agent": directory.agents, "role": directory.roles, "person": directory.people,
    }  # fmt: skip
    found = named.get(kind, {}).get(key)
    return str(found.name) if found else key


def listed(words: Iterable[str], most: int = MOST) -> str:
    """Words in a row; of a long row the first, and how many more there are. A last one alone stands itself: to count
    it would take its place.
    """
    every = list(words)
    if len(every) == most + 1:
        most += 1
    return ", ".join(every[:most]) + (f" and {len(every) - most} more" if len(every) > most else "")


def gained(
    before: Effective, after: Effective, directory: Directory, *, lost: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What one has by ``after`` that one had not by ``before``, in words; permissions that share a scope together.
    ``lost``: told the other way round, what one loses; of “everything” it says what of it stays.

    Twice: in short, of many permissions and of many names the first, and with all of them.
    """
    grouped: dict[tuple[str, str], list[str]] = {}

    def say(title: str, scope: Scope, but: Scope | None = None) -> None:
        short, every = (_bracketed(scope, but, directory, after.person, most) for most in (MOST_NAMES, None))
        grouped.setdefault((short, every), []).append(title)

    for name in PERMISSIONS:
        now, was = after.permissions.get(name), before.permissions.get(name)
        if now is None or name == "reports.tab":
            continue
        title = PERMISSIONS[name].title
        if was is None:
            say(title, now.scope)
            continue
        more = _beyond(now.scope, was.scope)
        if more:
            say(title, more, was.scope if lost else None)
        if _manages(name, now) and not (_manages(name, was) and now.managed <= was.managed):
            say(f"changing {title}", now.managed if not _manages(name, was) else _beyond(now.managed, was.managed))
    short = tuple(f"{listed(titles)}{words}" for (words, _), titles in grouped.items())
    return short, tuple(f"{', '.join(titles)}{words}" for (_, words), titles in grouped.items())


def _bracketed(scope: Scope, but: Scope | None, directory: Directory, person: str, most: int | None) -> str:
    """A scope in brackets: “ (everything but own)”. ``but``: what is left out of “everything”; of other scopes each is
    named anyway.
    """
    words = scope_words(scope, directory, person, most, inside=True)
    ways = {way for atom, way in scope.pairs if atom == ALL}
    left = Scope(frozenset(pair for pair in (but.pairs if but else ()) if pair[1] in ways))
    if left:
        words += f" but {scope_words(left, directory, person, most, inside=True)}"
    return f" ({words})" if words else ""


def _beyond(scope: Scope, other: Scope) -> Scope:
    """What one scope has and another does not."""
    return Scope(frozenset(pair for pair in scope.pairs if not other.contains(pair)))


def _manages(name: str, held: Held) -> bool:
    return held.level == "manage" and PERMISSIONS[name].manageable


def _own(person: str, directory: Directory) -> frozenset[str]:
    found = directory.people.get(person)
    return Scope.of("SELF").resolve(found, directory).names() if found else frozenset()


def _rank(atom: str) -> int:
    order = ("MANAGED", "OWN_TEAMS", "GRANTED", "team", "queue", "number", "ext", "agent", "person", "SELF")
    kind = atom.partition(":")[0]
    return order.index(kind) if kind in order else len(order)
