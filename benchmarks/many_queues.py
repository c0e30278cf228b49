"""A phone system with 40,000 queues, ten of which are followed: what they cost the hub, and what it asks for.

A phone system that speaks the manager interface tells 50,000 events of queues that nobody follows. Expected: no
document comes of them, the hub holds 150 MB at most, and taking in such an event costs less than 0.1 ms of processor
time.
"""

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from dataclasses import asdict, dataclass
from pathlib import Path

import httpx
from _made import organisation
from _pbx import EVENTS_PER_CALL, SECRET, SOURCE, VARIABLE, Phones
from _proc import cpu_s, memory
from _screen import operator, running_hub

from conftest import block_of  # type: ignore[import-not-found]
from wallboard_tui.client.home import Home

QUEUES, FOLLOWED, EVENTS = 40_000, 10, 50_000
MEMORY_LIMIT_MB, EVENT_LIMIT_MS = 150, 0.1


def lists(queues: int) -> dict[str, list[bytes]]:
    """What the phone system answers to a look at it: that many queues, each with a member."""
    found = []
    for n in range(queues):
        found.append(block_of(Event="QueueParams", Queue=f"q{n}", Strategy="ringall", Calls="0", ServiceLevel="20"))
        found.append(
            block_of(Event="QueueMember", Queue=f"q{n}", Name=f"Agent {n % 500:03}", Location=f"PJSIP/{n % 500 + 100}",
                     Membership="static", Paused="0")
        )  # fmt: skip
    return {"queuestatus": found, "coreshowchannels": [], "agents": []}


@dataclass(frozen=True)
class Measured:
    """What came of it; seconds of the clock, milliseconds of processor time, megabytes."""

    queues: int
    set_up_s: float
    hub_before_mb: float
    hub_after_mb: float
    hub_most_mb: float
    event_ms: float
    documents: int
    """Queues, agents and calls that the hub keeps."""
    asked: dict[str, int]

    @property
    def well(self) -> bool:
        """Whether it is as promised."""
        small = self.hub_most_mb <= MEMORY_LIMIT_MB and self.event_ms <= EVENT_LIMIT_MS
        return small and self.documents == 2 * FOLLOWED


def measure(home: Home, queues: int, events: int) -> Measured:
    """Sets the source up with ten queues chosen, then lets all others talk."""
    phones = Phones(lists(queues))
    with running_hub(home, {VARIABLE: SECRET}) as process, operator(home) as hub:
        hub.post("/apply", json={"documents": list(organisation())}).raise_for_status()
        there = kept(hub)
        before = memory(process.pid).now
        given = {
            "name": SOURCE, "host": "127.0.0.1", "port": phones.port, "login": "wallboard", "secret_env": VARIABLE,
            "queues": [f"q{n}" for n in range(FOLLOWED)], "people": False,
        }  # fmt: skip
        began = time.perf_counter()
        hub.put(f"/source-settings/{SOURCE}", json=given).raise_for_status()
        set_up = time.perf_counter() - began
        spent = cpu_s(process.pid)
        calls = events // EVENTS_PER_CALL
        phones.at_once(0, calls)
        time.sleep(2.0)
        cost = (cpu_s(process.pid) - spent) * 1000 / (calls * EVENTS_PER_CALL)
        size = memory(process.pid)
        asked = dict(Counter(phones.asked))
        documents = kept(hub) - there
    return Measured(
        queues, round(set_up, 2), round(before), round(size.now), round(size.most), round(cost, 4), documents, asked
    )


def kept(hub: httpx.Client) -> int:
    """Queues, agents and calls that a hub keeps."""
    found = hub.get("/organisation", params={"kinds": ["queue", "agent"]}).raise_for_status().json()
    calls = hub.get("/calls", params={"limit": 1000}).raise_for_status().json()
    return len(found["documents"]) + len(calls)


def main() -> int:
    """Measure and print; 1 when it costs more than promised."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--queues", type=int, default=QUEUES)
    options.add_argument("--events", type=int, default=EVENTS)
    options.add_argument("--json", action="store_true", help="say the figures as JSON")
    given = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="wb-") as place:
        found = measure(Home.at(Path(place)).prepare(), given.queues, given.events)
    if given.json:
        print(json.dumps(asdict(found)))
        return int(not found.well)
    print(f"{found.queues:,} queues, {FOLLOWED} of them followed: set up within {found.set_up_s:.1f} s")
    print(f"{found.documents} documents (expected {2 * FOLLOWED}); asked: {found.asked}")
    print(f"{found.event_ms:.3f} ms of processor time for an event of another queue (at most {EVENT_LIMIT_MS})")
    print(f"the hub: {found.hub_before_mb} MB before, {found.hub_after_mb} MB after, ", end="")
    print(f"at most {found.hub_most_mb} (at most {MEMORY_LIMIT_MB})")
    return int(not found.well)


if __name__ == "__main__":
    sys.exit(main())
