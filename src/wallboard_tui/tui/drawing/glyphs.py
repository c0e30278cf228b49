"""Room ``tui``, drawing: the three glyph sets. A Linux console has few characters; a serial terminal has only ASCII.

``PLAIN`` keeps to what Debian's console fonts for western and central Europe (``Lat15``, ``Lat2``, ``Uni1`` …)
have in common: no halves and eighths of blocks, no heavy lines beside light ones, no tick.

Every glyph is one cell wide in every terminal, so no East Asian *ambiguous* or emoji characters are used but those that
terminals agree on.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, eq=False)
class Glyphs:
    """One set of characters to draw with."""

    name: str
    box: str
    """Top left, horizontal, top right, vertical, bottom left, bottom right, tee right, tee left."""
    heavy: str
    """The same for a tile that alerts."""
    ticks: str
    """Characters of a sparkline, lowest first."""
    state: Mapping[str, str]
    level: Mapping[str, str]
    direction: Mapping[str, str]
    up: str
    down: str
    flat: str
    ellipsis: str
    dash: str
    """Nothing happened yet."""
    dot: str
    star: str
    times: str
    pointer: str
    stale: str
    """The data is older than it should be; no level's glyph."""
    tick: str
    """Marked by the person."""
    gauge: str
    """Done, and still to do."""
    whole: bool = False
    """Cells are drawn whole: there are no halves and eighths of blocks."""
    ascii: bool = False


UNICODE = Glyphs(
    name="unicode",
    box="┌─┐│└┘├┤",
    heavy="┏━┓┃┗┛┣┫",
    ticks="▁▂▃▄▅▆▇█",
    state={
        "talking": "◆",
        "ringing": "◈",
        "wrap": "◇",
        "available": "●",
        "paused": "‖",
        "out": "○",
        "waiting": "◔",
        "ended": "·",
        "lost": "?",
    },
    level={"ok": "●", "warn": "▲", "alert": "■"},
    direction={"inbound": "↘", "outbound": "↗", "internal": "↔"},
    up="▲",
    down="▼",
    flat="▬",
    ellipsis="…",
    dash="–",
    dot="·",
    star="★",
    times="×",
    pointer="▸",
    stale="◷",
    tick="✓",
    gauge="━─",
)

PLAIN = Glyphs(
    name="plain",
    box="┌─┐│└┘├┤",
    heavy="╔═╗║╚╝╠╣",
    ticks="░▒█",
    state={
        "talking": "♦",
        "ringing": "!",
        "wrap": "~",
        "available": "•",
        "paused": "=",
        "out": "-",
        "waiting": "?",
        "ended": "·",
        "lost": "?",
    },
    level={"ok": "•", "warn": "▲", "alert": "■"},
    direction={"inbound": "→", "outbound": "←", "internal": "="},
    up="▲",
    down="▼",
    flat="=",
    ellipsis="…",
    dash="–",
    dot="·",
    star="*",
    times="x",
    pointer="»",
    stale="≈",
    tick="x",
    gauge="█░",
    whole=True,
)

ASCII = Glyphs(
    name="ascii",
    box="+-+|++++",
    heavy="#=#H####",
    ticks="_.-=^#",
    state={
        "talking": "T",
        "ringing": "R",
        "wrap": "W",
        "available": "+",
        "paused": "P",
        "out": "-",
        "waiting": "w",
        "ended": ".",
        "lost": "?",
    },
    level={"ok": "o", "warn": "^", "alert": "!"},
    direction={"inbound": ">", "outbound": "<", "internal": "="},
    up="^",
    down="v",
    flat="=",
    ellipsis="~",
    dash="-",
    dot=".",
    star="*",
    times="x",
    pointer=">",
    stale="?",
    tick="x",
    gauge="#-",
    whole=True,
    ascii=True,
)

GLYPHS: dict[str, Glyphs] = {glyphs.name: glyphs for glyphs in (UNICODE, PLAIN, ASCII)}
