"""Room ``tui``, widgets: the room of a board between header and footer, laid out by a leaf of ``arrange``."""

from collections.abc import Mapping

from textual.geometry import NULL_OFFSET, NULL_SPACING, Region, Size
from textual.layout import ArrangeResult, Layout, WidgetPlacement
from textual.message import Message
from textual.widget import Widget

from wallboard_tui.tui.arrange import Place


class PlannedLayout(Layout):
    """Puts each child where the body's plan says, by its name; a child that is not in the plan gets all the room."""

    name = "planned"

    def arrange(self, parent: Widget, children: list[Widget], size: Size, greedy: bool = True) -> ArrangeResult:
        assert isinstance(parent, Body)
        places = []
        for child in children:
            place = parent.plan.get(child.name or "")
            region = Region(place.x, place.y, place.w, place.h) if place else Region(0, 0, size.width, size.height)
            places.append(WidgetPlacement(region, NULL_OFFSET, NULL_SPACING, child))
        return places


class Body(Widget):
    """Holds the panes of one leaf."""

    DEFAULT_CSS = "Body { width: 1fr; height: 1fr; overflow: hidden hidden; }"

    class Resized(Message):
        """There is another amount of room."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id)
        self.plan: dict[str, Place] = {}
        self._planned = PlannedLayout()

    @property
    def layout(self) -> Layout:
        return self._planned

    def render(self) -> str:
        """Nothing: what is to be seen are the panes. Textual would write its own name of an empty widget."""
        return ""

    def follow(self, plan: Mapping[str, Place]) -> None:
        """Lays the children out by another plan."""
        self.plan = dict(plan)
        for child in self.children[:1]:
            # Asked of a child, for a widget's own request clears what was laid out in its ancestors only.
            child.refresh(repaint=False, layout=True)

    def on_resize(self) -> None:
        self.post_message(self.Resized())
