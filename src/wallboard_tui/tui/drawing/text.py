"""Room ``tui``, drawing: text in an exact number of cells. Knows only widths.

Everything that comes from outside (names, callers, notes) goes through ``clean`` first: what terminals disagree
about or obey (control characters, direction overrides, joiners) never reaches the screen.
"""

import unicodedata
from functools import lru_cache

from rich.cells import cell_len

from wallboard_tui.tui.drawing.glyphs import Glyphs

_DROPPED_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})
# Variation selectors and skin tones change the width of what stands before them in some terminals and not in others.
_DROPPED = frozenset({*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0x1F3FB, 0x1F400))})

LEAST_SAID = 4
"""Cells of a name that is cut, below which what tells it apart is cut instead."""


@lru_cache(maxsize=8192)
def clean(text: str, ascii_only: bool = False) -> str:
    """Text without anything that a terminal would obey or that has no sure width; ASCII alone if asked.

    The width of the result is the sum of the widths of its characters.
    """
    text = " ".join(text.split()) if not text.isprintable() else text
    if text.isascii() and text.isprintable():
        return text
    if ascii_only:
        plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
        return "".join(c if " " <= c <= "~" else "?" for c in plain if c not in _DROPPED)
    return "".join(
        c
        for c in unicodedata.normalize("NFC", text)
        if c not in _DROPPED and unicodedata.category(c) not in _DROPPED_CATEGORIES
    )


def cut(text: str, w: int) -> str:
    """The longest beginning of a cleaned text that takes at most ``w`` cells."""
    if cell_len(text) <= w:
        return text
    taken = 0
    for index, character in enumerate(text):
        taken += cell_len(character)
        if taken > w:
            return text[:index]
    return text


@lru_cache(maxsize=16384)
def name(text: str, w: int, glyphs: Glyphs, align: str = "left") -> str:
    """A name in exactly ``w`` cells; one that is too long has an ellipsis, before what tells it apart from others of
    that name (``Eve O… (pbx1)``) where it has one and room for it. ``align``: left, right, centre.
    """
    if w <= 0:
        return ""
    text = clean(text, glyphs.ascii)
    if cell_len(text) > w:
        said, _, apart = text.rpartition(" (")
        kept = f" ({apart}"
        if not said or not apart.endswith(")") or w - cell_len(kept) < LEAST_SAID:
            said, kept = text, ""
        text = cut(said, w - cell_len(kept) - 1).rstrip() + glyphs.ellipsis + kept
    return pad(text, w, align)


@lru_cache(maxsize=16384)
def figure(text: str, w: int, glyphs: Glyphs, align: str = "right") -> str:
    """A figure in exactly ``w`` cells. A figure is never cut: one that has no room leaves an ellipsis alone."""
    if w <= 0:
        return ""
    text = clean(text, glyphs.ascii)
    return pad(text if cell_len(text) <= w else glyphs.ellipsis, w, align)


def pad(text: str, w: int, align: str = "left") -> str:
    """A text that fits, filled with blanks to ``w`` cells."""
    missing = max(0, w - cell_len(text))
    if align == "right":
        return " " * missing + text
    if align == "centre":
        return " " * (missing // 2) + text + " " * (missing - missing // 2)
    return text + " " * missing


def wrap(text: str, w: int, glyphs: Glyphs) -> list[str]:
    """A cleaned text broken between words into lines of at most ``w`` cells; words that are longer are cut into
    pieces."""
    if w <= 0:
        return []
    lines: list[str] = []
    line = ""
    for word in clean(text, glyphs.ascii).split():
        rest = word
        if line and cell_len(line) + 1 + cell_len(rest) <= w:
            line += " " + rest
            continue
        if line:
            lines.append(line)
        while cell_len(rest) > w:
            piece = cut(rest, w) or glyphs.ellipsis
            lines.append(piece)
            rest = rest[max(1, len(piece)) :]
        line = rest
    return [*lines, line] if line else lines
