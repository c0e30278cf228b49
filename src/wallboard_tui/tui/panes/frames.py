"""Room ``tui``, panes: the last touch on every picture: exactly the right size, and dimmed when the data is stale;
and what a framed table has where. Pure."""

from collections.abc import Sequence

from wallboard_tui.tui.drawing.box import inside
from wallboard_tui.tui.drawing.lines import Block, blank, layered, settled
from wallboard_tui.tui.drawing.table import Column, column_at, row_at
from wallboard_tui.tui.look import Line, Look, Size
from wallboard_tui.tui.panes.base import NOWHERE, Spot


def finished(lines: Sequence[Line], size: Size, look: Look) -> Block:
    """The picture in exactly that size, dimmed when the look is stale."""
    block = [settled(each, size.w) for each in lines[: size.h]]
    block += [blank(size.w)] * (size.h - len(block))
    return layered(block, "stale") if look.stale_s is not None else block


def framed_spot(
    keys: Sequence[str], selected: str | None, columns: Sequence[Column], size: Size, x: int, y: int, below: int = 0
) -> Spot:
    """What stands in a cell of a framed table: a row, or a column's title. ``below``: lines that stand under it."""
    room = inside(size)
    left, top = (size.w - room.w) // 2 + 1, (size.h - room.h + 1) // 2
    w, h = max(0, room.w - 2), room.h - below
    x, y = x - left, y - top
    if not keys or not 0 <= x < w or not 0 <= y < h:
        return NOWHERE
    if y == 0 and h > 1:
        return Spot(column=column_at(x, columns, w))
    index = row_at(y, len(keys), h, keys.index(selected) if selected in keys else None)
    return NOWHERE if index is None else Spot(row=keys[index])
