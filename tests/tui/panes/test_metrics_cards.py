"""One's own day as it is drawn: the times of today."""

import re

import pytest

from wallboard_tui.tui.drawing.glyphs import GLYPHS
from wallboard_tui.tui.look import Look, Size
from wallboard_tui.tui.panes import PANES, text
from wallboard_tui.tui.panes.figures import Shown
from wallboard_tui.tui.panes.metrics import Compared, MetricsData, StateTime


@pytest.mark.parametrize("glyphs", ["unicode", "ascii"])
@pytest.mark.parametrize("size", [Size(80, 24), Size(160, 48), Size(240, 67)])
def test_the_reason_of_a_pause_is_read_in_full_and_does_not_touch_its_bar(size: Size, glyphs: str) -> None:
    none = Shown("handled", "handled", None, "-", "none")
    states = (StateTime("available", "available", 60.0), StateTime("paused", "Coaching: 1-to-1", 3600.0))
    figures = (Compared("handled", none, none, none, None, None),)
    data = MetricsData(0, "My metrics", "Maya", "UTC", figures=figures, states=states)
    drawn = text(PANES["metrics"].draw(data, size, Look(glyphs=GLYPHS[glyphs])))
    assert len(re.findall(r"Coaching: 1-to-1 [█#]", drawn)) == 1
    assert len({line.index(bar) for line in drawn.splitlines() for bar in re.findall(r"[█#░.]{8,}", line)}) == 1
