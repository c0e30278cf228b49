"""Room ``sources``: CDR records that come as events (``Cdr``, where cdr_manager is on), as rows of a CDR file. Pure.

Their times are the phone system's local ones, of a zone that nobody names. But no call starts before its uniqueid was
given, and none ends after its record was sent: where that leaves one zone, it is the zone; until then rows are held.
"""

from __future__ import annotations

from collections import deque
from typing import Any, NamedTuple

from wallboard_tui.sources.asterisk.ami.lines import number
from wallboard_tui.sources.asterisk.ami.wire import Message
from wallboard_tui.sources.asterisk.cdr import AGENT_CONTEXTS, QUARTER, born, is_leg, written
from wallboard_tui.sources.asterisk.cdr_rows import Row, name_of

EARLY_S = 60.0
"""An event placed by its arrival may seem to come before what it tells of has ended."""
LATE_S = 2.0
"""A call's times are whole seconds: it may seem to start before its id was given."""
MOST_HELD = 1_000


class Record(NamedTuple):
    """One record with times as written, all by the clock that held when the call began."""

    call: str
    row: Row
    low: float
    """By so many seconds, at least, the clock of the record is ahead of UTC; ``high``: at most."""
    high: float


class CdrEvents:
    """Makes rows of the records of one phone system."""

    def __init__(self) -> None:
        self._offset: int | None = None
        self._held: deque[Record] = deque(maxlen=MOST_HELD)

    def take(self, event: Message, at: float) -> list[tuple[str, list[Any]]]:
        """Uniqueid and row of each call that can be told of now: none for a leg of another call.

        Raises ``ValueError`` saying what does not fit.
        """
        record = _record(event, at)
        if record is None:
            return []
        found = _offsets(record)
        if not found:
            raise ValueError("times that no zone explains")
        self._held.append(record)
        if len(found) == 1:
            self._offset = found[0]
        if self._offset is None:
            return []
        told = [(one.call, list(_moved(one.row, self._offset))) for one in self._held if self._fits(one)]
        self._held = deque((one for one in self._held if not self._fits(one)), MOST_HELD)
        return told

    def _fits(self, record: Record) -> bool:
        return self._offset is not None and record.low <= self._offset <= record.high


def _record(event: Message, at: float) -> Record | None:
    def get(name: str) -> str:
        return event.get(name, "")

    start, end = written(get("starttime")), written(get("endtime"))
    answer = written(get("answertime")) if get("answertime") else 0
    # Summer time may have begun or ended meanwhile: how long it took is told apart from when.
    lasted, talked = number(get("duration")), number(get("billableseconds"))
    jump = _quarters(end - start - lasted) if lasted is not None else 0
    if answer and talked is not None and not _quarters(end - answer - talked):
        answer -= jump
    end -= jump
    if end < start:
        raise ValueError("an end before its start")
    row = Row(
        start, answer, end, get("source"), name_of(get("callerid"), get("source")), get("destination"),
        get("destinationcontext"), get("channel"), get("destinationchannel"), get("lastapplication"), get("lastdata"),
        get("disposition"), get("userfield"),
    )  # fmt: skip
    since = born(get("uniqueid"))
    if since is None:
        raise ValueError("no UniqueID that tells a time")
    if is_leg(row, AGENT_CONTEXTS):
        return None
    return Record(get("uniqueid"), row, end - at - EARLY_S, start - since + LATE_S)


def _quarters(seconds: float) -> int:
    return round(seconds / QUARTER) * QUARTER


def _offsets(record: Record) -> list[int]:
    """The zones that a record allows: seconds ahead of UTC, in quarters of an hour."""
    first = -int(-record.low // QUARTER) * QUARTER
    return list(range(first, int(record.high) + 1, QUARTER))


def _moved(row: Row, offset: int) -> Row:
    answer = row.answer - offset if row.answer else 0
    return row._replace(start=row.start - offset, answer=answer, end=row.end - offset)
