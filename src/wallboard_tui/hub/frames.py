"""Room ``hub``: how a feed looks on the wire: cursors, and frames of Server-Sent Events.

Pure; knows nothing of the hub.
"""

import math
from dataclasses import dataclass
from typing import Any, Self

from pydantic_core import to_json

NOTHING = math.inf
"""``backfilled``: no old row was sent yet."""
COMPLETE = 0.0
"""``backfilled``: all rows were sent."""


@dataclass(frozen=True, slots=True)
class Cursor:
    """What a terminal has: everything up to ``seq``, and of older rows those that started at ``backfilled`` or
    later.
    """

    epoch: str
    seq: int
    fingerprint: str
    backfilled: float

    def __str__(self) -> str:
        back = "-" if self.backfilled == NOTHING else "0" if self.backfilled <= COMPLETE else repr(self.backfilled)
        return f"{self.epoch}:{self.seq}:{self.fingerprint}:{back}"

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """The cursor of a text, ``None`` when it is none: then a snapshot begins."""
        parts = (text or "").split(":")
        if len(parts) != 4 or not all(parts):
            return None
        epoch, seq, fingerprint, back = parts
        try:
            backfilled = NOTHING if back == "-" else float(back)
            found = cls(epoch, int(seq), fingerprint, backfilled)
        except ValueError:
            return None
        return found if found.seq >= 0 and not math.isnan(backfilled) and backfilled >= 0 else None


def frame(event: str, data: dict[str, Any]) -> bytes:
    """One frame without an id. JSON has no line breaks, so one ``data:`` line is enough."""
    return b"event: " + event.encode() + b"\ndata: " + to_json(data) + b"\n\n"


def durable(encoded: bytes, cursor: Cursor) -> bytes:
    """The same frame with its cursor: once a terminal has stored it, it may resume from there."""
    return b"id: " + str(cursor).encode() + b"\n" + encoded
