"""Room ``tui``, screens: what a person can do in the panes of a board: missed opportunities, search, sorting,
periods, details.
"""

from typing import get_args

from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.drawing.units import phone
from wallboard_tui.tui.panes.calls import CallRow
from wallboard_tui.tui.panes.missed import MissedRow
from wallboard_tui.tui.screens.base import WallboardScreen
from wallboard_tui.tui.screens.followups import FollowupActs, Target
from wallboard_tui.tui.widgets.pane import LinePane

PERIODS: tuple[str, ...] = get_args(Pane.model_fields["period"].annotation)
GROUPS = ("queue", "team", "agent", "number", "campaign")
_EXPLAINED = {
    "calls": ("call", ""), "missed": ("followup", ""), "agents": ("state", ": what they do now"),
    "rollups": ("figures", ": figures"),
}  # fmt: skip
"""What is asked of the hub about a row of each pane, and what of it stands on the screen, where that is not all."""


class PaneActs(FollowupActs, WallboardScreen[None]):
    """The half of the board's screen that acts on the focused pane and its selected row."""

    me: Me
    _acted: Target | None = None
    """What the person did something about last."""

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
        """Another period, grouping and so on; asked at the next frame. The board's title holds for the board's own."""
        chosen, given = pane.choice.pane.model_copy(update=changes), pane.choice.given
        same = (chosen.by, chosen.period) == (given.by, given.period)
        pane.choice.pane = chosen.model_copy(update={"title": given.title if same else ""})
        self._again(pane)

    def _again(self, pane: LinePane) -> None:
        pane.dirty = True
        self.request_frame()

    def action_rollups_sort(self) -> None:
        pane = self.focused_pane
        sorts = pane.kind.columns(pane.data) if pane is not None and pane.data is not None else ()
        if pane is not None and sorts:
            # The first column is the order in which a table comes.
            here = sorts.index(pane.choice.sort) if pane.choice.sort in sorts else 0
            self._sort(pane, sorts[(here + 1) % len(sorts)])

    def sort_by(self, pane: LinePane, column: str) -> None:
        """Sorts by a column; by the one that it is sorted by already, the other way round."""
        if pane.choice.sort == column:
            pane.choice.descending = not pane.choice.descending
            self._again(pane)
        else:
            self._sort(pane, column)

    def _sort(self, pane: LinePane, column: str) -> None:
        pane.choice.sort = column
        pane.choice.descending = column not in pane.kind.upward
        self._again(pane)

    def action_rollups_reverse(self) -> None:
        pane = self.focused_pane
        if pane is not None and pane.kind.sorts:
            # Without a choice a table stands in the order of its first column, upwards.
            pane.choice.descending = not pane.choice.descending if pane.choice.sort else True
            pane.choice.sort = pane.choice.sort or pane.kind.sorts[0]
            self._again(pane)

    def action_rollups_period(self) -> None:
        pane = self.focused_pane
        if pane is not None:
            self._choose(pane, period=PERIODS[(PERIODS.index(pane.choice.pane.period) + 1) % len(PERIODS)])

    def action_rollups_by(self) -> None:
        pane = self.focused_pane
        if pane is not None:
            groups = [by for by in GROUPS if self.me.lens_by(by) is not None] or GROUPS
            here = groups.index(pane.choice.pane.by) if pane.choice.pane.by in groups else -1
            self._choose(pane, by=groups[(here + 1) % len(groups)])

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
        if pane.kind.name == "calls":
            from wallboard_tui.tui.screens.detail import CallDetail

            self.app.push_screen(CallDetail(key))
        elif pane.kind.name == "missed":
            from wallboard_tui.tui.screens.caller import CallerDetail

            self.app.push_screen(CallerDetail(key))
        else:
            from wallboard_tui.tui.screens.behind import Behind

            rows = getattr(pane.data, "rows", ())
            self.app.push_screen(Behind(pane.choice.pane, key, next((r.name for r in rows if r.key == key), "")))

    def action_explain_row(self) -> None:
        pane = self.focused_pane
        if pane is None:
            return
        # The calls without a number have a row, and an empty key.
        key = pane.rows[0] if pane.choice.selected is None and len(pane.rows) == 1 else pane.choice.selected
        if key is None:
            self.notify("Select a row first (↑ ↓).")
            return
        from wallboard_tui.tui.screens.admin.explain import Explain

        row = next((row for row in getattr(pane.data, "rows", ()) if row.key == key), None)
        kind, what = _EXPLAINED[pane.kind.name]
        if kind == "figures":
            by = getattr(pane.data, "by", "all")
            key = by if by == "all" else f"{by}:{key}"
        self.app.push_screen(Explain(kind, key, row_words(row) + what))

    # Missed opportunities

    def followup(self) -> Target | None:
        pane = self.focused_pane
        if pane is None or pane.choice.selected is None:
            self.notify("Select a missed opportunity first (↑ ↓).")
            return None
        key = pane.choice.selected
        row = next((row for row in getattr(pane.data, "rows", ()) if row.key == key), None)
        words = (row.name, phone(row.caller or "")) if isinstance(row, MissedRow) else ()
        return Target(key, " ".join(word for word in words if word) or "the caller")

    def acted(self, target: Target, act: str) -> None:
        # What was done last can be undone once; it may have left the list, and the cursor with it.
        self._acted = None if act == "reopen" else target
        if self.focused_pane is not None:
            self.focused_pane.choice.moved = False

    def followup_to_reopen(self) -> Target | None:
        """What was done last, wherever its row is now; the selected one, once the person has moved the cursor."""
        pane = self.focused_pane
        return self.followup() if self._acted is None or (pane is not None and pane.choice.moved) else self._acted


def row_words(row: object) -> str:
    """What a row is about, as it stands on the screen."""
    if isinstance(row, CallRow | MissedRow):
        caller = "number withheld from you" if row.hidden else phone(row.caller or "")
        return ", ".join(word for word in (row.name, caller, row.place) if word)
    return str(getattr(row, "name", ""))
