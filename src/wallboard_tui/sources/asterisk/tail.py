"""Room ``sources``: follows a file that grows and rotates. Input only; ``QueueLog`` and ``Cdr`` know the formats.

A position is ``{inode, offset, line, head}``: which file, how far, and how that file begins, so that a reused inode
or a truncated and regrown file is not taken for the old one. Reading something twice is harmless, missing something
is not: when in doubt a file is read from its beginning.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from datetime import UTC, tzinfo
from pathlib import Path
from typing import BinaryIO

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.cdr import Cdr
from wallboard_tui.sources.asterisk.lines import CHUNK, Lines, Reader, split
from wallboard_tui.sources.asterisk.queue_log import QueueLog
from wallboard_tui.sources.asterisk.times import Clock
from wallboard_tui.sources.base import Batch, Unreadable

HEAD = 64
"""Bytes of a file's beginning that tell it from another."""


class Tail:
    """Whole lines of a growing file, in order, through renames and truncations.

    ``position``: where an earlier ``Tail`` stopped; ``None``: from the beginning.
    """

    def __init__(self, path: Path, position: Doc | None = None) -> None:
        self.path = path
        self.notes: list[str] = []
        self._file: BinaryIO | None = None
        self._offset = 0
        self._line = 1
        self._waiting: list[Path] = []
        self._gone = False
        self._wanted = position

    @property
    def position(self) -> Doc | None:
        """Where to go on another time, after everything read so far is safe."""
        if self._file is None:
            return self._wanted
        inode = os.fstat(self._file.fileno()).st_ino
        return {"inode": inode, "offset": self._offset, "line": self._line, "head": self._head(self._file).hex()}

    def close(self) -> None:
        """Let go of the file."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def read(self) -> Lines | None:
        """The next whole lines, at most about a megabyte; ``None`` when there is nothing new.

        A last line without an end waits, unless its file was rotated away. Raises ``Unreadable`` when the file may not
        be read; a file that does not exist (yet) has nothing new.
        """
        if self._file is None and not self._open():
            return None
        file = self._file
        assert file is not None
        size = os.fstat(file.fileno()).st_size
        if size < self._offset:
            self._offset, self._line = 0, 1
        file.seek(self._offset)
        data = file.read(CHUNK)
        cut = data.rfind(b"\n") + 1
        if cut or len(data) == CHUNK:
            self._gone = False
            return self._lines(data[: cut or CHUNK], size)
        if not self._rotated():
            return None
        if not self._gone:
            # Whoever writes may hold the renamed file a moment longer: look once more before leaving it.
            self._gone = True
            return None
        last = self._lines(data, size) if data else None
        self._next()
        return last or self.read()

    def _lines(self, data: bytes, size: int) -> Lines:
        piece = split(str(self.path), self._line, data)
        self._offset += len(data)
        self._line += len(piece.lines)
        piece.done, piece.total = self._offset, size
        return piece

    def _open(self) -> bool:
        """Open the file to read next: where the position says, or from the beginning."""
        wanted, self._wanted = self._wanted, None
        found = self._find(wanted) if wanted else None
        path = found or (self._waiting.pop(0) if self._waiting else self.path)
        try:
            self._file = path.open("rb")
        except FileNotFoundError:
            self._wanted = wanted
            return False
        except OSError as error:
            raise Unreadable(f"{path} cannot be read: {error.strerror}. Check who may read it.") from error
        self._offset, self._line, self._gone = 0, 1, False
        if found and wanted:
            self._offset, self._line = int(wanted["offset"]), int(wanted["line"])
            if found != self.path:
                self._waiting = _newer(self.path, found)
        return True

    def _find(self, wanted: Doc) -> Path | None:
        """The file a position is about, under whatever name it has now."""
        for path in (self.path, *_siblings(self.path)):
            try:
                with path.open("rb") as file:
                    status = os.fstat(file.fileno())
                    head = bytes.fromhex(wanted["head"])
                    same = status.st_ino == wanted["inode"] and status.st_size >= wanted["offset"]
                    if same and file.read(len(head)) == head:
                        return path
            except OSError:
                continue
        if self.path.exists():
            self.notes.append(
                f"{self.path} was rotated or replaced while nobody read it; it is read from its beginning. "
                "Import the rotated file too, if there is one."
            )
        return None

    def _rotated(self) -> bool:
        """Whether the open file is no longer the newest, or was truncated and grew again."""
        assert self._file is not None
        if self._waiting:
            return True
        try:
            return self.path.stat().st_ino != os.fstat(self._file.fileno()).st_ino
        except FileNotFoundError:
            return False

    def _next(self) -> None:
        """Go on to the next file: the one rotated after this one, where that happened more than once meanwhile."""
        assert self._file is not None
        if not self._waiting:
            inode = os.fstat(self._file.fileno()).st_ino
            here = next((other for other in _siblings(self.path) if other.stat().st_ino == inode), None)
            self._waiting = _newer(self.path, here) if here is not None else []
        self.close()
        self._gone = False
        self._open()

    def _head(self, file: BinaryIO) -> bytes:
        return os.pread(file.fileno(), min(HEAD, self._offset), 0)


def _siblings(path: Path) -> list[Path]:
    """Rotated files beside a file (``queue_log.1``, ``queue_log-20260101``), oldest first."""
    found = [other for other in path.parent.glob(f"{path.name}?*") if other.is_file()]
    return sorted(found, key=lambda other: other.stat().st_mtime)


def _newer(path: Path, than: Path) -> list[Path]:
    """Files to read after a rotated one: those rotated later, unless compressed; then the file itself."""
    since = than.stat().st_mtime
    later = [p for p in _siblings(path) if p != than and p.stat().st_mtime > since and p.suffix not in (".gz", ".xz")]
    return [*later, path]


async def follow(tail: Tail, reader: Reader, poll_s: float = 0.5) -> AsyncIterator[Batch]:
    """Batches of a growing file, forever. Raises ``Unreadable`` when it may not be read (any more)."""
    unfinished = True
    try:
        while True:
            piece = await asyncio.to_thread(tail.read)
            if piece is not None:
                batch = await asyncio.to_thread(reader.read, piece)
                unfinished = unfinished or bool(batch.restarts)
                yield _at(batch, tail)
            elif unfinished:
                unfinished = False
                yield _at(reader.finish(), tail)
            else:
                await asyncio.sleep(poll_s)
    finally:
        tail.close()


def _at(batch: Batch, tail: Tail) -> Batch:
    batch.file = str(tail.path)
    batch.position = tail.position
    batch.notes += tail.notes
    tail.notes = []
    return batch


def tail_queue_log(
    path: Path, source: str, *, position: Doc | None = None, poll_s: float = 0.5, clock: Clock | None = None
) -> AsyncIterator[Batch]:
    """Follow a queue_log through its rotations. Give each batch's ``position`` back to go on after a restart."""
    return follow(Tail(path, position), QueueLog(source, clock), poll_s)


def tail_cdr(
    path: Path,
    source: str,
    *,
    zone: tzinfo | None = None,
    local: tzinfo = UTC,
    position: Doc | None = None,
    poll_s: float = 0.5,
    clock: Clock | None = None,
) -> AsyncIterator[Batch]:
    """Follow a CDR file. When it is taken up in the middle its header, if it has one, is read first."""
    reader = Cdr(source, zone, local=local, clock=clock)
    if position and path.exists():
        with path.open("rb") as file:
            reader.read(split(str(path), 1, file.readline()))
    return follow(Tail(path, position), reader, poll_s)
