"""Room ``tui``, widgets: from lines of roles to the strips that Textual prints."""

from functools import lru_cache

from rich.segment import Segment
from rich.style import Style as RichStyle
from textual.strip import Strip

from wallboard_tui.tui.look import Line, Span, cells
from wallboard_tui.tui.themes import RoleStyle, Theme

FRAME_ROLES = frozenset({"frame", "title"})
"""Roles that show which pane has the focus; ``frame.warn`` and ``frame.alert`` are not among them."""


@lru_cache(maxsize=4096)
def _parsed(style: RoleStyle) -> RichStyle:
    return RichStyle.parse(style.rich())


def rich_style(theme: Theme, role: str) -> RichStyle:
    """What a role looks like, as Rich says it."""
    return _parsed(theme.style(role))


def strip(line: Line, width: int, theme: Theme) -> Strip:
    """A line as a strip of exactly ``width`` cells."""
    segments = [Segment(span.text, rich_style(theme, span.style)) for span in line if span.text]
    return Strip(segments).adjust_cell_length(width, rich_style(theme, "text"))


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
