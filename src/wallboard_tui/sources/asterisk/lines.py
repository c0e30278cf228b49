"""Room ``sources``: bytes of a file, compressed or not, as numbered lines. Input only; knows gz and xz, no format."""

from __future__ import annotations

import lzma
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO, Protocol

from wallboard_tui.sources.base import UTF8, Batch, Refused, Unreadable, not_in

CHUNK = 1 << 20
PIECE = 1 << 10
"""Compressed bytes at a time: where the data is damaged, no more than these are lost with it."""
LONGEST = 1 << 16
"""Bytes of the longest line that can be meant seriously."""


@dataclass(slots=True)
class Lines:
    """Consecutive lines of one file: ``first`` is the number of the first, counted from 1."""

    file: str
    first: int
    lines: list[str]
    """Without line ends. A line that could not be decoded is empty here and stands in ``refused``."""
    refused: list[Refused] = field(default_factory=list)
    done: int = 0
    total: int = 0


class Reader(Protocol):
    """What makes batches of lines."""

    def read(self, piece: Lines) -> Batch:
        """What consecutive lines say."""

    def finish(self) -> Batch:
        """What all lines so far say together."""


def read_files(paths: Iterable[Path], reader: Reader, encoding: str = UTF8) -> Iterator[Batch]:
    """Batches of whole files, one after the other, and at last what all of them say together.

    Raises ``Unreadable`` when a file cannot be opened.
    """
    files = [Path(path) for path in paths]
    sizes = {path: path.stat().st_size if path.is_file() else 0 for path in files}
    before, total = 0, sum(sizes[path] for path in files)
    for path in files:
        for piece in read_lines(path, encoding):
            batch = reader.read(piece)
            batch.file = piece.file
            batch.refused.sort(key=lambda refused: refused.line)
            batch.done, batch.total = before + piece.done, total
            yield batch
        before += sizes[path]
    last = reader.finish()
    last.done = last.total = total
    yield last


def read_lines(path: Path, encoding: str = UTF8) -> Iterator[Lines]:
    """All lines of a file, about a megabyte at a time. Raises ``Unreadable`` when it cannot be opened.

    Of a compressed file that is damaged or cut off, every whole line before that is given, and the place is refused.
    """
    name = str(path)
    try:
        if path.exists() and not path.is_file():
            # A pipe would be waited for, and can be read once only; what is read again later must be there again.
            raise Unreadable(f"{name} is no regular file. Write what it gives into a file, then import that.")
        raw: BinaryIO = path.open("rb")
        total = path.stat().st_size
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}. Check the path and who may read it.") from error
    with raw:
        stream = _Stream(raw)
        rest, number = b"", 1
        while True:
            chunk = stream.read()
            data = rest + chunk
            cut = data.rfind(b"\n") + 1
            if not (chunk or stream.broken):
                cut = len(data)
            data, rest = data[:cut], data[cut:]
            if len(rest) > LONGEST:
                rest = rest[: LONGEST + 1]  # more of it is not needed to refuse it, however long it goes on
            if data:
                piece = split(name, number, data, encoding)
                piece.done, piece.total = (raw.tell() if chunk else total), total
                number += len(piece.lines)
                yield piece
            if stream.broken and not chunk:
                text = shown(rest.decode(errors="replace"))
                reason = f"the compressed data is damaged or cut off here ({stream.broken})"
                yield Lines(name, number, [""], [Refused(name, number, text, reason)], total, total)
            if not chunk:
                return


class _Stream:
    """The bytes of a file, decompressed where it is gz or xz, also when several of these stand one after the other.

    What can be decompressed is given, up to the place where that ends; ``broken`` then says why.
    """

    def __init__(self, raw: BinaryIO) -> None:
        self._raw = raw
        magic = raw.read(6)
        raw.seek(0)
        self._new: Callable[[], _Decompressor] | None = None
        if magic.startswith(b"\x1f\x8b"):
            self._new = _Gz
        elif magic == b"\xfd7zXZ\x00":
            self._new = lzma.LZMADecompressor
        self._now = self._new() if self._new else None
        self._begun = False
        self._unused = b""
        self.broken = ""

    def read(self) -> bytes:
        """About a megabyte; nothing at the end, or when the rest cannot be read."""
        if self._new is None:
            return self._raw.read(CHUNK)
        pieces: list[bytes] = []
        size = 0
        while size < CHUNK and not self.broken:
            try:
                piece = self._piece()
            except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
                self.broken = str(error)
                break
            if piece is None:
                break
            pieces.append(piece)
            size += len(piece)
        return b"".join(pieces)

    def _piece(self) -> bytes | None:
        """What a little more of the file becomes; ``None`` at its end."""
        assert self._now is not None
        assert self._new is not None
        if self._now.eof:
            self._unused = self._now.unused_data
            self._now, self._begun = self._new(), False
        data, self._unused = self._unused or self._raw.read(PIECE), b""
        while not self._begun and data and not (data := data.lstrip(b"\0")):
            data = self._raw.read(PIECE)  # padding may stand between two of them, or at the end
        if not data:
            if self._begun:
                raise EOFError("its end is missing")
            return None
        self._begun = True
        return self._now.decompress(data)


class _Decompressor(Protocol):
    """What zlib and lzma have in common."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


def _Gz() -> _Decompressor:
    return zlib.decompressobj(wbits=31)


def split(file: str, first: int, data: bytes, encoding: str = UTF8) -> Lines:
    """Whole lines in bytes, decoded; those that are none, or hold binary data, are refused one by one."""
    if first == 1:
        data = data.removeprefix(b"\xef\xbb\xbf")
    if data.endswith(b"\n"):
        data = data[:-1]
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        text = ""
    if text and not _has_control(data):
        lines = text.split("\n")
        if max(map(len, lines)) <= LONGEST:
            return Lines(file, first, lines)
    result = Lines(file, first, [])
    for number, line in enumerate(data.split(b"\n"), first):
        result.lines.append(_decoded(file, number, line.removesuffix(b"\r"), encoding, result.refused))
    return result


_CONTROL = bytes(set(range(32)) - {9, 10}) + b"\x7f"


def _has_control(data: bytes) -> bool:
    return len(data.translate(None, _CONTROL)) != len(data)


def _is_utf16(line: bytes) -> bool:
    """Whether every other byte is 0 and those between are not, as in ASCII written as UTF-16 of either order."""
    even, odd = line[::2], line[1::2]
    few, many = sorted((even.count(0) / max(1, len(even)), odd.count(0) / max(1, len(odd))))
    return len(line) >= 8 and few < 0.2 and many > 0.6


def _decoded(file: str, number: int, line: bytes, encoding: str, refused: list[Refused]) -> str:
    reason = ""
    if len(line) > LONGEST:
        reason = "longer than any line can be"
    elif _is_utf16(line):
        reason = "UTF-16; convert the file to UTF-8 first, e.g. with iconv -f UTF-16 -t UTF-8"
    elif _has_control(line):
        reason = "binary data"
    else:
        try:
            return line.decode(encoding)
        except UnicodeDecodeError as error:
            reason = f"{not_in(encoding)} (byte {error.start + 1}); import the file with --encoding, e.g. latin1"
    refused.append(Refused(file, number, shown(line.decode(errors="replace")), reason))
    return ""


def shown(text: str) -> str:
    """The beginning of a line, fit for a report."""
    return "".join(char if char.isprintable() else "�" for char in text[:120])
