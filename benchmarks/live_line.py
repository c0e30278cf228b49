"""From a phone system's line to the screen: 1,000 events a second over a real socket, each caller looked for on a real
screen.

A phone system that speaks the manager interface, a hub that follows it, and a terminal in a pseudo-terminal that shows
the list of calls. Measured is the time from a caller's event being written to the socket until their number is on the
screen: source, journal, view, gate, feed, terminal's view, question, drawing. Expected: at most 500 ms for 99 of 100,
less than a core for the hub, no call lost, and memory that does not grow with time (both caches are files).
"""

import argparse
import json
import sys
import tempfile
import threading
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from _pbx import EVENTS_PER_CALL, Phones, following, wrong_figures
from _proc import cpu_s, memory
from _screen import CALLS_BOARD, board_of, operator, percentiles, running_hub, shown

from wallboard_tui.client.home import Home

RATE = 1000
LIMIT_MS = 500
WARM_S = 5
"""Seconds at the same pace before anything is measured: memory has its size then."""
GROWTH = 1.15
"""So much larger either process may be at the end than once it was warm: its caches fill, and no more."""


@dataclass(frozen=True)
class Measured:
    """What was seen; times in milliseconds, shares of a core, sizes in megabytes."""

    events: int
    events_per_s: float
    calls: int
    seen: float
    """Share of the callers that were seen on the screen."""
    median_ms: float
    p99_ms: float
    longest_ms: float
    hub_core: float
    terminal_core: float
    hub_mb: tuple[float, float]
    """Once warm, and at the end."""
    terminal_mb: tuple[float, float]
    wrong: list[str]
    """Figures that are not as the calls were."""

    @property
    def well(self) -> bool:
        """Whether it is as promised."""
        flat = all(last <= first * GROWTH for first, last in (self.hub_mb, self.terminal_mb))
        return flat and self.p99_ms <= LIMIT_MS and self.seen >= 0.99 and self.hub_core < 1 and not self.wrong


def measure(home: Home, warm: int, calls: int) -> Measured:
    """Says ``warm`` calls, then those that are measured, all at the same pace."""
    phones = Phones()
    with running_hub(home, following(home, phones)) as process, operator(home) as hub:
        phones.looked_at()
        with board_of(home, hub, CALLS_BOARD) as screen:

            def look() -> tuple[float, float, float, float]:
                sizes = memory(process.pid).now, memory(screen.pid).now
                return cpu_s(process.pid), screen.cpu_s(), *sizes

            came: dict[int, float] = {}
            telling = threading.Thread(target=phones.steadily, args=(0, warm + calls, RATE, came), daemon=True)
            telling.start()
            shown(screen, came, warm, telling.is_alive)
            began, before = time.perf_counter(), look()
            found = shown(screen, came, warm + calls, telling.is_alive)
            telling.join()
            seconds, after = time.perf_counter() - began, look()
            wrong = wrong_figures(hub, range(warm + calls))
    found = {n: ms for n, ms in found.items() if n >= warm}
    paced = max(came.values()) - came[warm]
    median, p99, longest = percentiles(found)
    events = calls * EVENTS_PER_CALL
    return Measured(
        events, round(events / paced), calls, round(len(found) / calls, 4), round(median), round(p99), round(longest),
        round((after[0] - before[0]) / seconds, 3), round((after[1] - before[1]) / seconds, 3),
        (round(before[2]), round(after[2])), (round(before[3]), round(after[3])), wrong,
    )  # fmt: skip


def main() -> int:
    """Measure and print; 1 when it is slower or larger than promised, or something is missing."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=30)
    options.add_argument("--warm", type=float, default=WARM_S, help="seconds before anything is measured")
    options.add_argument("--json", action="store_true", help="say the figures as JSON")
    given = options.parse_args()
    warm = int(given.warm * RATE / EVENTS_PER_CALL)
    calls = min(9999 - warm, int(given.seconds * RATE / EVENTS_PER_CALL))
    with tempfile.TemporaryDirectory(prefix="wb-") as place:
        found = measure(Home.at(Path(place)).prepare(), warm, calls)
    if given.json:
        print(json.dumps(asdict(found)))
        return int(not found.well)
    print(f"{found.events:,} events at {found.events_per_s:,}/s, {found.seen:.1%} of {calls:,} callers seen")
    print(
        f"line to screen   median {found.median_ms} ms   p99 {found.p99_ms} ms (at most {LIMIT_MS})"
        f"   longest {found.longest_ms} ms"
    )
    print(
        f"hub        {found.hub_core:5.1%} of a core   {found.hub_mb[0]} MB once warm, {found.hub_mb[1]} MB at the end"
    )
    print(
        f"terminal   {found.terminal_core:5.1%} of a core   {found.terminal_mb[0]} MB once warm,"
        f" {found.terminal_mb[1]} MB at the end"
    )
    print("\n".join(found.wrong) or "every figure of every queue is right")
    return int(not found.well)


if __name__ == "__main__":
    sys.exit(main())
