"""Room ``tui``, widgets: from lines of roles to the strips that Textual prints, in as few bytes as it takes."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Any

from rich.cells import cell_len
from rich.color import ColorSystem
from rich.console import COLOR_SYSTEMS, Console
from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip

from wallboard_tui.tui.look import Line, Span, cells
from wallboard_tui.tui.themes import ATTRIBUTES, RoleStyle, Theme

FRAME_ROLES = frozenset({"frame", "title"})
"""Roles that show which pane has the focus; ``frame.warn`` and ``frame.alert`` are not among them."""
RESET = "\x1b[0m"
NEAR = 8
"""Cells between two changes of a line that are printed again with them: going over them takes as many bytes."""


@lru_cache(maxsize=4096)
def _parsed(style: RoleStyle) -> RichStyle:
    return RichStyle.parse(style.rich())


def rich_style(theme: Theme, role: str) -> RichStyle:
    """What a role looks like, as Rich says it."""
    return _parsed(theme.style(role))


class Palette(dict[str, RichStyle]):
    """The style of each role of a theme behind the program's filters (no colours, no dim), each made once."""

    def __init__(self, theme: Theme, filters: Sequence[LineFilter] = ()) -> None:
        super().__init__()
        self.theme = theme
        self.filters = tuple(filters)
        ground = theme.style("text").bg
        self._ground = Color.parse(ground if ground.startswith("#") else "#000000")
        self._turns: dict[tuple[str, str, bool, ColorSystem], str] = {}

    def __missing__(self, role: str) -> RichStyle:
        segments = [Segment("x", rich_style(self.theme, role))]
        for each in self.filters:
            segments = each.apply(segments, self._ground)
        style = self[role] = segments[0].style or RichStyle.null()
        return style

    def turn(self, before: str, after: str, blank: bool, system: ColorSystem) -> str:
        """What a terminal is told between two roles; ``blank``: only blanks follow, which show the ground alone."""
        key = before, after, blank, system
        found = self._turns.get(key)
        if found is None:
            one = self[before] if before else RichStyle.null()
            found = self._turns[key] = (
                "" if blank and _same_ground(one, self[after]) else _turn(one, self[after], system)
            )
        return found

    def printed(self, spans: Iterable[tuple[str, str]], system: ColorSystem) -> str:
        """Text and escape sequences of some spans, from a terminal without attributes to one without attributes."""
        parts: list[str] = []
        here = ""
        for text, role in spans:
            if role != here:
                told = self.turn(here, role, text.isspace(), system)
                if told:
                    parts.append(told)
                    here = role
            parts.append(text)
        parts.append(RESET)
        return "".join(parts)


def _attributes(style: RichStyle) -> set[str]:
    return {name for name in ATTRIBUTES if getattr(style, name)}


def _same_ground(one: RichStyle, two: RichStyle) -> bool:
    """Whether a blank looks the same in both."""
    marks = {"reverse", "underline"}
    return one.bgcolor == two.bgcolor and not marks & (_attributes(one) | _attributes(two))


def _turn(before: RichStyle, after: RichStyle, system: ColorSystem) -> str:
    """The shortest way from a style to another: what differs, or everything anew where something must end."""
    had, has = _attributes(before), _attributes(after)
    ends = had - has or (before.color and not after.color) or (before.bgcolor and not after.bgcolor)
    if ends:
        codes = Strip.render_ansi(after, system)
        return f"\x1b[0;{codes}m" if codes else RESET
    new = RichStyle(
        color=None if after.color == before.color else after.color,
        bgcolor=None if after.bgcolor == before.bgcolor else after.bgcolor,
        bold="bold" in has - had or None,
        dim="dim" in has - had or None,
        reverse="reverse" in has - had or None,
        underline="underline" in has - had or None,
    )
    codes = Strip.render_ansi(new, system)
    return f"\x1b[{codes}m" if codes else ""


class LineStrip(Strip):
    """A strip that knows its line: it is printed with one sequence for each change of roles, whole or in part.

    Only the line and its width are there at first. Should Textual want more of it, it becomes a strip like any other:
    a line that goes to the screen as it is never needs segments, nor the caches of pieces that nobody cuts.
    """

    __slots__ = ("_line", "_palette", "_printed", "_starts")

    def __init__(self, line: Line, palette: Palette) -> None:
        starts: list[int] = []
        x = 0
        for text, _ in line:
            starts.append(x)
            x += len(text) if text.isascii() else cell_len(text)
        self._cell_length = x
        self._line = line
        self._palette = palette
        self._starts = starts
        self._printed: str | None = None

    def __getattr__(self, name: str) -> Any:
        """Called for what is not there yet."""
        if name not in Strip.__slots__:
            raise AttributeError(name)
        super().__init__((Segment(text, self._palette[role]) for text, role in self._line), self._cell_length)
        return getattr(self, name)

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        wanted = [cut for cut in cuts if cut <= self.cell_length]
        return [self] if wanted == [self.cell_length] else super().divide(wanted)

    def render(self, console: Console) -> str:
        if self._printed is None:
            self._printed = self._palette.printed(self._line, _system(console))
        return self._printed

    def part(self, start: int, end: int, console: Console) -> str:
        """What a terminal is told to show the cells from ``start`` to ``end``."""
        if start <= 0 and end >= self.cell_length:
            return self.render(console)
        first, last = bisect_right(self._starts, start) - 1, bisect_left(self._starts, end)
        spans: list[tuple[str, str]] = list(self._line[first:last])
        # The end is cut before the beginning, for both may lie in one span.
        spans[-1] = _cut(spans[-1], end - self._starts[last - 1], before=True)
        spans[0] = _cut(spans[0], start - self._starts[first], before=False)
        return self._palette.printed(spans, _system(console))


def _system(console: Console) -> ColorSystem:
    return COLOR_SYSTEMS.get(console.color_system or "", ColorSystem.TRUECOLOR)


def _cut(span: tuple[str, str], at: int, before: bool) -> tuple[str, str]:
    """What stands before or behind so many cells of a span."""
    text, role = span
    if at <= 0 or at >= cells(text):
        return span
    left, right = Segment(text).split_cells(at)
    return (left if before else right).text, role


def strip(line: Line, width: int, palette: Palette) -> Strip:
    """A line as a strip of exactly ``width`` cells."""
    made = LineStrip(tuple(span for span in line if span[0]), palette)
    return made if made.cell_length == width else made.adjust_cell_length(width, palette["text"])


def differing(old: Line, new: Line, width: int) -> list[tuple[int, int]]:
    """From where to where two lines differ, in cells; what lies close together is one.

    Spans are compared where they begin and end in the same cells; to the end, when the lines are not equally wide.
    """
    found: list[tuple[int, int]] = []
    before, after = iter(old), iter(new)
    left = right = start = 0
    while True:
        if left == right:  # both lines have a span that begins here
            if right > start:
                _note(found, start, right)
            one, other = next(before, None), next(after, None)
            while one is not None and one == other:
                right += len(one.text) if one.text.isascii() else cell_len(one.text)
                one, other = next(before, None), next(after, None)
            left = start = right
            if one is None and other is None:
                return found
            if one is None or other is None:
                break
            left, right = left + cells(one.text), right + cells(other.text)
        elif left < right:
            if (one := next(before, None)) is None:
                break
            left += cells(one.text)
        else:
            if (other := next(after, None)) is None:
                break
            right += cells(other.text)
    _note(found, start, width)
    return found


def _note(found: list[tuple[int, int]], start: int, end: int) -> None:
    """Adds a difference; one that begins near the last is a part of it."""
    if found and start - found[-1][1] < NEAR:
        start = found.pop()[0]
    found.append((start, end))


def focused(line: Line) -> Line:
    """The same line in a pane that has the focus: its frame and its title stand out. A frame that warns or alerts
    keeps its colour, which says more.
    """
    return tuple(
        span._replace(style=f"{span.style}+focus") if span.style.partition("+")[0] in FRAME_ROLES else span
        for span in line
    )


def fit(left: Line, right: Line, width: int, fill: str = "text") -> Line:
    """One line with something at its left and something at its right; when both do not fit, the left is cut."""
    room = width - sum(cells(span.text) for span in right)
    kept: list[Span] = []
    for span in left:
        if room <= 0:
            break
        text = span.text
        while cells(text) > room:
            text = text[:-1]
        kept.append(span._replace(text=text))
        room -= cells(text)
        if text != span.text:
            break
    return (*kept, Span(" " * max(0, room), fill), *right)
