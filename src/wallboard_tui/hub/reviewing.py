"""Room ``hub``: the access review, and when sensitive permissions were used.

Runs on the hub's thread.
"""

import logging
from collections.abc import Iterable

from wallboard_tui.access import review
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.permissions import SENSITIVE
from wallboard_tui.access.review import Given, Trail
from wallboard_tui.access.saving_form import OWN_FIELDS
from wallboard_tui.access.sight import Sight
from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.journal.base import JournalError
from wallboard_tui.model.administration import Review, ReviewRow, Saved
from wallboard_tui.model.directory import Organisation
from wallboard_tui.model.security import Audit, Usage
from wallboard_tui.model.security import Review as Decided

log = logging.getLogger(__name__)
USED_EVERY_S = 3600.0
"""Use is written down to the hour."""
TOLD_BY = ("person.", "role.")
"""Acts that tell since when somebody holds what."""


def access_review(hub: Hub, sight: Sight, *, overdue: bool = False) -> Review:
    """The access review as it stands now. ``sight``: what whoever reads it knows by name."""
    settings = Organisation.load(hub.organisation)
    docs = (entry.change.doc for entry in hub.journal.read_kind("audit"))
    audits = [Audit.load(doc) for doc in docs if doc and str(doc.get("act", "")).startswith(TOLD_BY)]
    first = {
        (kind, entry.change.key): Given(entry.change.at, entry.change.by)
        for kind in ("person", "role")
        for entry in hub.journal.read_kind(kind)
    }
    decisions = {e.change.key: Decided.load(e.change.doc) for e in hub.journal.read_kind("review") if e.change.doc}
    used = {e.change.key: Usage.load(e.change.doc).used for e in hub.journal.read_kind("usage") if e.change.doc}
    rows = review.rows(
        hub.directory, Trail.of(audits, first), decisions, used, every_s=settings.review_every_s, now=hub.clock(),
        sight=sight,
    )  # fmt: skip
    return Review(every_s=settings.review_every_s, rows=tuple(row for row in rows if row.overdue or not overdue))


def decide(hub: Hub, by: str, person: str, permission: str, decision: str, note: str, sight: Sight) -> ReviewRow:
    """Record that somebody keeps a sensitive permission, or is to lose it. Raises 404 when they do not hold it."""
    held = [row for row in access_review(hub, sight).rows if row.person == person]
    if all(row.permission != permission for row in held):
        reason = f"“{person}” holds no sensitive permission “{permission}”."
        known = ", ".join(f"{row.permission} ({row.title})" for row in held)
        raise HubError(404, "not-found", reason, f"They hold: {known or 'none'}.")
    key = f"{person}/{permission}"
    decided = Decided(
        key=key, person=person, permission=permission, decision=decision, at=hub.clock(), by=by, note=note
    )
    old = hub.document("review", key)
    hub.commit(
        [
            hub.put("review", decided.dump(), by),
            hub.audit(by, f"review.{decision}", key, before=old, after=decided.dump(), note=note),
        ]
    )
    return next(row for row in access_review(hub, sight).rows if (row.person, row.permission) == (person, permission))


def note_use(hub: Hub, person: str, permissions: Iterable[str]) -> None:
    """Write down that somebody used sensitive permissions, at most once an hour each; only what they hold.

    Also where they only read: that goes on, and is logged, when nothing can be written down.
    """
    if person not in hub.directory.people:
        return
    now, gate = hub.clock(), hub.access(person).gate
    known = Usage.load(hub.document("usage", person) or {"key": person})
    fresh = {
        name: now
        for name in permissions
        if now - known.used.get(name, 0.0) >= USED_EVERY_S
        and (gate.may(name) if name in SENSITIVE else name == review.EVERYTHING and _sees_everything(gate))
    }
    if not fresh:
        return
    try:
        hub.commit([hub.put("usage", Usage(key=person, used={**known.used, **fresh}).dump(), "hub")])
    except JournalError as error:
        log.warning("What %s used could not be written down: %s", person, error)


def _sees_everything(gate: Gate) -> bool:
    return any(one.lens.everything for one in gate.reach.lenses)


def used_by(by: str, saved: Saved) -> list[str]:
    """The sensitive permissions that somebody used for what was saved."""
    found = []
    for one in saved.differences:
        fields = {*(one.before or {}), *(one.after or {})}
        if one.kind == "role":
            found.append("roles")
        if one.kind == "person" and one.before is not None and "role" in fields:
            found += ["roles.assign", "roles"]
        if one.kind == "person" and fields - {"role"} and not (one.key == by and fields <= OWN_FIELDS):
            found.append("users")
    return found
