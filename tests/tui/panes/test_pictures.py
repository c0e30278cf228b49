"""Golden pictures of every pane, asked of a real view. ``UPDATE_GOLDENS=1`` writes them; then look at what changed."""

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from wallboard_tui.metrics.settings import Settings
from wallboard_tui.metrics.thresholds import Judge
from wallboard_tui.model.board import Pane, PaneName, Threshold
from wallboard_tui.model.me import Me
from wallboard_tui.tui.drawing.glyphs import GLYPHS
from wallboard_tui.tui.look import Line, Look, Size
from wallboard_tui.tui.panes import PANES
from wallboard_tui.tui.panes.base import Context
from wallboard_tui.tui.panes.help import PANE_HELP, help_lines
from wallboard_tui.tui.panes.journey import draw_journey
from wallboard_tui.tui.panes.seen import Names
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

Golden = Callable[[str, Sequence[Line]], None]
SIZES = {
    "80x22-unicode": (Size(80, 22), "unicode"),
    "160x44-unicode": (Size(160, 44), "unicode"),
    "62x9-plain": (Size(62, 9), "plain"),
    "80x12-ascii": (Size(80, 12), "ascii"),
}
PANES_ASKED: tuple[PaneName, ...] = ("wallboard", "agents", "rollups", "missed", "calls", "text", "clock")


def judge(now: float) -> Judge:
    """A board's thresholds; judged once half a minute ago, so that what is bad has been so for long enough."""
    return Judge(
        (
            Threshold(kpi="service_level", warn=80, alert=40, min_s=0),
            Threshold(kpi="longest_wait_now", warn=60, alert=300, min_s=0),
            Threshold(kpi="service_level", subject="board", warn=60, min_s=0),
        )
    )


@pytest.mark.parametrize("shape", list(SIZES))
@pytest.mark.parametrize("name", PANES_ASKED)
def test_a_pane_looks_as_it_should(name: PaneName, shape: str, view: View, me: Me, now: float, golden: Golden) -> None:
    size, glyphs = SIZES[shape]
    pane = Pane(pane=name, text="Fire drill at 15:00.\nLeave by the north stairs.")
    data = PANES[name].ask(view, me, pane, now, Context(judge=judge(now)))
    golden(f"{name}-{shape}", PANES[name].draw(data, size, Look(glyphs=GLYPHS[glyphs])))


@pytest.mark.parametrize("shape", list(SIZES))
def test_ones_own_day_looks_as_it_should(shape: str, view: View, ana: Me, now: float, golden: Golden) -> None:
    size, glyphs = SIZES[shape]
    data = PANES["metrics"].ask(view, ana, Pane(pane="metrics"), now)
    golden(f"metrics-{shape}", PANES["metrics"].draw(data, size, Look(glyphs=GLYPHS[glyphs])))


def test_a_wall_is_filled(view: View, me: Me, now: float, golden: Golden) -> None:
    data = PANES["wallboard"].ask(view, me, Pane(pane="wallboard"), now, Context(judge=judge(now)))
    golden("wallboard-240x67-unicode", PANES["wallboard"].draw(data, Size(240, 67), Look()))


def test_a_stale_pane_says_its_age(view: View, me: Me, now: float, golden: Golden) -> None:
    data = PANES["missed"].ask(view, me, Pane(pane="missed"), now)
    golden("missed-stale", PANES["missed"].draw(data, Size(80, 8), Look(stale_s=32)))


def test_a_call_in_full_looks_as_it_should(view: View, now: float, golden: Golden) -> None:
    for key in ("asterisk:pbx1:3", "asterisk:pbx1:200", "asterisk:pbx1:400", "asterisk:pbx1:401"):
        call = queries.call(view, key)
        assert call is not None
        lines = draw_journey(call, Names.of(view), Size(76, 10), Look(), now, "Europe/Dublin")
        golden(f"journey-{key.rpartition(':')[2]}", lines)


def test_a_journey_never_names_what_the_reader_may_not_know(view: View, now: float, golden: Golden) -> None:
    call = queries.call(view, "asterisk:pbx1:3")
    assert call is not None
    hidden = call | {"caller": None, "masked": ["caller"], "legs": [{**call["legs"][0], "agent": None}]}
    golden("journey-masked", draw_journey(hidden, Names.of(view), Size(76, 12), Look(), now, "Europe/Dublin"))


@pytest.mark.parametrize("name", sorted(PANE_HELP))
def test_help_explains_the_pane_and_each_figure_in_it(name: str, golden: Golden) -> None:
    golden(f"help-{name}", help_lines(name, Settings(), 76, Look()))


def test_the_sort_and_the_selection_are_drawn(view: View, me: Me, now: float, golden: Golden) -> None:
    context = Context(sort="offered", descending=True)
    data = PANES["rollups"].ask(view, me, Pane(pane="rollups"), now, context)
    golden("rollups-sorted", PANES["rollups"].draw(replace(data, selected=data.rows[1].key), Size(110, 9), Look()))
