"""Room ``cli``: opens the terminal: at the hub that was named, the one that is remembered, or this machine's own."""

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from wallboard_tui.cli.failures import Failure

if TYPE_CHECKING:
    from wallboard_tui.client.home import Home
    from wallboard_tui.tui.terminal import DemoPerson

HUB_AFTER_S = 0.4
"""This machine's own hub is started so long after the screen: the first paint comes first, and nobody types faster."""


def open_terminal(address: str | None = None) -> None:
    """Run the terminal until the person leaves it. ``address``: a hub to sign in to; it is remembered."""
    need_a_screen()
    from wallboard_tui.client import session
    from wallboard_tui.client.home import Home

    home = Home.find().prepare()
    remembered = session.load(home.session)
    chosen = address or (remembered.address if remembered else home.address)
    if chosen == home.address and not home.journal.exists():
        raise Failure(
            "no-hub",
            "There is no hub on this machine yet.",
            "To look around: wallboard demo. To set one up: wallboard init. To use another: wallboard --hub ADDRESS.",
        )
    run_terminal(home, chosen)


def need_a_screen() -> None:
    """Raises ``Failure`` where there is no terminal to draw on."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Failure(
            "no-terminal",
            "The wallboard needs a terminal to draw on, and this is none.",
            "For scripts there are: wallboard show, wallboard kpis, wallboard calls.",
        )


def run_terminal(home: "Home", address: str, people: Sequence["DemoPerson"] = ()) -> None:
    """The terminal's program, from first paint to last. ``people``: whom the demo's sign-in screen offers."""
    from wallboard_tui.tui.app import WallboardApp
    from wallboard_tui.tui.online import OnlineTerminal
    from wallboard_tui.tui.settings import load
    from wallboard_tui.tui.themes import folders

    own = address == home.address

    async def reach_own() -> str:
        from wallboard_tui.client.child import reach

        return await reach(home)

    settings_file = home.config / "terminal.toml"
    app = WallboardApp(
        OnlineTerminal(home, address=address, reach=reach_own if own else None),
        settings=load(settings_file),
        settings_file=settings_file,
        theme_folders=folders(home.config),
        people=people,
        fixed_hub=own,
    )
    if own:
        _start_hub_soon(home)
    app.run()
    if app.return_code:
        raise Failure("screen-failed", "The screen could not go on.", "Please report it with what it said above.")


def _start_hub_soon(home: "Home") -> None:
    """Start this machine's hub while the person still looks for the keys. What goes wrong is said when they sign in."""
    import threading

    def start() -> None:
        import asyncio
        from contextlib import suppress

        from wallboard_tui.client.child import reach
        from wallboard_tui.client.errors import HubError
        from wallboard_tui.client.home import HomeError

        with suppress(HubError, HomeError, OSError):
            asyncio.run(reach(home))

    timer = threading.Timer(HUB_AFTER_S, start)
    timer.daemon = True
    timer.start()
