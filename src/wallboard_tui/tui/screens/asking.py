"""Room ``tui``, screens: how a board asks the view: off the program's thread, on one frame timer."""

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from math import inf
from time import thread_time
from typing import Any

from wallboard_tui.metrics.thresholds import Judge
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Board, Threshold
from wallboard_tui.tui.frames import Frames
from wallboard_tui.tui.look import Look
from wallboard_tui.tui.messages import UNEXPECTED, Failed, PanesAnswered, SourcesAnswered
from wallboard_tui.tui.panes.base import PaneKind
from wallboard_tui.tui.screens.acts import PaneActs
from wallboard_tui.tui.silence import OF_PHONES, look_of, moment_of
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.pane import LinePane
from wallboard_tui.view import queries
from wallboard_tui.view.database import ViewClosed
from wallboard_tui.view.health import silent_since
from wallboard_tui.view.view import View

log = logging.getLogger(__name__)

SHARE, MOST_SHARE = 0.1, 0.33
"""Asking takes this share of a core, as long as ``REST_S`` allows it, and never more than the other."""
REST_S = 0.15
"""Whoever looks at the board sees what changed no later than this, as long as the questions cost less than
``MOST_SHARE`` of it: half a second from the phone system's line to the screen leaves no more."""
COVERED_S = 0.5
"""So often a board is asked at most that a dialog covers: for each change of it all of the screen is painted, and
whoever types in the dialog goes first."""
ASK_AGAIN_S = 5
"""Some answers change without any document changing (a threshold held long enough, midnight): they are asked again
this often.
"""


class Asking(PaneActs):
    """The half of the board's screen that asks.

    A change of the view makes the panes that depend on it dirty; at the next frame a worker asks their questions, and
    the answers come back as one message. The worker lives as long as the screen: one for each frame would cost as much
    as drawing a pane.
    """

    board: Board | None

    def __init__(self) -> None:
        super().__init__()
        self.frames = Frames()
        self._judges: dict[str, tuple[tuple[Threshold, ...], Judge]] = {}
        self._ticks = 0
        self.sources: Mapping[str, Doc] = {}
        """How the phone systems are doing: their health documents by name."""
        self._silent: float | None = None
        """Since when no phone system is heard, as far as that is so."""

    def on_mount(self) -> None:
        self.run_worker(self._keep_asking(), name="ask", group="ask", exit_on_error=False)

    @property
    def panes(self) -> list[LinePane]:
        """The panes on the screen, in the board's order."""
        raise NotImplementedError

    def forget(self) -> None:
        """What was remembered of figures that may not be known any more."""
        self._judges.clear()

    def view_changed(self, kinds: frozenset[str]) -> None:
        """Panes that depend on these kinds of documents are asked again at the next frame."""
        for pane in self.panes:
            if pane.kind.depends & kinds or pane.data is None:
                pane.dirty = True
        if "source" in kinds:
            self.ask_sources()
        self.frames.request()

    def ask_sources(self) -> None:
        """Asks how the phone systems are doing, for the header."""
        self.run_worker(self._ask_sources(), name="sources", group="sources", exclusive=True, exit_on_error=False)

    async def _ask_sources(self) -> None:
        terminal = self.wallboard.terminal
        asked = terminal.view
        if asked is not None:
            with suppress(TerminalError):  # the view may go meanwhile
                found = await terminal.ask(lambda view: dict(queries.documents(view, "source")))
                if terminal.view is asked:
                    self.post_message(SourcesAnswered(found))

    def on_sources_answered(self, message: SourcesAnswered) -> None:
        if message.sources != self.sources:
            self.sources = message.sources
            silent, self._silent = self._silent, silent_since(message.sources)
            if self._silent != silent:
                self.redress()
                self.view_changed(OF_PHONES)
            self.redraw_chrome()

    def moment(self, pane: LinePane) -> float:
        """The moment that a pane shows: now, or when the hub, or the phone systems it tells of, were last heard."""
        return moment_of(pane.kind, self.wallboard.terminal.standing().shown, self._silent)

    def look_of(self, kind: PaneKind) -> Look:
        """How a pane is drawn: dimmed, with its age, when what it tells of is not heard any more."""
        return look_of(kind, self.wallboard.look, self.wallboard.terminal.standing().now, self._silent)

    def redraw_chrome(self) -> None:
        """Header and footer."""
        raise NotImplementedError

    def view_replaced(self) -> None:
        """What was drawn from the view before may not be shown any more."""
        self.sources, self._silent = {}, None
        for pane in self.panes:
            pane.clear()
        self.forget()
        self.frames.request()

    def request_frame(self) -> None:
        self.frames.request()

    async def _keep_asking(self) -> None:
        """A worker as long as the screen is there: at each frame asks what is dirty."""
        while True:
            await self.frames.next()
            dirty = [pane for pane in self.panes if pane.dirty]
            if dirty and self.wallboard.terminal.view is not None:
                try:
                    await self._ask(dirty)
                except Exception:
                    log.exception("The board could not ask the view.")
                    self.post_message(Failed(UNEXPECTED))

    async def _ask(self, dirty: Sequence[LinePane]) -> None:
        """Asks the view off this thread and posts what it said."""
        for pane in dirty:
            pane.dirty = False
        questions = [(pane, pane.choice.pane, replace(pane.context, judge=self._judge())) for pane in dirty]
        terminal, me = self.wallboard.terminal, self.me
        moments = {pane: self.moment(pane) for pane in dirty}
        asked = terminal.view
        covered = self.app.screen is not self

        def answers(view: View) -> list[tuple[LinePane, Any, bool]]:
            found: list[tuple[LinePane, Any, bool]] = []
            if not begun(view):
                return found
            began = thread_time()
            with view.reading():  # one moment for all: what several panes need is read once
                for pane, wish, context in questions:
                    try:
                        found.append((pane, pane.kind.ask(view, me, wish, moments[pane], context), True))
                    except ViewClosed:
                        raise
                    except Exception:
                        log.exception("The pane %s could not ask the view.", pane.kind.name)
                        found.append((pane, None, False))
            self.frames.pause(max(rest_s(thread_time() - began), COVERED_S if covered else 0.0))
            return found

        found: list[tuple[LinePane, Any, bool]] | None
        try:
            found = await terminal.ask(answers)
        except TerminalError:  # the view went meanwhile: another comes, or the person is signed out
            found = None
        if found is not None and terminal.view is asked and me is self.me:
            self.post_message(PanesAnswered(found))
        else:
            # What was answered is not to be shown any more.
            for pane in dirty:
                pane.dirty = True
            self.frames.request()

    def on_panes_answered(self, message: PanesAnswered) -> None:
        for pane, data, well in message.answers:
            if pane not in self.panes:
                continue
            if well:
                pane.answer(data)
            else:
                pane.fail("This pane could not be asked. What went wrong stands in the log; it is tried again.")
        if any(pane.dirty for pane in self.panes):
            self.frames.request()

    def _judge(self) -> Judge | None:
        """The judge of the open board: one for all its panes and pages, as long as its thresholds are the same."""
        if self.board is None or not self.board.thresholds:
            return None
        known = self._judges.get(self.board.key)
        if known is None or known[0] != self.board.thresholds:
            known = self._judges[self.board.key] = (self.board.thresholds, Judge(self.board.thresholds))
        return known[1]

    def _tick(self) -> None:
        self._ticks += 1
        self.redress()
        for pane in self.panes:
            pane.tick(self.moment(pane))
            if self._ticks % ASK_AGAIN_S == 0 and pane.kind.ticks:
                pane.dirty = True
        if self._ticks % ASK_AGAIN_S == 0:
            self.ask_sources()
            self.frames.request()


def rest_s(cost_s: float) -> float:
    """Seconds from one asking to the next, when asking takes ``cost_s`` of processor time."""
    return max(min(REST_S, cost_s / SHARE), cost_s / MOST_SHARE)


def begun(view: View) -> bool:
    """Whether a view holds anything that can be shown: in an empty one, "no queue" would be a lie."""
    since = queries.complete_since(view)
    return view.seq > 0 and since != inf
