"""Room ``access``: the access review: who holds each sensitive permission, how, since when, by whom. Pure.

“Review which roles have export and reporting permissions. Remove access for anyone who no longer needs it.” (000)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from wallboard_tui.access.derive import Effective, Origin, effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.packs import NAMES, load
from wallboard_tui.access.permissions import DATA, PERMISSIONS, SENSITIVE
from wallboard_tui.access.sight import WHOLE, Sight
from wallboard_tui.access.words import Words, called, listed
from wallboard_tui.model.administration import ReviewRow
from wallboard_tui.model.directory import Person
from wallboard_tui.model.security import Audit, Review

EVERYTHING: Final = "everything"
"""Stands in the review for all that somebody holds for the whole account."""
_WIDE: Final = tuple(name for name in DATA if name not in ("caller_number", *SENSITIVE))


@dataclass(frozen=True)
class Given:
    """When something came to be, and by whom."""

    at: float | None = None
    by: str = ""


@dataclass(frozen=True)
class Trail:
    """What the audit trail says of people and roles. ``first``: how old documents are of which it says nothing."""

    events: Mapping[tuple[str, str], Sequence[Audit]] = field(default_factory=dict)
    first: Mapping[tuple[str, str], Given] = field(default_factory=dict)

    @classmethod
    def of(cls, audits: Iterable[Audit], first: Mapping[tuple[str, str], Given]) -> Trail:
        """The trail of some entries in order of time. What was refused counts for nothing."""
        events: dict[tuple[str, str], list[Audit]] = {}
        for audit in audits:
            kind, _, verb = audit.act.partition(".")
            if audit.allowed and kind in ("person", "role") and verb in ("created", "changed"):
                events.setdefault((kind, audit.target), []).append(audit)
        return cls(events, first)

    def since(self, kind: str, key: str, holds: Any) -> Given:
        """The latest event that brought something about: ``holds(fields) -> bool | None``, ``None``: says nothing."""
        found = self.first.get((kind, key), Given())
        for audit in self.events.get((kind, key), ()):
            before, after = holds(audit.before or {}), holds(audit.after or {})
            if after and not before:
                found = Given(audit.at, audit.by)
        return found


def rows(
    directory: Directory,
    trail: Trail,
    decisions: Mapping[str, Review],
    used: Mapping[str, Mapping[str, float]],
    *,
    every_s: float,
    now: float,
    sight: Sight = WHOLE,
) -> list[ReviewRow]:
    """Every sensitive permission of everybody, overdue ones first, then by permission and name.

    ``decisions``: by ``person/permission``. ``used``: by person and permission, epoch seconds.
    """
    found = []
    for key, person in directory.people.items():
        held = effective(key, directory)
        resolved = held.resolved(directory)
        for name in (*SENSITIVE, EVERYTHING):
            parts = _wide(resolved) if name == EVERYTHING else [name]
            if not parts or parts[0] not in resolved.permissions:
                continue
            given, through = _given(person, parts, held, trail)
            row = _row(person, name, parts, resolved, Words(directory, sight))
            decided = decisions.get(f"{key}/{name}")
            begun = max(given.at or 0.0, decided.at if decided else 0.0)
            due = begun + every_s
            found.append(
                row.model_copy(
                    update={
                        "through": through, "since": given.at, "given_by": given.by,
                        "last_used": used.get(key, {}).get(name), "due": due, "overdue": now >= due,
                        **({"decided": decided.decision, "decided_at": decided.at, "decided_by": decided.by,
                            "note": decided.note} if decided else {}),
                    }
                )
            )  # fmt: skip
    return sorted(found, key=lambda row: (not row.overdue, (*SENSITIVE, EVERYTHING).index(row.permission), row.name))


def _wide(held: Effective) -> list[str]:
    return [name for name in _WIDE if name in held.permissions and held.permissions[name].scope.everything]


def _row(person: Person, name: str, parts: Sequence[str], held: Effective, words: Words) -> ReviewRow:
    if name == EVERYTHING:
        every = listed(PERMISSIONS[one].title for one in parts)
        return ReviewRow(person=person.key, name=person.name, permission=name, title="Everything", level="view",
                         words=every)  # fmt: skip
    one = held.permissions[name]
    return ReviewRow(
        person=person.key,
        name=person.name,
        permission=name,
        title=PERMISSIONS[name].title,
        level=one.level,
        words=words.of(one.scope, person.key),
    )


def _given(person: Person, parts: Sequence[str], held: Effective, trail: Trail) -> tuple[Given, tuple[str, ...]]:
    """Since when and by whom, and through what: of several ways the oldest counts, since it would be enough alone."""
    ways: dict[str, Given] = {}
    for name in parts:
        for origin in held.origins.get(name, ()):
            if origin.added and origin.kind != "rule":
                ways[_through(origin)] = _origin_since(person, name, origin, trail)
    if not ways:
        return Given(), ()
    oldest = min(ways.values(), key=lambda given: given.at or 0.0)
    return oldest, tuple(ways)


def _through(origin: Origin) -> str:
    return "a grant of their own" if origin.kind == "grant" else called(origin.kind, origin.name)


def _origin_since(person: Person, permission: str, origin: Origin, trail: Trail) -> Given:
    if origin.kind == "grant":
        return trail.since("person", person.key, lambda doc: permission in (doc.get("grants") or {}))
    if origin.kind == "toggle":
        # An origin has the title that people read; the trail has names.
        named = {one.name for pack in NAMES for one in load(pack).toggles.values() if one.title == origin.name}
        return trail.since(
            "person", person.key, lambda doc: any((doc.get("toggles") or {}).get(name) for name in named)
        )
    assigned = trail.since("person", person.key, lambda doc: doc.get("role") == person.role)
    part = "floor" if origin.kind == "floor" else "grants"
    allowed = trail.since("role", person.role, lambda doc: permission in (doc.get(part) or {}))
    return max(assigned, allowed, key=lambda given: given.at or 0.0)
