"""Room ``sources``: plays a recording against the clock, round after round, and tells the made weeks behind it.

A ``Recording`` is a queue_log and a CDR that a phone system wrote (plain, gz or xz). Playing it, each line and row
comes at the time it has in the recording, moved to now, under ids of its own: every round is new calls. ``History``
is the same two files with times since a Monday 00:00 in local time: 35 days that repeat, so that each date always has
the same calls, and weekends stay weekends.
"""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from wallboard_tui.model.agent import presence_key
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.cdr import Cdr, read_cdr
from wallboard_tui.sources.asterisk.keys import NO_CALL, key
from wallboard_tui.sources.asterisk.lines import Lines, read_lines
from wallboard_tui.sources.asterisk.queue_log import QueueLog
from wallboard_tui.sources.asterisk.queues_conf import read_queues_conf
from wallboard_tui.sources.base import Batch, Part

HISTORY_DAYS = 35
"""Days in a history's files, beginning with a Monday."""
SHOWN_DAYS = 28
DAY_S = 86400
TICK_S = 0.2
PAUSE_S = 5.0
"""Seconds between two rounds."""

_ID = re.compile(r"(.*-)?(\d{9,10})\.(\d+)", re.ASCII)


@dataclass(frozen=True)
class Recording:
    """Files that a phone system wrote. ``conf`` names who was a member all along."""

    queue_log: Path
    cdr: Path | None = None
    conf: Path | None = None

    @classmethod
    def of(cls, directory: Path) -> Recording:
        """The recording in a directory: ``queue_log``, ``Master.csv``, ``queues.conf``, plain, ``.xz`` or ``.gz``."""
        return cls(
            _existing(directory, "queue_log") or directory / "queue_log",
            _existing(directory, "Master.csv"),
            _existing(directory, "queues.conf"),
        )

    @cached_property
    def lines(self) -> list[tuple[int, str]]:
        """``(epoch, rest of the line)`` of every line that begins with a time, in order."""
        found: list[tuple[int, str]] = []
        for piece in read_lines(self.queue_log):
            for line in piece.lines:
                stamp, bar, rest = line.partition("|")
                if bar and stamp.isdigit():
                    found.append((int(stamp), rest))
        return sorted(found, key=lambda pair: pair[0])

    @cached_property
    def rows(self) -> list[Part]:
        """CDR parts in the order in which their rows were written: at the end of the call."""
        if self.cdr is None:
            return []
        parts = [part for batch in read_cdr([self.cdr], "recording") for part in batch.parts]
        return sorted(parts, key=lambda part: float(part.part["rows"][0][2]))

    @property
    def start(self) -> int:
        """Time of the first line."""
        return self.lines[0][0]

    @property
    def seconds(self) -> float:
        """How long it is, from first to last line or row."""
        ends = [float(part.part["rows"][0][2]) for part in self.rows[-1:]]
        return max([self.lines[-1][0], *ends]) - self.start

    @cached_property
    def agents(self) -> set[str]:
        """Names of all agents of whom it speaks."""
        fields = (rest.split("|", 4) for _, rest in self.lines)
        return {field[2] for field in fields if len(field) > 3 and field[3] in ("CONNECT", "RINGNOANSWER", "PAUSE")}

    def members(self, source: str) -> list[str]:
        """Names of the static members, who are there all along without ever having logged in."""
        if self.conf is None:
            return []
        documents = [pair for batch in read_queues_conf([self.conf], source) for pair in batch.documents]
        agents = [doc for kind, doc in documents if kind == "agent"]
        return [str(doc["name"]) for doc in agents if not any("Agent/" in i for i in doc.get("interfaces", ()))]


def _existing(directory: Path, name: str) -> Path | None:
    return next((p for p in (directory / f"{name}{end}" for end in ("", ".xz", ".gz")) if p.exists()), None)


def shifted_id(call: str, seconds: int) -> str:
    """A uniqueid as it would be, had the call come ``seconds`` later: new for every shift, and still a uniqueid."""
    found = _ID.fullmatch(call)
    return f"{found.group(1) or ''}{int(found.group(2)) + seconds}.{found.group(3)}" if found else call


class Round:
    """One pass through a recording that begins at ``started_at``; gives what is due. Time is given, never asked for."""

    def __init__(self, recording: Recording, source: str, started_at: float, speed: float = 1.0) -> None:
        self.recording, self.source, self.speed = recording, source, speed
        self.started_at = int(started_at)
        self._shift = self.started_at - recording.start
        self._reader = QueueLog(source)
        self._line = 0
        self._row = 0

    @property
    def over(self) -> bool:
        """Whether everything was given."""
        return self._line >= len(self.recording.lines) and self._row >= len(self.recording.rows)

    @property
    def ends_at(self) -> float:
        """When the last of it is due."""
        return self.started_at + self.recording.seconds / self.speed

    def due(self, now: float) -> Batch | None:
        """What was said up to ``now`` since last asked."""
        lines: list[str] = []
        while self._line < len(self.recording.lines) and self._at(self.recording.lines[self._line][0]) <= now:
            at, rest = self.recording.lines[self._line]
            call, bar, tail = rest.partition("|")
            lines.append(f"{self._at(at)}|{shifted_id(call, self._shift)}{bar}{tail}")
            self._line += 1
        batch = self._reader.read(Lines(str(self.recording.queue_log), self._line - len(lines) + 1, lines))
        if batch.restarts:
            batch.documents += self._reader.finish().documents
        rows = self.recording.rows
        while self._row < len(rows) and self._at(rows[self._row].part["rows"][0][2]) <= now:
            batch.parts.append(self._moved(rows[self._row]))
            self._row += 1
        return batch if lines or batch.parts else None

    def _at(self, recorded: float) -> int:
        return int(self.started_at + (recorded - self.recording.start) / self.speed)

    def _moved(self, part: Part) -> Part:
        start, answer, end, *rest = part.part["rows"][0]
        row = [self._at(start), self._at(answer) if answer else 0, self._at(end), *rest]
        call = part.key.split(":", 2)[2]
        return Part(key(self.source, shifted_id(call, self._shift)), part.witness, {"rows": [row]})


async def play(
    recording: Recording,
    source: str,
    started_at: float,
    speed: float = 1.0,
    *,
    clock: Callable[[], float] = time.time,
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
) -> AsyncIterator[Batch]:
    """Play a recording round after round, forever, the first one from ``started_at``.

    At a speed other than 1 lines come that much closer together; durations that they state stay as they were recorded.
    """
    while True:
        yield opening(recording, source, int(started_at))
        current = Round(recording, source, started_at, speed)
        while not current.over:
            batch = current.due(clock())
            if batch is not None:
                yield batch
            await sleep(TICK_S)
        started_at = max(current.ends_at + PAUSE_S, clock())


def opening(recording: Recording, source: str, at: int) -> Batch:
    """Everybody who works in the recording is there and not paused when it begins, whatever was before."""
    batch = Batch(source)
    said = [("login", name, "") for name in recording.members(source)]
    said += [("unpause", name, "restart") for name in sorted(recording.agents)]
    for what, name, reason in said:
        who = key(source, name)
        doc: Doc = {"key": presence_key(who, at, None, what), "source": source, "agent": who, "at": at, "what": what}
        batch.documents.append(("presence", doc | ({"reason": reason} if reason else {})))
    return batch


class History:
    """The weeks behind a recording: a queue_log and a CDR with times since a Monday 00:00 local time."""

    def __init__(self, queue_log: Path, cdr: Path | None, zone: ZoneInfo) -> None:
        self.queue_log, self.cdr, self.zone = queue_log, cdr, zone
        self._hours: dict[int, int] = {}

    @classmethod
    def of(cls, directory: Path, zone: ZoneInfo) -> History:
        """The history in a directory: ``queue_log.xz`` and ``Master.csv.xz``."""
        path = _existing(directory, "queue_log") or directory / "queue_log.xz"
        return cls(path, _existing(directory, "Master.csv"), zone)

    def batches(self, now: float, source: str) -> Iterator[Batch]:
        """Today up to ``now`` and 28 days, one batch a day, newest first. What is not over by now is left out."""
        days = _days(datetime.fromtimestamp(now, self.zone).date())
        lines = _by_day(self.queue_log, lambda line: int(line.partition("|")[0]) // DAY_S)
        rows = {} if self.cdr is None else _by_day(self.cdr, _day_of_row)
        reader = QueueLog(source)
        for done, day in enumerate(sorted(days, key=lambda day: days[day], reverse=True), 1):
            batch = reader.read(Lines(str(self.queue_log), 1, self._moved_lines(lines.get(day, []), days, now)))
            batch.parts += self._moved_rows(rows.get(day, []), days, now, source)
            batch.done, batch.total = done, len(days)
            yield batch

    def _moved_lines(self, lines: list[str], days: dict[int, date], now: float) -> list[str]:
        """Lines of one day with real times and ids."""
        over = _last_times(lines)
        moved: list[str] = []
        for line in lines:
            stamp, _, rest = line.partition("|")
            call = rest.partition("|")[0]
            at = int(stamp)
            shift = self._shift(over.get(call, at), days, now)
            if shift is not None:
                moved.append(f"{at + shift}|{_absolute(call, shift)}{rest[len(call) :]}")
        return moved

    def _moved_rows(self, rows: list[str], days: dict[int, date], now: float, source: str) -> list[Part]:
        """CDR parts of one day with real times and ids."""
        moved: list[Part] = []
        for part in Cdr(source, UTC).read(Lines(str(self.cdr), 1, rows)).parts:
            start, answer, end, *rest = part.part["rows"][0]
            shift = self._shift(end, days, now)
            if shift is not None:
                row = [start + shift, answer + shift if answer else 0, end + shift, *rest]
                call = key(source, _absolute(part.key.split(":", 2)[2], shift))
                moved.append(Part(call, part.witness, {"rows": [row]}))
        return moved

    def _shift(self, at: int, days: dict[int, date], now: float) -> int | None:
        """Seconds that make a time of the files a real one; ``None``: its day is not shown, or it is yet to come."""
        day = days.get(at // DAY_S)
        if day is None:
            return None
        quarter = at // 900
        if quarter not in self._hours:
            wall = datetime(day.year, day.month, day.day, tzinfo=self.zone) + timedelta(seconds=at % DAY_S // 900 * 900)
            self._hours[quarter] = int(wall.timestamp()) - quarter * 900
        shift = self._hours[quarter]
        return shift if at + shift <= now else None


_MADE_ID = re.compile(r"(.*-)?(\d{1,10})\.(\d+)", re.ASCII)


def _absolute(call: str, shift: int) -> str:
    """A uniqueid of a history's file with its real time."""
    found = _MADE_ID.fullmatch(call)
    return f"{found.group(1) or ''}{int(found.group(2)) + shift}.{found.group(3)}" if found else call


def _days(today: date) -> dict[int, date]:
    """Which date each day of the files stands for. A date has the same day of the files whenever it is asked about."""
    days = [today - timedelta(days=back) for back in range(SHOWN_DAYS + 1)]
    monday = date(1970, 1, 5)
    return {(day - monday).days % HISTORY_DAYS: day for day in days}


def _by_day(path: Path, day_of: Callable[[str], int]) -> dict[int, list[str]]:
    """Lines of a history's file by day."""
    found: dict[int, list[str]] = {}
    for piece in read_lines(path):
        for line in piece.lines:
            if line:
                found.setdefault(day_of(line), []).append(line)
    return found


_DATE = re.compile(r",1970-(\d\d)-(\d\d) ", re.ASCII)


def _day_of_row(row: str) -> int:
    """The day of the first time in a CDR row, which is its start."""
    found = _DATE.search(row)
    return (date(1970, int(found.group(1)), int(found.group(2))) - date(1970, 1, 1)).days if found else -1


def _last_times(lines: Iterable[str]) -> dict[str, int]:
    """When each call was over."""
    last: dict[str, int] = {}
    for line in lines:
        stamp, call, _ = line.split("|", 2)
        last[call] = max(last.get(call, 0), int(stamp))
    for nothing in NO_CALL:
        last.pop(nothing, None)
    return last
