"""What a person reads who may not break figures down as they asked."""

import pytest

from wallboard_tui.access.panes import no_breakdown


@pytest.mark.parametrize(
    ("by", "others", "said"),
    [
        ("team", ("agent",), "You may not break figures down by team; you may break them down by agent."),
        (
            "agent",
            ("queue", "team", "number", "all"),
            "You may not break figures down by agent; you may break them down by queue, team or number, or see the "
            "total (all).",
        ),
        ("queue", ("all",), "You may not break figures down by queue; you may see the total (all)."),
        ("all", ("agent",), "You may not see the total of all calls; you may break them down by agent."),
        ("queue", (), "You may not see figures of calls, however they are broken down."),
    ],
)
def test_who_may_not_break_figures_down_by_something_reads_what_they_may_do(
    by: str, others: tuple[str, ...], said: str
) -> None:
    assert no_breakdown(by, others) == said
