"""First paint of a board from a cache of 100,000 calls, against an empty Textual program's, each from process start.

Both run in a real pseudo-terminal, in turns, several times; medians are compared. The board counts as painted when its
first pane with figures stands on the screen; no hub answers. Expected: at most 2 times the empty program.
"""

import argparse
import statistics
import sys
import tempfile
from pathlib import Path

from _made import cached_terminal
from _pty import Program

from wallboard_tui.client.home import Home

EMPTY = """
from textual.app import App
from textual.widgets import Static
class Empty(App):
    def compose(self):
        yield Static("painted")
Empty().run()
"""
LIMIT = 2.0


def painted(command: list[str], environ: dict[str, str], marker: str) -> float:
    """Seconds from the start of a command until the marker is on its screen."""
    program = Program(command, environ, (160, 48))
    try:
        return program.until(marker)
    finally:
        program.end()


def main() -> int:
    """Measure and print; 1 when it is slower than promised."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=100_000)
    options.add_argument("--times", type=int, default=7)
    options.add_argument("--person", default="admin")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="wb-") as place:
        home = Home.at(Path(place))
        cached_terminal(home, given.person, given.calls)
        empty, board = [], []
        for _ in range(given.times):
            empty.append(painted([sys.executable, "-c", EMPTY], {}, "painted"))
            ours = [sys.executable, "-m", "wallboard_tui.cli"]
            board.append(painted(ours, {"WALLBOARD_HOME": place}, "offered"))
    ratio = statistics.median(board) / statistics.median(empty)
    print(f"empty Textual program  {statistics.median(empty):.3f} s  ({min(empty):.3f} to {max(empty):.3f})")
    print(f"board, {given.calls:,} calls   {statistics.median(board):.3f} s  ({min(board):.3f} to {max(board):.3f})")
    print(f"ratio                  {ratio:.2f}   (at most {LIMIT:.1f})")
    return int(ratio > LIMIT)


if __name__ == "__main__":
    sys.exit(main())
