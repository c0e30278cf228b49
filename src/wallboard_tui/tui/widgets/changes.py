"""Room ``tui``, widgets: prints of a screen's changed lines only the cells that changed.

Textual prints a changed line from the left edge of its widget. A board of sixty agents has a clock in every line of
every column, so a second passing would print the whole board.
"""

from rich.console import Console
from textual._compositor import ChopsUpdate, Compositor

from wallboard_tui.tui.widgets.painter import LineStrip


class Changes(ChopsUpdate):
    """Changed cells, each run of them at its place."""

    def render_segments(self, console: Console) -> str:
        told: list[str] = []
        for y, left, right in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                start, stop = max(x, left), min(end, right)
                if strip is None or start >= stop:
                    continue
                told.append(f"\x1b[{y + 1};{start + 1}H")
                if isinstance(strip, LineStrip):
                    told.append(strip.part(start - x, stop - x, console))
                else:
                    told.append(strip.crop(start - x, stop - x).render(console))
        return "".join(told)


class ChangesCompositor(Compositor):
    """Textual's compositor, with updates that leave out what did not change."""

    def render_partial_update(self) -> ChopsUpdate | None:
        update = super().render_partial_update()
        return update and Changes(update.chops, update.spans, update.chop_ends)
