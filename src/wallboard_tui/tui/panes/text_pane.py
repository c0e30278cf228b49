"""Room ``tui``, panes: Text. Pure: asks the view, draws lines."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Line, Look, Size
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind

if TYPE_CHECKING:
    from wallboard_tui.view.view import View


@dataclass(frozen=True)
class TextData:
    now: float


def ask(view: "View", me: Me, pane: Pane, now: float, context: Context = NOTHING_CHOSEN) -> TextData:
    raise NotImplementedError


def draw(data: TextData, size: Size, look: Look) -> list[Line]:
    raise NotImplementedError


KIND = PaneKind(
    name="text",
    title="Text",
    ask=ask,
    draw=draw,
    depends=frozenset(),
    permissions=(),
)
