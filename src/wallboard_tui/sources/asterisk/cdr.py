"""Room ``sources``: Asterisk's CDR files (``Master.csv``, or a table exported with a header) as batches.

A row names its call only with ``loguniqueid=yes``, and its times are local unless ``usegmtime=yes``. Uniqueids begin
with the second the call began, so they also tell how far the rows' clock is from UTC.
"""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from wallboard_tui.metrics.measures import MEASURES
from wallboard_tui.sources.asterisk.cdr_rows import Row, name_of
from wallboard_tui.sources.asterisk.keys import NAME, key
from wallboard_tui.sources.asterisk.lines import Lines, read_files, shown
from wallboard_tui.sources.asterisk.times import AHEAD_S, EARLIEST, LATEST, OUTSIDE, Clock
from wallboard_tui.sources.base import UTF8, Batch, Part, Refused

WITNESS = "cdr"
COLUMNS = (
    "accountcode", "src", "dst", "dcontext", "clid", "channel", "dstchannel", "lastapp", "lastdata", "start", "answer",
    "end", "duration", "billsec", "disposition", "amaflags",
)  # fmt: skip
"""What cdr_csv writes, in this order; then uniqueid, userfield, and three newer columns, each if configured."""
AGENT_CONTEXTS = frozenset({"agents", "agent-request"})
"""Contexts in which only agents' phones ring: a channel there is a leg of a queue's call."""
TOLD = frozenset({"calls", "inbound", "outbound", "outbound_answered"})
MISSED = frozenset({"inbound_missed", "answerable"})
LACKS = tuple(sorted({*MEASURES} - TOLD - MISSED))
"""Measures that the CDR alone does not tell: it knows no queue visit, nor whose legs these are."""
LACKS_QUEUES = tuple(sorted({*LACKS, *MISSED}))
"""The same where there are queues: callers who left before anybody was rung have no row (see ``unanswered`` in
cdr.conf)."""
LEG_APPS = frozenset({"AppQueue", "AppDial", "AppDial2", "AgentLogin", "AgentRequest"})
"""What the other end of a call, or an agent who waits for calls, runs."""

_UNIQUEID = re.compile(r"(?:.*-)?(\d{9,10})\.\d+", re.ASCII)
_TIME = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", re.ASCII)
QUARTER = 900


class Raw(NamedTuple):
    """One CDR row with times as written (seconds as if they were UTC), and the second in which its call's id began."""

    line: int
    text: str
    call: str
    born: int | None
    row: Row


class Cdr:
    """Reads rows of one source.

    ``zone``: the clock of the rows; ``None``: told from the uniqueids, and ``local`` where there are none. ``clock``:
    rows that end more than ``AHEAD_S`` ahead of it are refused, as are those that begin before ``earliest``.
    """

    def __init__(
        self,
        source: str,
        zone: tzinfo | None = None,
        contexts: Iterable[str] = AGENT_CONTEXTS,
        *,
        local: tzinfo = UTC,
        clock: Clock | None = None,
        earliest: int = EARLIEST,
    ) -> None:
        self.source = source
        self.zone = zone
        self._earliest = earliest
        self._local = local
        self._clock = clock
        self._usual: int | None = None
        self._untold = 0
        self._contexts = frozenset(contexts)
        self._columns: dict[str, int] | None = None
        self._nameless = 0
        self._has_queues = False
        self._offsets: Counter[int] = Counter()
        self._disagreed: Counter[int] = Counter()

    def read(self, piece: Lines) -> Batch:
        """What consecutive lines of a file say."""
        batch = Batch(self.source, NAME, witness=WITNESS, done=piece.done, total=piece.total)
        batch.refused.extend(piece.refused)
        batch.read = len(piece.refused)
        raws: list[Raw] = []
        if piece.first == 1:
            self._columns = None
        for number, line in enumerate(piece.lines, piece.first):
            if not line:
                continue
            batch.read += 1
            try:
                fields = next(csv.reader((line,), strict=True))
                if number == piece.first == 1 and self._header(fields):
                    continue
                raw = self._raw(fields, number, line)
            except (csv.Error, ValueError, StopIteration) as error:
                batch.refused.append(Refused(piece.file, number, shown(line), f"no CDR row: {error}"))
                continue
            if raw is not None:
                raws.append(raw)
        self._add_parts(batch, piece.file, raws)
        self._has_queues = self._has_queues or any(raw.row.app == "Queue" for raw in raws)
        batch.lacks = LACKS_QUEUES if self._has_queues else LACKS
        batch.horizon = max((part.part["rows"][0][2] for part in batch.parts), default=None)
        return batch

    def finish(self) -> Batch:
        """What the reader of the summary should know about all rows together."""
        lacks = LACKS_QUEUES if self._has_queues else LACKS
        batch = Batch(self.source, NAME, witness=WITNESS, lacks=lacks)
        if self._nameless:
            batch.notes.append(
                f"{self._nameless} rows have no uniqueid: they stand for themselves and cannot be merged with what "
                "queue_log says of the same calls. Set loguniqueid=yes in cdr.conf."
            )
        if self.zone is None and self._offsets:
            as_read = ", ".join(_clock(offset) for offset in sorted(self._offsets))
            batch.notes.append(f"No zone was given; by their uniqueids the rows' times are {as_read}.")
        if self._untold:
            where = f"{self._local}, the organisation's zone" if self._local is not UTC else "UTC"
            batch.notes.append(f"No zone was given and no uniqueid tells it: times were read as those of {where}.")
        wrong = {offset: count for offset, count in self._disagreed.items() if offset}
        if wrong and sum(wrong.values()) > self._disagreed[0]:
            off = max(wrong, key=lambda offset: wrong[offset])
            batch.notes.append(
                f"The rows' times are {off / 3600:+g} h from what their uniqueids say: the zone {self.zone} is likely "
                "not theirs. Name theirs (--zone of an import, --cdr-zone of a source)."
            )
        return batch

    def _header(self, fields: list[str]) -> bool:
        names = [field.strip().lower() for field in fields]
        if "src" not in names or not {"start", "calldate"} & set(names):
            return False
        self._columns = {("start" if name == "calldate" else name): index for index, name in enumerate(names)}
        return True

    def _raw(self, fields: list[str], number: int, line: str) -> Raw | None:
        """A row; ``None`` for one that is no call of its own. Raises ``ValueError`` saying what does not fit."""
        columns = self._columns or _layout(fields)

        def get(name: str) -> str:
            index = columns.get(name)
            return fields[index] if index is not None and index < len(fields) else ""

        start = written(get("start"))
        end = written(get("end")) if get("end") else start + int(get("duration"))
        answer = written(get("answer")) if get("answer") else 0
        if end < start:
            raise ValueError("it ends before it starts")
        if not self._earliest <= start <= end <= LATEST:
            raise ValueError(OUTSIDE)
        if not answer and "answer" not in columns and get("disposition") == "ANSWERED":
            answer = end - int(get("billsec"))
        row = Row(
            start, answer, end, get("src"), name_of(get("clid"), get("src")), get("dst"), get("dcontext"),
            get("channel"), get("dstchannel"), get("lastapp"), get("lastdata"), get("disposition"), get("userfield"),
        )  # fmt: skip
        call = get("uniqueid")
        return None if is_leg(row, self._contexts) else Raw(number, line, call, born(call), row)

    def _add_parts(self, batch: Batch, file: str, raws: list[Raw]) -> None:
        shift = self._shift(raws)
        latest = self._clock() + AHEAD_S if self._clock is not None else LATEST
        for raw in raws:
            row = raw.row
            start, end = shift(row.start), shift(row.end)
            if end > latest:
                reason = "its time lies in the future (are its times of another zone?)"
                batch.refused.append(Refused(file, raw.line, shown(raw.text), reason))
                continue
            moved = row._replace(start=start, end=end, answer=shift(row.answer) if row.answer else 0)
            name = raw.call
            if not name:
                self._nameless += 1
                name = f"cdr@{start:.0f}/{row.src}/{row.dst}/{row.channel}"
            batch.parts.append(Part(key(self.source, name), WITNESS, {"rows": [list(moved)]}))

    def _shift(self, raws: Sequence[Raw]) -> _Shift:
        """How written times become UTC."""
        if self.zone is not None:
            shift = _Shift(self.zone, {}, 0)
            for raw in raws:
                if raw.born is not None:
                    self._disagreed[round((shift(raw.row.start) - raw.born) / QUARTER) * QUARTER] += 1
            return shift
        offsets = [(raw.row.start // 86400, raw.row.start - raw.born) for raw in raws if raw.born is not None]
        if not offsets:
            if self._usual is not None:
                return _Shift(None, {}, self._usual)
            self._untold += len(raws)
            return _Shift(self._local, {}, 0)
        self._usual = usual = Counter(round(off / QUARTER) * QUARTER for _day, off in offsets).most_common(1)[0][0]
        by_day: dict[float, list[float]] = defaultdict(list)
        for day, off in offsets:
            by_day[day].append(off)
        days = {day: _nearest(offs, usual) for day, offs in by_day.items()}
        self._offsets.update(days.values())
        return _Shift(None, days, usual)


def is_leg(row: Row, contexts: Collection[str] = AGENT_CONTEXTS) -> bool:
    """Whether a row is no call of its own: a leg of another call, or an agent who waits for calls."""
    inside = row.channel.startswith("Local/") or row.channel.endswith((";1", ";2"))
    return inside or row.context in contexts or row.app in LEG_APPS or row.dst.startswith("*")


def born(call: str) -> int | None:
    """The second in which a call's uniqueid was given, which stands in it."""
    found = _UNIQUEID.fullmatch(call)
    return int(found.group(1)) if found else None


class _Shift:
    """Written seconds to UTC seconds, by a zone, or by the offset of the day."""

    def __init__(self, zone: tzinfo | None, days: dict[float, int], usual: int) -> None:
        self._zone, self._days, self._usual = zone, days, usual
        self._hours: dict[int, int] = {}

    def __call__(self, written: float) -> int:
        if self._zone is None:
            return int(written - self._days.get(written // 86400, self._usual))
        hour = int(written // QUARTER)
        if hour not in self._hours:
            naive = datetime.fromtimestamp(hour * QUARTER, UTC).replace(tzinfo=self._zone)
            self._hours[hour] = int(naive.timestamp()) - hour * QUARTER
        return int(written + self._hours[hour])


def _nearest(offsets: list[float], usual: int) -> int:
    """The offset of a day: the usual one, or one hour from it when summer time began or ended since."""
    middle = sorted(offsets)[len(offsets) // 2]
    return min((usual, usual - 3600, usual + 3600), key=lambda offset: abs(middle - offset))


def _clock(offset: int) -> str:
    return "UTC" if offset == 0 else f"UTC{offset / 3600:+g} h"


_days: dict[str, int] = {}


def written(text: str) -> int:
    """Seconds since 1970 of a written time, as if it were UTC. Raises ``ValueError`` for what is none."""
    if not _TIME.fullmatch(text):
        raise ValueError(f"{text[:30]!r} is not a time like 2026-01-31 23:59:59")
    day = _days.get(text[:10])
    if day is None:
        if len(_days) > 4000:
            _days.clear()
        day = _days[text[:10]] = int(datetime.fromisoformat(text[:10]).replace(tzinfo=UTC).timestamp())
    hour, minute, second = int(text[11:13]), int(text[14:16]), int(text[17:19])
    if hour > 23 or minute > 59 or second > 60:
        raise ValueError(f"{text} is not a time of day")
    return day + hour * 3600 + minute * 60 + second


def _layout(fields: list[str]) -> dict[str, int]:
    """Which column is which in a row without header, by how many there are. Raises ``ValueError``."""
    more = len(fields) - len(COLUMNS)
    if not 0 <= more <= 5:
        raise ValueError(f"it has {len(fields)} columns; Asterisk writes 16 to 21")
    columns = _LAYOUTS[more]
    if more in (1, 4) and not _UNIQUEID.fullmatch(fields[16]):
        return {**columns, "userfield": 16, "uniqueid": 99}
    return columns


_LAYOUTS = [{name: index for index, name in enumerate(COLUMNS)} for _more in range(6)]
for _more in (1, 2, 4, 5):
    _LAYOUTS[_more]["uniqueid"] = 16
for _more in (2, 5):
    _LAYOUTS[_more]["userfield"] = 17


def read_cdr(
    paths: Iterable[Path],
    source: str,
    zone: str | tzinfo | None = None,
    *,
    local: tzinfo = UTC,
    clock: Clock | None = None,
    encoding: str = UTF8,
) -> Iterator[Batch]:
    """Batches of whole files. Raises ``Unreadable`` (a file cannot be opened) or ``ZoneInfoNotFoundError``."""
    clock_of = ZoneInfo(zone) if isinstance(zone, str) else zone
    return read_files(paths, Cdr(source, clock_of, local=local, clock=clock), encoding)
