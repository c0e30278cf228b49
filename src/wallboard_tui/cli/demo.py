"""Room ``cli``: ``wallboard demo``: a call centre to look at, played from a recording so that today is today.

It has a home of its own, marked as such, and begins with fresh sample data every time; a home that holds a real
organisation is never touched.
"""

import logging
import os
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Annotated

import typer

from wallboard_tui.cli.failures import Failure

if TYPE_CHECKING:
    import asyncio
    import subprocess

    from wallboard_tui.client.home import Home

log = logging.getLogger(__name__)

_PLAYING_ON: "set[asyncio.Task[None]]" = set()
"""Recordings that are being taken up again behind a screen; kept so that they are not forgotten half-way."""
MADE_ANEW = tuple(
    ["journal.db*", "view.db*", "session.json", "hub.log*", "terminal.log*", "hub.sock", "errors.log", "cache/*"]
)
"""What the last demo left. What a person may have chosen (theme, keys) stays."""
SHORT_S, MOST_SHORT = 10.0, 3
"""A headless demo's hub that was killed is started again; not any more after so many in a row that stood no longer."""
HARMLESS = frozenset({"demo.lock", "hub.start.lock", "cache", "terminal.toml", "themes"})
"""What may lie in a directory that becomes a demo's home."""


def add_to(app: typer.Typer) -> None:
    """Add the commands of this file."""
    app.command("demo")(demo)


def demo(
    headless: Annotated[
        bool, typer.Option("--headless", help="Only the hub, for scripts: says when it is ready, ends on Ctrl+C.")
    ] = False,
) -> None:
    """Look around in a recorded call centre.

    Everybody's password is “demo”. It begins afresh every time; while one is running, this opens another terminal.
    """
    from wallboard_tui.cli.terminal import need_a_screen

    if not headless:
        need_a_screen()
    home = demo_home().prepare()
    if headless:
        run_headless(home)
    else:
        run_with_screen(home)


def demo_home() -> "Home":
    """``WALLBOARD_HOME`` where it is set, else a directory of the demo's own beside those of the real program."""
    from wallboard_tui.client.home import Home

    if os.environ.get("WALLBOARD_HOME", "").strip():
        return Home.find()
    import platformdirs

    return Home.at(platformdirs.user_data_path("wallboard-tui-demo"))


def run_with_screen(home: "Home") -> None:
    """The sign-in screen at once; the hub starts and fills behind it, unless it is running already."""
    from wallboard_tui.cli.behind import Behind
    from wallboard_tui.cli.sample import people_to_try
    from wallboard_tui.cli.terminal import run_terminal

    ready_for(home)
    behind = Behind(home, lambda: reach_demo(home))
    behind.begin()

    async def reach() -> None:
        with suppress(Exception):  # what went wrong behind the screen is tried again, and then said
            await behind.ready()
        await reach_demo(home, at_once=True)

    try:
        run_terminal(home, home.address, people=people_to_try(), reach=reach)
    finally:
        behind.end()


def ready_for(home: "Home") -> None:
    """Make the home anew, unless a demo is running in it. Raises ``Failure`` when it is not the demo's to use."""
    from wallboard_tui.client import session

    with alone(home):
        refuse_a_real_one(home)
        if is_running(home):
            session.forget(home.session)  # each terminal begins on the sign-in screen, whoever sits at the other one
        else:
            wipe(home)


async def reach_demo(home: "Home", *, at_once: bool = False) -> None:
    """The demo's hub: started where none runs, filled where it is new, and played on where it was lost.

    ``at_once``: a hub that was lost is back with all it knew as soon as it answers; that it plays on is not waited for.
    """
    import asyncio

    from wallboard_tui.cli.sample import began, fill, play_on
    from wallboard_tui.client.child import answers, reach

    filled = began(home) is not None
    if filled and await answers(home):
        return
    await reach(home)
    if filled and at_once:
        going_on = asyncio.create_task(play_on(home, time.time()))
        _PLAYING_ON.add(going_on)
        going_on.add_done_callback(_played_on)
    else:
        await (play_on if filled else fill)(home, time.time())


def _played_on(going_on: "asyncio.Task[None]") -> None:
    _PLAYING_ON.discard(going_on)
    if not going_on.cancelled() and (error := going_on.exception()) is not None:
        log.error("The demo's recording could not be taken up again: %s", error)


def run_headless(home: "Home") -> None:
    """The hub in the foreground. Prints one line on standard output once people can sign in."""
    import subprocess

    from wallboard_tui.cli.reach import carry_out, hold
    from wallboard_tui.cli.sample import fill
    from wallboard_tui.client.child import COMMAND

    with alone(home):
        refuse_a_real_one(home)
        if is_running(home):
            raise Failure("running", f"A demo is running in {home.data} already.", "Use that one, or end it first.")
        wipe(home)
        # A child hub, held by this process: it ends by itself even if this process is killed.
        hub = subprocess.Popen(COMMAND, env=home.environ(), stdin=subprocess.DEVNULL)
    with ended_together(hub):
        carry_out(until_it_answers(home, hub))
        line = hold(home)
        carry_out(fill(home, time.time()))
        print(f"The demo is ready: WALLBOARD_HOME={home.data}", flush=True)
        status = hub.wait()
        if line is not None:
            line.close()
        if status < 0 and home.socket.exists():
            keep(home, bring_back)
            log_is = f"Its log is {home.hub_log}."
            raise Failure("hub-failed", "The demo's hub, which was started again, ended.", log_is)
        raise Failure("hub-failed", f"The demo's hub ended with status {status}.", "What it said stands above.")


def keep(home: "Home", again: Callable[["Home"], float]) -> None:
    """The hub was killed: have one ``again`` (for so many seconds) until one ends by itself. Raises ``Failure`` where
    that is no use: each is killed as soon as it is there.
    """
    short = 0
    while home.socket.exists():  # a hub that ends by itself takes it away; one that was killed cannot
        if short == MOST_SHORT:
            reason = f"The demo's hub was killed {short} times in a row as soon as it was back."
            step = "See what kills it (where memory runs out the system's log says so), then start the demo again."
            raise Failure("hub-killed", reason, step)
        typer.echo("The demo's hub was killed. It is started again, and the recording goes on.", err=True)
        short = short + 1 if again(home) < SHORT_S else 0


def bring_back(home: "Home") -> float:
    """Have a hub, whoever starts it, let the recording go on where it would be by now, and wait until that hub ends,
    too. Returns for how many seconds it was there.
    """
    from wallboard_tui.cli.reach import carry_out, hold
    from wallboard_tui.cli.sample import play_on
    from wallboard_tui.client.child import reach

    async def again() -> None:
        await reach(home)
        await play_on(home, time.time())

    carry_out(again())
    line, since = hold(home), time.monotonic()
    if line is not None:
        with line, suppress(OSError):
            line.recv(1)  # nothing is said on it: this is its end
    return time.monotonic() - since


async def until_it_answers(home: "Home", hub: "subprocess.Popen[bytes]") -> None:
    """Wait for a hub that was started. Raises ``Failure`` when it ends instead."""
    import asyncio

    from wallboard_tui.client.child import answers

    while not await answers(home):
        if hub.poll() is not None:
            raise Failure("hub-failed", f"The hub ended with status {hub.returncode}.", "What it said stands above.")
        await asyncio.sleep(0.05)


@contextmanager
def ended_together(hub: "subprocess.Popen[bytes]") -> Iterator[None]:
    """End the hub when this process is asked to end, and not before it has written everything down."""
    import signal

    def ended(number: int, frame: object) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, ended)
    try:
        yield
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
        if hub.poll() is None:
            hub.terminate()
        hub.wait()


@contextmanager
def alone(home: "Home") -> Iterator[None]:
    """One demo at a time decides whether its home is made anew."""
    import fcntl

    with open(os.open(home.data / "demo.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600), "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def is_running(home: "Home") -> bool:
    """Whether a hub answers in this home."""
    from wallboard_tui.cli.reach import carry_out
    from wallboard_tui.client.child import answers

    return carry_out(answers(home))


def refuse_a_real_one(home: "Home") -> None:
    """Raises ``Failure`` when the home holds an organisation that is no demo's, or anything else that is not ours."""
    from wallboard_tui.cli.sample import MARKER

    if (home.data / MARKER).exists():
        return
    elsewhere = "Run the demo with another WALLBOARD_HOME, or without one."
    if home.journal.exists():
        reason = f"{home.data} holds a real organisation, and the demo would replace it."
        raise Failure("real-organisation", reason, elsewhere)
    strange = sorted({found.name for found in home.data.iterdir()} - HARMLESS)
    if strange:
        raise Failure("not-empty", f"{home.data} is no demo's home and is not empty ({strange[0]}).", elsewhere)


def wipe(home: "Home") -> None:
    """Make a demo's home empty, and mark it first: a crash half-way leaves a demo's home, not a real one."""
    from wallboard_tui.cli.sample import MARKER, NOTE

    (home.data / MARKER).write_text(f"{NOTE}\n", encoding="utf-8")
    for pattern in MADE_ANEW:
        for found in home.data.glob(pattern):
            found.unlink(missing_ok=True)
