"""Room ``tui``, pure half: the values that pictures are made of. Knows ``rich.cells`` for widths; no Textual, no I/O.

A picture is a list of lines, a line is a tuple of spans, a span is text in one *role* (``title``, ``dim``,
``warn`` …). A theme says what a role looks like. Roles may be layered with ``+``: ``state.talking+selected`` is
the state's colour on the selection's background; ``Theme.style`` resolves that.
"""

from dataclasses import dataclass
from typing import NamedTuple

from rich.cells import cell_len

from wallboard_tui.tui.drawing.glyphs import UNICODE, Glyphs
from wallboard_tui.tui.themes import PLAIN_THEME, Theme


class Size(NamedTuple):
    """Room for a picture, in terminal cells."""

    w: int
    h: int


class Span(NamedTuple):
    """Text in one role. ``style`` is a theme's role name, or several joined with ``+`` (later ones win)."""

    text: str
    style: str = "text"


Line = tuple[Span, ...]


def cells(text: str) -> int:
    """How many terminal cells a text takes; wide characters take two, combining ones none."""
    # That a text is ASCII is known without looking at it; most are.
    return len(text) if text.isascii() else cell_len(text)


def width(line: Line) -> int:
    """How many terminal cells a line takes."""
    total = 0
    for text, _ in line:
        total += len(text) if text.isascii() else cell_len(text)
    return total


@dataclass(frozen=True)
class Look:
    """How everything is drawn now: a theme, a glyph set, and how old the data is when it is too old to be believed."""

    theme: Theme = PLAIN_THEME
    glyphs: Glyphs = UNICODE
    stale_s: float | None = None
    """Seconds since the hub was last heard, when that is too long ago: panes are dimmed and say so. ``None``: live."""
