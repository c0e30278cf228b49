"""Room ``access``: the front door. What other rooms ask about a person stands here under one name."""

from wallboard_tui.access.boards import compose, default_board, offered_boards
from wallboard_tui.access.derive import Effective, Held, effective
from wallboard_tui.access.me import me
from wallboard_tui.access.panes import landing, panes

__all__ = ["Effective", "Held", "compose", "default_board", "effective", "landing", "me", "offered_boards", "panes"]
