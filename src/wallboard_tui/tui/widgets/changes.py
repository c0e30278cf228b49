"""Room ``tui``, widgets: prints of a screen's changed lines only the cells that changed.

Textual prints a changed line from the left edge of its widget. A board of sixty agents has a clock in every line of
every column, so a second passing would print the whole board.
"""

from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from typing import NamedTuple

from rich.console import Console
from textual._compositor import ChopsUpdate, Compositor
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.painter import LineStrip


class Run(NamedTuple):
    """Cells of a strip that are printed: from ``start`` to ``stop`` within it."""

    x: int
    """Where the strip begins on the screen."""
    y: int
    strip: Strip
    start: int
    stop: int


class Changes(ChopsUpdate):
    """Changed cells, each run of them at its place."""

    def __init__(self, runs: Sequence[Run]) -> None:
        super().__init__([], [], [])
        self.runs = runs

    def render_segments(self, console: Console) -> str:
        told: list[str] = []
        for x, y, strip, start, stop in self.runs:
            told.append(f"\x1b[{y + 1};{x + start + 1}H")
            if isinstance(strip, LineStrip):
                told.append(strip.part(start, stop, console))
            else:
                told.append(strip.crop(start, stop).render(console))
        return "".join(told)


def runs_of(update: ChopsUpdate) -> Iterator[Run]:
    """What changed in an update of Textual's own."""
    for y, left, right in update.spans:
        for end, (x, strip) in zip(update.chop_ends[y], update.chops[y].items(), strict=False):
            start, stop = max(x, left), min(end, right)
            if strip is not None and start < stop:
                yield Run(x, y, strip, start - x, stop - x)


class Shown(NamedTuple):
    """A widget on the screen, and the cells that are to be seen of it."""

    widget: Widget
    left: int
    top: int
    right: int
    bottom: int
    whole: bool
    """All of it is to be seen."""


def foremost(shown: Iterable[Shown], x: int, y: int, right: int, bottom: int) -> Shown | None:
    """The widget in front of all others in a rectangle, where all of the rectangle is its; the foremost come first."""
    for each in shown:
        if x < each.right and right > each.left and y < each.bottom and bottom > each.top:
            its = x >= each.left and right <= each.right and y >= each.top and bottom <= each.bottom
            return each if its else None
    return None


class ChangesCompositor(Compositor):
    """Textual's compositor, with updates that leave out what did not change."""

    def render_partial_update(self) -> ChopsUpdate | None:
        runs = self._runs_in_front(self._dirty_regions)
        if runs is None:
            update = super().render_partial_update()
            runs = list(runs_of(update)) if update is not None else []
        self._dirty_regions.clear()
        return Changes(runs) if runs else None

    def _runs_in_front(self, regions: Iterable[Region]) -> list[Run] | None:
        """The changes, taken from the widgets they are in. ``None`` where something else is in front of one: then all
        of the screen's widgets have to be put together.
        """
        shown = [
            Shown(widget, *region.intersection(clip).corners, clip.contains_region(region))
            for widget, (region, clip) in self.visible_widgets.items()
        ]
        ready: set[LineWidget] = set()
        runs: list[Run] = []
        for x, y, w, h in sorted(regions, key=itemgetter(1, 0)):
            front = foremost(shown, x, y, x + w, y + h)
            if front is None or not front.whole or not isinstance(front.widget, LineWidget):
                return None
            if front.widget not in ready:
                front.widget.make_ready()
                ready.add(front.widget)
            start = x - front.left
            for line in range(y, y + h):
                runs.append(Run(front.left, line, front.widget.render_line(line - front.top), start, start + w))
        return runs
