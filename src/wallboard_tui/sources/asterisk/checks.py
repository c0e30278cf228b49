"""Room ``sources``: can a queue_log or a CDR file be used, and is anything about it odd? Reads its first megabyte.

For whoever sets a source up, or asks later what is wrong with it; nothing is taken in.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import UTC, tzinfo
from pathlib import Path

from wallboard_tui.sources.asterisk.cdr import Cdr
from wallboard_tui.sources.asterisk.lines import Reader, read_lines
from wallboard_tui.sources.asterisk.queue_log import QueueLog
from wallboard_tui.sources.asterisk.times import Clock
from wallboard_tui.sources.base import Unreadable

NAMED = 3
"""So many names are enough to know a file by."""


@dataclass(frozen=True, slots=True)
class FileCheck:
    """What looking at one file showed.

    ``which``: ``queue_log`` or ``cdr``. ``ok``: it can be followed. ``says``: what was found, a sentence. ``next``:
    what to do about it, empty when nothing has to be done. ``notes``: what one should know although it works.
    """

    which: str
    path: str
    ok: bool
    says: str
    next: str = ""
    notes: tuple[str, ...] = ()


def check_queue_log(path: Path, source: str, clock: Clock, queues: Collection[str] = ()) -> FileCheck:
    """Whether this is a queue_log that can be followed. ``queues``: names of those that the phone system has; where it
    tells of none of them it may be another one's, which a note says.
    """
    reader = QueueLog(source, clock)
    found = _checked("queue_log", path, reader, "Set queue_log in the general section of logger.conf.")
    told = sorted(reader.queues, key=str.casefold)
    if not found.ok or not told or not queues or reader.queues.intersection(queues):
        return found
    names = ", ".join(told[:NAMED]) + (f" and {len(told) - NAMED} more" if len(told) > NAMED else "")
    note = f"It tells of the queues {names}, and this phone system has none of them: is it another one's?"
    return replace(found, notes=(*found.notes, note))


def check_cdr(path: Path, source: str, clock: Clock, zone: tzinfo | None = None, local: tzinfo = UTC) -> FileCheck:
    """Whether this is a CDR file that can be followed; notes tell about uniqueids and time zone."""
    reader = Cdr(source, zone, local=local, clock=clock)
    return _checked("cdr", path, reader, "Name the Master.csv that cdr_csv writes (usually under /var/log/asterisk).")


def _checked(which: str, path: Path, reader: Reader, otherwise: str) -> FileCheck:
    def no(says: str, next_step: str) -> FileCheck:
        return FileCheck(which, str(path), False, says, next_step)

    if path.is_dir():
        return no(f"{path} is a directory.", "Name the file in it.")
    if not path.exists():
        if path.parent.is_dir():
            step = f"It is followed as soon as it is there. {otherwise}"
            return FileCheck(which, str(path), True, f"There is no {path} yet.", step)
        return no(f"There is no {path}.", "Check the path.")
    try:
        piece = next(read_lines(path), None)
    except Unreadable as error:
        says, _, next_step = str(error).partition(". ")
        return no(f"{says}.", next_step)
    if piece is None:
        return FileCheck(which, str(path), True, f"{path} is empty so far.")
    batch = reader.read(piece)
    used = batch.read - len(batch.refused)
    if not used:
        line = f"a line of a {'CDR' if which == 'cdr' else which}"
        return no(f"Nothing at the beginning of {path} is {line}.", f"Check the path. {otherwise}")
    notes = list(reader.finish().notes)
    if batch.refused:
        notes.append(f"{len(batch.refused)} of its first {batch.read} lines cannot be used: {batch.refused[0].reason}.")
    return FileCheck(which, str(path), True, f"{path} can be read.", notes=tuple(notes))
