"""Room ``access``: what an organisation would look like after some edits. Pure.

Removing something also takes it out of every document that names it, so that a grant to a removed queue never fits
another queue that gets its name one day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pydantic import ValidationError

from wallboard_tui.access.directory import KINDS, Directory
from wallboard_tui.access.sight import WHOLE, Sight
from wallboard_tui.access.words import a
from wallboard_tui.model.administration import Edit, Finding
from wallboard_tui.model.base import Doc
from wallboard_tui.model.unfit import unfit

Ref = tuple[str, str]
Lookup = Callable[[str, str], Doc | None]

_ATOM_OF: Final = {
    "queue": "queue", "number": "number", "team": "team", "agent": "agent", "extension": "ext", "person": "person",
}  # fmt: skip
_NAMED_BY: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "queue": (("person", "manage_queues"), ("team", "queues"), ("agent", "queues")),
    "number": (("person", "manage_numbers"), ("person", "caller_ids"), ("person", "default_caller_id"),
               ("team", "numbers")),
    "team": (),
    "agent": (("person", "agents"), ("queue", "members")),
    "extension": (("person", "manage_extensions"), ("person", "extension")),
    "person": (("team", "members"), ("team", "managers")),
}  # fmt: skip
"""By a kind, the fields of other documents that hold keys of it."""


@dataclass(frozen=True)
class Proposal:
    """Edits and what they come to: each document touched, before and after (``None``: not there)."""

    edits: tuple[Edit, ...]
    changes: Mapping[Ref, tuple[Doc | None, Doc | None]]
    before: Directory
    mistakes: tuple[Finding, ...] = ()
    """What cannot even be read; then ``after`` is not to be asked for."""

    @cached_property
    def after(self) -> Directory:
        """The directory as it would be."""
        return self.before.changed((kind, key, new) for (kind, key), (_, new) in self.changes.items())

    def of(self, kind: str) -> dict[str, tuple[Doc | None, Doc | None]]:
        """The touched documents of a kind."""
        return {key: pair for (of, key), pair in self.changes.items() if of == kind}

    def with_fields(self, kind: str, key: str, **fields: Any) -> Proposal:
        """The same, with fields of one document set as a consequence."""
        old, new = self.changes.get((kind, key), (None, None))
        if (kind, key) not in self.changes:
            old = new = _dumped(self.before, kind, key)
        if new is None:
            return self
        changed = _load(kind, {**new, **fields})
        return Proposal(self.edits, {**self.changes, (kind, key): (old, changed)}, self.before, self.mistakes)


def propose(edits: Sequence[Edit], lookup: Lookup, directory: Directory, sight: Sight = WHOLE) -> Proposal:
    """What some edits come to. ``lookup``: a document as it stands, by kind and key; ``sight``: what whoever makes
    them knows by name: the rest of a document stays as it is.

    What cannot be read is in ``mistakes``, each with the field and what is allowed.
    """
    work = _Work(lookup, directory, sight)
    for edit in edits:
        work.apply(edit)
    return Proposal(tuple(edits), work.changes, directory, tuple(work.mistakes))


class _Work:
    """Edits applied one after the other."""

    def __init__(self, lookup: Lookup, directory: Directory, sight: Sight) -> None:
        self._lookup = lookup
        self._directory = directory
        self._sight = sight
        self.changes: dict[Ref, tuple[Doc | None, Doc | None]] = {}
        self.mistakes: list[Finding] = []

    def apply(self, edit: Edit) -> None:
        old = self._now(edit.kind, edit.key)
        about = f"{edit.kind} {edit.key}"
        if edit.create is not None and old is not None:
            self._wrong("exists", about, f"There is {a(edit.kind)} “{edit.key}” already.", "Choose another key.")
        elif old is None and self.changes.get((edit.kind, edit.key), (None, None))[0] is not None and not edit.remove:
            # Sign-ins, PINs and the trail go by the key: they would be those of whoever comes after.
            self._wrong("in-use", about, f"{about} is removed and made again in one go.",
                        "Change it instead, or choose another key.")  # fmt: skip
        elif old is None and (edit.set is not None or edit.remove):
            self._wrong("not-found", about, f"There is no {edit.kind} “{edit.key}” (any more).", "Look at the list.")
        elif edit.remove:
            self._remove(edit)
        else:
            said: Doc = edit.create or edit.put or edit.set or {}
            kept = self._sight.keeping(edit.kind, old, said, whole=edit.set is None) if old is not None else said
            base = old if edit.set is not None and old is not None else {}
            self._put(edit.kind, edit.key, {**base, **kept, "key": edit.key}, said)

    def _put(self, kind: str, key: str, doc: Doc, said: Iterable[str]) -> None:
        about = f"{kind} {key}"
        unknown = [name for name in said if name not in KINDS[kind].model_fields]
        doc = self._as_learnt(kind, key, doc)
        if unknown:
            allowed = ", ".join(sorted(set(KINDS[kind].model_fields) - KINDS[kind].learnt - {"key"}))
            self._wrong("wrong-field", about, f"{about}: there is no field “{unknown[0]}”.", f"There are: {allowed}.")
            return
        try:
            self._write(kind, key, _load(kind, doc))
        except ValidationError as error:
            where, said = unfit(error)
            self._wrong(
                "wrong-field", about, f"{about}: {where or 'the document'}: {said}.", "Mend it, then save again."
            )

    def _as_learnt(self, kind: str, key: str, doc: Doc) -> Doc:
        """A document with what a source learnt as it stands, whatever an edit says of it. A queue's setting that an
        edit leaves empty is the phone system's again.
        """
        stands = self._now(kind, key) or {}
        learnt = {name: stands[name] for name in KINDS[kind].learnt if name in stands}
        said = {name: value for name, value in doc.items() if name not in KINDS[kind].learnt}
        theirs = {name: value for name, value in (learnt.get("told") or {}).items() if said.get(name) is None}
        return {**said, **theirs, **learnt}

    def _remove(self, edit: Edit) -> None:
        if edit.kind == "organisation":
            self._wrong("in-use", "organisation", "The organisation cannot be removed.", "Change its fields instead.")
            return
        if edit.kind == "role":
            for key, person in self._directory.people.items():
                if person.role == edit.key and edit.instead:
                    self._set("person", key, role=edit.instead)
        self._write(edit.kind, edit.key, None)
        for kind, field in _NAMED_BY.get(edit.kind, ()):
            self._take_out(kind, field, edit.key)
        if atom := _ATOM_OF.get(edit.kind):
            self._take_atom_out(f"{atom}:{edit.key}")

    def _take_out(self, kind: str, field: str, key: str) -> None:
        for name in _keys(self._directory, kind, self.changes):
            doc = self._now(kind, name)
            value = doc.get(field) if doc else None
            if value == key:
                self._set(kind, name, **{field: None})
            elif isinstance(value, list | tuple) and key in value:
                self._set(kind, name, **{field: [one for one in value if one != key]})

    def _take_atom_out(self, atom: str) -> None:
        for kind, fields in (("person", ("grants",)), ("role", ("grants", "floor"))):
            for name in _keys(self._directory, kind, self.changes):
                doc = self._now(kind, name)
                for field in fields:
                    grants = (doc or {}).get(field) or {}
                    kept = {one: left for one, grant in grants.items() if (left := _without(grant, atom)) is not None}
                    if kept != grants:
                        self._set(kind, name, **{field: kept})

    def _set(self, kind: str, key: str, **fields: Any) -> None:
        doc = self._now(kind, key)
        if doc is not None:
            self._write(kind, key, _load(kind, {**doc, **fields}))

    def _now(self, kind: str, key: str) -> Doc | None:
        return self.changes[kind, key][1] if (kind, key) in self.changes else self._lookup(kind, key)

    def _write(self, kind: str, key: str, new: Doc | None) -> None:
        old = self.changes[kind, key][0] if (kind, key) in self.changes else self._lookup(kind, key)
        same = old is not None and new is not None and (old == new or _as_loaded(kind, old) == new)
        self.changes[kind, key] = (old, old if same else new)

    def _wrong(self, rule: str, about: str, reason: str, next: str) -> None:
        self.mistakes.append(Finding(rule=rule, about=about, reason=reason, next=next))


def _keys(directory: Directory, kind: str, changes: Mapping[Ref, object]) -> list[str]:
    each: Mapping[str, Mapping[str, object]] = {
        "person": directory.people, "role": directory.roles, "team": directory.teams,
        "queue": directory.queues, "agent": directory.agents,
    }  # fmt: skip
    return list(dict.fromkeys([*each[kind], *(key for of, key in changes if of == kind)]))


def _dumped(directory: Directory, kind: str, key: str) -> Doc | None:
    found = {"person": directory.people, "role": directory.roles}[kind].get(key)
    return found.dump() if found else None


def _load(kind: str, doc: Doc) -> Doc:
    return KINDS[kind].load(doc).dump()


def _as_loaded(kind: str, doc: Doc) -> Doc | None:
    """A stored document in the form in which edits leave it; ``None`` when it cannot be read."""
    try:
        return _load(kind, doc)
    except ValidationError:
        return None


def _without(grant: Doc, atom: str) -> Doc | None:
    """A stored grant without an atom, in whichever direction; ``None`` when it held for nothing else."""
    scope = tuple(grant.get("scope") or ())
    left = [one for one in scope if one != atom and not one.startswith(f"{atom}/")]
    if len(left) == len(scope):
        return grant
    return {**grant, "scope": left} if left else None
