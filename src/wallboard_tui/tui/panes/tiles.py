"""Room ``tui``, panes: queue tiles. Draws one tile in whatever room there is; knows nothing of views.

What is read from afar stands largest: how many callers wait. Beside it the figures that say how bad that is, below
it the curve of the last two hours. More room makes the digits larger, then adds figures, then makes the curve
higher.
"""

from dataclasses import dataclass, replace

from wallboard_tui.tui.drawing import digits
from wallboard_tui.tui.drawing.box import badge, frame, inside
from wallboard_tui.tui.drawing.lines import Block, aired, beside, blank, exactly, fitted, merged
from wallboard_tui.tui.drawing.spark import chart, sparkline, unfinished
from wallboard_tui.tui.drawing.text import clean, figure, name, pad
from wallboard_tui.tui.look import Line, Look, Size, Span, cells
from wallboard_tui.tui.panes.figures import Shown, longest_now, shown_role, shown_text, signed

MIN_TILE = Size(28, 6)
GAP = 3
FIGURES_W, BIG_FIGURES_W, BIG_LABEL_W = 30, 42, 14
"""Cells of the figures beside the big one: no wider, or a value would stand too far from its label."""
MIN_CHART_W = 24
LEAST_TOP = 4.0
"""Calls in a quarter that the curve's top stands for at least: one call in a quiet queue is no mountain."""


@dataclass(frozen=True)
class Tile:
    """What one queue's tile says; ``key is None``: all queues of the pane together."""

    key: str | None
    name: str
    waiting: int
    oldest: float | None
    """When the caller who waits longest entered the queue."""
    talking: int
    available: int | None
    """Agents signed in to it who could take a call now; ``None``: the person may not see all of them."""
    signed_in: int | None
    figures: tuple[Shown, ...]
    """In the order of their importance; ``waiting`` and ``longest_wait_now`` first."""
    level: str
    trend: tuple[float | None, ...]
    """Callers offered in each quarter of the last two hours, the running one last."""
    change: float | None = None
    """Points by which the service level differs from yesterday's at this time of day."""
    part: bool = False
    """Whether the queue is not the person's to see, and only calls of it are: those of a team's agents, say."""


def ticked(data: Tile, now: float) -> Tile:
    """The tile at another moment: the longest wait runs on."""
    if data.oldest is None:
        return data
    fresh = longest_now(data.oldest, now)
    return replace(
        data,
        figures=tuple(
            replace(fresh, level=each.level) if each.kpi == "longest_wait_now" else each for each in data.figures
        ),
    )


@dataclass(frozen=True)
class Shape:
    """How all tiles of a pane are laid out: they look the same though some are a little larger than others."""

    size: Size
    """Of the smallest tile."""
    font: digits.Font | None
    """Size of the big figure; ``None`` when there is no room for one."""
    digit_count: int
    upright: bool = False
    """The figures stand below the big one, not beside it."""


UPRIGHT_H, UPRIGHT_BIG_H, UPRIGHT_BIG_W = 6, 17, 34
"""Lines that have to be left below the big figure: for figures in a line each; for big ones and the curve, in tiles
that wide."""


def shape_of(size: Size, digit_count: int) -> Shape:
    """The layout with the larger big figure: beside the others, or above them in tiles that are narrow and tall."""
    room = inside(size)
    w = room.w - 2
    flat = digits.best(min(w * 45 // 100, w - 18), room.h - 1, digit_count) if room.h >= 4 else None
    below = UPRIGHT_BIG_H if w >= UPRIGHT_BIG_W and room.h - 2 - UPRIGHT_BIG_H >= digits.HUGE.height else UPRIGHT_H
    upright = digits.best(w, room.h - 2 - below, digit_count)
    if upright is not None and upright.height > (flat.height if flat else 0):
        return Shape(size, upright, digit_count, upright=True)
    return Shape(size, flat, digit_count)


def tile(data: Tile, size: Size, look: Look, shape: Shape) -> Block:
    """A framed tile of exactly that size in the shape that all tiles of the pane have."""
    room = inside(Size(size.w, min(size.h, shape.size.h)))
    content = _content(data, Size(room.w - 2, room.h), look, shape)
    return frame(
        aired(content),
        size,
        look,
        data.name,
        right=badge(data.level, look),
        bottom=_agents(data, size.w - 8, look),
        level=data.level,
    )


def _agents(data: Tile, w: int, look: Look) -> tuple[Span, ...]:
    """How many agents there are, for the lower border. "no agents" is said as a warning. Of a queue that is seen in
    part this is said instead: its figures are not the queue's.
    """
    if data.part:
        return (Span("part of its calls", "text"),)
    if data.signed_in is None:
        return ()
    if data.signed_in == 0:
        return (Span("no agents", "warn"),)
    long = f"{data.available} of {data.signed_in} available {look.glyphs.dot} {data.talking} talking"
    short = f"{data.available} of {data.signed_in} available"
    text = long if cells(long) <= w - (10 if look.stale_s is not None else 0) else short
    return (Span(text, "dim"),) if data.available else (Span(text, "text"),)


def _content(data: Tile, size: Size, look: Look, shape: Shape) -> Block:
    font = shape.font
    if size.h <= 0 or size.w <= 0:
        return []
    if font is None or size.h <= font.height or shape.size.w - 4 < font.width(shape.digit_count):
        return exactly(_pairs(data, size.w, look), size)
    left_w = max(font.width(shape.digit_count), 9)
    left = _waiting(data, font, left_w, look)
    if shape.upright:
        return _upright(data, left, size, look)
    least = shape.size.w - 4 - left_w - GAP
    wide = _wide_figures(Size(least, size.h))
    right_w = min(least, BIG_FIGURES_W if wide else FIGURES_W)
    if least - right_w - GAP >= MIN_CHART_W:
        right = _figures(data, Size(right_w, size.h), look, wide)
        curve = _trend(data, Size(size.w - left_w - right_w - 2 * GAP, size.h), look)
        left = exactly(left, Size(left_w, size.h))
        return beside([left, [blank(GAP)] * size.h, right, [blank(GAP)] * size.h, curve])
    rest = min(size.w - left_w - GAP, BIG_FIGURES_W)
    below = size.h - len(left)
    upper_h = size.h - _chart_height(below)
    right = _figures(data, Size(rest, upper_h), look, wide)
    left = exactly(left, Size(left_w, upper_h))
    upper = beside([left, [blank(GAP)] * upper_h, right])
    if below >= 1:
        return exactly([*upper, *_trend(data, Size(size.w, size.h - upper_h), look)], size)
    curve = _trend(data, Size(rest, 1), look)
    upper[-1] = merged((*left[-1], Span(" " * GAP), *curve[0])) if curve else upper[-1]
    return exactly(upper, size)


def _upright(data: Tile, waiting: Block, size: Size, look: Look) -> Block:
    """The big figure above the others, these above the curve."""
    above = [fitted(each, size.w) for each in waiting]
    room = size.h - len(above) - 1
    wide = size.w >= UPRIGHT_BIG_W and room >= UPRIGHT_BIG_H
    listed = len(data.figures) - 1
    # A big figure takes three lines and a blank one; the curve has at least five.
    figures_h = 4 * min(listed, (room - 5) // 4) if wide else min(room, listed + 1)
    figures = _figures(data, Size(size.w, figures_h), look, wide)
    curve_h = room - figures_h
    curve = _trend(data, Size(size.w, curve_h), look) if curve_h >= 2 else []
    return exactly([*above, blank(size.w), *figures, *curve], size)


def _chart_height(below: int) -> int:
    """Lines for the curve: none of its own without room, then one, and a share of what a tall tile has to spare."""
    if below <= 2:
        return max(0, below)
    return min(12, max(1, below * 2 // 3))


def _waiting(data: Tile, font: digits.Font, w: int, look: Look) -> Block:
    """The big figure with its word below."""
    level = next((each.level for each in data.figures if each.kpi == "waiting"), "ok")
    if level == "ok" and data.waiting:
        level = next((each.level for each in data.figures if each.kpi == "longest_wait_now"), "ok")
    role = f"big.{level}" if level in ("warn", "alert") else "big" if data.waiting else "big.zero"
    painted = digits.paint(str(data.waiting), font, look.glyphs)
    mark = f"{look.glyphs.level[level]} " if level in ("warn", "alert") else ""
    word = Span(pad(f"{mark}waiting", w), level if mark else "label")
    return [*((Span(pad(row, w), role),) for row in painted), (word,)]


def _wide_figures(size: Size) -> bool:
    """Whether the figures themselves can be drawn big."""
    return size.h >= 13 and size.w >= BIG_FIGURES_W


def _figures(data: Tile, size: Size, look: Look, big: bool) -> Block:
    """Label and value in each line; where there is room to spare, values in big dots of three lines."""
    listed = [each for each in data.figures if each.kpi != "waiting"]
    spaced = size.h >= 2 * min(len(listed), 4) + 1
    lines: Block = []
    for each in listed:
        if len(lines) + (3 if big else 1) > size.h:
            break
        lines += _big_figure(each, size.w, look) if big else [_labelled(each, size.w, look, data.change)]
        if spaced or big:
            lines.append(blank(size.w))
    return exactly(lines, size)


def _big_figure(each: Shown, w: int, look: Look) -> Block:
    """A figure in big dots, its label to the left, and its level's glyph before it."""
    role = shown_role(each)
    text = look.glyphs.dash if each.blank == "none" else shown_text(replace(each, level="ok"), look)
    painted = digits.paint(text, digits.SMALL, look.glyphs) if digits.paintable(text) else ("", text, "")
    if cells(painted[0]) > w - BIG_LABEL_W - 2:
        painted = ("", text, "")
    mark = f"{look.glyphs.level[each.level]} " if each.level in ("warn", "alert") else ""
    lines: Block = []
    for row, part in enumerate(painted):
        said = name(each.label, BIG_LABEL_W, look.glyphs) if row == 1 else " " * BIG_LABEL_W
        value = (mark if row == 1 else "") + part
        lines.append(merged((Span(said, "label"), Span(pad(value, w - BIG_LABEL_W, "right"), role))))
    return lines


def _labelled(each: Shown, w: int, look: Look, change: float | None = None) -> Line:
    """``SL 80/20 B      77.8 %``, the value at the right edge and never cut; a change beside the label if it fits."""
    text = shown_text(each, look)
    room = w - cells(text) - 1
    if room < 3:
        return fitted([Span(figure(text, w, look.glyphs), shown_role(each))], w)
    label = clean(each.label, look.glyphs.ascii)
    said = [Span(name(label, room, look.glyphs), "label")]
    left = room - cells(label) - 1
    if each.kpi == "service_level" and (moved := _change(change, left, look)):
        said = [Span(f"{label} ", "label"), Span(pad(moved, left), "dim")]
    return (*said, Span(" "), Span(text, shown_role(each)))


def _change(points: float | None, w: int, look: Look) -> str:
    """By how many points a figure rose or fell: ``−4 pts``, or ``−4`` where there is no more room. Less than half a
    point is nothing worth a glance."""
    if points is None or abs(points) < 0.5:
        return ""
    size = f"{abs(points):.0f}"
    return next((said for unit in (" pts", "") if cells(said := signed(points, size + unit, look)) <= w), "")


def _trend(data: Tile, size: Size, look: Look) -> Block:
    """The curve of the last two hours with its name beside or below it."""
    word = "calls, last 2 h"
    if size.h >= 3:
        curve = chart(data.trend, size.w, size.h - 1, look.glyphs, LEAST_TOP)
        rows = [fitted(unfinished(row, len(data.trend), "bar"), size.w) for row in curve]
        return [*rows, fitted([Span(word, "label")], size.w)]
    room = size.w - len(word) - 1
    if room < 8:
        word = "2 h"
        room = size.w - len(word) - 1
    if room < 8:
        return exactly([], size)
    wide = min(24, room // 8 * 8)
    drawn = sparkline(data.trend, wide, look.glyphs, LEAST_TOP)
    row = fitted([*unfinished(drawn, len(data.trend), "spark"), Span(f" {word}", "label")], size.w)
    return exactly([row] if size.h < 2 else [blank(size.w), row], size)


def _pairs(data: Tile, w: int, look: Look) -> Block:
    """Figures without a big one: two in a line where all labels fit, since a label is part of its figure."""
    waiting = Shown("waiting", "waiting", data.waiting, str(data.waiting))
    shown = [waiting, *(each for each in data.figures if each.kpi != "waiting")]
    half = (w - 2) // 2
    if any(cells(each.label) + 1 + cells(shown_text(each, look)) > half for each in shown):
        return [_labelled(each, w, look, data.change) for each in shown]
    lines: Block = []
    for index in range(0, len(shown), 2):
        first = _labelled(shown[index], half, look, data.change)
        second = _labelled(shown[index + 1], w - 2 - half, look) if index + 1 < len(shown) else blank(w - 2 - half)
        lines.append(merged((*first, Span("  "), *second)))
    return lines
