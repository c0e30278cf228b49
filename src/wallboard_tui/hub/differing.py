"""Room ``hub``: what somebody else changed in a document since one began to edit it, field by field.

The journal keeps a document's last state; the audit trail has every earlier one, so it is asked.
"""

from collections.abc import Sequence
from typing import Any

from wallboard_tui.journal.sqlite import SqliteJournal
from wallboard_tui.model.administration import Differing, Edit
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Entry

CHUNK = 500


def differing(journal: SqliteJournal, edit: Edit) -> list[Doc]:
    """Fields that changed since the revision with which an edit began; empty when it still stands.

    A document that is gone, or that was changed by something else than an edit, is one entry without a field.
    """
    entry = journal.get(edit.kind, edit.key)
    standing = entry is not None and entry.change.doc is not None
    if edit.revision is None or (standing and entry is not None and entry.seq == edit.revision):
        return []
    trail = _trail(journal, edit)
    theirs: Doc = (entry.change.doc if entry else None) or {}
    yours = edit.create or edit.put or edit.set or {}
    found: dict[str, Differing] = {}
    for one in trail:  # oldest first: the first ``before`` is what one began with
        audit = one.change.doc or {}
        for field in {**(audit.get("before") or {}), **(audit.get("after") or {})}:
            was = found[field].was if field in found else (audit.get("before") or {}).get(field)
            if was != theirs.get(field):
                found[field] = Differing(
                    kind=edit.kind, key=edit.key, field=field, was=was, theirs=theirs.get(field),
                    yours=yours.get(field), by=audit.get("by", ""), at=audit.get("at"),
                )  # fmt: skip
    if found and standing:
        return [one.model_dump(mode="json") for one in found.values()]
    change = entry.change if entry else None
    unknown = Differing(kind=edit.kind, key=edit.key, field="", by=change.by if change else "",
                        at=change.at if change else None)  # fmt: skip
    return [unknown.model_dump(mode="json")]


def differing_fields(old: Doc | None, new: Doc | None) -> tuple[Doc | None, Doc | None]:
    """The fields in which two documents differ, as they were and as they are; ``None`` for a document not there."""
    if old is None or new is None:
        return old, new
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return {name: old.get(name) for name in names}, {name: new.get(name) for name in names}


def _trail(journal: SqliteJournal, edit: Edit) -> Sequence[Entry]:
    """Allowed acts on the document after the edit's revision, oldest first."""
    found: list[Entry] = []
    before: Any = None
    while chunk := journal.newest("audit", before, CHUNK):
        for entry in chunk:
            if entry.seq <= (edit.revision or 0) + 1:  # one behind a document stands the trail of that very change
                return found[::-1]
            doc = entry.change.doc or {}
            about = doc.get("target") == edit.key and str(doc.get("act", "")).startswith(f"{edit.kind}.")
            if about and doc.get("allowed", True):
                found.append(entry)
        before = chunk[-1].change.key
    return found[::-1]
