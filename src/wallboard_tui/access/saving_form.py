"""Room ``access``: whether edits are permitted at all and mean something: the first rules at saving. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from wallboard_tui.access.derive import Effective
from wallboard_tui.access.directory import KINDS, Directory
from wallboard_tui.access.packs import NAMES, load
from wallboard_tui.access.permissions import NEEDS, PERMISSIONS
from wallboard_tui.access.proposal import Proposal, Ref
from wallboard_tui.access.scope import Scope, ScopeError
from wallboard_tui.access.sight import WHOLE, Sight
from wallboard_tui.access.words import a, listed
from wallboard_tui.model.administration import Edit, Finding
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Grant
from wallboard_tui.model.names import SHORT_NAME, mistake

ASSIGN: Final = ("roles.assign", "roles")
"""Either is enough to change somebody's role."""
NOT_PERMITTED: Final = "not-permitted"
"""The rule of those who may make no such change at all: they are told that, and nothing else."""
OWN_FIELDS: Final = frozenset({"board"})
"""Fields of the own document that everybody may change."""
_KEYS: Final = {
    "person": SHORT_NAME,
    "team": SHORT_NAME,
    "role": re.compile(r"[a-z0-9]+:[a-z0-9][a-z0-9._-]{0,59}"),
    "extension": re.compile(r"[0-9*#]{1,20}"),
    "number": re.compile(r"\+?[0-9]{2,20}"),
    "organisation": re.compile(r"organisation"),
}
_NAMES_BESIDE: Final[Mapping[str, tuple[str, ...]]] = {
    "person": ("extension", "email"), "number": ("campaign",), "queue": ("title",),
}  # fmt: skip
"""Fields that are judged like the name of a kind: they are read by others, on a line."""
_NEVER_AGAIN: Final = frozenset({"person", "team", "role"})
"""Kinds whose keys calls and trails keep for good."""


@dataclass(frozen=True)
class Actor:
    """Whoever makes a change: their permissions as they stand, symbolic and resolved, and what they know by name."""

    key: str
    name: str
    symbolic: Effective
    resolved: Effective
    sight: Sight = WHOLE


def permitted(proposal: Proposal, actor: Actor) -> list[Finding]:
    """Whether somebody may make changes of these kinds at all. Empty: they may."""
    found = []
    for edit in proposal.edits:
        if _stands_so(edit, proposal, actor):
            continue
        for permission, what in _needed(edit, proposal, actor):
            if not any(actor.resolved.holds(one, "manage") for one in permission):
                found.append(_not_permitted(edit, what, permission[0], "manage"))
        # A contact's key is a caller's number: who may not read these would learn by trying which ones there are.
        if edit.kind == "contact" and not actor.resolved.scope("caller_number").everything:
            found.append(_not_permitted(edit, "change contacts", "caller_number", "everything"))
    return found


def _stands_so(edit: Edit, proposal: Proposal, actor: Actor) -> bool:
    """Whether an edit leaves a document as it is that whoever makes it may read anyway: of a whole organisation's file
    what they may not change stands in it, too.
    """
    stands, new = proposal.changes.get((edit.kind, edit.key), (None, None))
    if edit.put is None or stands is None or stands != new or not actor.resolved.holds(NEEDS[edit.kind]):
        return False
    # Who names what they cannot see there would learn by trying whether it stands there.
    if _mistaken(edit, proposal) or actor.sight.doc(edit.kind, edit.put) != edit.put:
        return False
    return edit.kind != "contact" or actor.resolved.scope("caller_number").everything


def _mistaken(edit: Edit, proposal: Proposal) -> bool:
    """Whether something of a document cannot even be read: then it is not to be looked into."""
    return any(one.about == f"{edit.kind} {edit.key}" for one in proposal.mistakes)


def _not_permitted(edit: Edit, what: str, permission: str, level: str) -> Finding:
    return Finding(
        rule=NOT_PERMITTED,
        about=f"{edit.kind} {edit.key}",
        reason=f"You may not {what}: that takes the permission “{PERMISSIONS[permission].title} ({level})”.",
        next="Ask an admin of your organisation for it.",
        missing=(permission,),
    )


def _needed(edit: Edit, proposal: Proposal, actor: Actor) -> Iterable[tuple[tuple[str, ...], str]]:
    verb = "remove" if edit.remove else "make" if edit.create is not None else "change"
    plain = (
        (NEEDS[edit.kind],),
        f"{verb} {a(edit.kind)}" if edit.kind != "organisation" else "change the organisation",
    )
    if edit.kind != "person":
        return [plain]
    old, new = proposal.changes.get(("person", edit.key), (None, None))
    if old is None or new is None or _mistaken(edit, proposal):
        return [plain]
    said: Doc = edit.create or edit.put or edit.set or {}
    seen = actor.sight.told("person", edit.key, said)
    fields = {name for name in {*old, *new} if old.get(name) != new.get(name)}
    # Who says what they cannot see there changes it: else whether they may would tell that it stands so.
    fields |= {name for name in said if seen.get(name) != said[name]}
    own = OWN_FIELDS if edit.key == actor.key else frozenset()
    if not (fields := fields - own):
        # What changes nothing says that it stands so already: no answer for those who may change nothing of a person.
        return [((NEEDS["person"], *ASSIGN), plain[1])] if said.keys() - own else []
    # 003: "you must hold an Admin role yourself or a custom role with the permissions to view and manage roles".
    wanted = [(ASSIGN, "change somebody's role")] if "role" in fields else []
    return [*wanted, plain] if fields - {"role"} else wanted


def wellformed(proposal: Proposal, sight: Sight = WHOLE) -> list[Finding]:
    """Whether what is written can mean something: names of permissions, scopes, and things that there are.

    ``sight``: what whoever writes knows by name; of all else there is nothing, as far as they are told.
    """
    found: list[Finding] = []
    for (kind, key), (old, new) in proposal.changes.items():
        if new is None:
            continue
        about = f"{kind} {key}"
        if old is None and kind in _KEYS and not _KEYS[kind].fullmatch(key):
            found.append(wrong("wrong-key", about, f"“{key}” is no key of {a(kind)}.", _key_help(kind)))
        found += _named(kind, about, old or {}, new, proposal.after)
        for field in ("grants", "floor"):
            if new.get(field) != (old or {}).get(field):
                found += _grants(about, new.get(field) or {})
        if kind == "person":
            found += _granted(about, [edit for edit in proposal.edits if (edit.kind, edit.key) == (kind, key)], sight)
        found += _toggles(about, old or {}, new) if kind in ("person", "role") else ()
        found += _packs(about, new) if kind == "organisation" else ()
        found += _references(kind, about, old or {}, new, _Known(proposal, sight))
    return found


def fresh(proposal: Proposal, removed: Collection[Ref]) -> list[Finding]:
    """A key that once was another's is not given again: old calls and trails still name it (``in-use``)."""
    made = ((kind, key) for (kind, key), (old, new) in proposal.changes.items() if old is None and new is not None)
    return [
        wrong("in-use", f"{kind} {key}", f"There was another {kind} “{key}”, which old calls and the audit trail name.",
               f"Choose another key, such as {key}-2.")
        for kind, key in made if kind in _NEVER_AGAIN and (kind, key) in removed
    ]  # fmt: skip


def _grants(about: str, grants: Mapping[str, Doc]) -> Iterable[Finding]:
    for name, raw in grants.items():
        permission, grant = PERMISSIONS.get(name), Grant.model_validate(raw)
        if permission is None:
            near = get_close_matches(name, PERMISSIONS, 1)
            next_step = f"Did you mean “{near[0]}”?" if near else f"There are: {', '.join(PERMISSIONS)}."
            yield wrong("wrong-field", about, f"{about}: there is no permission “{name}”.", next_step)
            continue
        if grant.level not in ("view", "manage"):
            yield wrong("wrong-field", about, f"{about}: {name}: “{grant.level}” is no level.", "Say view or manage.")
        if permission.scoped != bool(grant.scope):
            reason = "needs a scope" if permission.scoped else "takes no scope"
            yield wrong("wrong-field", about, f"{about}: {permission.title} {reason}.", "Mend it, then save again.")
        try:
            Scope.parse(grant.scope)
        except ScopeError as error:
            yield wrong("wrong-field", about, f"{about}: {name}: {error}.", "Mend it, then save again.")


def _granted(about: str, edits: Iterable[Edit], sight: Sight) -> Iterable[Finding]:
    """What is granted by a name that whoever does it may not know: there is no such thing for them."""
    for edit in edits:
        said = (edit.create or edit.put or edit.set or {}).get("grants") or {}
        scopes = [Grant.model_validate(grant).scope for grant in said.values()]
        for atom in sorted({atom for scope in scopes for atom, _ in Scope.readable(scope).pairs}):
            if not sight.atom(atom):
                of, _, key = atom.partition(":")
                yield wrong("unknown", about, f"{about}: there is no {of} “{key}”.", f"Choose a {of} that there is.")


def _toggles(about: str, old: Doc, new: Doc) -> Iterable[Finding]:
    known = {name for pack in NAMES for name in load(pack).toggles}
    for name in new.get("toggles") or ():
        if name not in known and name not in (old.get("toggles") or ()):
            yield wrong("wrong-field", about, f"{about}: there is no toggle “{name}”.", f"There are: {listed(known)}.")


def _packs(about: str, new: Doc) -> Iterable[Finding]:
    for name in new.get("packs") or ():
        if name not in NAMES:
            yield wrong("wrong-field", about, f"packs: there is no pack “{name}”.", f"There are: {listed(NAMES)}.")


_REFERS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {
    "person": (("role", "role"), ("manage_queues", "queue"), ("manage_numbers", "number"), ("caller_ids", "number"),
               ("default_caller_id", "number"), ("agents", "agent")),
    "team": (("members", "person"), ("managers", "person"), ("queues", "queue"), ("numbers", "number")),
    "queue": (("members", "agent"),),
    "agent": (("queues", "queue"), ("penalties", "queue"), ("wrap_ups", "queue")),
}  # fmt: skip


def _named(kind: str, about: str, old: Doc, new: Doc, after: Directory) -> Iterable[Finding]:
    """Whether names, extension and mail address are such, and nobody else's address."""
    for field in ("name", *_NAMES_BESIDE.get(kind, ())):
        value = new.get(field)
        # What is called otherwise only where somebody says so is called nothing before.
        unnamed = value is None or (value == "" and KINDS[kind].model_fields[field].default == "")
        as_what = field if field in ("extension", "email") else "name"
        if not unnamed and value != old.get(field) and (said := mistake(as_what, str(value))):
            yield wrong("wrong-field", about, *said)
    for each in new.get("manage_extensions") or () if kind == "person" else ():
        if each not in (old.get("manage_extensions") or ()) and (said := mistake("extension", each)):
            yield wrong("wrong-field", about, *said)
    mail = str(new.get("email") or "").casefold() if kind == "person" else ""
    for other in after.people_by_mail.get(mail, ()) if mail != str(old.get("email") or "").casefold() else ():
        if other != new["key"]:
            name = after.people[other].name
            yield wrong("exists", about, f"{name} ({other}) has that mail address already.", "Give another one.")


class _Known:
    """What there is for whoever makes a proposal: things by their keys, and what they said themselves."""

    def __init__(self, proposal: Proposal, sight: Sight) -> None:
        after = proposal.after
        self._things: Mapping[str, Collection[str]] = {
            "role": after.roles, "queue": after.queues, "number": after.numbers, "agent": after.agents,
            "person": after.people,
        }  # fmt: skip
        self._edits = proposal.edits
        self._sight = sight

    def __contains__(self, thing: tuple[str, str]) -> bool:
        of, key = thing
        return key in self._things[of] and self._sight.names(of, key)

    def said(self, kind: str, key: str, field: str) -> tuple[str, ...]:
        """Keys that somebody wrote into a field; others stood there, or follow from a removal."""
        given = (
            edit.create or edit.put or edit.set or {} for edit in self._edits if (edit.kind, edit.key) == (kind, key)
        )
        return tuple(one for doc in given for one in _each(doc.get(field)))

    def stood(self, kind: str, old: Doc, field: str) -> tuple[str, ...]:
        """Keys in a field as it stands that whoever makes the proposal knows."""
        return _each(self._sight.doc(kind, old).get(field))


def _references(kind: str, about: str, old: Doc, new: Doc, known: _Known) -> Iterable[Finding]:
    for field, of in _REFERS.get(kind, ()):
        said, stood = known.said(kind, new["key"], field), known.stood(kind, old, field)
        for key in _each(new.get(field)):
            if key in stood or (of, key) in known or (key in _each(old.get(field)) and key not in said):
                continue
            rule = "caller-id" if field in ("caller_ids", "default_caller_id") else "unknown"
            yield wrong(rule, about, f"{about}: there is no {of} “{key}”.", f"Choose a {of} that there is.")


def _each(value: object) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value) if isinstance(value, list | tuple | Mapping) else ()


def _key_help(kind: str) -> str:
    if kind == "role":
        return "Use custom: and small letters, digits, . _ -, such as custom:qa-analyst."
    if kind == "number":
        return "Use 2 to 20 digits: +35315550100 with its country, or a short one such as 12."
    if kind == "extension":
        return "Use up to 20 digits, * or #, such as 101."
    return "Use small letters, digits, . _ -, such as ann.kelly."


def wrong(rule: str, about: str, reason: str, next: str) -> Finding:
    """A finding that forbids saving."""
    return Finding(rule=rule, about=about, reason=reason, next=next)


def warn(rule: str, about: str, reason: str, next: str) -> Finding:
    """A finding that only warns."""
    return Finding(rule=rule, about=about, reason=reason, next=next, severity="warning")
