"""Calls, missed opportunities and documents; and what questions cost, as plans and counts, not as times."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from wallboard_tui.model.base import Doc
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

NOON = 1_795_262_400.0
SALES, VIP = "asterisk:pbx1:sales", "asterisk:pbx1:vip"
ANN, BEN = "asterisk:pbx1:Ann O'Neil", "asterisk:pbx1:Ben"


def call(index: int, **fields: Any) -> Doc:
    return {"key": f"asterisk:pbx1:{index:03d}", "source": "pbx1", "state": "ended", "started": NOON + index, **fields}


@pytest.fixture
def some(view: View, make: Any) -> View:
    docs = [
        call(0, caller="+353871234567", caller_name="Zoë Byrne", direction="inbound",
             visits=[{"queue": SALES, "entered": NOON, "outcome": "abandoned", "wait_s": 9}]),
        call(1, caller="+353870000000", direction="outbound", legs=[{"agent": ANN, "outcome": "answered"}]),
        call(2, caller="+353871234567", state="talking", visits=[{"queue": VIP, "entered": NOON + 2}],
             legs=[{"agent": BEN, "queue": VIP, "visit": 0}]),
        call(3, called="100%_sure", number="5001"),
    ]  # fmt: skip
    view.apply([make("call", doc) for doc in docs])
    view.apply([make("contact", {"key": "+353870000000", "name": "Acme Ltd"})])
    view.apply([make("queue", {"key": VIP, "source": "pbx1", "name": "vip", "title": "Gold customers"})])
    return view


def found(view: View, **wanted: Any) -> str:
    return "".join(doc["key"][-1] for doc in queries.calls(view, -1, limit=wanted.pop("limit", 10), **wanted))


@pytest.mark.parametrize(
    ("wanted", "keys"),
    [
        ({}, "3210"),
        ({"limit": 2}, "32"),
        ({"before": NOON + 2}, "10"),
        ({"before": (NOON + 2, "asterisk:pbx1:002")}, "10"),
        ({"queue": VIP}, "2"),
        ({"agent": ANN}, "1"),
        ({"direction": "outbound"}, "1"),
        ({"state": "talking"}, "2"),
        ({"caller": "+353871234567"}, "20"),
        ({"text": "zoë"}, "0"),
        ({"text": "BYRNE 1234"}, "0"),
        ({"text": "o'neil"}, "1"),
        ({"text": "acme"}, "1"),
        ({"text": "gold"}, "2"),
        ({"text": "0%_s"}, "3"),
        ({"text": "5001"}, "3"),
        ({"text": "ended"}, ""),
    ],
)
def test_calls_are_found_newest_first(some: View, wanted: dict[str, Any], keys: str) -> None:
    assert found(some, **wanted) == keys


def test_pages_of_calls_that_started_together_lose_none(view: View, make: Any) -> None:
    view.apply([make("call", call(i) | {"started": NOON}) for i in range(25)])
    keys: list[str] = []
    before: tuple[float, str] | None = None
    while page := queries.calls(view, -1, limit=10, before=before):
        keys += [doc["key"] for doc in page]
        before = (page[-1]["started"], page[-1]["key"])
    assert keys == sorted(keys, reverse=True)
    assert len(keys) == 25


def test_missed_opportunities_are_found_by_status_and_time(view: View, make: Any) -> None:
    for key, status, last in (("a", "open", 30), ("b", "resolved", 20), ("c", "claimed", 10)):
        doc = {"key": key, "caller": key, "first_miss": NOON, "last_miss": NOON + last, "status": status}
        view.apply([make("followup", doc)])
    view.apply([make("followup", {"key": "d", "caller": "d", "first_miss": NOON, "last_miss": NOON + 40})])
    ask = queries.followups
    assert [doc["key"] for doc in ask(view, NOON, ("open", "claimed"))] == ["d", "a", "c"]
    assert [doc["key"] for doc in ask(view, NOON + 15, ("open", "claimed", "resolved"))] == ["d", "a", "b"]
    view.apply([make.gone("followup", "a")])
    assert [doc["key"] for doc in ask(view, NOON, ("open",))] == ["d"]
    assert set(queries.documents(view, "followup")) == {"b", "c", "d"}
    assert queries.document(view, "followup", "a") is None


def test_pages_of_callers_who_were_missed_together_lose_none(view: View, make: Any) -> None:
    for i in range(25):
        doc = {"key": f"+{i:02}", "caller": None, "first_miss": NOON, "last_miss": NOON + i // 7}
        view.apply([make("followup", doc)])
    keys: list[str] = []
    before: tuple[float, str] | None = None
    while page := queries.followups(view, NOON, ("open",), limit=4, before=before):
        keys += [doc["key"] for doc in page]
        before = (page[-1]["last_miss"], page[-1]["key"])
    assert keys == [doc["key"] for doc in queries.followups(view, NOON, ("open",))]
    assert len(set(keys)) == 25


def test_documents_are_the_newest_ones(view: View, make: Any) -> None:
    view.apply([make("contact", {"key": "+1", "name": "A"})])
    assert queries.documents(view, "contact")["+1"]["name"] == "A"
    view.apply([make("contact", {"key": "+1", "name": "B"})])
    document = queries.document(view, "contact", "+1")
    assert document is not None
    assert document["name"] == "B"
    assert queries.document(view, "contact", "+2") is None


@contextmanager
def statements(view: View) -> Iterator[list[str]]:
    """What is asked of the database, with its values."""
    asked: list[str] = []
    with view.reading() as db:
        db.set_trace_callback(lambda sql: asked.append(sql) if sql.startswith("SELECT") else None)
        yield asked
        db.set_trace_callback(None)


def plan(db: sqlite3.Connection, sql: str) -> str:
    return " / ".join(row[3] for row in db.execute(f"EXPLAIN QUERY PLAN {sql}"))


SMALL = (
    "INDEX visit_open", "INDEX leg_open", "INDEX call_open", "INDEX agent_interval_open", "SCAN lens", "json_each",
    "INDEX idx_call_started",
)  # fmt: skip
"""What may be walked through: open rows, a person's lenses, values given, the newest calls until enough are found."""


def test_no_question_of_a_board_walks_through_all_calls(view: View, make: Any) -> None:
    visit = {"queue": SALES, "outcome": "answered", "wait_s": 3}
    leg = {"agent": ANN, "queue": SALES, "visit": 0, "outcome": "answered"}
    view.apply([make("queue", {"key": SALES, "source": "pbx1", "name": "sales", "members": [ANN]})])
    view.apply(
        [
            make("call", call(i, answered=NOON + i, visits=[visit | {"entered": NOON + i}],
                              legs=[leg | {"answered": NOON + i, "ended": NOON + i + 1, "talk_s": 1}]))
            for i in range(300)
        ]
    )  # fmt: skip
    with statements(view) as asked:
        for by in ("queue", "agent", "number", "all", "team"):
            queries.measures(view, 0, by=by, start=NOON - 43200, end=NOON + 43200, now=NOON + 400)
        queries.trends(view, 0, by="queue", start=NOON - 7200, end=NOON, step=900, now=NOON)
        queries.live_agents(view, 0, NOON)
        queries.live_queues(view, 0, NOON)
        queries.calls(view, 1, limit=20)
        queries.calls(view, 1, limit=20, caller="+1")
        queries.intervals(view, ANN, NOON, NOON + 900)
        queries.followups(view, NOON, ("open",))
    with view.reading() as db:
        plans = {sql: plan(db, sql) for sql in set(asked)}
    assert len(plans) > 10
    for sql, steps in plans.items():
        for step in steps.split(" / "):
            walks = step.startswith("SCAN") and not any(allowed in step for allowed in SMALL)
            assert not walks, (sql, steps)


def steps(view: View, entries: list[Any]) -> int:
    """What a batch costs, in hundreds of SQLite's own steps."""
    count = 0

    def tick() -> int:
        nonlocal count
        count += 1
        return 0

    view._connections.writer.set_progress_handler(tick, 100)
    view.apply(entries)
    view._connections.writer.set_progress_handler(None, 0)
    return count


def test_letting_in_a_batch_reads_no_more_when_there_is_more(view: View, make: Any) -> None:
    def batch(first: int) -> list[Any]:
        return [
            make(
                "call",
                call(i, visits=[{"queue": SALES, "entered": NOON + i % 60, "outcome": "abandoned", "wait_s": i % 50}]),
            )
            for i in range(first, first + 100)
        ]

    early = steps(view, batch(0))
    for round_ in range(1, 30):
        view.apply(batch(100 * round_))
    assert steps(view, batch(5000)) < early * 1.2
    assert steps(view, batch(5000)) < early * 3, "taking the old rows away, and adding the new ones"


def test_an_agents_next_word_costs_no_more_when_there_were_many(view: View, make: Any) -> None:
    def word(index: int) -> Any:
        what = "unpause" if index % 2 else "pause"
        doc = {"key": str(index), "source": "pbx1", "agent": ANN, "at": NOON + index, "what": what, "queue": SALES}
        return make("presence", doc)

    first = [steps(view, [word(index)]) for index in range(4)]
    view.apply([word(index) for index in range(4, 1000)])
    assert steps(view, [word(1000)]) <= max(first) + 5
