"""Room ``tui``, panes: Missed opportunities. Pure: asks the view, draws lines."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import UNTOUCHED, Line, Look, PaneState, Size
from wallboard_tui.tui.panes.base import PaneKind

if TYPE_CHECKING:
    from wallboard_tui.metrics.thresholds import Judge
    from wallboard_tui.view.view import View


@dataclass(frozen=True)
class MissedData:
    now: float


def ask(
    view: "View", me: Me, pane: Pane, now: float, state: PaneState = UNTOUCHED, judge: "Judge | None" = None
) -> MissedData:
    raise NotImplementedError


def draw(data: MissedData, size: Size, look: Look, state: PaneState = UNTOUCHED) -> list[Line]:
    raise NotImplementedError


KIND = PaneKind(
    name="missed",
    title="Missed opportunities",
    ask=ask,
    draw=draw,
    depends=frozenset({"followup", "queue", "number", "person"}),
    permissions=("reports.missed",),
)
