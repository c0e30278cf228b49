"""Room ``hub``: how a feed looks on the wire: cursors, and frames of Server-Sent Events.

Pure; knows nothing of the hub.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, NamedTuple, Self

from pydantic_core import to_json

NOTHING = math.inf
"""``Reached.back``: no old row was sent yet."""
COMPLETE = 0.0
"""``Reached.back``: all rows were sent."""
LATE = "~"


class Reached(NamedTuple):
    """How much of the old rows a terminal has: those that started at ``back`` or later.

    ``late``: also the small documents of which there can be many, which come after today.
    """

    back: float = NOTHING
    late: bool = False

    def __str__(self) -> str:
        back = "-" if self.back == NOTHING else "0" if self.back <= COMPLETE else repr(self.back)
        return back if self.late or self.back == NOTHING else back + LATE

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises ``ValueError`` for what says nothing of the kind."""
        if text == "-":
            return cls()
        back = float(text.removesuffix(LATE))
        if not 0 <= back < NOTHING:
            raise ValueError(text)
        return cls(back, not text.endswith(LATE))


@dataclass(frozen=True, slots=True)
class Cursor:
    """What a terminal has: everything up to ``seq``, and of what is older as much as ``reached`` says."""

    epoch: str
    seq: int
    fingerprint: str
    reached: Reached

    def __str__(self) -> str:
        return f"{self.epoch}:{self.seq}:{self.fingerprint}:{self.reached}"

    @classmethod
    def parse(cls, text: str | None) -> Self | None:
        """The cursor of a text, ``None`` when it is none: then a snapshot begins."""
        parts = (text or "").split(":")
        if len(parts) != 4 or not all(parts):
            return None
        epoch, seq, fingerprint, reached = parts
        try:
            found = cls(epoch, int(seq), fingerprint, Reached.parse(reached))
        except ValueError:
            return None
        return found if found.seq >= 0 else None


def frame(event: str, data: dict[str, Any]) -> bytes:
    """One frame without an id. JSON has no line breaks, so one ``data:`` line is enough."""
    return b"event: " + event.encode() + b"\ndata: " + to_json(data) + b"\n\n"


def frame_of_rows(event: str, data: dict[str, Any], rows: Iterable[bytes]) -> bytes:
    """A frame of ``changes`` that are encoded already, and some more ``data``."""
    said = to_json(data)[:-1]
    return b"event: " + event.encode() + b"\ndata: " + said + b',"changes":[' + b",".join(rows) + b"]}\n\n"


def durable(encoded: bytes, cursor: Cursor) -> bytes:
    """The same frame with its cursor: once a terminal has stored it, it may resume from there."""
    return b"id: " + str(cursor).encode() + b"\n" + encoded
