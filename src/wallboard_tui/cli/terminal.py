"""Room ``cli``: opens the terminal: at the hub that was named, the one that is remembered, or this machine's own."""

import sys

from wallboard_tui.cli.failures import Failure


def open_terminal(address: str | None = None) -> None:
    """Run the terminal until the person leaves it. ``address``: a hub to sign in to; it is remembered."""
    from wallboard_tui.client.home import Home

    need_a_screen()
    start(Home.find().prepare(), address)


def need_a_screen() -> None:
    """Raises ``Failure`` where there is no terminal to draw on."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Failure(
            "no-terminal",
            "The wallboard needs a terminal to draw on, and this is none.",
            "For scripts: wallboard show, wallboard kpis, wallboard --help.",
        )


def start(home: "Home", address: str | None = None) -> None:
    """Placeholder."""
