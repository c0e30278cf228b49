"""Room ``tui``, panes: how tiles share a rectangle: a grid of tiles, or one line for each queue where tiles have no
room."""

from collections.abc import Sequence
from dataclasses import replace

from wallboard_tui.tui.drawing.box import LEVEL_WORDS, frame, inside, message
from wallboard_tui.tui.drawing.lines import Block, aired, beside, shares
from wallboard_tui.tui.drawing.spark import sparkline, unfinished
from wallboard_tui.tui.drawing.table import Cell, Cells, Column, table
from wallboard_tui.tui.look import Look, Size
from wallboard_tui.tui.panes.figures import RANK, Shown, shown_role, shown_text
from wallboard_tui.tui.panes.frames import finished
from wallboard_tui.tui.panes.tiles import MIN_TILE, Tile, shape_of, ticked, tile

NO_QUEUES = (
    "No queue to show. Either none has been imported yet (wallboard import queues-conf), or none is among those "
    "that you may see: ask whoever gives out roles."
)


def draw_tiles(tiles: Sequence[Tile], now: float, title: str, size: Size, look: Look) -> Block:
    """All tiles in exactly that rectangle."""
    if not tiles:
        room = inside(size)
        return finished(frame(message(NO_QUEUES, room, look), size, look, title or "Queues"), size, look)
    current = [ticked(each, now) for each in tiles]
    count = max(2, *(len(str(each.waiting)) for each in current))
    columns = grid(len(current), size, count)
    if columns is None:
        return finished(_list(current, title, size, look), size, look)
    rows = -(-len(current) // columns)
    shape = shape_of(Size(size.w // columns, size.h // rows), count)
    lines: Block = []
    for row, height in enumerate(shares(size.h, [1] * rows)):
        members = current[row * columns : (row + 1) * columns]
        # The last row's tiles share what would stay empty.
        widths = shares(size.w, [1] * len(members))
        lines += beside(
            [tile(each, Size(w, height), look, shape) for each, w in zip(members, widths, strict=True)],
        )
    return finished(lines, size, look)


def grid(count: int, size: Size, digit_count: int = 2) -> int | None:
    """How many tiles stand side by side, so that their big figures are large and the last row is full; ``None``
    without room."""
    best, chosen = 0.0, None
    for columns in range(1, count + 1):
        rows = -(-count // columns)
        w, h = size.w // columns, size.h // rows
        if w < MIN_TILE.w or h < MIN_TILE.h:
            continue
        empty = (rows * columns - count) / (rows * columns)
        font = shape_of(Size(w, h), digit_count).font
        score = (min(w / 34, h / 8) + (font.height if font else 0)) * (1 - 0.4 * empty)
        if score > best:
            best, chosen = score, columns
    return chosen


_COLUMNS = (
    Column("level", "", 7, 7, weight=3),
    Column("name", "Queue", 13, 32),
    Column("waiting", "Waiting", 7, 7, align="right", kind="figure"),
    Column("longest_wait_now", "Longest", 7, 9, weight=1, align="right", kind="figure"),
    Column("service_level", "SL", 9, 13, weight=2, align="right", kind="figure"),
    Column("abandon_rate", "Abandoned", 9, 9, weight=4, align="right", kind="figure"),
    Column("available", "Available", 9, 9, weight=5, align="right", kind="figure"),
    Column("talking", "Talking", 7, 7, weight=6, align="right", kind="figure"),
    Column("asa", "ASA", 5, 9, weight=7, align="right", kind="figure"),
    Column("offered", "Offered", 7, 9, weight=8, align="right", kind="figure"),
    Column("trend", "Last 2 h", 8, 24, weight=9),
)


def _list(tiles: Sequence[Tile], title: str, size: Size, look: Look) -> Block:
    """One line for each queue. When not all have room, the worst come first, then those with most callers waiting."""
    room = inside(size)
    if len(tiles) + 1 > room.h:
        tiles = sorted(tiles, key=lambda each: (each.key is None, -RANK.get(each.level, 0), -each.waiting))
    labels = {each.label for tile in tiles for each in tile.figures if each.kpi == "service_level"}
    one = labels.pop() if len(labels) == 1 else "SL"
    wide = max(len(one), 19 if one == "SL" else 10)
    columns = [
        replace(column, title=one, low=wide, high=wide + 3) if column.key == "service_level" else column
        for column in (_columns_of_line_alone() if _nobody_says_why(tiles) else _COLUMNS)
    ]
    rows = [_row(each, one == "SL", look) for each in tiles]
    padded = Size(max(0, room.w - 2), room.h)
    lines = aired(table(rows, columns, padded, look))
    level = max((each.level for each in tiles), key=lambda level: RANK.get(level, 0), default="ok")
    return frame(lines, size, look, title or "Queues", level=level)


def _nobody_says_why(tiles: Sequence[Tile]) -> bool:
    """Whether no queue's phone system says why callers left."""
    return not any(each.kpi == "abandon_rate" for tile in tiles for each in tile.figures)


def _columns_of_line_alone() -> tuple[Column, ...]:
    """The columns where callers who left unanswered are all that is known."""
    return tuple(
        replace(column, key="unanswered_rate", title="Unanswered", low=10, high=10)
        if column.key == "abandon_rate"
        else column
        for column in _COLUMNS
    )


def _row(data: Tile, labelled: bool, look: Look) -> Cells:
    figures = {each.kpi: each for each in data.figures}
    cells: dict[str, Cell] = {kpi: (_said(figures[kpi], labelled, look), shown_role(figures[kpi])) for kpi in figures}
    word = f"{look.glyphs.level[data.level]} {LEVEL_WORDS[data.level]}" if data.level in LEVEL_WORDS else ""
    cells["level"] = (word, data.level)
    cells["name"] = (f"{data.name} (part)" if data.part else data.name, data.level if word else "name")
    waiting = figures.get("waiting")
    role = waiting.level if waiting and waiting.level in LEVEL_WORDS else "value" if data.waiting else "dim"
    cells["waiting"] = (str(data.waiting), role)
    if data.signed_in is not None:
        none = data.signed_in == 0
        cells["available"] = ("none in" if none else f"{data.available}/{data.signed_in}", "warn" if none else "text")
    cells.setdefault("abandon_rate", ("n/a", "dim"))
    cells["talking"] = (str(data.talking), "text" if data.talking else "dim")
    cells["trend"] = unfinished(sparkline(data.trend, len(data.trend), look.glyphs), len(data.trend), "spark")
    return cells


def _said(each: Shown, labelled: bool, look: Look) -> str:
    """A figure; with its own label when not all rows have the same one."""
    text = shown_text(each, look)
    return f"{text} {each.label.removeprefix('SL '):<7}" if labelled and each.kpi == "service_level" else text
