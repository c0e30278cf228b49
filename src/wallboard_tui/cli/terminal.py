"""Room ``cli``: opens the terminal: at the hub that was named, the one that is remembered, or this machine's own."""

import gc
import logging
import os
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING

from wallboard_tui.cli.failures import Failure

if TYPE_CHECKING:
    from io import TextIOWrapper

    from wallboard_tui.client.home import Home
    from wallboard_tui.tui.terminal import DemoPerson

HUB_AFTER_S = 0.4
"""This machine's own hub is started so long after the screen: the first paint comes first, and nobody types faster."""

SIGNALLED = 128
"""Exit statuses above: a signal asked for the end, as shells have it."""


def open_terminal(address: str | None = None) -> None:
    """Run the terminal until the person leaves it. ``address``: a hub to sign in to; it is remembered."""
    need_a_screen()
    from wallboard_tui.client import session
    from wallboard_tui.client.address import endpoint
    from wallboard_tui.client.home import Home

    if address is not None:
        endpoint(address)  # what is no address is a wrong call; the sign-in screen need not come for that
    home = Home.find().prepare()
    remembered = session.load(home.session)
    chosen = address or (remembered.address if remembered else home.address)
    if chosen == home.address and not home.journal.exists():
        raise Failure(
            "no-hub",
            "There is no hub on this machine yet.",
            "To look around: wallboard demo. To set one up: wallboard init. To use another: wallboard --hub ADDRESS.",
        )
    if chosen == home.address:
        run_with_own_hub(home)
    else:
        run_terminal(home, chosen)


def need_a_screen() -> None:
    """Raises ``Failure`` where there is no terminal to draw on."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Failure(
            "no-terminal",
            "The wallboard needs a terminal to draw on, and this is none.",
            "For scripts there are: wallboard show, wallboard kpis, wallboard calls.",
        )
    if not sys.stderr.isatty():  # where Textual draws: into a file, nobody would see it
        raise Failure(
            "no-terminal",
            "The wallboard is drawn on standard error, which is no terminal here.",
            "Leave it there (without 2>); what goes wrong stands in terminal.log anyway.",
        )


def run_terminal(
    home: "Home",
    address: str,
    *,
    reach: Callable[[], Awaitable[object]] | None = None,
    people: Sequence["DemoPerson"] = (),
) -> None:
    """The terminal's program, from first paint to last.

    ``reach`` is awaited before the hub is spoken to, and when nobody answers. ``people``: whom the demo's sign-in
    screen offers.
    """
    without_plugins()
    gc.disable()  # nothing of what is loaded now is garbage; the program begins to collect when it starts
    from wallboard_tui.tui.app import WallboardApp
    from wallboard_tui.tui.online import OnlineTerminal
    from wallboard_tui.tui.settings import few_colours, load, usual_glyphs
    from wallboard_tui.tui.themes import folders

    keep_log(home)
    settings_file = home.config / "terminal.toml"
    app = WallboardApp(
        OnlineTerminal(home, address=address, reach=reach),
        settings=load(settings_file, usual_glyphs(os.environ), few_colours(os.environ)),
        settings_file=settings_file,
        theme_folders=folders(home.config),
        people=people,
        fixed_hub=address == home.address,
    )
    app.start()
    if app.return_code and app.return_code > SIGNALLED:
        sys.exit(app.return_code)
    if app.return_code:
        raise Failure("screen-failed", "The screen could not go on.", "Please report it with what it said above.")


def without_plugins() -> None:
    """Pydantic need not load what looks for plug-ins of it: thirty modules of mail and archives, even where it may not
    look (``cli.main``).

    A module of this name stands in for one of pydantic's own. Whoever asks it for anything else, as another version of
    pydantic may, is given the real one.
    """
    nobody = ModuleType("pydantic.plugin._loader")

    def real(name: str) -> object:
        if name.startswith("__"):  # what an import looks for in every module
            raise AttributeError(name)
        from importlib import import_module

        if sys.modules.get(nobody.__name__) is nobody:
            del sys.modules[nobody.__name__]
        return getattr(import_module(nobody.__name__), name)

    nobody.__dict__.update(get_plugins=tuple, __getattr__=real)
    sys.modules.setdefault(nobody.__name__, nobody)


class LogFile(logging.FileHandler):
    """A log for its owner alone, made when there is something to say. A disk that refuses it ends nothing."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, encoding="utf-8", delay=True)
        self.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))

    def _open(self) -> "TextIOWrapper":
        return open(self.baseFilename, "a", encoding="utf-8", opener=lambda path, flags: os.open(path, flags, 0o600))

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            super().emit(record)

    def handleError(self, record: logging.LogRecord) -> None:
        """Nothing: there is no other place to say it."""


def keep_log(home: "Home") -> None:
    """What the terminal logs goes into its file: the screen is no place for it."""
    from wallboard_tui.client.home import begin_log

    with suppress(OSError):
        begin_log(home.terminal_log)
    logging.basicConfig(level=logging.WARNING, handlers=[LogFile(home.terminal_log)])


def run_with_own_hub(home: "Home") -> None:
    """The terminal of this machine's own hub, which is started while the person still looks for the keys."""
    from wallboard_tui.cli.behind import Behind

    async def reach_own() -> None:
        from wallboard_tui.client.child import reach

        await reach(home)

    behind = Behind(home, reach_own, after_s=HUB_AFTER_S)
    behind.begin()
    try:
        run_terminal(home, home.address, reach=reach_own)
    finally:
        behind.end()
