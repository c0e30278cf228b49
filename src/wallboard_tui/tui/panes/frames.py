"""Room ``tui``, panes: the last touch on every picture: exactly the right size, and dimmed when the data is stale.
Pure."""

from collections.abc import Sequence

from wallboard_tui.tui.drawing.lines import Block, blank, layered, settled
from wallboard_tui.tui.look import Line, Look, Size


def finished(lines: Sequence[Line], size: Size, look: Look) -> Block:
    """The picture in exactly that size, dimmed when the look is stale."""
    block = [settled(each, size.w) for each in lines[: size.h]]
    block += [blank(size.w)] * (size.h - len(block))
    return layered(block, "stale") if look.stale_s is not None else block
