"""Room ``tui``, panes: the kinds of panes by name, and their pictures as plain text. Pure; imports no Textual."""

from collections.abc import Sequence

from wallboard_tui.tui.look import Line
from wallboard_tui.tui.panes import agents, calls, clock, metrics, missed, rollups, text_pane, wallboard
from wallboard_tui.tui.panes.base import Context, PaneKind

__all__ = ["PANES", "Context", "PaneKind", "text"]

PANES: dict[str, PaneKind] = {
    kind.name: kind
    for kind in (
        wallboard.KIND,
        agents.KIND,
        rollups.KIND,
        metrics.KIND,
        missed.KIND,
        calls.KIND,
        text_pane.KIND,
        clock.KIND,
    )
}


def text(lines: Sequence[Line]) -> str:
    """A picture as plain text: the roles left out, blanks at the ends of lines cut."""
    return "".join("".join(span.text for span in line).rstrip() + "\n" for line in lines)
