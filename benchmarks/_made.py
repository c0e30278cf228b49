"""What several benchmarks measure with: the sample organisation, calls made from a seed, and a cache full of them."""

import json
import random
import time
from collections.abc import Iterator
from pathlib import Path

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effective import effective
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import me
from wallboard_tui.access.packs import packs, roles_of
from wallboard_tui.client.cache import Cache
from wallboard_tui.client.home import Home
from wallboard_tui.client.session import Session, save
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.me import Me
from wallboard_tui.view.view import View

ROOT = Path(__file__).resolve().parents[1]
NOBODY = "http://127.0.0.1:9"
"""An address where no hub ever answers."""
SEED = 7


def organisation(queues: int = 0, agents: int = 0) -> list[tuple[str, Doc]]:
    """The sample organisation with the roles of all packs; with so many queues and agents of its own where a number is given."""
    sample = json.loads((ROOT / "sample_data" / "organisation.json").read_bytes())["documents"]
    documents = [(kind, doc) for kind, doc in sample]
    documents += [("role", role.dump()) for pack in packs() for role in roles_of(pack)]
    if queues:
        documents = [(kind, doc) for kind, doc in documents if kind not in ("queue", "agent", "team", "board")]
        names = [f"asterisk:pbx1:agent{n:02}" for n in range(agents)]
        for n in range(queues):
            members = names[n::queues]
            key = f"asterisk:pbx1:queue{n:02}"
            documents.append(("queue", {"key": key, "source": "pbx1", "name": f"queue{n:02}", "members": members}))
        for n, key in enumerate(names):
            own = [f"asterisk:pbx1:queue{n % queues:02}"]
            documents.append(("agent", {"key": key, "source": "pbx1", "name": f"Agent {n:02}", "queues": own}))
    return documents


def directory_of(documents: list[tuple[str, Doc]]) -> Directory:
    """The directory that access works with."""
    return Directory.from_documents(documents)


def person_of(directory: Directory, documents: list[tuple[str, Doc]], key: str, now: float) -> Me:
    """What a hub would tell that person's terminal."""
    boards = [doc for kind, doc in documents if kind == "board"]
    return me(key, directory, boards, policy=1, now=now)


def calls(count: int, directory: Directory, now: float, days: float = 30) -> Iterator[Doc]:
    """Finished inbound calls, evenly over the days before ``now``, oldest first; each of one visit and at most one leg."""
    dice = random.Random(SEED)
    queues = sorted(directory.queues)
    agents = sorted(directory.agents)
    step = days * 86400 / count
    for n in range(count):
        started = now - days * 86400 + n * step
        queue, agent = dice.choice(queues), dice.choice(agents)
        wait, talk = dice.expovariate(1 / 25), dice.expovariate(1 / 180)
        answered = wait < 90
        left = started + wait
        call: Doc = {
            "key": f"asterisk:pbx1:{started:.0f}.{n}",
            "source": "pbx1",
            "state": "ended",
            "started": started,
            "ended": left + (talk if answered else 0),
            "caller": f"+3538700{n % 20000:05}",
            "visits": [{"queue": queue, "entered": started, "outcome": "answered" if answered else "abandoned",
                        "left": left, "wait_s": round(wait)}],
            "facts": sorted({f"queue:{queue}", *([f"agent:{agent}"] if answered else [])}),
        }  # fmt: skip
        if answered:
            call["answered"] = left
            call["legs"] = [{"agent": agent, "queue": queue, "visit": 0, "outcome": "answered", "rang": started, "answered": left,
                             "ended": left + talk, "ring_s": min(wait, 8), "talk_s": round(talk), "hold_s": 0, "wrap_s": 0}]  # fmt: skip
        yield call


def entries(documents: list[tuple[str, Doc]], gate: Gate, first: int = 1) -> Iterator[Entry]:
    """The documents as the feed would bring them to that gate's person."""
    for seq, (kind, doc) in enumerate(documents, first):
        bits = gate.admit(kind, doc)
        if bits:
            yield Entry(seq, Change(kind, doc["key"], gate.redact(kind, doc, bits), 0.0, "hub"), bits)


def fill(view: View, given: Iterator[Entry], together: int = 2000) -> int:
    """Apply entries batch by batch; returns how many there were."""
    total, batch = 0, list[Entry]()
    for entry in given:
        batch.append(entry)
        if len(batch) == together:
            view.apply(batch)
            total, batch = total + len(batch), []
    view.apply(batch)
    return total + len(batch)


def cached_terminal(home: Home, person: str, count: int) -> Me:
    """A home in which that person's terminal was used a moment ago: session, lease, and a cache of so many calls."""
    home.prepare()
    now = time.time()
    documents = organisation()
    directory = directory_of(documents)
    who = person_of(directory, documents, person, now)
    gate = Gate(effective(person, directory).resolved(directory), who, directory)
    cache = Cache(home, NOBODY, person)
    view = cache.begin(who, now)
    everything = [*documents, *(("call", call) for call in calls(count, directory, now))]
    fill(view, entries(everything, gate))
    view.epoch = "made"
    view.set_meta("cursor", f"made:{len(everything)}:{who.fingerprint}:0")
    cache.close()
    save(home.session, Session(NOBODY, person, "no-hub-will-ever-see-this"))
    return who
