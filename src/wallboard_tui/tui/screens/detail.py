"""Room ``tui``, screens: pages about one document; one call with its journey."""

import logging
from collections.abc import Callable, Sequence
from typing import TypeVar

from wallboard_tui.model.base import Doc
from wallboard_tui.tui.look import Line, Size, Span
from wallboard_tui.tui.panes.journey import draw_journey
from wallboard_tui.tui.panes.seen import Names, zone_name
from wallboard_tui.tui.screens.pages import Page
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

log = logging.getLogger(__name__)
T = TypeVar("T")


class Detail(Page):
    """A page about one document. Asks the view off the program's thread, and again when the view changes."""

    depends = frozenset({"call"})
    shows_rows = True

    def on_mount(self) -> None:
        self._again()  # Textual runs the on_mount of every class, the page's too

    def view_changed(self, kinds: frozenset[str]) -> None:
        if kinds & self.depends:
            self._again()

    def _again(self) -> None:
        self.run_worker(self.look_up(), group="detail", exclusive=True, exit_on_error=False)

    async def look_up(self) -> None:
        """A worker: asks, and draws when the answer is there."""
        raise NotImplementedError

    async def ask(self, question: Callable[[View], T], otherwise: T) -> T:
        """The answer of the view; ``otherwise`` when it cannot answer, and why stands in the log."""
        try:
            return await self.wallboard.terminal.ask(question)
        except Exception:
            log.exception("A detail could not be asked for.")
            return otherwise

    @property
    def zone(self) -> str:
        """The organisation's time zone."""
        me = self.wallboard.me
        return zone_name(me) if me else "UTC"


class CallDetail(Detail):
    """One call: who called whom, and its journey through queues and agents."""

    title_text = "Call"

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._call: Doc | None = None
        self._names = Names()
        self._asked = False

    async def look_up(self) -> None:
        key = self._key

        def question(view: View) -> tuple[Doc | None, Names]:
            return queries.call(view, key), Names.of(view)

        self._call, self._names = await self.ask(question, (self._call, self._names))
        self._asked = True
        self.redraw()

    def picture(self, width: int, height: int) -> Sequence[Line]:
        if self._call is None:
            return [(Span("This call is not there any more." if self._asked else "", "dim"),)]
        steps = 4 * len(self._call.get("visits", ())) + 3 * len(self._call.get("legs", ()))
        size = Size(width, max(height, 16 + steps))
        now = self.wallboard.terminal.standing().shown
        lines = draw_journey(self._call, self._names, size, self.wallboard.look, now, self.zone)
        while len(lines) > height and not "".join(span.text for span in lines[-1]).strip():
            lines.pop()
        return lines
