"""Room ``hub``: frames of the feed as bytes, each with the hub's time and the policy revision.

Knows the hub's clock and journal.
"""

from collections.abc import Iterable
from typing import Any

from wallboard_tui.hub.channel import Row
from wallboard_tui.hub.frames import NOTHING, Cursor, Reached, durable, frame, frame_of_rows
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.hub.terminal import Waiting
from wallboard_tui.model.me import Me
from wallboard_tui.model.security import Notice


class Encoder:
    """Makes the frames of one hub."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def frame(self, event: str, **data: Any) -> bytes:
        """A frame that is not durable."""
        return frame(event, {**self._always(), **data})

    def backfill(self, rows: Iterable[bytes], done: int, total: int) -> bytes:
        """A page of old rows."""
        return frame_of_rows("backfill", {**self._always(), "done": done, "total": total}, rows)

    def _always(self) -> dict[str, Any]:
        return {"policy": self._hub.journal.policy(), "t": self._hub.clock()}

    def changes(self, found: Iterable[Row]) -> bytes:
        """Rows that changed."""
        return self.frame("changes", changes=list(found))

    def notice(self, notice: Notice) -> bytes:
        """A sentence for the person."""
        return self.frame("notice", text=notice.text, at=notice.at, key=notice.key)

    def hello(self, answer: str, me: Me, seq: int, reached: Reached) -> bytes:
        """The first frame: ``continue`` or ``snapshot``, and who one is."""
        back = None if reached.back == NOTHING else reached.back
        epoch = self._hub.journal.epoch
        said = me.model_dump(mode="json")
        return self.frame("hello", answer=answer, me=said, epoch=epoch, seq=seq, backfill_to=back)

    def durable(self, encoded: bytes, access: Access, seq: int, reached: Reached) -> bytes:
        """A frame with its cursor: what a terminal has once it has stored it."""
        return durable(encoded, Cursor(self._hub.journal.epoch, seq, access.gate.fingerprint, reached))

    def sent(self, waiting: Waiting, access: Access, reached: Reached) -> bytes:
        """A frame that waited at a terminal, with that terminal's own cursor."""
        if waiting.seq is None:
            return waiting.encoded
        return self.durable(waiting.encoded, access, waiting.seq, reached)
