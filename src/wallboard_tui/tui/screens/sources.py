"""Room ``tui``, screens: *Sources*: how each phone system is doing, for who keeps the account. It follows the view."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from textual.binding import BindingType

from wallboard_tui.model.base import Doc
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.panes.seen import day_start, zone_name
from wallboard_tui.tui.panes.sources import about_lines, source_lines
from wallboard_tui.tui.screens.pages import Page
from wallboard_tui.tui.widgets.bindings import bindings_of
from wallboard_tui.view import queries


class Sources(Page):
    """Every source with its links, gaps and errors; ``?`` explains the words and goes back."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="sources.")

    families: ClassVar[tuple[str, ...]] = ("sources", "page")
    title_text = "Sources"

    def __init__(self, sources: Mapping[str, Doc]) -> None:
        super().__init__()
        self._sources = sources
        self._explaining = False

    def on_mount(self) -> None:
        self.view_changed(frozenset({"source"}))
        self.set_interval(1.0, self.redraw, name="ages")

    def view_changed(self, kinds: frozenset[str]) -> None:
        """A source said something new."""
        if "source" in kinds and self.wallboard.terminal.view is not None:
            self.run_worker(self._ask(), group="ask", exclusive=True, exit_on_error=False)

    async def _ask(self) -> None:
        self._sources = await self.wallboard.terminal.ask(lambda view: dict(queries.documents(view, "source")))
        self.redraw()

    def action_sources_explain(self) -> None:
        self._explaining = not self._explaining
        self.redraw()

    def picture(self, width: int, height: int) -> Sequence[Line]:
        app = self.wallboard
        if self._explaining or app.me is None:
            return about_lines(width - 1, app.look)
        now = app.terminal.standing().shown
        return source_lines(self._sources, day_start(app.me, now), now, zone_name(app.me), width - 1, app.look)
