"""Room ``tui``, drawing: tables whose columns fit. With little room the least important columns fall out, whole."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar, cast

from wallboard_tui.tui.drawing.lines import Block, blank, fitted, merged
from wallboard_tui.tui.drawing.text import figure, name
from wallboard_tui.tui.look import Line, Look, Size, Span

GAP = 2
BETWEEN = Span(" " * GAP)
EMPTY = "", "text"


@dataclass(frozen=True)
class Column:
    """One column. ``low`` and ``high``: least and most cells; ``weight``: 0 must stay, higher ones fall out first."""

    key: str
    title: str
    low: int
    high: int
    weight: int = 0
    align: str = "left"
    kind: str = "name"
    """``name``: ends with an ellipsis where it has no room; ``figure``: never cut."""


def columns_that_fit(columns: Sequence[Column], w: int) -> list[tuple[Column, int]]:
    """The columns that have room in ``w`` cells, in their order, with their widths; the widths fill at most ``w``."""
    kept = list(columns)
    while len(kept) > 1 and sum(column.low for column in kept) + GAP * (len(kept) - 1) > w:
        kept.remove(max(reversed(kept), key=lambda column: column.weight))
    widths = {column.key: min(column.low, max(1, w)) for column in kept}
    spare = w - sum(widths.values()) - GAP * (len(kept) - 1)
    # Names gain most from room to spare; figures are complete anyway.
    for kind in ("name", "figure"):
        spare = _grown(widths, [column for column in kept if column.kind == kind], spare)
    return [(column, widths[column.key]) for column in kept]


def _grown(widths: dict[str, int], columns: Sequence[Column], spare: int) -> int:
    """Shares out cells among columns, each up to its highest; returns what nobody wants."""
    while spare > 0:
        growing = [column for column in columns if widths[column.key] < column.high]
        if not growing:
            break
        share = max(1, spare // len(growing))
        for column in growing:
            more = min(share, column.high - widths[column.key], spare)
            widths[column.key] += more
            spare -= more
    return spare


Cell = tuple[str, str] | Line
"""Text and role; or spans, whose text is as it should be."""
Cells = Mapping[str, Cell]
"""A row's cells, by column key."""


T = TypeVar("T")


class Rows(Protocol):
    """A table's rows by their place; only those that are drawn are looked at."""

    def __len__(self) -> int: ...

    def __getitem__(self, index: int, /) -> Cells: ...


@dataclass(frozen=True)
class Lazily(Generic[T]):
    """Rows whose cells are made when they are drawn: of a list of hundreds a screen shows dozens."""

    values: Sequence[T]
    cells: Callable[[T], Cells]

    def __len__(self) -> int:
        return len(self.values)

    def __getitem__(self, index: int, /) -> Cells:
        return self.cells(self.values[index])


def row_line(cells: Cells, columns: Sequence[tuple[Column, int]], w: int, look: Look, over: str = "") -> Line:
    """One row of a table in exactly ``w`` cells; ``over`` is a role laid over the whole row (``selected``)."""
    spans: list[Span] = []
    for column, room in columns:
        if spans:
            spans.append(BETWEEN)
        cell = cells.get(column.key, EMPTY)
        first = cell[0] if cell else None
        # Not by a pattern of `match`: every cell of every row comes through here.
        if isinstance(first, str):
            shape = name if column.kind == "name" else figure
            spans.append(Span(shape(first, room, look.glyphs, column.align), cast("str", cell[1])))
        else:
            spans += fitted(cast("Line", cell), room)
    result = fitted(spans, w)
    return tuple(Span(span.text, f"{span.style}+{over}") for span in result) if over else result


def header_line(
    columns: Sequence[tuple[Column, int]], w: int, look: Look, sorted_by: str = "", descending: bool = True
) -> Line:
    """The columns' titles; the one that is sorted by has an arrow."""
    arrow = look.glyphs.down if descending else look.glyphs.up
    cells = {
        column.key: (f"{column.title} {arrow}" if column.key == sorted_by else column.title, "header")
        for column, _ in columns
    }
    named = [(Column(c.key, c.title, c.low, c.high, align=c.align, kind="name"), room) for c, room in columns]
    return merged(Span(span.text, "header") for span in row_line(cells, named, w, look))


def window(count: int, h: int, cursor: int | None) -> range:
    """Which of ``count`` rows are drawn in ``h`` lines: the page that holds the cursor, so that moving it redraws
    little."""
    if h <= 0 or count <= 0:
        return range(0)
    if count <= h:
        return range(count)
    at = max(0, min(cursor or 0, count - 1))
    start = min(at // h * h, count - h)
    return range(start, start + h)


def table(
    rows: Rows,
    columns: Sequence[Column],
    size: Size,
    look: Look,
    *,
    cursor: int | None = None,
    sorted_by: str = "",
    descending: bool = True,
) -> Block:
    """A table of exactly that size: titles, then the page of rows that holds the cursor, then what is left unsaid."""
    if size.h <= 0:
        return []
    chosen = columns_that_fit(columns, size.w)
    lines: Block = []
    if size.h > 1:
        lines.append(header_line(chosen, size.w, look, sorted_by, descending))
    page = page_of(len(rows), size.h, cursor)
    for index in page:
        over = "selected" if index == cursor else ""
        lines.append(row_line(rows[index], chosen, size.w, look, over))
    if len(page) < len(rows) and len(lines) < size.h:
        lines.append(fitted([Span(unsaid(page, len(rows), look), "dim")], size.w))
    return lines + [blank(size.w)] * (size.h - len(lines))


def page_of(count: int, h: int, cursor: int | None) -> range:
    """The rows of a table in ``h`` lines: below the titles, and above the line that says what is left out."""
    room = h - 1 if h > 1 else h
    return window(count, room - 1 if count > room > 1 else room, cursor)


def row_at(y: int, count: int, h: int, cursor: int | None) -> int | None:
    """The place of the row in line ``y`` of such a table; ``None`` where there is none."""
    page = page_of(count, h, cursor)
    index = page.start + y - (1 if h > 1 else 0)
    return index if index in page else None


def column_at(x: int, columns: Sequence[Column], w: int) -> str:
    """The key of the column in cell ``x`` of a table of that width; the gap behind a column belongs to it."""
    end = 0
    for column, room in columns_that_fit(columns, w):
        end += room + GAP
        if 0 <= x < end:
            return column.key
    return ""


def unsaid(page: range, count: int, look: Look) -> str:
    """What a page leaves out: ``+12 more``, or where the page stands."""
    if page.start == 0:
        return f"+{count - len(page)} more"
    dash = "-" if look.glyphs.ascii else "–"
    return f"{page.start + 1}{dash}{page.stop} of {count}"
