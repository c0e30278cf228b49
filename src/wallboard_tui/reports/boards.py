"""Room ``reports``: a board as a TOML file that people edit: written, read with every mistake named, changed in place.

May know ``model``; which queues, teams and themes exist is handed in.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT, Array

from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Board
from wallboard_tui.reports.board_rules import Known, misfits, strangers
from wallboard_tui.reports.lines import line_numbers, line_of
from wallboard_tui.reports.not_toml import not_toml

HEADING = """\
# A board of the wallboard. Edit it, then:  wallboard board check FILE   and   wallboard board import FILE
# Panes of a row stand side by side and share its width; rows share the height of their page.
"""


PARTIAL = """\
# Only what its reader may see of the board: queues, teams, thresholds and the audience that are hidden from them are
# not in it. To import it would delete these, so it is refused as long as the next line stands.
"""


HIDES = "this file holds only a part of its board, and importing it would delete the rest"
INSTEAD = "export the board as somebody who lays boards out; for a new board, change its key and take this line away"


@dataclass(frozen=True, slots=True)
class Mistake:
    """One thing in a board file that cannot stand: where (lines count from 1), why, and what is allowed instead."""

    file: str
    line: int
    reason: str
    allowed: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}" + (f" ({self.allowed})" if self.allowed else "")


class BoardMistakes(Exception):
    """A board file was refused. ``mistakes`` has one entry for each thing to mend, in the order of the file."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__("\n".join(map(str, self.mistakes)))


# ── writing ────────────────────────────────────────────────────────────


def to_toml(board: Doc, *, partial: bool = False) -> str:
    """The text of a board file, without what stands at its default; ``from_toml`` gives the same board back.

    ``partial``: something was taken out of the board for its reader. The file says so, and ``from_toml`` refuses it: to
    import it would delete what was hidden.
    """
    document = tomlkit.document()
    for line in (HEADING + PARTIAL if partial else HEADING).splitlines():
        document.add(tomlkit.comment(line.removeprefix("# ")))
    if partial:
        document["partial"] = True
    _write(document, {**({"partial": True} if partial else {}), **_written(board)})
    return tomlkit.dumps(document)


def edited(text: str, board: Doc) -> str:
    """The text of a board file brought up to date: values change where they stand, comments and order survive.

    Raises ``BoardMistakes`` when ``text`` is not TOML.
    """
    document = _parse(text, "the file")
    _write(document, _written(board))
    return tomlkit.dumps(document)


def _written(board: Doc) -> Doc:
    return Board.load(board).dump()


def _write(table: Any, values: Mapping[str, Any]) -> None:
    """Make ``table`` hold exactly ``values``, touching only what differs. Tables go last, as TOML wants it."""
    for gone in [key for key in table if key not in values]:
        del table[str(gone)]
    plain_first = sorted(values.items(), key=lambda item: isinstance(item[1], dict) or _is_tables(item[1]))
    for key, value in plain_first:
        if key not in table:
            table[key] = _fresh(key, value)
        elif isinstance(value, dict) and isinstance(table[key], dict):
            _write(table[key], value)
        elif _is_tables(value) and isinstance(table[key], AoT | Array):
            _write_list(table[key], key, value)
        elif _plain(table[key]) != value:
            table[key] = value


def _write_list(items: Any, key: str, values: list[Doc]) -> None:
    for item, value in zip(items, values, strict=False):
        _write(item, value)
    while len(items) > len(values):
        del items[len(items) - 1]
    for value in values[len(items) :]:
        items.append(_inline(value) if isinstance(items, Array) else _fresh_table(value))


def _fresh(key: str, value: Any) -> Any:
    if key == "panes":  # one pane a line, so that a row reads like the row on the screen
        panes = tomlkit.array().multiline(True)
        for pane in value:
            panes.append(_inline(pane))
        return panes
    if _is_tables(value):
        tables = tomlkit.aot()
        for each in value:
            tables.append(_fresh_table(each))
        return tables
    return _fresh_table(value) if isinstance(value, dict) else tomlkit.item(value)


def _fresh_table(value: Doc) -> Any:
    table = tomlkit.table()
    _write(table, value)
    return table


def _inline(value: Doc) -> Any:
    table = tomlkit.inline_table()
    table.update(value)
    return table


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(each, dict) for each in value)


def _plain(item: Any) -> Any:
    return item.unwrap() if hasattr(item, "unwrap") else item


# ── reading ────────────────────────────────────────────────────────────


def from_toml(text: str, file: str, known: Known | None = None) -> Board:
    """The board that a file describes. Raises ``BoardMistakes`` with everything that is wrong with it."""
    document = _parse(text, file)
    values = document.unwrap()
    numbers = line_numbers(text)
    if values.pop("partial", False):
        raise BoardMistakes([Mistake(file, line_of(numbers, ("partial",)), HIDES, INSTEAD)])
    mistakes = [
        Mistake(file, line_of(numbers, path), reason, allowed)
        for path, reason, allowed in (*misfits(values), *strangers(values, known or Known()))
    ]
    if mistakes:
        raise BoardMistakes(sorted(set(mistakes), key=lambda mistake: (mistake.line, mistake.reason)))
    return Board.load(values)


def _parse(text: str, file: str) -> tomlkit.TOMLDocument:
    try:
        tomllib.loads(text)  # which knows the line of every mistake; tomlkit does not of a key that stands there twice
        return tomlkit.parse(text)
    except tomllib.TOMLDecodeError as error:
        line, reason = not_toml(error, text)
    except TOMLKitError as error:
        line, reason = 1, str(error).rstrip(".")
    raise BoardMistakes([Mistake(file, line, f"this is not TOML: {reason}")])
