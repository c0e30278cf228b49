"""From a phone system's line to a real screen: a real socket, the real hub, the real program in a pseudo-terminal.

The measuring is the benchmarks' (``benchmarks/live_line.py``, ``benchmarks/flood.py``); times are theirs to judge, on a
machine that does nothing else. Here it is what has to hold on any machine: nothing is lost, and the board answers.
"""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
FROZEN_S = 10.0
"""A board that does not answer a key for so long is frozen, however busy the machine."""


def measured(name: str, *arguments: str) -> dict[str, Any]:
    """What a benchmark measured, whatever it thinks of that."""
    command = [sys.executable, str(BENCHMARKS / name), *arguments, "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=110)
    assert done.stdout, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    return found


@pytest.mark.parametrize("events", [1_800, pytest.param(50_000, marks=pytest.mark.slow)])
def test_a_flood_of_events_is_absorbed_without_loss_and_the_board_goes_on_answering(events: int) -> None:
    found = measured("flood.py", "--events", str(events))
    assert found["calls"] == events // 9
    assert found["wrong"] == [], "the figures at the hub are the truth's"
    assert found["calls_in_terminal"] == found["calls"], "and so is what the terminal has"
    assert found["keys"] > 0
    assert found["key_longest_s"] < FROZEN_S
    assert found["hub_most_mb"] < 300 > found["terminal_most_mb"]


@pytest.mark.slow
def test_a_thousand_events_a_second_come_to_the_screen_every_one_and_memory_stays_flat() -> None:
    found = measured("live_line.py", "--seconds", "30")
    assert (found["seen"], found["wrong"]) == (1.0, [])
    for first, last in (found["hub_mb"], found["terminal_mb"]):
        assert last <= first * 1.15
