"""Cells are what the documents say, in whatever order, batches, repeats and corrections they came."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.view.view import View

MIDNIGHT = 1_795_219_200
"""2026-11-21 00:00 UTC."""
QUEUES = [f"asterisk:pbx1:q{i}" for i in range(3)]
AGENTS = [f"asterisk:pbx1:a{i}" for i in range(3)]
SAID = [*AGENTS, "asterisk:pbx1:Local/1@x", "asterisk:pbx1:Local/2@x"]

moments = st.integers(MIDNIGHT, MIDNIGHT + 5 * 900)
waits = st.sampled_from([0, 3, 5, 10, 20, 21, 60, 901])


@st.composite
def call_docs(draw: st.DrawFn) -> Doc:
    started = draw(moments)
    state = draw(st.sampled_from(["waiting", "talking", "ended", "ended", "ended", "lost"]))
    doc: Doc = {
        "key": f"asterisk:pbx1:c{draw(st.integers(0, 4))}",
        "source": "pbx1",
        "state": state,
        "started": started,
    }
    doc["direction"] = draw(st.sampled_from(["inbound", "inbound", "outbound"]))
    for name, values in (("number", [None, "+1", "+2"]), ("campaign", [None, "tv"])):
        value = draw(st.sampled_from(values))
        if value is not None:
            doc[name] = value
    if state in ("ended", "lost"):
        doc["ended"] = started + draw(waits)
    if draw(st.booleans()):
        doc["answered"] = started + 1
    if draw(st.booleans()):
        doc["whole"] = True
    doc["visits"] = draw(st.lists(visit_docs(started), max_size=2))
    doc["legs"] = draw(st.lists(leg_docs(started, len(doc["visits"])), max_size=3))
    doc["facts"] = draw(st.lists(st.sampled_from(["queue:q", "team:t", "person:p"]), max_size=3))
    return doc


@st.composite
def visit_docs(draw: st.DrawFn, started: int) -> Doc:
    outcomes = ["waiting", "answered", "abandoned", "timed_out", "exit_key", "full", "closed", "unknown", "voicemail"]
    visit: Doc = {"queue": draw(st.sampled_from([*QUEUES, None])), "entered": started + draw(waits)}
    visit["outcome"] = draw(st.sampled_from(outcomes))
    wait = draw(st.one_of(st.none(), waits))
    if wait is not None:
        visit["wait_s"] = wait
    return visit


@st.composite
def leg_docs(draw: st.DrawFn, started: int, visits: int) -> Doc:
    outcome = draw(st.sampled_from(["ringing", "answered", "answered", "no_answer", "rejected", "canceled", "dumped"]))
    leg: Doc = {
        "agent": draw(st.sampled_from([*SAID, None])),
        "outcome": outcome,
        "queue": draw(st.sampled_from([*QUEUES, None])),
    }
    if visits and draw(st.booleans()):
        leg["visit"] = draw(st.integers(0, visits - 1))
    leg["rang"] = started + draw(waits)
    if outcome == "answered":
        leg["answered"] = leg["rang"] + 2
        if draw(st.booleans()):
            leg["ended"] = leg["answered"] + 5
            leg["talk_s"] = draw(st.sampled_from([0, 1, 5, 899, 900, 2000]))
    if draw(st.booleans()):
        leg["ring_s"] = 2.5
    transfer = draw(st.sampled_from([None, None, "blind", "attended"]))
    if transfer:
        leg["transfer"] = transfer
    return leg


@st.composite
def presence_docs(draw: st.DrawFn) -> Doc:
    what = draw(st.sampled_from(["pause", "unpause", "join", "leave", "login", "logout"]))
    queue = draw(st.sampled_from([None, *QUEUES])) if what in ("pause", "unpause") else draw(st.sampled_from(QUEUES))
    at, agent = draw(moments), draw(st.sampled_from(SAID))
    doc: Doc = {"key": f"{agent}@{at}/{queue}/{what}", "source": "pbx1", "agent": agent, "at": at, "what": what}
    if queue and what not in ("login", "logout"):
        doc["queue"] = queue
    return doc


@st.composite
def small_docs(draw: st.DrawFn) -> tuple[str, Doc]:
    if draw(st.booleans()):
        agent = draw(st.sampled_from(AGENTS))
        name = agent.rpartition(":")[2]
        doc: Doc = {"key": agent, "source": "pbx1", "name": name}
        # Some were spoken of by an interface that has a document of its own.
        doc["interfaces"] = draw(st.lists(st.sampled_from(["Local/1@x", "Local/2@x", "a1"]), max_size=2, unique=True))
        doc["queues"] = draw(st.lists(st.sampled_from(QUEUES), max_size=2, unique=True))
        return "agent", doc
    if draw(st.integers(0, 2)) == 0:
        person = draw(st.sampled_from(["p0", "p1"]))
        own = draw(st.lists(st.sampled_from(AGENTS), max_size=2, unique=True))
        return "person", {"key": person, "name": person, "role": "", "agents": own}
    queue = draw(st.sampled_from(QUEUES))
    doc = {
        "key": queue,
        "source": "pbx1",
        "name": queue,
        "members": draw(st.lists(st.sampled_from(AGENTS), max_size=1)),
    }
    if draw(st.booleans()):
        doc["service_level_s"] = draw(st.sampled_from([0, 5, 20, 60]))
    return "queue", doc


ORGANISATION = st.builds(
    lambda level, short, zone: (
        "organisation",
        {"key": "organisation", "name": "O", "service_level_s": level, "short_abandon_s": short, "time_zone": zone},
    ),
    st.sampled_from([5, 20]),
    st.sampled_from([0, 5]),
    st.sampled_from(["UTC", "Asia/Kathmandu"]),
)
DOCUMENTS = st.lists(
    st.one_of(
        call_docs().map(lambda doc: ("call", doc)),
        call_docs().map(lambda doc: ("call", doc)),
        presence_docs().map(lambda doc: ("presence", doc)),
        small_docs(),
        ORGANISATION,
    ),
    max_size=14,
)


def as_entries(documents: list[tuple[str, Doc]], removed: set[int], bits: list[int]) -> list[Entry]:
    """One entry each; where ``removed`` says so, the document's removal follows at once."""
    entries: list[Entry] = []
    for index, (kind, doc) in enumerate(documents):
        own = bits[index % len(bits)] if kind in ("call", "presence") else -1
        entries.append(Entry(len(entries) + 1, Change(kind, doc["key"], doc, 0.0, "hub"), own))
        if index in removed and kind != "organisation":
            entries.append(Entry(len(entries) + 1, Change(kind, doc["key"], None, 0.0, "hub"), own))
    return entries


def newest(entries: list[Entry]) -> list[tuple[str, Doc, int]]:
    last = {(e.change.kind, e.change.key): e for e in sorted(entries, key=lambda e: e.seq)}
    return [(e.change.kind, e.change.doc, e.bits) for e in last.values() if e.change.doc is not None]


def let_in(view: View, entries: list[Entry], seed: int) -> None:
    """In random order, with repeats, in batches of random size."""
    rng = random.Random(seed)
    order = entries + rng.sample(entries, len(entries) // 3)
    rng.shuffle(order)
    while order:
        size = rng.randint(1, 5)
        view.apply(order[:size])
        del order[:size]


@settings(
    max_examples=150,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
@given(
    documents=DOCUMENTS,
    removed=st.sets(st.integers(0, 13), max_size=3),
    bits=st.lists(st.integers(1, 3), min_size=1, max_size=3),
    seed=st.integers(0, 99),
)
def test_cells_equal_a_rebuild_and_a_slow_reference_whatever_the_order(
    documents: list[tuple[str, Doc]],
    removed: set[int],
    bits: list[int],
    seed: int,
    cells: Callable[..., Any],
    reference: Callable[..., Any],
) -> None:
    entries = as_entries(documents, removed, bits)
    view = View.open(None, lenses=2)
    let_in(view, entries, seed)
    found, by_day = cells(view), cells(view, "day_cell")
    assert found == reference(newest(entries), (0, 1))
    view.rebuild_cells()
    assert cells(view) == found
    assert cells(view, "day_cell") == by_day
    view.rebuild(iter(entries))
    assert cells(view) == found
    assert cells(view, "day_cell") == by_day
    view.close()
