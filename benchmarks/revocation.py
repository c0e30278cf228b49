"""How soon 300 connected terminals have lost what was taken from them, from the moment somebody saves.

A hub in a process of its own; here 300 people with feeds of their own on its socket (the wire as it is, no view behind
it) and one admin. Twenty times the role that they all have loses something, or gets it back, each time once all have
everything. For each terminal two moments are measured from the request on: when its stream said that the access is
another, at which a terminal stops drawing and drops its cache (what was lost is gone); and when its new snapshot was
complete (what is new is there). The answer to the request is to come once all have been told. The hub's processor time
for both, per terminal, does not depend on what else the machine does; the times on the clock do.

    python benchmarks/revocation.py [TERMINALS] [ROUNDS]
"""

import asyncio
import contextlib
import json
import os
import socket
import statistics
import struct
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from _proc import cpu_s

from wallboard_tui.client.child import reach
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient

PASSWORD = "correct horse battery"
GRANTS: dict[str, Any] = {"calls": {"scope": ["OWN_TEAMS", "SELF"]}, "analytics": {"scope": ["SELF"]}}
ROLE = {"name": "Floor", "grants": GRANTS}
TEAM = 10
"""People per team."""


class Terminal:
    """One person's feed, followed for ever. ``heard``: when it was told that its access is another; ``whole``: it has
    everything.
    """

    def __init__(self, address: str, person: str) -> None:
        self.hub = HubClient(address, operator=True, as_person=person)
        self.heard = asyncio.Queue[float]()
        self.whole = asyncio.Event()
        self.whole_at = 0.0

    async def follow(self) -> None:
        while True:
            with contextlib.suppress(Exception):
                async with self.hub.feed() as frames:
                    async for frame in frames:
                        if frame.event == "ready" and frame.data["from"] == 0:
                            self.whole_at = time.perf_counter()
                            self.whole.set()
                        if frame.event == "bye":
                            self.whole.clear()
                            self.heard.put_nowait(time.perf_counter())
                            break
            await asyncio.sleep(0.05)


def organisation(count: int) -> list[Any]:
    """So many people in teams of ten, each with an agent, and an admin."""
    documents: list[Any] = [["role", {"key": "custom:floor", **ROLE}]]
    for number in range(count):
        agent = f"asterisk:pbx1:Agent {number}"
        documents.append(["agent", {"key": agent, "source": "pbx1", "name": f"Agent {number}"}])
        person = {"key": f"p{number}", "name": f"Person {number}", "role": "custom:floor", "agents": [agent]}
        documents.append(["person", {**person, "extension": str(1000 + number)}])
    for team in range(0, count, TEAM):
        members = [f"p{number}" for number in range(team, min(count, team + TEAM))]
        documents.append(["team", {"key": f"t{team}", "name": f"Team {team}", "members": members}])
    return documents


async def measure(count: int, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as directory:
        home = Home.at(Path(directory) / "home").prepare()
        await reach(home)
        async with HubClient(home.address, operator=True, answer_s=120) as hub:
            await hub.request("POST", "/init", {"name": "Big", "time_zone": "UTC", "packs": ["standard"]})
            await hub.request("POST", "/apply", {"documents": organisation(count)})
            terminals = [Terminal(home.address, f"p{number}") for number in range(count)]
            tasks = [asyncio.create_task(terminal.follow()) for terminal in terminals]
            try:
                told(await waves(hub, terminals, rounds, process_of(home.socket)), count)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                for terminal in terminals:
                    await terminal.hub.close()


def process_of(path: Path) -> int:
    """The process that listens on a Unix socket."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as line:
        line.connect(str(path))
        found: tuple[int, int, int] = struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        return found[0]


async def waves(hub: HubClient, terminals: list[Terminal], rounds: int, process: int) -> dict[str, list[float]]:
    """Take away and give back, in turn: seconds from the request to each terminal, and to the answer."""
    found: dict[str, list[float]] = {name: [] for name in ("lost", "new", "answer", "dry", "cut", "all")}
    await whole(terminals)
    for number in range(rounds):
        grants = dict(GRANTS)
        if number % 2 == 0:
            del grants["analytics"]
        edit = {"kind": "role", "key": "custom:floor", "set": {"grants": grants}}
        begun = time.perf_counter()
        await hub.request("POST", "/changes", {"changes": [edit], "dry_run": True})
        found["dry"].append(time.perf_counter() - begun)
        taken, begun = cpu_s(process), time.perf_counter()
        answer = await hub.request("POST", "/changes", {"changes": [edit]})
        answered = time.perf_counter()
        assert len(answer["effects"]) == len(terminals), json.dumps(answer)[:300]
        heard = [await terminal.heard.get() for terminal in terminals]
        found["cut"].append(cpu_s(process) - taken)
        await whole(terminals)
        found["all"].append(cpu_s(process) - taken)
        found["lost"] += [at - begun for at in heard]
        found["new"] += [terminal.whole_at - begun for terminal in terminals]
        found["answer"].append(answered - begun)
    return found


async def whole(terminals: list[Terminal]) -> None:
    """Wait until all have everything."""
    async with asyncio.timeout(300):
        for terminal in terminals:
            await terminal.whole.wait()


def told(found: dict[str, list[float]], count: int) -> None:
    """Print what was found."""
    for name, what in (("lost", "told, so that lost rows are gone"), ("new", "new snapshot complete")):
        every = sorted(found[name])
        p99 = every[int(len(every) * 0.99)]
        print(f"{what}: median {statistics.median(every) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms ({len(every):,})")
    answer, dry = statistics.median(found["answer"]), statistics.median(found["dry"])
    print(f"acknowledged after {answer * 1000:.0f} ms (median); a dry run takes {dry * 1000:.0f} ms")
    cut, every_s = (statistics.median(found[name]) / count * 1000 for name in ("cut", "all"))
    print(f"the hub's processor time per terminal: {cut:.2f} ms until told, {every_s:.1f} ms until complete")
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    asyncio.run(measure(given[0] if given else 300, given[1] if len(given) > 1 else 20))
