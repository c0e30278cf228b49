"""What several benchmarks measure with: the sample organisation, calls made from a seed, and a cache full of them."""

import json
import random
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effective import effective
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import me
from wallboard_tui.access.packs import packs, roles_of
from wallboard_tui.client.cache import Cache
from wallboard_tui.client.home import Home
from wallboard_tui.client.session import Session, save
from wallboard_tui.model.agent import presence_key
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.me import Me
from wallboard_tui.view.view import View

ROOT = Path(__file__).resolve().parents[1]
NOBODY = "http://127.0.0.1:9"
"""An address where no hub ever answers."""
SEED = 7


def organisation(queues: int = 0, agents: int = 0) -> list[tuple[str, Doc]]:
    """The sample organisation with the roles of all packs; with so many queues and agents where a number is given."""
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


def calls(count: int, directory: Directory, now: float, days: float = 30) -> Iterator[Doc]:
    """Finished inbound calls, evenly over the days before ``now``, oldest first; one visit and at most one leg each."""
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
            leg = {"agent": agent, "queue": queue, "visit": 0, "outcome": "answered", "rang": started, "answered": left}
            call["legs"] = [{**leg, "ended": left + talk, "ring_s": min(wait, 8), "talk_s": round(talk), "hold_s": 0}]
        yield call


def entries(documents: Iterable[tuple[str, Doc]], gate: Gate, first: int = 1) -> Iterator[Entry]:
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


def person_at(documents: list[tuple[str, Doc]], key: str, now: float) -> tuple[Me, Gate]:
    """What a hub would tell that person's terminal, and the gate it would send through."""
    directory = Directory.from_documents(documents)
    boards = [doc for kind, doc in documents if kind == "board"]
    who = me(key, directory, boards, policy=1, now=now)
    return who, Gate(effective(key, directory).resolved(directory), who, directory)


def moment(documents: list[tuple[str, Doc]], gate: Gate, who: Me, now: float, shift: int) -> View:
    """A view of a moment in which every queue and every agent is otherwise than at any other ``shift``."""
    dice = random.Random(shift)
    queues = [doc["key"] for kind, doc in documents if kind == "queue"]
    agents = [doc for kind, doc in documents if kind == "agent"]
    found = [*documents]
    for n, agent in enumerate(agents):
        found += _doing((n + shift) % len(DOING), agent, now - dice.uniform(1, 900), n)
    for n, queue in enumerate(queues):
        for k in range(1 + (n + shift) % QUEUE_SHIFTS):
            found.append(("call", _waiting(f"w{n}.{k}", queue, now - dice.uniform(1, 200))))
    today = list(calls(400 + 60 * shift, Directory.from_documents(documents), now, days=0.3))
    found += [("call", call) for call in today]
    view = View.open(None, lenses=max(1, len(who.lenses)))
    fill(view, entries(found, gate))
    return view


DOING = ("talking", "available", "paused", "ringing", "out")
QUEUE_SHIFTS = 10


def _doing(what: int, agent: Doc, since: float, n: int) -> list[tuple[str, Doc]]:
    """The documents behind what an agent does."""
    key, queue = agent["key"], agent["queues"][0]
    facts = [f"agent:{key}", f"queue:{queue}"]
    login: Doc = {"source": "pbx1", "agent": key, "at": since - 3600, "what": "login", "facts": facts}
    found: list[tuple[str, Doc]] = [("presence", {"key": presence_key(key, since - 3600, None, "login"), **login})]
    if DOING[what] in ("paused", "out"):
        act = "pause" if DOING[what] == "paused" else "logout"
        step = {**login, "at": since, "what": act, "reason": "Lunch" if act == "pause" else ""}
        found.append(("presence", {"key": presence_key(key, since, None, act), **step}))
    elif DOING[what] in ("talking", "ringing"):
        call = _waiting(f"a{n}", queue, since)
        leg: Doc = {"agent": key, "queue": queue, "visit": 0, "rang": since, "outcome": "ringing"}
        call["state"], call["facts"] = DOING[what], facts
        if DOING[what] == "talking":
            leg |= {"outcome": "answered", "answered": since}
            call |= {"answered": since}
            call["visits"][0] |= {"outcome": "answered", "left": since, "wait_s": 1}
        call["legs"] = [leg]
        found.append(("call", call))
    return found


def _waiting(name: str, queue: str, since: float) -> Doc:
    return {
        "key": f"asterisk:pbx1:{name}",
        "source": "pbx1",
        "state": "waiting",
        "started": since,
        "caller": "+353870000001",
        "visits": [{"queue": queue, "entered": since}],
        "facts": [f"queue:{queue}"],
    }


def cached_terminal(home: Home, person: str, count: int) -> Me:
    """A home in which that person's terminal was used a moment ago: session, lease, and a cache of so many calls."""
    home.prepare()
    now = time.time()
    documents = organisation()
    who, gate = person_at(documents, person, now)
    cache = Cache(home.cache, NOBODY, person)
    view = cache.begin(who, now)
    made = calls(count, Directory.from_documents(documents), now)
    total = fill(view, entries([*documents, *(("call", call) for call in made)], gate))
    view.epoch = "made"
    view.set_meta("cursor", f"made:{total}:{who.fingerprint}:0")
    cache.close()
    save(home.session, Session(NOBODY, person, "no-hub-will-ever-see-this"))
    return who
