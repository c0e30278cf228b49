"""Room ``tui``, drawing: curves, in one line or as columns."""

from collections.abc import Sequence

from wallboard_tui.tui.drawing.glyphs import Glyphs
from wallboard_tui.tui.drawing.lines import merged
from wallboard_tui.tui.look import Line, Span


def sparkline(values: Sequence[float | None], w: int, glyphs: Glyphs, top: float | None = None) -> str:
    """Values as one line of exactly ``w`` cells, oldest at the left; each value takes equally many cells.

    The scale starts at 0 and ends at ``top`` or the largest value, so that curves of one scale can be compared.
    ``None`` (nothing known) is blank; 0 is the lowest mark. Where there is no room for all values, the newest are
    drawn.
    """
    if w <= 0:
        return ""
    shown = list(values)[-w:]
    if not shown:
        return " " * w
    known = [value for value in shown if value is not None]
    highest = max([top or 0.0, *known, 0.0])
    each = w // len(shown)
    marks = glyphs.ticks
    text = ""
    for value in shown:
        if value is None:
            text += " " * each
            continue
        share = max(0.0, value) / highest if highest > 0 else 0.0
        index = 0 if value <= 0 else 1 + min(len(marks) - 2, int(share * (len(marks) - 1)))
        text += marks[min(index, len(marks) - 1)] * each
    return text.ljust(w)[:w]


def unfinished(row: str, count: int, role: str) -> Line:
    """One row of a curve of ``count`` values, of which the last is still running: drawn in ``<role>.running``, so that
    it does not look like a fall."""
    shown = min(count, len(row))
    end = shown * (len(row) // shown) if shown else 0
    start = end - (len(row) // shown if shown else 0)
    return merged([Span(row[:start], role), Span(row[start:end], f"{role}.running"), Span(row[end:], role)])


def bar(share: float, w: int, glyphs: Glyphs) -> str:
    """A filled bar of exactly ``w`` cells for a share from 0 to 1."""
    if w <= 0:
        return ""
    full, empty = ("#", ".") if glyphs.ascii else ("█", "░")
    filled = round(max(0.0, min(1.0, share)) * w)
    return full * filled + empty * (w - filled)


def chart(values: Sequence[float | None], w: int, h: int, glyphs: Glyphs, top: float | None = None) -> list[str]:
    """The same as columns over ``h`` lines, for walls that have the room; columns that are wide stand apart."""
    if h <= 1:
        return [sparkline(values, w, glyphs, top)][: max(0, h)]
    shown = list(values)[-w:] if w > 0 else []
    if not shown:
        return [" " * max(0, w)] * h
    highest = max([top or 0.0, *(value for value in shown if value is not None), 0.0])
    marks = " " + glyphs.ticks if not glyphs.ascii else " _#"
    steps = len(marks) - 1
    each = w // len(shown)
    gap = 0 if each < 3 else max(1, each // 6)
    lines = []
    for row in range(h - 1, -1, -1):
        text = ""
        for value in shown:
            share = max(0.0, value) / highest if value is not None and highest > 0 else 0.0
            filled = share * h * steps - row * steps
            low = 1 if row == 0 and value is not None else 0
            text += marks[max(low, min(steps, round(filled)))] * (each - gap) + " " * gap
        lines.append(text.ljust(w)[:w])
    return lines
