"""Room ``tui``, drawing: big figures that are read from five metres.

One bitmap font of square dots, drawn at three sizes: half a line per dot (3 lines high), a line per dot (5), two lines per
dot (10). A terminal's cell is about twice as high as wide, so a dot is one, two or four cells wide.
"""

from collections.abc import Callable
from dataclasses import dataclass

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
    "-": "... ... ### ... ...",
    "–": "... ... ### ... ...",
    " ": "... ... ... ... ...",
}
_SEVEN = {
    "0": " _ |  ||_|",
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
    " ": "         ",
}


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
    return _DOTS.get(character, _DOTS[" "]).split(" ")


def _halves(text: str, glyphs: Glyphs) -> list[str]:
    """Three lines, two dots above each other in a cell; in ASCII the strokes of a pocket calculator."""
    if glyphs.ascii:
        signs = [_SEVEN.get(c, " " * 9) if c != ":" else " . . ."[:6].ljust(9) for c in text.replace("–", "-")]
        return [" ".join(sign[row * 3 : row * 3 + 3] for sign in signs) for row in range(3)]
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
FONTS = (HUGE, LARGE, SMALL)


def paint(text: str, font: Font, glyphs: Glyphs) -> list[str]:
    """A figure (digits, ``:``, ``–``, blanks) in big dots: ``font.height`` lines of equal width."""
    return font.paint(text, glyphs)


def best(w: int, h: int, count: int) -> Font | None:
    """The largest size in which ``count`` digits fit in that room; ``None`` when even the smallest does not."""
    return next((font for font in FONTS if font.height <= h and font.width(count) <= w), None)
