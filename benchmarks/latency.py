"""From the hub's being told to the screen's showing it: 200 events a second, each looked for on a real screen.

A hub, a terminal of it in a pseudo-terminal that shows the list of calls, and calls with a number each that are given
to the hub in small batches. Measured is the time from before a batch is sent until its number is on the screen:
journal, view, gate, feed, terminal's view, question, drawing. Expected: at most 300 ms for 99 of 100.
"""

import argparse
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
from _screen import CALLS_BOARD, board_of, number, operator, percentiles, running_hub, shown

from wallboard_tui.client.home import Home
from wallboard_tui.model.base import Doc

RATE, TOGETHER = 200, 4
LIMIT_MS = 300


def call(n: int, at: float) -> Doc:
    """A caller who has just entered a queue."""
    queue = "asterisk:pbx1:sales"
    visits = [{"queue": queue, "entered": at}]
    return {
        "key": f"asterisk:pbx1:{at:.0f}.{n}",
        "source": "pbx1",
        "started": at,
        "caller": number(n),
        "visits": visits,
        "facts": [f"queue:{queue}"],
    }


class Teller(threading.Thread):
    """Tells the hub of so many events at an even pace, and remembers when it told which."""

    def __init__(self, hub: httpx.Client, events: int) -> None:
        super().__init__(daemon=True)
        self.hub, self.events = hub, events
        self.told: dict[int, float] = {}

    def run(self) -> None:
        """Until all are told."""
        due = time.perf_counter()
        for first in range(0, self.events, TOGETHER):
            due += TOGETHER / RATE
            time.sleep(max(0.0, due - time.perf_counter()))
            batch = range(first, min(first + TOGETHER, self.events))
            now = time.time()
            self.told.update(dict.fromkeys(batch, time.perf_counter()))
            documents = [["call", call(n, now + n * 1e-4)] for n in batch]
            self.hub.post("/apply", json={"documents": documents}).raise_for_status()


def main() -> int:
    """Measure and print; 1 when it is slower than promised."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=20)
    given = options.parse_args()
    events = min(9999, int(given.seconds * RATE))
    with tempfile.TemporaryDirectory(prefix="wb-") as place:
        home = Home.at(Path(place)).prepare()
        with running_hub(home), operator(home) as hub, board_of(home, hub, CALLS_BOARD) as screen:
            teller = Teller(hub, events)
            teller.start()
            found = shown(screen, teller.told, events, teller.is_alive)
    if not found:
        print("nothing of it came onto the screen")
        return 1
    seen = len(found) / events
    p50, p99, longest = percentiles(found)
    print(f"{events:,} events at {RATE}/s, {seen:.1%} of them seen on the screen")
    print(f"hub to screen   median {p50:.0f} ms   p99 {p99:.0f} ms (at most {LIMIT_MS})   longest {longest:.0f} ms")
    return int(p99 > LIMIT_MS or seen < 0.99)


if __name__ == "__main__":
    sys.exit(main())
