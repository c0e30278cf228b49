"""Room ``tui``, panes: what every kind of pane has in common. Pure: no Textual, no clock, no files.

A pane asks the view one question (``ask``) and draws the answer (``draw``). The answer is a frozen dataclass of plain values
(``dataclasses.asdict`` is its JSON). Each answer has ``now``; a second later ``replace(data, now=…)`` draws the durations of
that moment without asking again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import UNTOUCHED, Line, Look, PaneState, Size

if TYPE_CHECKING:
    from wallboard_tui.metrics.thresholds import Judge
    from wallboard_tui.view.view import View


class Ask(Protocol):
    """Asks the view a pane's question, through the lens of the pane's permission only.

    ``judge`` knows the board's thresholds and remembers between calls; it belongs to the board.
    """

    def __call__(
        self, view: "View", me: Me, pane: Pane, now: float, state: PaneState = UNTOUCHED, judge: "Judge | None" = None
    ) -> Any: ...


class Draw(Protocol):
    """Draws an answer: exactly ``size.h`` lines of exactly ``size.w`` cells; never raises."""

    def __call__(self, data: Any, size: Size, look: Look, state: PaneState = UNTOUCHED) -> list[Line]: ...


@dataclass(frozen=True)
class PaneKind:
    """One kind of pane, as the board's composer, the screen and the headless twin use it."""

    name: str
    title: str
    ask: Ask
    draw: Draw
    depends: frozenset[str] = frozenset()
    """Kinds of documents whose change may change the answer."""
    sorts: tuple[str, ...] = ()
    """Names of the columns it can be sorted by."""
    min_height: int = 5
    """Lines below which it says little."""
    ticks: bool = True
    """Holds durations that run, so that it must be drawn again every second."""
    permissions: tuple[str, ...] = ()
    """Any one of these lets a person see it; empty: everyone."""
