"""What agents and queues do now."""

from __future__ import annotations

from typing import Any

from wallboard_tui.model.base import Doc
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

NOW = 1_795_262_400.0
SALES, VIP = "asterisk:pbx1:sales", "asterisk:pbx1:vip"
ANN, BEN = "asterisk:pbx1:Ann", "asterisk:pbx1:Ben"


def ringing(key: str, agent: str, since: float, **leg: Any) -> Doc:
    return {
        "key": key, "source": "pbx1", "state": "talking", "started": since - 5,
        "visits": [{"queue": SALES, "entered": since - 5}],
        "legs": [{"agent": agent, "queue": SALES, "visit": 0, "rang": since, **leg}],
    }  # fmt: skip


def presence(agent: str, at: float, what: str, queue: str | None = SALES, reason: str = "") -> Doc:
    doc: Doc = {"key": f"{agent}@{at}/{queue}/{what}", "source": "pbx1", "agent": agent, "at": at, "what": what}
    return doc | ({"queue": queue} if queue else {}) | ({"reason": reason} if reason else {})


def states(view: View, now: float = NOW, lens: int = 0) -> list[tuple[str, str, float | None, str]]:
    return [(a.agent, a.state, a.since, a.reason) for a in queries.live_agents(view, lens, now)]


def test_talking_comes_before_ringing_before_wrap_before_pause(view: View, make: Any) -> None:
    view.apply([make("queue", {"key": SALES, "source": "pbx1", "name": "sales", "members": [ANN], "wrap_up_s": 10})])
    view.apply([make("presence", presence(ANN, NOW - 500, "pause", reason="Lunch"))])
    assert states(view) == [(ANN, "paused", NOW - 500, "Lunch")]
    ended = ringing("c1", ANN, NOW - 60, outcome="answered", answered=NOW - 50, ended=NOW - 4, talk_s=46)
    view.apply([make("call", ended | {"state": "ended"})])
    assert states(view) == [(ANN, "wrap", NOW - 4, "")]
    assert states(view, NOW + 6) == [(ANN, "paused", NOW - 500, "Lunch")]
    view.apply([make("call", ringing("c2", ANN, NOW - 3))])
    assert states(view) == [(ANN, "ringing", NOW - 3, "")]
    view.apply([make("call", ringing("c3", ANN, NOW - 9, outcome="answered", answered=NOW - 2))])
    assert states(view) == [(ANN, "talking", NOW - 2, "")]


def test_an_agent_is_free_since_the_last_call_and_its_wrap_up_ended(view: View, make: Any) -> None:
    view.apply([make("queue", {"key": SALES, "source": "pbx1", "name": "sales", "members": [ANN], "wrap_up_s": 10})])
    ended = ringing("c1", ANN, NOW - 60, outcome="answered", answered=NOW - 50, ended=NOW - 30, talk_s=20)
    view.apply([make("call", ended | {"state": "ended"})])
    assert states(view) == [(ANN, "available", NOW - 20, "")]


def test_an_agents_own_wrap_up_time_comes_before_the_queues(view: View, make: Any) -> None:
    ann = {"key": ANN, "source": "pbx1", "name": "Ann", "wrap_ups": {SALES: 25, VIP: 90}}
    view.apply([make("queue", {"key": SALES, "source": "pbx1", "name": "sales", "members": [ANN], "wrap_up_s": 10})])
    view.apply([make("agent", ann)])
    ended = ringing("c1", ANN, NOW - 60, outcome="answered", answered=NOW - 50, ended=NOW - 20, talk_s=30)
    view.apply([make("call", ended | {"state": "ended"})])
    assert states(view) == [(ANN, "wrap", NOW - 20, "")]
    assert states(view, NOW + 5) == [(ANN, "available", NOW + 5, "")]


def test_who_left_every_queue_is_out_and_the_busiest_come_first(view: View, make: Any) -> None:
    view.apply([make("presence", presence(ANN, NOW - 90, "join")), make("presence", presence(ANN, NOW - 30, "leave"))])
    view.apply(
        [make("presence", presence(BEN, NOW - 80, "join")), make("presence", presence(BEN, NOW - 80, "join", VIP))]
    )
    assert states(view) == [(BEN, "available", NOW - 80, ""), (ANN, "out", NOW - 30, "")]
    assert queries.live_agents(view, 0, NOW)[0].queues == (SALES, VIP)


def test_a_configured_agent_who_never_spoke_is_there(view: View, make: Any) -> None:
    view.apply([make("agent", {"key": ANN, "source": "pbx1", "name": "Ann", "queues": [SALES]})])
    assert [state[:2] for state in states(view)] == [(ANN, "out")]
    ended = ringing("c1", ANN, NOW - 60, outcome="no_answer", ended=NOW - 50)
    view.apply([make("call", ended | {"state": "ended"})])
    assert [state[:3] for state in states(view)] == [(ANN, "available", NOW - 65)]


def test_each_lens_sees_its_own_agents_and_callers(make: Any) -> None:
    view = View.open(None, lenses=2)
    view.apply(
        [make("presence", presence(ANN, NOW - 9, "join"), 0b01), make("presence", presence(BEN, NOW - 9, "join"), 0b10)]
    )
    view.apply([make("call", ringing("c1", ANN, NOW - 3), 0b01)])
    assert [[state[0] for state in states(view, lens=lens)] for lens in (0, 1)] == [[ANN], [BEN]]
    assert list(queries.live_queues(view, 0, NOW)) == [SALES]
    assert queries.live_queues(view, 1, NOW) == {}
    view.close()


def test_a_queue_tells_who_waits_since_when_and_how_many_talk(view: View, make: Any) -> None:
    for i, since in enumerate((30, 90, 60)):
        visits = [{"queue": SALES, "entered": NOW - since}]
        view.apply([make("call", {"key": f"w{i}", "source": "pbx1", "started": NOW - since, "visits": visits})])
    talking = ringing("t", ANN, NOW - 9, outcome="answered", answered=NOW - 2)
    talking["visits"][0] |= {"outcome": "answered", "wait_s": 12}
    view.apply([make("call", talking)])
    found = queries.live_queues(view, 0, NOW)[SALES]
    assert (found.waiting_since, found.talking) == ((NOW - 90, NOW - 60, NOW - 30), 1)
    gone = {"key": "w1", "source": "pbx1", "state": "ended", "started": NOW - 90}
    view.apply(
        [make("call", gone | {"visits": [{"queue": SALES, "entered": NOW - 90, "outcome": "abandoned", "wait_s": 90}]})]
    )
    assert queries.live_queues(view, 0, NOW)[SALES].waiting_since == (NOW - 60, NOW - 30)


def test_who_waits_or_talks_in_a_queue_that_is_not_named_counts_where_the_call_is_the_readers_whole(
    view: View, make: Any
) -> None:
    def waiting(key: str, **more: Any) -> Doc:
        return {
            "key": key, "source": "pbx1", "started": NOW - 60, "number": "+353", "legs": [],
            "visits": [{"queue": None, "entered": NOW - 60}], **more,
        }  # fmt: skip

    nobody = {"agent": None, "queue": None, "visit": 0, "outcome": "answered", "answered": NOW - 50}
    view.apply([make("call", waiting("c1")), make("call", waiting("c2", whole=True))])
    answered = {"state": "talking", "visits": [{"queue": None, "entered": NOW - 60, "outcome": "answered"}]}
    view.apply([make("call", waiting("c3", whole=True, **{**answered, "legs": [nobody]}))])
    for by in ("number", "all"):
        found = queries.measures(view, 0, by=by, start=0, end=NOW + 900, now=NOW)["+353" if by == "number" else ""]
        assert (found["waiting"], found["waiting_longest_s"], found["calls"]) == (1, 60, 3), by
        assert found["handled"] == 1, by
    assert not any(queries.measures(view, 0, by="queue", start=0, end=NOW + 900, now=NOW))
    assert queries.live_queues(view, 0, NOW) == {}


def test_staffing_counts_agents_per_queue(view: View, make: Any) -> None:
    for agent, queue in ((ANN, SALES), (ANN, VIP), (BEN, SALES)):
        view.apply([make("presence", presence(agent, NOW - 90, "join", queue))])
    view.apply([make("presence", presence(BEN, NOW - 50, "pause", None))])
    found = queries.staffing(view, 0, NOW)
    assert found[SALES] == {"agents_talking": 0, "agents_available": 1, "agents_paused": 1, "agents_logged_in": 2}
    assert found[VIP]["agents_logged_in"] == 1


def test_an_agents_past_is_told_in_order(view: View, make: Any) -> None:
    for at, what in ((NOW - 90, "join"), (NOW - 60, "pause"), (NOW - 20, "unpause")):
        view.apply([make("presence", presence(ANN, at, what, reason="Lunch" if what == "pause" else ""))])
    found = queries.intervals(view, ANN, NOW - 70, NOW)
    assert [(i.state, i.reason, i.start, i.end) for i in found] == [
        ("available", "", NOW - 90, NOW - 60), ("paused", "Lunch", NOW - 60, NOW - 20),
        ("available", "", NOW - 20, None),
    ]  # fmt: skip
    assert [i.state for i in queries.intervals(view, ANN, NOW - 70, NOW, queue=SALES)] == [
        "available",
        "paused",
        "available",
    ]


def test_statements_one_by_one_give_what_all_at_once_give(make: Any) -> None:
    entries = [
        make("presence", presence(agent, NOW - 1000 + 10 * i, what, queue))
        for i, (agent, what, queue) in enumerate(
            [(ANN, "join", SALES), (ANN, "pause", None), (BEN, "join", VIP), (ANN, "join", VIP),
             (ANN, "unpause", SALES), (ANN, "pause", VIP), (BEN, "pause", None), (ANN, "leave", SALES),
             (ANN, "unpause", None), (BEN, "leave", VIP)]
        )
    ]  # fmt: skip

    def intervals(view: View) -> list[Any]:
        with view.reading() as db:
            rows = db.execute('SELECT agent, queue, state, reason, start, "end", bits FROM agent_interval').fetchall()
        return sorted(rows, key=repr)

    slowly, at_once = View.open(None), View.open(None)
    for entry in entries:
        slowly.apply([entry])
    at_once.apply(entries)
    assert intervals(slowly) == intervals(at_once)
    slowly.close()
    at_once.close()


def test_who_gets_figures_without_rows_sees_the_same_time_in_a_state(view: View, make: Any) -> None:
    view.apply([make("presence", presence(ANN, NOW - 500, "join")), make("presence", presence(BEN, NOW - 500, "join"))])
    view.apply([make("presence", presence(ANN, NOW - 100, "pause", reason="Lunch"))])
    view.apply(
        [make("call", ringing("c", BEN, NOW - 60, outcome="answered", answered=NOW - 50) | {"started": NOW - 50})]
    )
    terminal = View.open(None, lenses=1, figures=0b1)
    docs = [agent.dump() for agent in queries.live_agents(view, 0, NOW)]
    with view.reading() as db:
        closed = db.execute(
            'SELECT quarter, available_s FROM cell WHERE subject = ? AND "by" = ?', (ANN, "agent")
        ).fetchall()
    cells = [
        (
            "cell",
            {"key": f"0/agent/{ANN}//{quarter}", "measures": {"available_s": ms / 1000}},
            f"0/agent/{ANN}//{quarter}",
        )
        for quarter, ms in closed
    ]
    terminal.apply([], received=[*cells, *(("live_agent", doc, doc["key"]) for doc in docs)])
    for agent in (ANN, BEN):
        here, there = (
            queries.measures(v, 0, by="agent", start=NOW - 3600, end=NOW + 60, now=NOW + 5)[agent]
            for v in (view, terminal)
        )
        for name in ("login_s", "available_s", "paused_s", "talk_s", "handled"):
            assert here[name] == there[name], (agent, name)
    terminal.close()


def test_an_agents_past_begins_with_the_earliest_ring_whatever_the_order_of_rings(view: View, make: Any) -> None:
    view.apply([make("agent", {"key": ANN, "source": "pbx1", "name": "Ann", "queues": [SALES]})])
    doc = ringing("c1", ANN, NOW - 10, outcome="no_answer", ended=NOW)
    doc["legs"].append({"agent": ANN, "queue": SALES, "rang": NOW - 40, "outcome": "no_answer", "ended": NOW - 30})
    view.apply([make("call", doc | {"state": "ended"})])
    assert [i.start for i in queries.intervals(view, ANN, 0, NOW)] == [NOW - 40]
