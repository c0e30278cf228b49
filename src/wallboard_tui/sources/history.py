"""Room ``sources``: tells the made past of a recording: the weeks before it, and the hours that lead up to it.

Both are a queue_log and a CDR. The *weeks* have times since a Monday 00:00 in local time: 35 days that repeat, so that
each date always has the same calls, and weekends stay weekends. The *lead-in* has times since its own beginning, is
``LEAD_IN_S`` long and stands right before the recording, whatever the hour: who looks at seven in the morning or
after midnight sees a day that is well under way.

Everything follows from the moment at which the recording was first begun: telling it again changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from wallboard_tui.sources.asterisk.cdr import Cdr
from wallboard_tui.sources.asterisk.keys import NO_CALL, key
from wallboard_tui.sources.asterisk.lines import Lines, read_lines
from wallboard_tui.sources.asterisk.queue_log import QueueLog
from wallboard_tui.sources.base import Batch, Part

HISTORY_DAYS = 35
"""Days in the files of the weeks, beginning with a Monday."""
SHOWN_DAYS = 28
"""Days that are told before the day on which the recording begins."""
LEAD_IN_S = 11 * 3600
"""How long the lead-in is: a long working day."""
EVENING_S = 3 * 3600
"""The lead-in begins at most so many seconds before midnight: until then the office of the day before was at work."""
DAY_S = 86400


@dataclass(frozen=True)
class _Files:
    """A queue_log and a CDR whose times do not count from 1970."""

    queue_log: Path
    cdr: Path

    @classmethod
    def of(cls, directory: Path) -> _Files:
        return cls(
            *(existing_file(directory, name) or directory / f"{name}.xz" for name in ("queue_log", "Master.csv"))
        )


def existing_file(directory: Path, name: str) -> Path | None:
    """A file of that name, plain or compressed."""
    return next((p for p in (directory / f"{name}{end}" for end in ("", ".xz", ".gz")) if p.exists()), None)


@dataclass(frozen=True)
class History:
    """The weeks behind a recording, and the hours that lead up to it."""

    weeks: _Files
    lead_in: _Files
    zone: ZoneInfo

    @classmethod
    def of(cls, directory: Path, zone: ZoneInfo) -> History:
        """The history in a directory: ``queue_log`` and ``Master.csv``, plain, xz or gz; the same in ``lead_in``."""
        return cls(_Files.of(directory), _Files.of(directory / "lead_in"), zone)

    def batches(self, until: float, source: str) -> Iterator[Batch]:
        """What was before ``until``, when the recording was first begun: the lead-in, then 28 days, newest first.

        Each batch says how far back everything has been told with it (``complete_since``).
        Raises ``Unreadable`` when a file cannot be opened.
        """
        today = datetime.fromtimestamp(until, self.zone).date()
        days = _days(today)
        total = len(days) + 1
        batch = self._lead_in(int(until), source)
        batch.done, batch.total, batch.complete_since = 1, total, self._midnight(today)
        yield batch
        lines = _by_day(self.weeks.queue_log, lambda line: int(line.partition("|")[0]) // DAY_S)
        rows = _by_day(self.weeks.cdr, _day_of_row)
        reader = QueueLog(source)
        for done, (real, day) in enumerate(days.items(), 2):
            batch = self._day(reader, lines.get(day, []), rows.get(day, []), self._shift(day, real))
            batch.done, batch.total = done, total
            batch.complete_since = self._midnight(real) if done < total else 0.0
            yield batch

    # -- the lead-in

    def _lead_in(self, until: int, source: str) -> Batch:
        """The hours up to ``until``. Calls from before they begin are left out; agents from before are there."""
        shift = until - LEAD_IN_S
        begins = max(0, self._evening(until) - shift)
        lines = list(_lines(self.lead_in.queue_log))
        first = _first_times(lines)
        kept = _in_force(lines, begins)
        for line in lines:
            stamp, call, _ = line.split("|", 2)
            if first.get(call, int(stamp)) >= begins:
                kept.append(line)
        moved = [_moved_line(line, shift) for line in kept]
        batch = QueueLog(source).read(Lines(str(self.lead_in.queue_log), 1, moved))
        rows = _rows(source, self.lead_in.cdr, list(_lines(self.lead_in.cdr)))
        batch.refused += rows.refused
        for part in rows.parts:
            began = first.get(_call_of(part), part.part["rows"][0][0])
            if began >= begins:
                batch.parts.append(_moved_part(part, shift, source))
        return batch

    def _evening(self, until: int) -> int:
        """The evening before the day on which the recording begins, when the office of that day had closed."""
        return int(self._midnight(datetime.fromtimestamp(until, self.zone).date())) - EVENING_S

    def _midnight(self, day: date) -> float:
        """When a day begins."""
        return datetime(day.year, day.month, day.day, tzinfo=self.zone).timestamp()

    # -- the weeks

    def _shift(self, day: int, real: date) -> int:
        """Seconds that make times of one day of the files times of a date.

        The office is open by the clock on the wall; where clocks change at night, noon says how far that is from UTC.
        """
        noon = datetime(real.year, real.month, real.day, 12, tzinfo=self.zone)
        return int(noon.timestamp()) - day * DAY_S - DAY_S // 2

    def _day(self, reader: QueueLog, lines: list[str], rows: list[str], shift: int) -> Batch:
        moved = [_moved_line(line, shift) for line in lines]
        batch = reader.read(Lines(str(self.weeks.queue_log), 1, moved))
        read = _rows(reader.source, self.weeks.cdr, rows)
        batch.refused += read.refused
        batch.parts += [_moved_part(part, shift, reader.source) for part in read.parts]
        return batch


def _rows(source: str, path: Path, lines: list[str]) -> Batch:
    """Rows of a file whose days are counted from the first of 1970."""
    return Cdr(source, UTC, earliest=0).read(Lines(str(path), 1, lines))


_ID = re.compile(r"(.*-)?(\d{1,10})\.(\d+)", re.ASCII)


def shifted_id(call: str, seconds: int) -> str:
    """A uniqueid as it would be, had the call come ``seconds`` later: new for every shift, and still a uniqueid."""
    found = _ID.fullmatch(call)
    return f"{found.group(1) or ''}{int(found.group(2)) + seconds}.{found.group(3)}" if found else call


def _moved_line(line: str, shift: int) -> str:
    stamp, _, rest = line.partition("|")
    call, _, said = rest.partition("|")
    return f"{int(stamp) + shift}|{shifted_id(call, shift)}|{said}"


def _moved_part(part: Part, shift: int, source: str) -> Part:
    start, answer, end, *rest = part.part["rows"][0]
    row = [start + shift, answer + shift if answer else 0, end + shift, *rest]
    return Part(key(source, shifted_id(_call_of(part), shift)), part.witness, {"rows": [row]})


def _call_of(part: Part) -> str:
    """The uniqueid of a part."""
    return part.key.split(":", 2)[2]


def _days(today: date) -> dict[date, int]:
    """The dates before today, newest first, with the day of the files that each shows: always the same one."""
    monday = date(1970, 1, 5)
    dates = [today - timedelta(days=back) for back in range(1, SHOWN_DAYS + 1)]
    return {day: (day - monday).days % HISTORY_DAYS for day in dates}


def _by_day(path: Path, day_of: Callable[[str], int]) -> dict[int, list[str]]:
    """Lines of the weeks' files by day."""
    found: dict[int, list[str]] = {}
    for line in _lines(path):
        found.setdefault(day_of(line), []).append(line)
    return found


def _lines(path: Path) -> Iterator[str]:
    return (line for piece in read_lines(path) for line in piece.lines if line)


_DATE = re.compile(r",1970-(\d\d)-(\d\d) ", re.ASCII)


def _day_of_row(row: str) -> int:
    """The day of the first time in a CDR row, which is its start."""
    found = _DATE.search(row)
    return (date(1970, int(found.group(1)), int(found.group(2))) - date(1970, 1, 1)).days if found else -1


def _first_times(lines: Iterable[str]) -> dict[str, int]:
    """When each call began."""
    first: dict[str, int] = {}
    for line in lines:
        stamp, call, _ = line.split("|", 2)
        if call not in NO_CALL:
            first.setdefault(call, int(stamp))
    return first


_ENDS = {
    "AGENTLOGOFF": "AGENTLOGIN", "REMOVEMEMBER": "ADDMEMBER", "UNPAUSE": "PAUSE", "UNPAUSEALL": "PAUSEALL",
}  # fmt: skip
"""What each verb about presence puts an end to."""


def _in_force(lines: Iterable[str], at: int) -> list[str]:
    """What was said about agents' presence before a moment and still holds then, as if it had been said then."""
    holds: dict[tuple[str, str, str], str] = {}
    for line in lines:
        stamp, call, queue, agent, verb, _ = (line + "|").split("|", 5)
        if int(stamp) >= at or call not in NO_CALL:
            continue
        if verb in _ENDS:
            holds.pop((_ENDS[verb], queue, agent), None)
        elif verb in _ENDS.values():
            holds[verb, queue, agent] = f"{at}|{line.partition('|')[2]}"
    return list(holds.values())
