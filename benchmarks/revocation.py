"""How soon 300 connected terminals have lost what was taken from them, from the moment somebody saves.

A hub in a process of its own; here 300 people with feeds of their own on its socket (the wire as it is, no view behind
it) and one admin. Twenty times the role that they all have loses something, or gets it back. For each terminal it is
measured how long after the request went out its stream said that the access is another; and that the answer to the
request came after the last of them. Printed as a ratio of the time that one request takes that changes nothing.

    python benchmarks/revocation.py [TERMINALS] [ROUNDS]
"""

import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from wallboard_tui.client.child import reach
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient

PASSWORD = "correct horse battery"
GRANTS: dict[str, Any] = {"calls": {"scope": ["OWN_TEAMS", "SELF"]}, "analytics": {"scope": ["SELF"]}}
ROLE = {"name": "Floor", "grants": GRANTS}
TEAM = 10
"""People per team."""


class Terminal:
    """One person's feed, followed for ever. ``heard``: when it was last told that its access is another."""

    def __init__(self, address: str, person: str) -> None:
        self.hub = HubClient(address, operator=True, as_person=person)
        self.heard = asyncio.Queue[float]()
        self.open = asyncio.Event()

    async def follow(self) -> None:
        while True:
            with contextlib.suppress(Exception):
                async with self.hub.feed() as frames:
                    async for frame in frames:
                        if frame.event == "hello":
                            self.open.set()
                        if frame.event == "bye":
                            self.open.clear()
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
                await told(await waves(hub, terminals, rounds))
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
                for terminal in terminals:
                    await terminal.hub.close()


async def waves(hub: HubClient, terminals: list[Terminal], rounds: int) -> dict[str, list[float]]:
    """Take away and give back, in turn: seconds from the request to each terminal, and to the answer."""
    found: dict[str, list[float]] = {"terminal": [], "answer": [], "idle": []}
    for number in range(rounds):
        async with asyncio.timeout(300):
            for terminal in terminals:
                await terminal.open.wait()
        await asyncio.sleep(0.5)
        grants = dict(GRANTS)
        if number % 2 == 0:
            del grants["analytics"]
        edit = {"kind": "role", "key": "custom:floor", "set": {"grants": grants}}
        begun = time.perf_counter()
        await hub.request("POST", "/changes", {"changes": [edit], "dry_run": True})
        found["idle"].append(time.perf_counter() - begun)
        begun = time.perf_counter()
        answer = await hub.request("POST", "/changes", {"changes": [edit]})
        answered = time.perf_counter()
        assert len(answer["effects"]) == len(terminals), json.dumps(answer)[:300]
        heard = [await terminal.heard.get() for terminal in terminals]
        found["terminal"] += [at - begun for at in heard]
        found["answer"].append(answered - begun)
    return found


async def told(found: dict[str, list[float]]) -> None:
    every = sorted(found["terminal"])
    p99 = every[int(len(every) * 0.99)]
    idle = statistics.median(found["idle"])
    print(f"{len(every):,} cut-overs: median {statistics.median(every) * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms")
    print(f"acknowledged after {statistics.median(found['answer']) * 1000:.0f} ms (median)")
    print(f"p99 is {p99 / idle:.1f} × a dry run of the same change ({idle * 1000:.0f} ms)")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    asyncio.run(measure(given[0] if given else 300, given[1] if len(given) > 1 else 20))
