"""Room ``cli``: how answers are printed: JSON, tables, a progress bar. Knows the standard streams only."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from wallboard_tui.cli.streams import has_every_letter


def print_json(value: Any) -> None:
    """One JSON value on standard output, readable by people too. NaN and infinities never leave the program."""
    print(json.dumps(value, ensure_ascii=not has_every_letter(sys.stdout), indent=2, allow_nan=False))


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> None:
    """Columns as wide as their longest cell, those whose index is in ``right`` with their ends below each other."""
    from rich.cells import cell_len

    widths = [max(map(cell_len, column)) for column in zip(headings, *rows, strict=True)]

    def padded(index: int, cell: str) -> str:
        room = " " * (widths[index] - cell_len(cell))
        return room + cell if index in right else cell + room

    for row in (headings, *rows):
        print("  ".join(padded(index, cell) for index, cell in enumerate(row)).rstrip())


def counted(number: int, thing: str, things: str = "") -> str:
    """``1 line``, ``1,991 lines``."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


class Progress(Protocol):
    """Told how far a piece of long work has come, ``total`` in the same unit; 0 while nobody knows."""

    def __call__(self, what: str, done: float, total: float) -> None: ...


def _silent(what: str, done: float, total: float) -> None:
    """Nobody looks: a script, a log."""


@contextmanager
def progress_bar(*, wanted: bool = True) -> Iterator[Progress]:
    """A bar on standard error while the body runs, gone afterwards; silence when that is no terminal."""
    if not (wanted and sys.stderr.isatty()):
        yield _silent
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True, refresh_per_second=8) as bar:
        task = bar.add_task("", total=None)

        def told(what: str, done: float, total: float) -> None:
            bar.update(task, description=what, completed=done, total=total or None)

        yield told
