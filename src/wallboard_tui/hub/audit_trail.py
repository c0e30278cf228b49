"""Room ``hub``: the audit trail to be read: newest first, a little at a time. Runs on the hub's thread."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from json import dumps

from wallboard_tui.access.call_redaction import without_callers
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.words import name_of
from wallboard_tui.hub.hub import Hub
from wallboard_tui.model.base import Doc
from wallboard_tui.model.security import Audit

LOOKED_AT = 500
"""Entries that one turn looks at: a search in a long trail holds nobody up."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries of the audit trail are asked for; empty texts ask for all.

    ``before``: epoch seconds; ``older_than``: the key of the last entry one has, which goes on exactly behind it, also
    among the many of one moment.
    """

    limit: int = 100
    before: float | None = None
    by: str = ""
    target: str = ""
    act: str = ""
    allowed: bool | None = None
    text: str = ""
    older_than: str = ""

    @property
    def bound(self) -> str | None:
        """Keys before this one are wanted."""
        bounds = [self.older_than] if self.older_than else []
        bounds += [f"{self.before:.3f}"] if self.before is not None else []
        return min(bounds, default=None)

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


def pages(hub: Hub, wanted: Wanted, readable: Callable[[Doc], Doc]) -> Iterator[list[Audit]]:
    """Entries, newest first. Each ``next`` is one turn on the hub's thread, and may find none.

    ``readable``: an entry without what the reader may not know; what is wanted is judged on that.
    """
    left, bound = wanted.limit, wanted.bound
    while left > 0 and (chunk := hub.journal.newest("audit", bound, LOOKED_AT)):
        docs = (readable(one.change.doc) for one in chunk if one.change.doc)
        page = [Audit.load(doc) for doc in docs if wanted.fits(doc, hub.directory)][:left]
        left, bound = left - len(page), chunk[-1].change.key
        yield page


def readable_by(gate: Gate) -> Callable[[Doc], Doc]:
    """What a reader gets of an entry: callers are the keys of contacts and missed opportunities, so these stand without
    who it is for those who may not read callers' numbers; contacts also for those without saved contacts.
    """
    callers = gate.reach.scope("caller_number").everything
    contacts = callers and gate.may("contacts")

    def readable(doc: Doc) -> Doc:
        kind = str(doc.get("act", "")).partition(".")[0]
        if kind not in ("contact", "followup") or (contacts if kind == "contact" else callers):
            return doc
        # A refusal says in words what it was about, and people write numbers into notes.
        note = doc.get("note") or ""
        told = {**doc, "target": "", "note": note if callers else without_callers(note)}
        return {**told, "before": None, "after": None} if kind == "contact" else told

    return readable
