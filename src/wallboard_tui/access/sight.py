"""Room ``access``: queues, numbers and teams that the documents of people name, and an editor may not know of. Pure.

``users`` shows people whole, but for what lies beyond the reader's own knowledge: such a key is left out of every
answer, stays in the document when it is edited, and, given by the editor, counts as one that there is not. Who removes
a number changes people, teams and roles that name it: of documents that they may not read, they are told the name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from wallboard_tui.access.knowing import Knowing
from wallboard_tui.access.permissions import NEEDS
from wallboard_tui.access.scope import Scope
from wallboard_tui.model.base import Doc

NAMED_IN: Final[Mapping[str, Mapping[str, str]]] = {
    "person": {"manage_queues": "queue", "manage_numbers": "number", "caller_ids": "number",
               "default_caller_id": "number"},
    "agent": {"queues": "queue", "penalties": "queue", "wrap_ups": "queue"},
}  # fmt: skip
"""By a kind, the fields that name things which ``users`` does not show, and the kind of these."""
UNREAD: Final = frozenset({"key", "name", "role"})
"""What is told of a document that one may change something about and not read: who assigns roles knows whose."""
UNKNOWN: Final = "nothing you may know of"
"""In the place of a scope of which no part may be named."""


class Sight:
    """What one reader may know by name. Without a reader, everything: for what is one's own, and for the rules."""

    def __init__(self, reach: Knowing | None = None) -> None:
        self._reach = None if reach is None or _all_names(reach) else reach
        # What one's own permissions name, whatever they are about, one has read there.
        held = self._reach.effective.permissions.values() if self._reach is not None else ()
        self.held = frozenset(atom for one in held for atom, _ in one.scope.pairs)
        self._own = reach.key if reach else ""
        self._closed = frozenset(kind for kind, permission in NEEDS.items() if reach and not reach.may(permission))

    def names(self, kind: str, key: str) -> bool:
        """Whether a key may be named. Kinds that have no names to hide are for whoever may see their documents."""
        reach = self._reach
        if reach is None or f"{kind}:{key}" in self.held:
            return True
        directory, teams = reach.directory, reach.may("workgroups")
        known: Mapping[str, Callable[[], object]] = {
            # Teams are whole for ``workgroups``, and so are queues for ``call_flow``: these name what is in them.
            "queue": lambda: reach.knows_queue(key) or (teams and directory.teams_of_queue(key)),
            "number": lambda: reach.knows_number(key) or (teams and directory.teams_of_number(key)),
            "team": lambda: reach.knows_team(key),
            "person": lambda: reach.may("users") or reach.knows_person(key)
            or (teams and (directory.teams_of(key) or directory.managed_by(key))),
            "ext": lambda: reach.may("users") or reach.knows_extension(key),
            "agent": lambda: reach.may("users") or reach.knows_agent(key)
            or (reach.may("call_flow") and directory.queues_of_agent(key)),
        }  # fmt: skip
        return kind not in known or bool(known[kind]())

    def scope(self, scope: Scope) -> Scope:
        """A scope without the atoms that may not be named."""
        if self._reach is None:
            return scope
        return Scope(frozenset(pair for pair in scope.pairs if self.atom(pair[0])))

    def doc(self, kind: str, doc: Doc) -> Doc:
        """A document, or some of its fields, without the keys that may not be named."""
        if self._reach is None or kind not in NAMED_IN:
            return doc
        found = dict(doc)
        for field, of in NAMED_IN[kind].items():
            if found.get(field):
                found[field] = self._known(of, found[field])
        if kind == "person" and found.get("grants"):
            kept = {name: self._grant(grant) for name, grant in found["grants"].items()}
            found["grants"] = {name: grant for name, grant in kept.items() if grant is not None}
        return found

    def told(self, kind: str, key: str, doc: Doc) -> Doc:
        """The same to somebody who changes that document, directly or by what follows, and perhaps may not read it."""
        if kind in self._closed and (kind, key) != ("person", self._own):
            doc = {name: value for name, value in doc.items() if name in UNREAD}
        return self.doc(kind, doc)

    def keeping(self, kind: str, old: Doc, said: Doc, *, whole: bool) -> Doc:
        """What somebody says of a document, together with that which stands in it and they cannot see.

        ``old``: as it stands; ``said``: the fields that they give; ``whole``: which are all that it is to have.
        """
        if self._reach is None or kind not in NAMED_IN:
            return said
        found = dict(said)
        seen = self.doc(kind, old)
        for field, of in NAMED_IN[kind].items():
            stands = old.get(field)
            if field in found or (whole and seen.get(field) != stands):
                found[field] = self._kept(of, stands, found[field] if field in found else _nothing(stands))
        if kind == "person" and isinstance(found.get("grants", {} if whole else None), dict):
            found["grants"] = self._grants(old.get("grants") or {}, found.get("grants", {}))
        return found

    def atom(self, atom: str) -> bool:
        """Whether an atom of a scope may be named."""
        kind, _, key = atom.partition(":")
        return self.names(kind, key)

    def _text(self, atom: str) -> bool:
        return all(self.atom(one) for one, _ in Scope.readable((atom,)).pairs)

    def _known(self, of: str, value: Any) -> Any:
        if isinstance(value, str):
            return value if self.names(of, value) else None
        if isinstance(value, Mapping):
            return {key: own for key, own in value.items() if self.names(of, key)}
        return [key for key in value if self.names(of, key)]

    def _kept(self, of: str, old: Any, said: Any) -> Any:
        if isinstance(old, str):
            return said or (None if self.names(of, old) else old)
        if isinstance(old, Mapping):
            hidden = {key: own for key, own in old.items() if not self.names(of, key)}
            return {**hidden, **said} if isinstance(said, Mapping) else said
        hidden_keys = [key for key in old or () if not self.names(of, key)]
        if not hidden_keys or not isinstance(said, list | tuple):
            return said
        # In the order that stands, so that who changes nothing changes nothing.
        both = {*hidden_keys, *said}
        return [*(key for key in old if key in both), *(key for key in said if key not in old)]

    def _grant(self, grant: Doc) -> Doc | None:
        scope = tuple(grant.get("scope") or ())
        left = [atom for atom in scope if self._text(atom)]
        return grant if len(left) == len(scope) else {**grant, "scope": left} if left else None

    def _grants(self, old: Doc, said: Doc) -> Doc:
        found = dict(said)
        for name, grant in old.items():
            scope = grant.get("scope") or ()
            if not (hidden := [atom for atom in scope if not self._text(atom)]):
                continue
            given = found.get(name, {**grant, "scope": ()})
            if isinstance(given, Mapping) and isinstance(more := given.get("scope") or (), list | tuple):
                both = {*hidden, *more}
                kept = [atom for atom in scope if atom in both]
                found[name] = {**given, "scope": [*kept, *(atom for atom in more if atom not in kept)]}
        return found


def _nothing(like: Any) -> Any:
    return None if isinstance(like, str) else type(like)()


def _all_names(reach: Knowing) -> bool:
    """Whether there is nothing that would have to be left out."""
    places = reach.places.everything or all(reach.may(name) for name in ("call_flow", "numbers", "workgroups"))
    return places and (reach.may("users") or reach.people.everything)


WHOLE: Final = Sight()
"""Everything by name."""
