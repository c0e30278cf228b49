"""What a terminal holds in memory, beside an empty Textual program in the same run.

A hub with a month of calls, and real terminals of it in pseudo-terminals: an agent's, who sees their own calls, and an
admin's, who sees all. They begin with nothing, take in all there is, and then show what happens, several calls a
second. Measured is what is theirs alone: many terminals on one machine, over SSH, share programs and libraries.
Expected: at most 60 MiB each, and no growth once they are warm.
"""

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
from _made import calls, organisation
from _proc import memory, private_mib
from _pty import Program
from _screen import operator, running_hub
from first_paint import EMPTY

from wallboard_tui.access.directory import Directory
from wallboard_tui.client.home import Home
from wallboard_tui.client.session import Session, save
from wallboard_tui.hub.passwords import Passwords
from wallboard_tui.model.base import Doc

LIMIT_MIB, GROWTH = 60.0, 1.05
PEOPLE = ("bob", "admin")
PAGE = 2000
"""Documents in one request."""
EVERY_S = 0.25
"""So often a call begins, and the one before it ends."""
SIZE = (160, 48)
HISTORY_S = 120.0
"""All there is has come to a terminal by then."""


@dataclass
class Screen:
    """A terminal of somebody in a home of its own."""

    person: str
    home: Home
    program: Program

    def complete(self) -> bool:
        """Whether all there is has come in: nothing says any more from when on it is complete."""
        for path in self.home.cache.glob("*.db"):
            with suppress(sqlite3.OperationalError), closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
                met = dict(db.execute("SELECT name, value FROM meta").fetchall())
                return "cursor" in met and "complete_since" not in met
        return False


@contextmanager
def screens(hub: Home, place: Path) -> Iterator[list[Screen]]:
    """The terminals, signed in."""
    with ExitStack() as ends:
        found = []
        for person in PEOPLE:
            home = Home.at(place / person).prepare()
            transport = httpx.HTTPTransport(uds=str(hub.socket))
            with httpx.Client(transport=transport, base_url="http://hub") as anybody:
                given = {"person": person, "password": "demo", "terminal": "benchmark"}
                token = anybody.post("/sign-in", json=given).raise_for_status().json()["token"]
            save(home.session, Session(hub.address, person, token))
            command = [sys.executable, "-m", "wallboard_tui.cli"]
            program = Program(command, {"WALLBOARD_HOME": str(home.data)}, SIZE)
            ends.callback(program.end)
            found.append(Screen(person, home, program))
        yield found


def watch(shown: list[Screen], seconds: float) -> None:
    """Read what they draw for so long."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        for screen in shown:
            screen.program.drain(0.05)


def live(n: int, now: float, agent: str, queue: str) -> list[Doc]:
    """The call before, over, and the next one, which waits."""
    made = []
    for number, ended in ((n - 1, now), (n, None)):
        key, entered = f"asterisk:pbx1:live.{number}", now - EVERY_S * (n - number)
        visit: Doc = {"queue": queue, "entered": entered}
        call: Doc = {"key": key, "source": "pbx1", "started": entered, "facts": [f"queue:{queue}", f"agent:{agent}"]}
        if ended is not None:
            visit |= {"outcome": "answered", "left": ended, "wait_s": 1}
            leg = {"agent": agent, "queue": queue, "visit": 0, "outcome": "answered", "rang": entered}
            call |= {"state": "ended", "ended": ended, "answered": ended}
            call["legs"] = [{**leg, "answered": ended, "ended": ended, "ring_s": 1, "talk_s": 5}]
        made.append({**call, "visits": [visit]})
    return made


def follow(shown: list[Screen], hub: httpx.Client, seconds: float, first: int) -> int:
    """Calls come and go for so long; the number of the next one."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        documents = [["call", call] for call in live(first, time.time(), AGENT, QUEUE)]
        hub.post("/apply", json={"documents": documents}).raise_for_status()
        watch(shown, EVERY_S)
        first += 1
    return first


AGENT, QUEUE = "asterisk:pbx1:Bob Tanaka", "asterisk:pbx1:sales"


@dataclass(frozen=True)
class Measured:
    """What a terminal holds, in MiB: its own once warm and at the end, then with what is shared, and the most ever."""

    person: str
    warm: float
    last: float
    whole: float
    most: float

    @property
    def well(self) -> bool:
        """Whether it is as promised."""
        return self.last <= LIMIT_MIB and self.last <= self.warm * GROWTH


def filled(hub: httpx.Client, count: int) -> None:
    """Gives a hub its organisation, people who can sign in, and so many calls."""
    documents: list[tuple[str, Doc]] = organisation()
    documents += [("credential", {"key": person, "password_hash": Passwords().hash("demo")}) for person in PEOPLE]
    directory = Directory.from_documents(documents)
    documents += [("call", call) for call in calls(count, directory, time.time())]
    for begin in range(0, len(documents), PAGE):
        hub.post("/apply", json={"documents": documents[begin : begin + PAGE]}).raise_for_status()


def measure(shown: list[Screen], hub: httpx.Client, warm_s: float, seconds: float) -> list[Measured]:
    """Waits until all there is has come, and follows what happens. Raises ``TimeoutError``."""
    until = time.monotonic() + HISTORY_S
    while not all(screen.complete() for screen in shown):
        if time.monotonic() > until:
            raise TimeoutError(f"the history did not come within {HISTORY_S:.0f} s")
        watch(shown, 0.5)
    reached = follow(shown, hub, warm_s, 1)
    warm = [private_mib(screen.program.pid) for screen in shown]
    follow(shown, hub, seconds, reached)
    return [
        Measured(screen.person, first, private_mib(screen.program.pid), *memory(screen.program.pid))
        for screen, first in zip(shown, warm, strict=True)
    ]


def main() -> int:
    """Measure and print; 1 when a terminal is larger than promised, or grows."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--calls", type=int, default=20_000)
    options.add_argument("--warm", type=float, default=20, help="seconds before growth is measured")
    options.add_argument("--seconds", type=float, default=60)
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="wb-") as place, ExitStack() as ends:
        home = Home.at(Path(place) / "hub").prepare()
        ends.enter_context(running_hub(home))
        hub = ends.enter_context(operator(home))
        filled(hub, given.calls)
        empty = Program([sys.executable, "-c", EMPTY], {}, SIZE)
        ends.callback(empty.end)
        empty.until("painted")
        shown = ends.enter_context(screens(home, Path(place)))
        found = measure(shown, hub, given.warm, given.seconds)
        own, whole = private_mib(empty.pid), memory(empty.pid).now
    print(f"empty Textual program  {own:5.1f} MiB of its own, {whole:5.1f} with what is shared")
    for one in found:
        print(
            f"terminal of {one.person:10} {one.last:5.1f} MiB of its own, {one.whole:5.1f} with what is shared,"
            f" {one.most:5.1f} at most; {one.last / own:.2f} × empty; {one.last - one.warm:+.1f} in"
            f" {given.seconds:.0f} s   (at most {LIMIT_MIB:.0f} MiB of its own, and {GROWTH} × in time)"
        )
    return int(not all(one.well for one in found))


if __name__ == "__main__":
    sys.exit(main())
