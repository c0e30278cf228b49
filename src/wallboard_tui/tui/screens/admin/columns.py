"""Room ``tui``, screens: how wide the columns of a list are. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

PADS = 2
"""Cells beside what stands in a column."""
BAR = 1
"""Cells of the bar that scrolls the list: kept free whether it is there or not, so that nothing moves when it comes."""


class Column(NamedTuple):
    """A column: ``width`` cells wide, or with its ``share`` of what the others leave. ``what``: what stands in it."""

    title: str
    width: int = 0
    share: int = 0
    what: str = ""


def widths(columns: Sequence[Column], room: int) -> list[int]:
    """How wide each column is, so that together they fill ``room`` cells and the list never scrolls sideways."""
    left = left_for(columns, room)
    shares = sum(one.share for one in columns)
    found = []
    for one in columns:
        own = max(1, left * one.share // shares) if one.share else 0
        left, shares = left - own, shares - one.share
        found.append(one.width + own)
    return found


def left_for(columns: Sequence[Column], room: int) -> int:
    """The cells that are left for the columns with a share."""
    return room - BAR - PADS * len(columns) - sum(one.width for one in columns)
