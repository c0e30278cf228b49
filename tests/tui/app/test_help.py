"""``?``: the keys and what a mouse does, in full at any width."""

import pytest

from wallboard_tui.tui.actions import ACTIONS, applies
from wallboard_tui.tui.keys import MOUSE
from wallboard_tui.tui.look import Look
from wallboard_tui.tui.screens.help import KEYS_W, key_lines


@pytest.mark.parametrize("width", [75, 110])
@pytest.mark.parametrize("pane", ["rollups", "missed", "calls", "agents"])
def test_help_says_every_key_and_what_a_mouse_does_and_cuts_nothing_off(pane: str, width: int) -> None:
    actions = [action for action in ACTIONS if applies(action, pane)]
    lines = ["".join(span.text for span in line) for line in key_lines(actions, {}, width, Look())]
    assert all(len(line) <= width for line in lines)
    said = " ".join(word for line in lines for word in line[KEYS_W if line.startswith("  ") else 0 :].split())
    for action in actions:
        if action.keys:
            assert action.description + (f" Mouse: {action.mouse}." if action.mouse else "") in said
    assert all(f"  {sentence}" in lines for sentence in MOUSE)
