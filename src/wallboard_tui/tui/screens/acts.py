"""Room ``tui``, screens: what a person can do in the panes of a board: missed opportunities, search, sorting,
periods, details.
"""

from typing import get_args

from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.messages import Failed
from wallboard_tui.tui.panes.missed import MissedRow
from wallboard_tui.tui.screens.base import WallboardScreen
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.pane import LinePane

PERIODS: tuple[str, ...] = get_args(Pane.model_fields["period"].annotation)
GROUPS = ("queue", "team", "agent", "number")
DONE = {
    "claim": "Claimed {caller}. It is yours to call back.",
    "reached": "Noted for {caller}: called back and reached.",
    "not_reached": "Noted for {caller}: called back, not reached.",
    "note": "Note written for {caller}.",
    "resolve": "Resolved {caller}. U opens it again.",
    "reopen": "Open again: {caller}.",
}


class PaneActs(WallboardScreen[None]):
    """The half of the board's screen that acts on the focused pane and its selected row."""

    me: Me
    _acted: tuple[str, str] | None = None
    """Key and caller of the followup that the person did something about last: it may have left the list."""

    @property
    def focused_pane(self) -> LinePane | None:
        """The pane that has the focus."""
        return self.focused if isinstance(self.focused, LinePane) else None

    def redraw_chrome(self) -> None:
        """Header and footer."""

    def request_frame(self) -> None:
        """A pane is dirty."""

    # Choosing what a pane shows

    def _choose(self, pane: LinePane, **changes: object) -> None:
        """Another period, grouping and so on; asked at the next frame."""
        pane.choice.pane = pane.choice.pane.model_copy(update=changes)
        self._again(pane)

    def _again(self, pane: LinePane) -> None:
        pane.dirty = True
        self.request_frame()

    def action_rollups_sort(self) -> None:
        pane = self.focused_pane
        if pane is not None and pane.kind.sorts:
            sorts = pane.kind.sorts
            here = sorts.index(pane.choice.sort) if pane.choice.sort in sorts else -1
            pane.choice.sort = sorts[(here + 1) % len(sorts)]
            self._again(pane)

    def action_rollups_reverse(self) -> None:
        pane = self.focused_pane
        if pane is not None:
            pane.choice.descending = not pane.choice.descending
            pane.choice.sort = pane.choice.sort or (pane.kind.sorts[0] if pane.kind.sorts else "")
            self._again(pane)

    def action_rollups_period(self) -> None:
        pane = self.focused_pane
        if pane is not None:
            self._choose(pane, period=PERIODS[(PERIODS.index(pane.choice.pane.period) + 1) % len(PERIODS)])

    def action_rollups_by(self) -> None:
        pane = self.focused_pane
        if pane is not None:
            here = GROUPS.index(pane.choice.pane.by) if pane.choice.pane.by in GROUPS else -1
            self._choose(pane, by=GROUPS[(here + 1) % len(GROUPS)])

    def action_agents_signed_in(self) -> None:
        pane = self.focused_pane
        if pane is not None:
            self._choose(pane, only_signed_in=not pane.choice.pane.only_signed_in)

    def action_calls_search(self) -> None:
        pane = self.focused_pane
        if pane is None:
            return
        before = pane.choice.text

        def typed(text: str) -> None:
            pane.choice.text = text
            self._again(pane)

        def done(text: str | None) -> None:
            typed(before if text is None else text)

        from wallboard_tui.tui.screens.question import Question

        self.app.push_screen(Question("Search calls", "number, name, queue or agent", before, on_typed=typed), done)

    def action_calls_clear(self) -> None:
        pane = self.focused_pane
        if pane is not None and pane.choice.text:
            pane.choice.text = ""
            self._again(pane)

    # Details

    def action_row_open(self) -> None:
        pane = self.focused_pane
        if pane is None:
            return
        key = pane.choice.selected or (pane.rows[0] if len(pane.rows) == 1 else None)
        if key is None:
            self.notify("Select a row first (↑ ↓).")
            return
        from wallboard_tui.tui.screens.detail import CallDetail, CallerDetail

        self.app.push_screen(CallDetail(key) if pane.kind.name == "calls" else CallerDetail(key))

    # Missed opportunities

    def act(self, act: str, note: str = "") -> None:
        """Does something about the selected missed opportunity; the hub's word comes back with the feed."""
        followup = self._selected()
        if followup is not None:
            self._begin(followup, act, note)

    def _selected(self) -> tuple[str, str] | None:
        """Key and caller of the selected missed opportunity; without one, the person reads how to select it."""
        pane = self.focused_pane
        if pane is None or pane.choice.selected is None:
            self.notify("Select a missed opportunity first (↑ ↓).")
            return None
        key = pane.choice.selected
        row = next((row for row in getattr(pane.data, "rows", ()) if row.key == key), None)
        words = (row.name, row.caller) if isinstance(row, MissedRow) else ()
        return key, " ".join(word for word in words if word) or "the caller"

    def _begin(self, followup: tuple[str, str], act: str, note: str = "") -> None:
        self._acted = followup
        self.run_worker(self._act(*followup, act, note), group="act", exit_on_error=False)

    async def _act(self, key: str, caller: str, act: str, note: str) -> None:
        try:
            await self.wallboard.terminal.followup(key, act, note)
        except TerminalError as error:
            self.app.post_message(Failed(str(error)))
        else:
            self.notify(DONE[act].format(caller=caller), markup=False)

    def action_missed_claim(self) -> None:
        self.act("claim")

    def action_missed_reached(self) -> None:
        self.act("reached")

    def action_missed_not_reached(self) -> None:
        self.act("not_reached")

    def action_missed_resolve(self) -> None:
        self.act("resolve")

    def action_missed_reopen(self) -> None:
        """Undoes what was done last, wherever the cursor is now; without that, opens the selected one again."""
        followup = self._acted or self._selected()
        if followup is not None:
            self._begin(followup, "reopen")

    def action_missed_note(self) -> None:
        followup = self._selected()
        if followup is None:
            return

        def written(note: str | None) -> None:
            if note:
                self._begin(followup, "note", note)

        from wallboard_tui.tui.screens.question import Question

        self.app.push_screen(Question("Note", "what the next colleague should know"), written)
