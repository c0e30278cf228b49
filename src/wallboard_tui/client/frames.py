"""Room ``client``: what frames of the feed mean for a view. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from wallboard_tui.client.hub import Frame
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry

DATA = frozenset({"changes", "backfill", "ready", "figures"})
"""Frames that change the view; they may be applied together. All others are about the connection or the person."""
Received = tuple[str, Doc | None, str]


@dataclass(slots=True)
class Batch:
    """What several frames do to a view, in one transaction. ``cursor``: where to resume once they are applied."""

    entries: list[Entry] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    cursor: str | None = None
    done: int | None = None
    total: int | None = None
    complete_since: float | None = None

    @property
    def seq(self) -> int | None:
        """The hub's seq that the cursor stands for."""
        return None if self.cursor is None else int(self.cursor.split(":")[1])


def gather(frames: Sequence[Frame]) -> Batch:
    """Put frames of ``DATA`` together, in order. Raises ``ValueError`` or ``KeyError`` for what is no such frame."""
    batch = Batch()
    for frame in frames:
        data = frame.data
        if frame.event in ("changes", "backfill"):
            at = float(data.get("t", 0.0))
            batch.entries += (
                Entry(seq, Change(kind, key, doc, at, "hub"), bits) for kind, key, seq, bits, doc in data["changes"]
            )
        if frame.event == "backfill":
            batch.done, batch.total = int(data["done"]), int(data["total"])
        elif frame.event == "ready":
            batch.complete_since = float(data["from"])
        elif frame.event == "figures":
            batch.received += ((kind, doc, key) for kind, doc, key in data["documents"])
        batch.cursor = frame.cursor or batch.cursor
    return batch
