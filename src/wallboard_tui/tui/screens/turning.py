"""Room ``tui``, screens: how a board turns its pages: by keys, by itself, and when it does not."""

from textual.timer import Timer

from wallboard_tui.tui.arrange import Leaf
from wallboard_tui.tui.screens.asking import Asking

REST_AFTER_KEY_S = 120.0
"""Nobody's page turns by itself under their hands: pages rest this long after a key."""


class Turning(Asking):
    """The half of the board's screen that turns pages: which leaf is shown, and whether the next comes by itself."""

    def __init__(self) -> None:
        super().__init__()
        self.leaves: tuple[Leaf, ...] = ()
        self.number = 0
        self.zoom: str | None = None
        self.held = False
        self._rests_until = 0.0
        self._turn: Timer | None = None

    @property
    def leaf(self) -> Leaf | None:
        """What is on the screen now."""
        raise NotImplementedError

    def show_leaf(self) -> None:
        """Puts it there."""
        raise NotImplementedError

    def arm(self) -> None:
        """Sets the clock for the page that is shown now."""
        if self._turn is not None:
            self._turn.stop()
            self._turn = None
        leaf = self.leaf
        if leaf is not None and leaf.seconds and len(self.leaves) > 1 and not self.held and self.zoom is None:
            self._turn = self.set_timer(leaf.seconds, self._turned, name="page")

    def _turned(self) -> None:
        if self.is_current and not self._rests:
            self.turn(1)
        else:
            self.arm()

    @property
    def _rests(self) -> bool:
        """Whether pages wait, because somebody is at the keys or an alert stands on this one."""
        if self.wallboard.terminal.now() < self._rests_until:
            return True
        return any(pane.data is not None and pane.kind.level(pane.data) == "alert" for pane in self.panes)

    def on_key(self) -> None:
        self._rests_until = self.wallboard.terminal.now() + REST_AFTER_KEY_S

    def turn(self, by: int) -> None:
        """Turns pages."""
        if self.leaves:
            self.number = (self.number + by) % len(self.leaves)
            self.zoom = None
            self.show_leaf()

    def action_board_next_page(self) -> None:
        self.turn(1)

    def action_board_previous_page(self) -> None:
        self.turn(-1)

    def action_board_hold(self) -> None:
        self.held = not self.held
        self._rests_until = 0.0  # who lets pages go on wants them to turn
        self.arm()
        self.redraw_chrome()

    def action_board_zoom(self) -> None:
        pane = self.focused_pane
        if pane is not None:
            self.zoom = None if self.zoom else pane.name
            self.show_leaf()

    def action_board_unzoom(self) -> None:
        self.zoom = None
        self.show_leaf()
