"""Room ``reports``: on which line of a TOML file each key stands, so that a mistake can be pointed at.

tomlkit reads and keeps everything of a file but forgets where it stood. This walks the same text once more. It is
handed only text that tomlkit has already read without complaint, so it needs no errors of its own. Knows no other room.
"""

import re
from collections.abc import Iterator

Path = tuple[str | int, ...]
"""Keys and indices from the top of the file: ``("pages", 0, "rows", 1, "panes", 0, "pane")``."""

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_SCALAR = re.compile(r"[^\s,\]}#]+(?:[ ][0-9][^\s,\]}#]*)?")  # a date and its time may stand apart by one space
_ESCAPES = re.compile(r'\\(["\\])')


def line_numbers(text: str) -> dict[Path, int]:
    """Path of every table, key and array element -> its line, counted from 1."""
    return dict(_Walk(text.replace("\r\n", "\n")).statements())


def line_of(numbers: dict[Path, int], path: Path) -> int:
    """The line of a path or, where that is not written (a key that is missing), of the nearest table around it."""
    while path and path not in numbers:
        path = path[:-1]
    return numbers.get(path, 1)


class _Walk:
    """One pass over valid TOML. ``at`` is the position of the next character."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.arrays: dict[Path, int] = {}

    def statements(self) -> Iterator[tuple[Path, int]]:
        table: Path = ()
        while True:
            self._skip(newlines=True)
            if self.at >= len(self.text):
                return
            line = self._line()
            if self._peek() == "[":
                table = self._header()
                yield table, line
            else:
                yield from self._pair(table, line)

    def _line(self) -> int:
        return self.text.count("\n", 0, self.at) + 1

    def _peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def _skip(self, *, newlines: bool) -> None:
        blank = " \t\n\r" if newlines else " \t"
        while self.at < len(self.text):
            if self.text[self.at] in blank:
                self.at += 1
            elif self.text[self.at] == "#":
                end = self.text.find("\n", self.at)
                self.at = len(self.text) if end < 0 else end
            else:
                return

    def _header(self) -> Path:
        """``[table]`` or ``[[array of tables]]``: the path that the following keys belong to."""
        array = self.text.startswith("[[", self.at)
        self.at += 2 if array else 1
        path: Path = ()
        keys = self._dotted()
        for key in keys[:-1]:
            path = self._inside((*path, key))
        path = (*path, keys[-1])
        if array:
            self.arrays[path] = self.arrays.get(path, -1) + 1
            path = (*path, self.arrays[path])
            # A new element has arrays of its own, counted from 0 again.
            self.arrays = {known: n for known, n in self.arrays.items() if known[: len(path)] != path}
        self.at += 2 if array else 1
        return path

    def _inside(self, path: Path) -> Path:
        return (*path, self.arrays[path]) if path in self.arrays else path

    def _dotted(self) -> list[str]:
        keys = []
        while True:
            self._skip(newlines=False)
            keys.append(self._key())
            self._skip(newlines=False)
            if self._peek() != ".":
                return keys
            self.at += 1

    def _key(self) -> str:
        if self._peek() in "\"'":
            start = self.at
            self._string()
            return _ESCAPES.sub(r"\1", self.text[start + 1 : self.at - 1])
        found = _BARE.match(self.text, self.at)
        assert found is not None, "only text that was read before comes here"
        self.at = found.end()
        return found.group()

    def _pair(self, table: Path, line: int) -> Iterator[tuple[Path, int]]:
        path = (*table, *self._dotted())
        yield path, line
        self.at += 1  # the equals sign
        yield from self._value(path)

    def _value(self, path: Path) -> Iterator[tuple[Path, int]]:
        self._skip(newlines=True)
        match self._peek():
            case "[":
                yield from self._array(path)
            case "{":
                yield from self._inline(path)
            case '"' | "'":
                self._string()
            case _:
                found = _SCALAR.match(self.text, self.at)
                self.at = found.end() if found else self.at + 1

    def _array(self, path: Path) -> Iterator[tuple[Path, int]]:
        self.at += 1
        index = 0
        while True:
            self._skip(newlines=True)
            if self._peek() == "]":
                self.at += 1
                return
            yield (*path, index), self._line()
            yield from self._value((*path, index))
            index += 1
            self._skip(newlines=True)
            if self._peek() == ",":
                self.at += 1

    def _inline(self, path: Path) -> Iterator[tuple[Path, int]]:
        self.at += 1
        while True:
            self._skip(newlines=True)
            if self._peek() == "}":
                self.at += 1
                return
            yield from self._pair(path, self._line())
            self._skip(newlines=True)
            if self._peek() == ",":
                self.at += 1

    def _string(self) -> None:
        quote = self._peek()
        triple = quote * 3
        if self.text.startswith(triple, self.at):
            self.at = self._closing(triple, self.at + 3)
            while self._peek() == quote:  # up to two quotes may stand before the closing three
                self.at += 1
        else:
            self.at = self._closing(quote, self.at + 1)

    def _closing(self, mark: str, start: int) -> int:
        at = start
        while not self.text.startswith(mark, at):
            at += 2 if mark[0] == '"' and self.text[at] == "\\" else 1
        return at + len(mark)
