"""Rows of key hints: one line where they fit, else broken between entries."""

import pytest

from wallboard_tui.tui.drawing.text import entries

HINT = "c  Claim    r  Reached    u  Open again    ↑ ↓  scroll    Esc  close"


def test_entries_that_fit_are_one_line_with_less_between_them_where_needed() -> None:
    assert entries(HINT, 100) == [HINT]
    assert entries(HINT, len(HINT) - 1) == [HINT.replace("    ", "   ")]


@pytest.mark.parametrize("w", [20, 30, 40, 55])
def test_entries_that_do_not_fit_are_broken_between_them_alone(w: int) -> None:
    lines = entries(HINT, w)
    assert [part for line in lines for part in line.split("    ")] == HINT.split("    ")
    assert all(len(line) <= w for line in lines)
