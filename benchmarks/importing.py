"""How fast calls get in: journal, view and cells together, beside plain ``executemany`` of the same rows in the same
run.

Run: ``python benchmarks/importing.py [CALLS]``. Calls have one visit, 1.3 legs and five facts; the plan is 10,000 calls
a second on one core: times are the processor's, so that a busy machine does not spoil them. Prints rates, their ratio,
and what parts cost.
"""

from __future__ import annotations

import gc
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median

from pydantic_core import to_json

from wallboard_tui.hub.intake import CHUNK
from wallboard_tui.hub.serve import COLLECT
from wallboard_tui.journal.sqlite import SqliteJournal
from wallboard_tui.metrics.quarters import day_bounds
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change
from wallboard_tui.view import queries
from wallboard_tui.view.rows import CALL_COLUMNS, FACT_COLUMNS, LEG_COLUMNS, VISIT_COLUMNS, Rows, insert
from wallboard_tui.view.view import View

BATCH = CHUNK
"""As the hub does."""
ROUNDS = 3
MORNING = 1_795_248_000.0
"""2026-11-21 08:00 UTC."""
QUEUES, AGENTS, NUMBERS = 20, 60, 12


def made(count: int, seed: int = 7) -> Iterator[Doc]:
    """Calls in order of time, spread over as many days as it takes at 10,000 a day."""
    rng = random.Random(seed)
    for index in range(count):
        day, place = divmod(index, 10_000)
        started = float(int(MORNING - 86400 * (count // 10_000) + 86400 * day + place * 3.6))
        queue, number = f"asterisk:pbx1:queue{rng.randrange(QUEUES):02d}", f"+3531555{rng.randrange(NUMBERS):04d}"
        agents = [f"asterisk:pbx1:Agent {rng.randrange(AGENTS):02d}" for _ in range(1 + (rng.random() < 0.3))]
        wait, talk = rng.randrange(1, 60), rng.randrange(20, 600)
        answered = rng.random() < 0.8
        left = started + wait
        legs: list[Doc] = [
            {
                "agent": agent,
                "queue": queue,
                "visit": 0,
                "outcome": "no_answer",
                "rang": left - 5,
                "ended": left,
                "ring_s": 5,
            }
            for agent in agents
        ]
        if answered:
            legs[-1] |= {"outcome": "answered", "answered": left, "ended": left + talk, "talk_s": talk}
        doc: Doc = {
            "key": f"asterisk:pbx1:{started:.0f}.{index}", "source": "pbx1", "state": "ended", "started": started,
            "ended": left + (talk if answered else 0), "caller": f"+35387{rng.randrange(10**7):07d}", "called": number,
            "number": number, "legs": legs,
            "visits": [{"queue": queue, "entered": started, "left": left, "wait_s": wait,
                        "outcome": "answered" if answered else "abandoned"}],
            "facts": [f"queue:{queue}", f"number:{number}", f"agent:{agents[-1]}", f"person:p{agents[-1][-2:]}",
                      "team:north"],
        }  # fmt: skip
        if answered:
            doc["answered"] = left
        yield doc


def batches(docs: list[Doc]) -> Iterator[list[Change]]:
    """Changes, a batch at a time."""
    rest = iter(docs)
    while some := list(islice(rest, BATCH)):
        yield [Change("call", doc["key"], doc, doc["started"], "source:pbx1") for doc in some]


def through_the_product(docs: list[Doc], home: Path) -> tuple[float, float]:
    """Processor seconds spent in the journal, and in the view with its cells."""
    journal, view = SqliteJournal(home / "journal.db"), View.open(home / "view.db")
    in_journal = in_view = 0.0
    for changes in batches(docs):
        began = time.process_time()
        entries = journal.append(changes)
        middle = time.process_time()
        view.apply(entries)
        in_journal += middle - began
        in_view += time.process_time() - middle
    journal.close()
    view.close()
    return in_journal, in_view


def plainly(docs: list[Doc], home: Path) -> float:
    """Processor seconds that ``executemany`` of the same rows takes, into the same tables with the same indices."""
    View.open(home / "plain.db").close()
    db = sqlite3.connect(home / "plain.db", isolation_level=None)
    db.execute("PRAGMA synchronous = NORMAL")
    db.execute("CREATE TABLE entry (seq INTEGER PRIMARY KEY, kind TEXT, key TEXT, doc BLOB, at REAL, by TEXT)")
    db.execute("CREATE UNIQUE INDEX entry_document ON entry (kind, key)")
    sql = (
        insert("call", CALL_COLUMNS), insert("visit", VISIT_COLUMNS), insert("leg", LEG_COLUMNS),
        insert("call_fact", FACT_COLUMNS), "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?)",
    )  # fmt: skip
    seconds, number = 0.0, 0
    for changes in batches(docs):
        rows = Rows({}, {})
        entries = []
        for change in changes:
            number += 1
            doc = change.doc or {}
            rows.add(number, change.key, number, -1, doc)
            entries.append((number, "call", change.key, to_json(doc), change.at, change.by))
        began = time.process_time()
        db.execute("BEGIN")
        for statement, many in zip(sql, (rows.calls, rows.visits, rows.legs, rows.facts, entries), strict=True):
            db.executemany(statement, many)
        db.execute("COMMIT")
        seconds += time.process_time() - began
    db.close()
    return seconds


def reading(home: Path) -> dict[str, float]:
    """Milliseconds that the questions of a board take."""
    view = View.open(home / "view.db")
    now = MORNING + 3600 * 4
    start, end = day_bounds(now - 86400, view.zone)
    questions: dict[str, Callable[[], object]] = {
        "measures by queue, a day": lambda: queries.measures(view, 0, by="queue", start=start, end=end, now=now),
        "measures by agent, a day": lambda: queries.measures(view, 0, by="agent", start=start, end=end, now=now),
        "measures, all, 28 days": lambda: queries.measures(view, 0, by="all", start=end - 28 * 86400, end=end, now=now),
        "trends of queues, 2 h": lambda: queries.trends(
            view, 0, by="queue", start=now - 7200, end=now, step=900, now=now
        ),
        "live agents": lambda: queries.live_agents(view, 0, now),
        "newest 50 calls": lambda: queries.calls(view, -1, limit=50),
    }
    found = {}
    for name, ask in questions.items():
        ask()
        began = time.perf_counter()
        for _ in range(10):
            ask()
        found[name] = (time.perf_counter() - began) * 100
    view.close()
    return found


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    docs = list(made(count))
    gc.set_threshold(*COLLECT)
    rounds = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(ROUNDS):
            home = Path(folder) / str(number)
            home.mkdir()
            rounds.append((*through_the_product(docs, home), plainly(docs, home)))
        in_journal, in_view, plain = (median(taken) for taken in zip(*rounds, strict=True))
        ours = in_journal + in_view
        print(f"{count} calls, {BATCH} in a batch; the middle one of {ROUNDS} rounds")
        for name, seconds in (
            ("journal + view + cells", ours),
            ("  journal", in_journal),
            ("  view and cells", in_view),
            ("plain executemany", plain),
        ):
            print(f"{name:24}{count / seconds:9,.0f} calls/s   {1e6 * seconds / count:6.1f} µs a call")
        print(f"{'ratio':24}{ours / plain:9.2f}")
        for name, milliseconds in reading(home).items():
            print(f"{name:26}{milliseconds:8.2f} ms")


if __name__ == "__main__":
    main()
