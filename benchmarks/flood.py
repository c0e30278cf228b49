"""50,000 events within a second, over a real socket, while somebody works at an open board: nothing is lost, and the
board answers.

A phone system that speaks the manager interface, a hub that follows it, and a terminal in a pseudo-terminal with a
board of queues, agents and calls. All events are written as fast as the hub reads them. Meanwhile a key is pressed over
and over, each as soon as the one before was answered. Expected: every figure of every queue is right afterwards, at the
hub and in the terminal's own view, no key waits longer than a second, and neither process holds 300 MB.
"""

import argparse
import json
import sqlite3
import sys
import tempfile
import threading
import time
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path

from _pbx import EVENTS_PER_CALL, Phones, following, wrong_figures
from _proc import memory
from _pty import Program, plain
from _screen import board_of, operator, running_hub

from wallboard_tui.client.home import Home
from wallboard_tui.model.base import Doc

EVENTS = 50_000
KEY_LIMIT_S, MEMORY_LIMIT_MB = 1.0, 300
AFTER_S = 60.0
"""Everything is in the terminal this long after the flood at the latest."""
BOARD: Doc = {
    "key": "flooded",
    "name": "Flooded",
    "priority": 99,
    "pages": [
        {
            "name": "Now",
            "rows": [
                {"height": 2, "panes": [{"pane": "wallboard"}]},
                {"height": 2, "panes": [{"pane": "agents"}]},
                {"height": 1, "panes": [{"pane": "calls"}]},
            ],
        }
    ],
}
ZOOM_KEY, ZOOMED, WHOLE = b"z", b"zoomed", b"Agents"
"""A key, and what the answer to it prints that nothing else does: one pane alone, and the whole page again."""


@dataclass
class Keys:
    """Somebody at the keys: puts a pane alone on the screen and back, over and over, and sees how long each takes."""

    screen: Program
    waited: list[float] = field(default_factory=list)

    def press(self, says: bytes) -> None:
        """Press the key and wait for what it brings. Raises ``TimeoutError``."""
        self.screen.press(ZOOM_KEY)
        pressed, seen = time.perf_counter(), b""
        while says not in plain(seen):
            seen = (seen + self.screen.read(0.05))[-200_000:]
            if time.perf_counter() - pressed > AFTER_S:
                raise TimeoutError(f"the board did not answer a key within {AFTER_S:.0f} s")
        self.waited.append(time.perf_counter() - pressed)

    def once(self) -> None:
        """There and back."""
        self.press(ZOOMED)
        self.press(WHOLE)


def calls_in_view(home: Home) -> int:
    """Calls that are over in the terminal's own view."""
    newest = max(home.cache.rglob("*.db"), key=lambda path: path.stat().st_mtime)
    with closing(sqlite3.connect(f"file:{newest}?mode=ro", uri=True)) as db:
        found: int = db.execute("SELECT count(*) FROM call WHERE state = 'ended'").fetchone()[0]
    return found


@dataclass(frozen=True)
class Measured:
    """What came of a flood; seconds and megabytes."""

    events: int
    said_s: float
    """So long the phone system took to say them: it waits where nobody reads."""
    absorbed_s: float
    """From the first event until the terminal had every call as it was in the end."""
    calls: int
    calls_in_terminal: int
    wrong: list[str]
    """Figures at the hub that are not as the calls were."""
    keys: int
    key_median_s: float
    key_longest_s: float
    hub_before_mb: float
    hub_after_mb: float
    hub_most_mb: float
    terminal_most_mb: float

    @property
    def well(self) -> bool:
        """Whether it is as promised."""
        small = max(self.hub_most_mb, self.terminal_most_mb) <= MEMORY_LIMIT_MB
        return small and not self.wrong and self.calls_in_terminal == self.calls and self.key_longest_s <= KEY_LIMIT_S


def measure(home: Home, calls: int) -> Measured:
    """Says so many calls at once, and presses keys until all of them have come to the terminal."""
    phones = Phones()
    with running_hub(home, following(home, phones)) as process, operator(home) as hub:
        phones.looked_at()
        with board_of(home, hub, BOARD) as screen:
            keys = Keys(screen)
            keys.once()
            keys.waited.clear()
            before = memory(process.pid).now
            said: list[float] = []
            flood = threading.Thread(target=lambda: said.append(phones.at_once(0, calls).seconds), daemon=True)
            began = time.perf_counter()
            flood.start()
            while (flood.is_alive() or calls_in_view(home) < calls) and time.perf_counter() - began < AFTER_S:
                keys.once()
            absorbed = time.perf_counter() - began
            flood.join()
            wrong = wrong_figures(hub, range(calls))
            there = calls_in_view(home)
            sizes = memory(process.pid), memory(screen.pid)
    waited = sorted(keys.waited)
    return Measured(
        calls * EVENTS_PER_CALL, round(said[0], 2), round(absorbed, 2), calls, there, wrong, len(waited),
        round(waited[len(waited) // 2], 3), round(waited[-1], 3),
        round(before), round(sizes[0].now), round(sizes[0].most), round(sizes[1].most),
    )  # fmt: skip


def main() -> int:
    """Measure and print; 1 when something is lost, late or too large."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=EVENTS)
    options.add_argument("--json", action="store_true", help="say the figures as JSON")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="wb-") as place:
        found = measure(Home.at(Path(place)).prepare(), given.events // EVENTS_PER_CALL)
    if given.json:
        print(json.dumps(asdict(found)))
        return int(not found.well)
    print(f"{found.events:,} events, taken from the line within {found.said_s:.1f} s, in the terminal after ", end="")
    print(f"{found.absorbed_s:.1f} s: {found.calls_in_terminal:,} of {found.calls:,} calls")
    print("\n".join(found.wrong) or "every figure of every queue is right")
    print(f"{found.keys} keys answered, half of them within {found.key_median_s * 1000:.0f} ms, ", end="")
    print(f"all within {found.key_longest_s * 1000:.0f} ms (at most {KEY_LIMIT_S * 1000:.0f})")
    print(f"{found.hub_before_mb} MB in the hub before, {found.hub_after_mb} MB after; ", end="")
    print(f"at most {found.hub_most_mb} MB in the hub, {found.terminal_most_mb} MB in the terminal ", end="")
    print(f"(at most {MEMORY_LIMIT_MB})")
    return int(not found.well)


if __name__ == "__main__":
    sys.exit(main())
