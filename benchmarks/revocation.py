"""How soon 300 connected terminals have lost what was taken from them, and have what was given, from the moment
somebody saves.

A hub in a process of its own; here 300 people who are signed in, with feeds of their own on its socket (the wire as it
is, no view behind it) and one admin. They sit in teams of ten with a queue each, with calls and presences of today and
of two weeks. The role that they all have is saved again and again, each time once all have everything: it gains the
calls and the board of one's own team, exchanges these for those of one queue for all, and loses them. For each terminal
are measured, from the request on: when its stream said that the access is another, at which a terminal stops drawing
and drops its cache (what was lost is gone); when it was told in words what changed; when the new snapshot had what goes
on now; when it had all of today (the board is right); and when it was complete. The answer to the request is to come
once all have been told. The hub's processor time for each, per terminal, does not depend on what else the machine does;
the times on the clock do.

    python benchmarks/revocation.py [TERMINALS] [ROUNDS]
"""

import asyncio
import os
import re
import socket
import statistics
import struct
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import _team_calls as made
from _proc import cpu_s

from wallboard_tui import PROTOCOL
from wallboard_tui.client.child import reach
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.hub.passwords import token_key
from wallboard_tui.model.base import Doc

TEAM = {"scope": ["OWN_TEAMS", "SELF"]}
ONE_QUEUE = {"scope": [f"queue:{made.queue(0)}", "SELF"]}
SELF = {"scope": ["SELF"]}
NARROW: dict[str, Any] = {"calls": SELF, "analytics": SELF}
STATES = (
    ("gained", {"calls": TEAM, "wallboard": TEAM, "analytics": SELF}),
    ("both", {"calls": ONE_QUEUE, "wallboard": ONE_QUEUE, "analytics": SELF}),
    ("lost", NARROW),
)
"""What each save does for everybody, and the grants of the role after it."""
MOMENTS = (
    ("told", "told, so that lost rows are gone"),
    ("noticed", "told in words what changed"),
    ("now", "what goes on now is there"),
    ("board", "all of today is there"),
    ("whole", "the new snapshot is complete"),
)
READY = re.compile(rb'"from":([0-9.e+]+)')


class Terminal:
    """One person's feed, followed for ever. ``at``: when what was heard since it was last cleared."""

    def __init__(self, path: Path, person: str, midnight: float) -> None:
        self._path = path
        self._person = person
        self._midnight = midnight
        self.at: dict[str, float] = {}
        self.calls = 0
        self.changed = asyncio.Event()

    async def follow(self) -> None:
        """Ask, and ask again where the hub ends the stream."""
        while True:
            reader, writer = await asyncio.open_unix_connection(str(self._path), limit=1 << 22)
            try:
                head = f"GET /feed HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer token-{self._person}\r\n"
                writer.write(f"{head}Wallboard-Protocol: {PROTOCOL}\r\nAccept: text/event-stream\r\n\r\n".encode())
                await self._read(reader)
            finally:
                writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> None:
        left = b""
        while data := await reader.read(1 << 20):
            *frames, left = (left + data).split(b"\n\n")
            for frame in frames:
                self._heard(frame)
            if left.endswith(b"0\r\n\r\n"):
                return

    def _heard(self, frame: bytes) -> None:
        start = frame[:400]
        if b"event: bye" in start:
            self._reached("told")
        elif b"event: notice" in start:
            self._reached("noticed")
        elif b"event: backfill" in start:
            self.calls += frame.count(b'["call",')
        elif b"event: ready" in start and (found := READY.search(frame)):
            since = float(found[1])
            self._reached("now")
            if since <= self._midnight:
                self._reached("board")
            if since == 0:
                self._reached("whole")

    def _reached(self, moment: str) -> None:
        self.at.setdefault(moment, time.perf_counter())
        self.changed.set()

    def begin(self) -> None:
        """Wait for the next change of access."""
        self.at.clear()
        self.calls = 0

    async def reached(self, moment: str) -> float:
        """When it has come so far."""
        while moment not in self.at:
            self.changed.clear()
            await self.changed.wait()
        return self.at[moment]


async def measure(count: int, rounds: int) -> None:
    now = time.time()
    midnight = now - now % made.DAY
    with tempfile.TemporaryDirectory() as directory:
        home = Home.at(Path(directory) / "home").prepare()
        settings = {"key": "organisation", "name": "Big", "time_zone": "UTC", "packs": ["standard"]}
        made.commit(home.data, iter([("organisation", settings)]), now)
        made.commit(home.data, made.organisation(count, {"name": "Floor", "grants": NARROW}), now)
        made.commit(home.data, made.happened(count, midnight, now), now)
        made.commit(home.data, sessions(count, now), now)
        await reach(home)
        terminals = [Terminal(home.socket, f"p{number}", midnight) for number in range(count)]
        async with HubClient(home.address, operator=True, answer_s=120) as hub:
            tasks = [asyncio.create_task(terminal.follow()) for terminal in terminals]
            try:
                found = await waves(hub, terminals, rounds, process_of(home.socket))
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
    tell(found, count)


def sessions(count: int, now: float) -> Iterator[tuple[str, Doc]]:
    """Everybody's sign-in."""
    for number in range(count):
        times = {"created": now, "expires": now + made.DAY, "last_active": now}
        yield "session", {"key": token_key(f"token-p{number}"), "person": f"p{number}", **times}


def process_of(path: Path) -> int:
    """The process that listens on a Unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect(str(path))
        found: tuple[int, int, int] = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return found[0]


async def waves(
    hub: HubClient, terminals: list[Terminal], rounds: int, process: int
) -> dict[tuple[str, str], list[float]]:
    """Save, in turn, what ``STATES`` says: by what was done and moment, seconds from the request on; and the hub's
    processor time by then.
    """
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    await all_reached(terminals, "whole")
    for number in range(rounds):
        name, grants = STATES[number % len(STATES)]
        edit = {"kind": "role", "key": "custom:floor", "set": {"grants": grants}}
        begun = time.perf_counter()
        await hub.request("POST", "/changes", {"changes": [edit], "dry_run": True})
        found["dry run", name].append(time.perf_counter() - begun)
        for terminal in terminals:
            terminal.begin()
        taken, begun = cpu_s(process), time.perf_counter()
        answer = asyncio.create_task(hub.request("POST", "/changes", {"changes": [edit]}))
        answer.add_done_callback(lambda _, n=name, b=begun: found["answer", n].append(time.perf_counter() - b))
        for moment, _ in MOMENTS:
            found[moment, name] += [at - begun for at in await all_reached(terminals, moment)]
            found[f"cpu {moment}", name].append((cpu_s(process) - taken) / len(terminals))
        assert len((await answer)["effects"]) == len(terminals)
        least = made.TODAY + made.BEFORE if name != "lost" else 1
        assert min(terminal.calls for terminal in terminals) >= least, "somebody lacks what they gained"
    return found


async def all_reached(terminals: list[Terminal], moment: str) -> list[float]:
    """When each has come so far."""
    async with asyncio.timeout(300):
        return [await terminal.reached(moment) for terminal in terminals]


def tell(found: dict[tuple[str, str], list[float]], count: int) -> None:
    """Print what was found."""
    print(f"{count} terminals; milliseconds from the save on, and of the hub's processor time per terminal by then")
    for name, _ in STATES:
        if not found["answer", name]:
            continue
        answer, dry = (statistics.median(found[what, name]) * 1000 for what in ("answer", "dry run"))
        print(f"{name}: acknowledged after {answer:.0f} (median; a dry run takes {dry:.0f})")
        for moment, what in MOMENTS:
            every = sorted(found[moment, name])
            p99, median = every[int(len(every) * 0.99)] * 1000, statistics.median(every) * 1000
            cpu = statistics.median(found[f"cpu {moment}", name]) * 1000
            print(f"  {what}: median {median:.0f}, p99 {p99:.0f}; processor {cpu:.2f}")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    asyncio.run(measure(given[0] if given else 300, given[1] if len(given) > 1 else 18))
