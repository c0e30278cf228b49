"""Room ``sources``: what a member of a queue did, as a presence document. Pure."""

from __future__ import annotations

from wallboard_tui.model.agent import presence_key
from wallboard_tui.model.base import Doc

Seat = tuple[str, str]
"""(agent's key, queue's key)."""


def statement(source: str, seat: Seat, at: float, what: str, reason: str = "") -> Doc:
    """A presence document."""
    agent, queue = seat
    when = round(at, 3)
    doc: Doc = {
        "key": presence_key(agent, when, queue or None, what), "source": source, "agent": agent, "at": when,
        "what": what,
    }  # fmt: skip
    if queue:
        doc["queue"] = queue
    if reason:
        doc["reason"] = reason
    return doc
