"""Laws of pointing: the cell that a mouse presses is the row, or the column, that is drawn there."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from wallboard_tui.tui.look import Line, Look, Size, cells
from wallboard_tui.tui.panes import PANES
from wallboard_tui.tui.panes.agents import AgentRow, AgentsData
from wallboard_tui.tui.panes.calls import CallRow, CallsData
from wallboard_tui.tui.panes.figures import Shown
from wallboard_tui.tui.panes.missed import MissedData, MissedRow
from wallboard_tui.tui.panes.rollups import RollupRow, RollupsData
from wallboard_tui.tui.panes.seen import Progress

LISTS = ("agents", "calls", "missed", "rollups")
SIZES = st.builds(Size, st.integers(1, 170), st.integers(1, 50))


def answer(pane: str, count: int) -> Any:
    keys = [f"k{i}" for i in range(count)]
    if pane == "agents":
        return AgentsData(0, "Agents", tuple(AgentRow(key, f"N{key}", "talking", 0, "", "") for key in keys))
    if pane == "calls":
        calls = (CallRow(k, 0, "inbound", "ended", "1", False, "", "", "", 1, 1, None, None, "") for k in keys)
        return CallsData(0, "Calls", "UTC", tuple(calls))
    if pane == "missed":
        missed = (MissedRow(k, "1", False, "", False, 1, "", 1, "", "", 0, 0, "open") for k in keys)
        return MissedData(0, "Missed", "UTC", tuple(missed), {})
    figures = (Shown("offered", "offered", 1, "1"), Shown("answered", "answered", 1, "1"))
    rows = [RollupRow(key, f"N{key}", figures, None, (1.0,)) for key in (*keys, "*")]
    return RollupsData(0, "Queues", "queue", "today", tuple(rows[:-1]), rows[-1] if count > 1 else None, Progress())


def marked(lines: list[Line], role: str) -> set[tuple[int, int]]:
    """The cells that are drawn in a role."""
    found: set[tuple[int, int]] = set()
    for y, line in enumerate(lines):
        x = 0
        for span in line:
            if role in span.style.split("+"):
                found |= {(x + i, y) for i in range(cells(span.text))}
            x += cells(span.text)
    return found


@pytest.mark.parametrize("pane", LISTS)
@settings(max_examples=60, deadline=None)
@given(st.integers(1, 60), st.integers(0, 59), SIZES)
def test_what_is_drawn_as_selected_is_what_the_mouse_points_at(pane: str, count: int, at: int, size: Size) -> None:
    data = replace(answer(pane, count), selected=f"k{min(at, count - 1)}")
    kind, look = PANES[pane], Look()
    selected = marked(kind.draw(data, size, look), "selected")
    assume(selected)
    pointed = {
        (x, y) for x in range(size.w) for y in range(size.h) if kind.spot(data, size, look, x, y).row == data.selected
    }
    # The gap behind an agent's column belongs to the agent, too.
    assert selected <= pointed if pane == "agents" else selected == pointed


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 30), SIZES)
def test_a_column_is_pointed_at_by_its_title(count: int, size: Size) -> None:
    data, look, kind = answer("rollups", count), Look(), PANES["rollups"]
    titles = "".join(span.text for span in kind.draw(data, size, look)[1]) if size.h > 3 else ""
    for column, title in (("name", "Queue"), ("offered", "Offered"), ("answered", "Answered")):
        if f" {title} " in titles:
            assert kind.spot(data, size, look, titles.index(f" {title} ") + 1, 1).column == column


@pytest.mark.parametrize("pane", LISTS)
def test_frames_and_empty_lists_are_nowhere(pane: str) -> None:
    kind, size = PANES[pane], Size(80, 20)
    for x, y in ((0, 0), (79, 19), (0, 5), (10, 19)):
        assert not any((kind.spot(answer(pane, 3), size, Look(), x, y)).__dict__.values())
    assert not kind.spot(answer(pane, 0), size, Look(), 10, 5).row
