"""Room ``tui``, its pure half: the values that pictures are made of. Knows ``rich.cells`` for widths; no Textual, no I/O.

A picture is a list of lines, a line is a tuple of spans, a span is text in one *role* (``title``, ``dim``, ``warn`` …). A
theme says what a role looks like. Roles may be layered with ``+``: ``state.talking+selected`` is the state's colour on the
selection's background.
"""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from rich.cells import cell_len

from wallboard_tui.tui.drawing.glyphs import UNICODE, Glyphs


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
    return cell_len(text)


def width(line: Line) -> int:
    """How many terminal cells a line takes."""
    return sum(cell_len(span.text) for span in line)


@dataclass(frozen=True, slots=True)
class Style:
    """What a role looks like. Colours as in a theme file: ``#rrggbb``, ``default``, or one of the 16 ANSI names."""

    fg: str = ""
    bg: str = ""
    bold: bool | None = None
    dim: bool | None = None
    italic: bool | None = None
    underline: bool | None = None
    reverse: bool | None = None

    def over(self, below: "Style") -> "Style":
        """This style laid over another: what it does not say, the other says."""

        def pick(mine: bool | None, theirs: bool | None) -> bool | None:
            return theirs if mine is None else mine

        return Style(
            fg=self.fg or below.fg,
            bg=self.bg or below.bg,
            bold=pick(self.bold, below.bold),
            dim=pick(self.dim, below.dim),
            italic=pick(self.italic, below.italic),
            underline=pick(self.underline, below.underline),
            reverse=pick(self.reverse, below.reverse),
        )

    def rich(self) -> str:
        """The same in the words of ``rich.style.Style.parse``."""
        words = [
            name if value else f"not {name}"
            for name, value in (
                ("bold", self.bold),
                ("dim", self.dim),
                ("italic", self.italic),
                ("underline", self.underline),
                ("reverse", self.reverse),
            )
            if value is not None
        ]
        if self.fg:
            words.append(self.fg)
        if self.bg:
            words.append(f"on {self.bg}")
        return " ".join(words) or "none"


@dataclass(frozen=True)
class Theme:
    """What each role looks like. ``title`` is what people read; ``name`` is the file's name."""

    name: str
    title: str = ""
    dark: bool = True
    ansi: bool = False
    """The theme uses the terminal's own colours only."""
    styles: dict[str, Style] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.name, id(self.styles)))

    def style(self, role: str) -> Style:
        """The style of a role. ``state.talking`` falls back to ``state`` and then to ``text``; ``a+b`` lays b over a."""
        return _style(self, role)


@lru_cache(maxsize=4096)
def _style(theme: Theme, role: str) -> Style:
    style = theme.styles.get("text", Style())
    for layer in role.split("+"):
        name = layer
        while name not in theme.styles and "." in name:
            name = name.rpartition(".")[0]
        style = theme.styles.get(name, Style()).over(style)
    return style


@dataclass(frozen=True)
class Look:
    """How everything is drawn now: a theme, a glyph set, and how old the data is when it is too old to be believed."""

    theme: Theme = Theme("plain")
    glyphs: Glyphs = UNICODE
    stale_s: float | None = None
    """Seconds since the hub was last heard, when that is too long ago: panes are dimmed and say this age. ``None``: live."""
