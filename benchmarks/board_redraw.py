"""What a board of 60 agents and 20 queues costs, with every cell changing 10 times a second, in a real pseudo-terminal.

Prints the share of a core and the bytes of a frame, beside the same board at rest in the same run. Expected: under 10 %
of a core and 20 KB a frame; the clock alone under 1 %.
"""

import argparse
import sys
import time
from pathlib import Path

from _pty import Program

CHILD = Path(__file__).with_name("_board_child.py")
FRAME = b"\x1b[?2026h"
"""Every frame begins with this where the terminal says that it knows synchronized output."""
CORE_LIMIT, BYTES_LIMIT = 0.10, 20_000
SETTLE_S = 2.0
SIZE = (160, 48)


class Measured:
    """A board at so many changes a second, measured for some seconds."""

    def __init__(self, rate: float, seconds: float) -> None:
        program = Program([sys.executable, str(CHILD), str(rate)], {}, SIZE)
        try:
            program.until("Agents")
            program.drain(SETTLE_S)
            cpu, began, before = program.cpu_s(), time.perf_counter(), program.written
            self.frames = 0
            deadline = began + seconds
            while (left := deadline - time.perf_counter()) > 0:
                self.frames += program.read(left).count(FRAME)
            self.seconds = time.perf_counter() - began
            self.share = (program.cpu_s() - cpu) / self.seconds
            self.bytes = program.written - before
        finally:
            program.end()

    @property
    def frame_bytes(self) -> float:
        """Bytes of a frame, on average."""
        return self.bytes / max(self.frames, 1)

    def __str__(self) -> str:
        rate = self.frames / self.seconds
        return f"{self.share:6.1%} of a core   {rate:4.1f} frames/s   {self.frame_bytes:8,.0f} bytes a frame"


def main() -> int:
    """Measure and print; 1 when it costs more than promised."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=15)
    given = options.parse_args()
    rest, busy = Measured(0, given.seconds), Measured(10, given.seconds)
    print(f"at rest, a clock on it     {rest}")
    print(f"every cell, 10 times/s     {busy}   (at most {CORE_LIMIT:.0%}, {BYTES_LIMIT:,} bytes)")
    return int(busy.share > CORE_LIMIT or busy.frame_bytes > BYTES_LIMIT or busy.frames < 5 * given.seconds)


if __name__ == "__main__":
    sys.exit(main())
