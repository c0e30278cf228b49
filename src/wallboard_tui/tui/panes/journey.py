"""Room ``tui``, panes: one call in full: its journey through queues and agents. Pure."""

from collections.abc import Mapping

from wallboard_tui.model.base import Doc
from wallboard_tui.tui.look import Line, Look, Size


def draw_journey(call: Doc, names: Mapping[str, str], size: Size, look: Look, now: float) -> list[Line]:
    """The journey of a call as exactly ``size.h`` lines. ``names``: what queues, agents, numbers are called, by key."""
    raise NotImplementedError
