"""Room ``tui``, widgets: a pane of a board. Holds the answer to its question and what the person did to it; draws by
lines.
"""

import logging
import textwrap
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from textual import events
from textual.binding import BindingType
from textual.message import Message

from wallboard_tui.model.board import Pane
from wallboard_tui.tui.actions import BY_METHOD, applies
from wallboard_tui.tui.look import Line, Look, Size, Span
from wallboard_tui.tui.panes.base import NOWHERE, Context, PaneKind, Spot
from wallboard_tui.tui.widgets.bindings import bindings_of
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.painter import focused

log = logging.getLogger(__name__)

STEP = 10
"""Rows that Page up and Page down move by."""
JUST_NOW_S = 0.2
"""An answer that is no older needs no tick: its durations, in whole seconds, are right for the eye."""


@dataclass
class Choice:
    """What a person chose in a pane. The screen keeps it, so that it is still there when the page comes round again."""

    pane: Pane
    """The board's pane, with the period, grouping and so on that the person chose."""
    text: str = ""
    sort: str = ""
    descending: bool = True
    selected: str | None = None
    moved: bool = False
    """Whether the person has moved the cursor since they last acted on a row."""
    given: Pane = field(init=False)
    """The pane as the board has it."""

    def __post_init__(self) -> None:
        self.given = self.pane


class LinePane(LineWidget, can_focus=True):
    """One rectangle of a board.

    The screen asks the view (``dirty`` says that it should) and gives the answer to ``answer``; the pane never
    fetches. A second later ``tick`` draws the same answer at the new time.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("pane", only="row.", but="row.open")

    class Focused(Message):
        """Another pane has the focus: other keys hold."""

    class Pointed(Message):
        """Somebody pressed the mouse on the selected row once more, or on the title of a column to sort by."""

        def __init__(self, pane: "LinePane", spot: Spot) -> None:
            super().__init__()
            self.pane = pane
            self.spot = spot

    FOCUS_ON_CLICK = False  # a list shows another page once it has the focus: first it is seen what was pointed at

    def __init__(self, kind: PaneKind, choice: Choice, look: Look, *, id: str, name: str) -> None:
        super().__init__(id=id, name=name)
        self.kind = kind
        self.choice = choice
        self.look = look
        self.dirty = True
        self.data: Any = None
        self.failure = ""

    @property
    def context(self) -> Context:
        """What the question depends on, beside the view and the board."""
        choice = self.choice
        return Context(text=choice.text, sort=choice.sort, descending=choice.descending, selected=choice.selected)

    # What the screen gives

    def answer(self, data: Any) -> int:
        """The view's answer. Returns how many lines had to be redrawn."""
        before = self.rows
        self.failure = ""
        self.data = data
        self._keep_place(before)
        return self.redraw()

    def _keep_place(self, before: tuple[str, ...]) -> None:
        """When the selected row has left, the row that took its place is selected. Nothing is selected before the
        person did: a list that nobody touched shows its first rows, whichever they are.
        """
        rows, selected = self.rows, self.choice.selected
        if selected is not None and selected not in rows:
            here = before.index(selected) if selected in before else None
            self.choice.selected = rows[min(here, len(rows) - 1)] if rows and here is not None else None

    def fail(self, sentence: str) -> int:
        """The question could not be answered: a sentence stands where the pane was, until an answer comes."""
        self.failure = sentence
        return self.redraw()

    def clear(self) -> int:
        """Nothing of the last answer may stay on the screen; it is asked again."""
        self.data, self.failure, self.dirty = None, "", True
        return self.redraw()

    def tick(self, now: float) -> int:
        """Draws the same answer at another time, so that durations run on. Not one that came just now: on a busy board
        that would be one frame in ten, for nothing."""
        if self.data is None or self.failure or not self.kind.ticks or 0 <= now - self.data.now < JUST_NOW_S:
            return 0
        self.data = replace(self.data, now=now)
        return self.redraw()

    def redress(self, look: Look) -> int:
        """Another theme, other glyphs, or the data has become too old to be believed."""
        if look == self.look:
            return 0
        self.look = look
        return self.redraw()

    @property
    def rows(self) -> tuple[str, ...]:
        """Keys of the rows of the answer, in the order drawn."""
        return self.kind.rows(self.data) if self.data is not None else ()

    def redraw(self) -> int:
        """Draws the answer; returns how many lines differ from what stood there."""
        width, height = self.size
        if not width or not height:
            return 0
        lines = self._sentence(width, height) if self.failure or self.data is None else self._draw(width, height)
        if self.has_focus:
            lines = [focused(line) for line in lines]
        return self.show(lines, self.look.theme)

    def _draw(self, width: int, height: int) -> list[Line]:
        try:
            return self.kind.draw(self._shown_data(), Size(width, height), self.look)
        except Exception:
            log.exception("The pane %s could not be drawn.", self.kind.name)
            self.failure = "This pane could not be drawn. What went wrong stands in the log; the rest goes on."
            return self._sentence(width, height)

    def _shown_data(self) -> Any:
        """The answer with the cursor, which only the pane that has the focus shows."""
        if not hasattr(self.data, "selected"):
            return self.data
        return replace(self.data, selected=self.choice.selected if self.has_focus else None)

    def _sentence(self, width: int, height: int) -> list[Line]:
        """A frame with a sentence in it: while the first answer is on its way, or in place of one that failed."""
        box = self.look.glyphs.box
        title = f" {self.choice.pane.title or self.kind.title} "[: max(0, width - 2)]
        bar = box[1] * max(0, width - 2 - len(title))
        lines: list[Line] = [(Span(box[0], "frame"), Span(title, "title"), Span(bar + box[2], "frame"))]
        waiting = "" if self.look.stale_s is not None else f"arriving {self.look.glyphs.ellipsis}"
        words = _wrapped(self.failure or waiting, width - 4)[: max(0, height - 2)]
        role = "alert" if self.failure else "dim"
        for y in range(max(0, height - 2)):
            text = words[y] if y < len(words) else ""
            lines.append((Span(box[3] + " ", "frame"), Span(text.ljust(width - 4), role), Span(" " + box[3], "frame")))
        if height > 1:
            lines.append((Span(box[4] + box[1] * (width - 2) + box[5], "frame"),))
        return lines

    # What the person does

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        known = BY_METHOD.get(action)
        return known is None or applies(known, self.kind.name)

    def on_resize(self, event: events.Resize) -> None:
        self.redraw()

    def watch_virtual_size(self) -> None:
        """The pane got its room. Textual sends no ``Resize`` to a widget that something (the focus, the mouse) looked
        for before the first layout: its answer would stand nowhere until the next one comes."""
        self.redraw()

    def on_focus(self) -> None:
        self.redraw()
        self.post_message(self.Focused())

    def on_blur(self) -> None:
        self.redraw()

    def select(self, index: int) -> None:
        """Selects a row by its place, kept within the rows there are."""
        rows = self.rows
        if rows:
            self.choice.selected = rows[max(0, min(len(rows) - 1, index))]
            self.choice.moved = True
            self.redraw()

    def _move(self, by: int) -> None:
        rows = self.rows
        here = rows.index(self.choice.selected) if self.choice.selected in rows else -1 if by > 0 else 0
        self.select(here + by)

    def on_mouse_down(self, event: events.MouseDown) -> None:
        if event.button != 1:
            self.focus(scroll_visible=False)
            return
        spot, again = self._spot(event.x, event.y), self.has_focus
        self.focus(scroll_visible=False)
        if spot.column in self.kind.columns(self.data) if spot.column else again and spot.row == self.choice.selected:
            self.post_message(self.Pointed(self, spot))
        elif spot.row:
            self.select(self.rows.index(spot.row))

    def _spot(self, x: int, y: int) -> Spot:
        """What stands in a cell, as it is drawn now."""
        if self.data is None or self.failure:
            return NOWHERE
        return self.kind.spot(self._shown_data(), Size(*self.size), self.look, x, y)

    def on_mouse_scroll_down(self) -> None:
        self._move(1)

    def on_mouse_scroll_up(self) -> None:
        self._move(-1)

    def action_row_up(self) -> None:
        self._move(-1)

    def action_row_down(self) -> None:
        self._move(1)

    def action_row_page_up(self) -> None:
        self._move(-STEP)

    def action_row_page_down(self) -> None:
        self._move(STEP)

    def action_row_first(self) -> None:
        self.select(0)

    def action_row_last(self) -> None:
        self.select(len(self.rows) - 1)


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(text, max(1, width))
