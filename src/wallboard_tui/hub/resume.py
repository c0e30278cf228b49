"""Room ``hub``: what a terminal that was away is told, and when it has to begin anew. Judged under today's access.
Pure but for reading the journal.
"""

from collections.abc import Iterable

from wallboard_tui.access.gate import Gate
from wallboard_tui.hub.channel import NOT_FED, Row, removal, visible
from wallboard_tui.journal.base import Journal
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Entry

CHUNK = 2000


def tellable(journal: Journal, after: int, gate: Gate) -> bool:
    """Whether nothing may have gone out of sight since ``after`` of which nobody knows any more whether it was in it.

    Under the same fingerprint the same people, queues, teams and numbers are known; a call's facts only grow, and a
    followup keeps the facts it had. But a removed document says nothing of who saw it, nor does a board of its earlier
    audience.
    """
    while entries := journal.read(after, CHUNK):
        for entry in entries:
            kind, doc = entry.change.kind, entry.change.doc
            if doc is None and kind not in NOT_FED:
                return False
            if kind == "board" and doc is not None and not gate.admit(kind, doc):
                return False
        after = entries[-1].seq
    return True


def missed(gate: Gate, entries: Iterable[Entry]) -> list[Row]:
    """The rows of some entries for a terminal that was away."""
    found: list[Row] = []
    for entry in entries:
        seen = visible(gate, entry)
        change = entry.change
        if not seen and change.kind == "followup" and change.doc is not None and _was_visible(gate, change.doc):
            seen = removal(gate, change.kind, change.key, entry.seq)
        found += seen
    return found


def _was_visible(gate: Gate, followup: Doc) -> bool:
    """Whether a followup could once be seen: by the facts that it kept of earlier attempts."""
    attempts = followup.get("attempts") or []
    if not attempts:
        return False
    kept = {**attempts[-1], "facts": followup.get("facts") or []}
    return bool(gate.admit("followup", {**followup, "attempts": [kept]}))
