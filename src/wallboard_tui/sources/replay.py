"""Room ``sources``: plays a recording against the clock, round after round.

A ``Recording`` is a queue_log and a CDR that a phone system wrote (plain, gz or xz). Playing it, each line and row
comes at the time it has in the recording, moved to now, under ids of its own: every round is new calls. What was
before it is ``History``'s.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from wallboard_tui.model.agent import presence_key
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.cdr import read_cdr
from wallboard_tui.sources.asterisk.keys import key
from wallboard_tui.sources.asterisk.lines import Lines, read_lines
from wallboard_tui.sources.asterisk.queue_log import QueueLog
from wallboard_tui.sources.asterisk.queues_conf import read_queues_conf
from wallboard_tui.sources.base import Batch, Part
from wallboard_tui.sources.history import History, existing_file, shifted_id

__all__ = ["History", "Recording", "Round", "opening", "play", "shifted_id"]

TICK_S = 0.2
PAUSE_S = 5.0
"""Seconds between two rounds."""


@dataclass(frozen=True)
class Recording:
    """Files that a phone system wrote. ``conf`` names the members of its queues."""

    queue_log: Path
    cdr: Path | None = None
    conf: Path | None = None

    @classmethod
    def of(cls, directory: Path) -> Recording:
        """The recording in a directory: ``queue_log``, ``Master.csv``, ``queues.conf``, plain, ``.xz`` or ``.gz``.

        A choice of calls has its ``queues.conf`` in ``recorded`` beside it.
        """
        return cls(
            existing_file(directory, "queue_log") or directory / "queue_log",
            existing_file(directory, "Master.csv"),
            existing_file(directory, "queues.conf") or existing_file(directory.parent / "recorded", "queues.conf"),
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
    def rows(self) -> list[tuple[float, Part]]:
        """``(epoch, CDR part)`` in the order of the file, and when each was written: all rows of a call at its end."""
        if self.cdr is None:
            return []
        found: list[tuple[float, Part]] = []
        written = 0.0
        for part in (part for batch in read_cdr([self.cdr], "recording") for part in batch.parts):
            # A row cannot have been written before it ended, nor before the one above it.
            written = max(written, float(part.part["rows"][0][2]))
            found.append((written, part))
        return found

    @property
    def start(self) -> int:
        """Time of the first line."""
        return self.lines[0][0]

    @property
    def seconds(self) -> float:
        """How long it is, from first to last line or row."""
        ends = [at for at, _ in self.rows[-1:]]
        return max([self.lines[-1][0], *ends]) - self.start

    @cached_property
    def agents(self) -> set[str]:
        """Names of all agents of whom it speaks."""
        fields = (rest.split("|", 4) for _, rest in self.lines)
        return {field[2] for field in fields if len(field) > 3 and field[3] in ("CONNECT", "RINGNOANSWER", "PAUSE")}

    def members(self, source: str) -> list[str]:
        """Names of the static members who are there all along: all but those of the agent pool who log in themselves.

        Where nobody is seen to log in (a choice of calls has no log-ins), the pool was there from before.
        """
        if self.conf is None:
            return []
        log_in = any(fields[3] == "AGENTLOGIN" for _, rest in self.lines if len(fields := rest.split("|", 4)) > 3)
        documents = [pair for batch in read_queues_conf([self.conf], source) for pair in batch.documents]
        agents = [doc for kind, doc in documents if kind == "agent"]
        pool = {doc["key"] for doc in agents if any("Agent/" in name for name in doc.get("interfaces", ()))}
        return [str(doc["name"]) for doc in agents if not (log_in and doc["key"] in pool)]


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
        rows = self.recording.rows
        while self._row < len(rows) and self._at(rows[self._row][0]) <= now:
            batch.parts.append(self._moved(rows[self._row][1]))
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
