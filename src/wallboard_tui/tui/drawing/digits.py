"""Room ``tui``, drawing: big figures that are read from five metres.

One bitmap font of square dots, drawn at four sizes: half a line per dot (3 lines high), or one, two or three lines
(5, 10, 15). A terminal's cell is about twice as high as wide, so a dot is one, two, four or six cells wide.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from wallboard_tui.tui.drawing.glyphs import Glyphs

_DOTS = {
    "0": "### #.# #.# #.# ###",
    "1": ".#. ##. .#. .#. ###",
    "2": "### ..# ### #.. ###",
    "3": "### ..# .## ..# ###",
    "4": "#.# #.# ### ..# ..#",
    "5": "### #.. ### ..# ###",
    "6": "### #.. ### #.# ###",
    "7": "### ..# ..# ..# ..#",
    "8": "### #.# ### #.# ###",
    "9": "### #.# ### ..# ###",
    ":": ". # . # .",
    ".": ". . . . #",
    "%": "#.# ..# .#. #.. #.#",
    "h": "#.. #.. ### #.# #.#",
    "m": "..... ..... ####. #.#.# #.#.#",
    "d": "..# ..# ### #.# ###",
    "-": "... ... ### ... ...",
    "–": "... ... ### ... ...",
    " ": ". . . . .",
}
_SEVEN = {
    "0": " _ | ||_|",
    "1": "      |  |",
    "2": " _  _||_ ",
    "3": " _  _| _|",
    "4": "   |_|  |",
    "5": " _ |_  _|",
    "6": " _ |_ |_|",
    "7": " _   |  |",
    "8": " _ |_||_|",
    "9": " _ |_| _|",
    "-": "    _    ",
    " ": "   ",
    ":": " ..",
    ".": "  .",
    "%": "   o/ /o ",
    "h": "   |_ | |",
    "m": "   ._ | |",
    "d": "   _|||_|",
}


_DOUBLE = {
    "0": "╔═╗║ ║╚═╝",
    "1": "═╗  ║ ═╩═",
    "2": "══╗╔═╝╚══",
    "3": "══╗ ═╣══╝",
    "4": "║ ║╚═╣  ║",
    "5": "╔══╚═╗══╝",
    "6": "╔══╠═╗╚═╝",
    "7": "══╗  ║  ║",
    "8": "╔═╗╠═╣╚═╝",
    "9": "╔═╗╚═╣══╝",
    "-": "   ═══   ",
    " ": " " * 3,
    ":": " ··",
    ".": "  ·",
    "%": "o / / / o",
    "h": "║  ╠═╗║ ║",
    "m": "     ╔═╦═╗║ ║ ║",
    "d": "  ║╔═╣╚═╝",
}
"""The smallest digits of a terminal without halves of blocks."""


@dataclass(frozen=True)
class Font:
    """A size of big figures. ``digit_w``: cells of one digit; ``gap``: cells between two."""

    height: int
    digit_w: int
    gap: int
    paint: Callable[[str, Glyphs], list[str]]

    def width(self, count: int) -> int:
        """Cells that ``count`` digits take."""
        return count * self.digit_w + max(0, count - 1) * self.gap


def _rows(character: str) -> list[str]:
    return _DOTS[character].split(" ")


def _halves(text: str, glyphs: Glyphs) -> list[str]:
    """Three lines, two dots above each other in a cell; without halves of blocks the strokes of a pocket calculator."""
    if glyphs.whole:
        strokes = _SEVEN if glyphs.ascii else _DOUBLE
        signs = [strokes[c] for c in text.replace("–", "-")]
        return [" ".join(sign[len(sign) // 3 * row :][: len(sign) // 3] for sign in signs) for row in range(3)]
    marks = {"##": "█", "#.": "▀", ".#": "▄", "..": " "}
    lines = []
    for row in range(3):
        parts = []
        for character in text:
            upper = _rows(character)[row * 2]
            lower = _rows(character)[row * 2 + 1] if row < 2 else "." * len(upper)
            parts.append("".join(marks[a + b] for a, b in zip(upper, lower, strict=True)))
        lines.append(" ".join(parts))
    return lines


def _whole(scale: int) -> Callable[[str, Glyphs], list[str]]:
    """``scale`` lines and twice as many cells for each dot."""

    def paint(text: str, glyphs: Glyphs) -> list[str]:
        mark = ("#" if glyphs.ascii else "█") * (2 * scale)
        gap = " " * (2 * scale)
        lines = []
        for row in range(5):
            parts = ["".join(mark if dot == "#" else gap for dot in _rows(character)[row]) for character in text]
            lines += [gap.join(parts)] * scale
        return lines

    return paint


SMALL = Font(height=3, digit_w=3, gap=1, paint=_halves)
LARGE = Font(height=5, digit_w=6, gap=2, paint=_whole(1))
HUGE = Font(height=10, digit_w=12, gap=4, paint=_whole(2))
GIANT = Font(height=15, digit_w=18, gap=6, paint=_whole(3))
FONTS = (GIANT, HUGE, LARGE, SMALL)


def paintable(text: str) -> bool:
    """Whether a text can be drawn big."""
    return bool(text) and all(character in _DOTS for character in text)


@lru_cache(maxsize=2048)
def paint(text: str, font: Font, glyphs: Glyphs) -> tuple[str, ...]:
    """A figure (``412``, ``02:14``, ``77.8 %``, ``–``) in big dots: ``font.height`` lines of equal width."""
    return tuple(font.paint("".join(character if character in _DOTS else " " for character in text), glyphs))


def width_of(text: str, font: Font) -> int:
    """Cells that a text takes in a size."""
    scale = font.digit_w // 3
    return sum(len(_rows(c)[0]) if c in _DOTS else 3 for c in text) * scale + max(0, len(text) - 1) * font.gap


def best(w: int, h: int, count: int) -> Font | None:
    """The largest size in which ``count`` digits fit in that room; ``None`` when even the smallest does not."""
    return next((font for font in FONTS if font.height <= h and font.width(count) <= w), None)
