"""Room ``sources``: bytes of a file, compressed or not, as numbered lines. Input only; knows gz and xz, no format."""

from __future__ import annotations

import gzip
import lzma
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from wallboard_tui.sources.base import Refused, Unreadable

CHUNK = 1 << 20
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


def read_lines(path: Path) -> Iterator[Lines]:
    """All lines of a file, about a megabyte at a time. Raises ``Unreadable`` when it cannot be opened."""
    name = str(path)
    try:
        raw: BinaryIO = path.open("rb")
        total = path.stat().st_size
    except OSError as error:
        raise Unreadable(f"{name} cannot be read: {error.strerror}. Check the path and who may read it.") from error
    with raw:
        stream = _decompressed(raw)
        rest, number = b"", 1
        while True:
            broken = ""
            try:
                chunk = stream.read(CHUNK)
            except (OSError, EOFError, lzma.LZMAError, zlib.error) as error:
                chunk, broken = b"", f"the compressed data is damaged or cut off here ({error})"
            data = rest + chunk
            cut = data.rfind(b"\n") + 1 if chunk and len(data) < LONGEST + CHUNK else len(data)
            data, rest = data[:cut], data[cut:]
            if data:
                piece = split(name, number, data)
                piece.done, piece.total = (raw.tell() if chunk else total), total
                number += len(piece.lines)
                yield piece
            if broken:
                yield Lines(name, number, [], [Refused(name, number, "", broken)], total, total)
            if not chunk:
                return


def _decompressed(raw: BinaryIO) -> BinaryIO | gzip.GzipFile | lzma.LZMAFile:
    magic = raw.read(6)
    raw.seek(0)
    if magic.startswith(b"\x1f\x8b"):
        return gzip.GzipFile(fileobj=raw)
    if magic == b"\xfd7zXZ\x00":
        return lzma.LZMAFile(raw)
    return raw


def split(file: str, first: int, data: bytes) -> Lines:
    """Whole lines in bytes, decoded as UTF-8; those that are none, or hold binary data, are refused one by one."""
    if first == 1:
        data = data.removeprefix(b"\xef\xbb\xbf")
    if data.endswith(b"\n"):
        data = data[:-1]
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = ""
    if text and not _has_control(data):
        return Lines(file, first, text.split("\n"))
    result = Lines(file, first, [])
    for number, line in enumerate(data.split(b"\n"), first):
        result.lines.append(_decoded(file, number, line.removesuffix(b"\r"), result.refused))
    return result


_CONTROL = bytes(set(range(32)) - {9, 10}) + b"\x7f"


def _has_control(data: bytes) -> bool:
    return len(data.translate(None, _CONTROL)) != len(data)


def _decoded(file: str, number: int, line: bytes, refused: list[Refused]) -> str:
    reason = ""
    if _has_control(line):
        reason = "binary data"
    else:
        try:
            return line.decode()
        except UnicodeDecodeError as error:
            reason = f"not UTF-8 (byte {error.start + 1}); convert the file, e.g. with iconv -f latin1 -t utf8"
    if len(line) > LONGEST:
        reason = "longer than any line can be"
    refused.append(Refused(file, number, shown(line.decode(errors="replace")), reason))
    return ""


def shown(text: str) -> str:
    """The beginning of a line, fit for a report."""
    return "".join(char if char.isprintable() else "�" for char in text[:120])
