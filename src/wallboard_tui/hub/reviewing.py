"""Room ``hub``: the audit trail to be read, the access review, PINs, and what sensitive permissions were used for.

Runs on the hub's thread.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from json import dumps

from wallboard_tui.access import review
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.permissions import SENSITIVE
from wallboard_tui.access.review import Given, Trail
from wallboard_tui.access.words import name_of
from wallboard_tui.hub.errors import HubError, not_found
from wallboard_tui.hub.hub import Hub
from wallboard_tui.model.administration import Review, ReviewRow
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Organisation
from wallboard_tui.model.security import Audit, Pin, Usage
from wallboard_tui.model.security import Review as Decided

CHUNK = 500
USED_EVERY_S = 3600.0
"""Use is written down to the hour."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of the audit trail are asked for; empty texts ask for all."""

    limit: int = 100
    before: float | None = None
    by: str = ""
    target: str = ""
    act: str = ""
    allowed: bool | None = None
    text: str = ""

    def fits(self, doc: Doc, directory: Directory) -> bool:
        """Whether an entry is wanted. ``text``: words that all stand in it, as names or as keys.

        ``act``: the act or its beginning, ``role`` for all of ``role.changed`` …"""
        act = str(doc.get("act", ""))
        return (
            (not self.by or doc.get("by") == self.by)
            and (not self.target or doc.get("target") == self.target)
            and (not self.act or act == self.act or act.startswith(f"{self.act}."))
            and (self.allowed is None or doc.get("allowed", True) == self.allowed)
            and (not self.text or self._said(doc, directory))
        )

    def _said(self, doc: Doc, directory: Directory) -> bool:
        by, target, kind = str(doc.get("by", "")), str(doc.get("target", "")), str(doc.get("act", "")).partition(".")[0]
        names = {name_of(of, key, directory) for of, key in (("person", by), ("person", target), (kind, target))}
        parts = {part: doc.get(part) for part in ("by", "act", "target", "before", "after", "note")}
        said = f"{' '.join(names)} {dumps(parts, ensure_ascii=False)}".casefold()
        return all(word in said for word in self.text.casefold().split())


def audit(hub: Hub, wanted: Wanted, *, callers: bool = True) -> list[Audit]:
    """Entries of the audit trail, newest first. ``callers``: whether the reader may know callers' numbers and names."""
    found: list[Audit] = []
    before = None if wanted.before is None else f"{wanted.before:.3f}"
    while len(found) < wanted.limit and (chunk := hub.journal.newest("audit", before, CHUNK)):
        docs = (doc if callers or not doc else _without_caller(doc) for doc in (one.change.doc for one in chunk))
        found += [Audit.load(doc) for doc in docs if doc and wanted.fits(doc, hub.directory)]
        before = chunk[-1].change.key
    return found[: wanted.limit]


def _without_caller(doc: Doc) -> Doc:
    """An entry about a contact or a missed opportunity without who it is: their keys are numbers."""
    kind = str(doc.get("act", "")).partition(".")[0]
    if kind == "contact":
        return {**doc, "target": "", "before": None, "after": None}
    return {**doc, "target": ""} if kind == "followup" else doc


def access_review(hub: Hub, *, overdue: bool = False) -> Review:
    """The access review as it stands now."""
    settings = Organisation.load(hub.organisation)
    audits = [Audit.load(entry.change.doc) for entry in hub.journal.read_kind("audit") if entry.change.doc]
    first = {
        (kind, entry.change.key): Given(entry.change.at, entry.change.by)
        for kind in ("person", "role")
        for entry in hub.journal.read_kind(kind)
    }
    decisions = {e.change.key: Decided.load(e.change.doc) for e in hub.journal.read_kind("review") if e.change.doc}
    used = {e.change.key: Usage.load(e.change.doc).used for e in hub.journal.read_kind("usage") if e.change.doc}
    rows = review.rows(
        hub.directory, Trail.of(audits, first), decisions, used, every_s=settings.review_every_s, now=hub.clock()
    )
    return Review(every_s=settings.review_every_s, rows=tuple(row for row in rows if row.overdue or not overdue))


def decide(hub: Hub, by: str, person: str, permission: str, decision: str, note: str) -> ReviewRow:
    """Record that somebody keeps a sensitive permission, or is to lose it. Raises 404 when they do not hold it."""
    rows = [row for row in access_review(hub).rows if (row.person, row.permission) == (person, permission)]
    if not rows:
        raise not_found("sensitive permission", f"{person}/{permission}", "See the review for what people hold.")
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
    return next(row for row in access_review(hub).rows if (row.person, row.permission) == (person, permission))


def note_use(hub: Hub, person: str, permissions: Iterable[str]) -> None:
    """Write down that somebody used sensitive permissions, at most once an hour each."""
    if person not in hub.directory.people:
        return
    now = hub.clock()
    known = Usage.load(hub.document("usage", person) or {"key": person})
    fresh = {
        name: now
        for name in permissions
        if name in (*SENSITIVE, review.EVERYTHING) and now - known.used.get(name, 0.0) >= USED_EVERY_S
    }
    if fresh:
        hub.commit([hub.put("usage", Usage(key=person, used={**known.used, **fresh}).dump(), "hub")])


def pins(hub: Hub) -> dict[str, str]:
    """PINs by person."""
    return {e.change.key: e.change.doc["pin"] for e in hub.journal.read_kind("pin") if e.change.doc}


def set_pin(hub: Hub, by: str, person: str, pin: str | None) -> Doc:
    """Give somebody a PIN for outbound calls, or take it away. The trail says that, never the PIN.

    Raises ``HubError`` ``pin`` or ``extension`` (002), 404 for an unknown person.
    """
    somebody = hub.directory.people.get(person)
    if somebody is None:
        raise not_found("person", person, "See “wallboard people” for those the organisation has.")
    old = pins(hub)
    if pin is not None:
        if not (pin.isascii() and pin.isdigit() and 4 <= len(pin) <= 10):
            raise HubError(422, "pin", "A PIN has 4 to 10 digits.", "Choose another one.")
        if any(taken == pin for other, taken in old.items() if other != person):
            raise HubError(422, "pin", "Somebody has this PIN already.", "Choose another one.")
        if not somebody.extension:
            reason = f"{somebody.name} has no extension, so makes no calls that would need a PIN."
            raise HubError(422, "extension", reason, "Assign an extension first.")
    if old.get(person) == pin:
        return {"person": person, "pin": pin}
    change = hub.put("pin", Pin(key=person, pin=pin).dump(), by) if pin is not None else hub.drop("pin", person, by)
    before, after = {"pin": "set" if person in old else None}, {"pin": "set" if pin is not None else None}
    hub.commit([change, hub.audit(by, "pin.set" if pin is not None else "pin.removed", person, before=before,
                                  after=after)])  # fmt: skip
    return {"person": person, "pin": pin}
