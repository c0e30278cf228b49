"""The recording gives the figures that other code computed of it, exactly: from the documents, and through the view."""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.metrics.presence import fold
from wallboard_tui.model.agent import Interval
from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import Call
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.kinds import KINDS
from wallboard_tui.sources.asterisk.queue_log import read_queue_log
from wallboard_tui.view import View, queries

QUEUES = ("sales", "support", "billing", "vip")


def _visits(store: Any) -> Iterator[tuple[str, Doc]]:
    for call in store.calls.values():
        for visit in call.get("visits", ()):
            yield visit["queue"].rpartition(":")[2], visit


def _legs(store: Any) -> Iterator[tuple[str, str, Doc]]:
    for call in store.calls.values():
        for leg in call.get("legs", ()):
            yield leg["agent"].split(":", 2)[2], leg["queue"].rpartition(":")[2], leg


def _queue_figures(store: Any, queue: str, service_level: int) -> dict[str, float]:
    visits = [visit for name, visit in _visits(store) if name == queue]
    legs = [leg for _, name, leg in _legs(store) if name == queue]
    of: dict[str, list[Doc]] = defaultdict(list)
    for visit in visits:
        of[visit["outcome"]].append(visit)
    waits = [visit["wait_s"] for visit in of["answered"]]
    outcomes = Counter(leg["outcome"] for leg in legs)
    talks = [leg["talk_s"] for leg in legs if leg["outcome"] == "answered"]
    return {
        "offered": len(visits),
        "answered": len(of["answered"]),
        "abandoned": len(of["abandoned"]),
        "timed_out": len(of["timed_out"]),
        "exit_empty": len(of["exit_empty"]),
        "exit_key": len(of["exit_key"]),
        "withdrawn": len(of["withdrawn"]),
        "agent_dump": outcomes["dumped"],
        "answered_in_sl": sum(wait <= service_level for wait in waits),
        "abandoned_in_sl": sum(visit["wait_s"] <= service_level for visit in of["abandoned"]),
        "avg_wait_answered_s": round(sum(waits) / len(waits), 3),
        "max_wait_answered_s": max(waits),
        "completed": len(talks),
        "avg_talk_s": round(sum(talks) / len(talks), 3),
        "total_talk_s": sum(talks),
        "blind_transfers": sum(leg.get("transfer") == "blind" for leg in legs),
        "attended_transfers": sum(leg.get("transfer") == "attended" for leg in legs),
        "ring_no_answer": outcomes["no_answer"] + outcomes["rejected"],
    }


@pytest.mark.parametrize("queue", QUEUES)
def test_each_queue_has_the_figures_of_the_truth(whole: Any, truth: dict[str, Any], queue: str) -> None:
    known = truth["queues"][queue]
    found = _queue_figures(whole, queue, known["servicelevel_s"])
    assert found == {name: known[name] for name in found}


def test_each_agent_has_the_calls_of_the_truth(whole: Any, truth: dict[str, Any]) -> None:
    found: dict[str, Counter[str]] = defaultdict(Counter)
    by_queue: dict[str, Counter[str]] = defaultdict(Counter)
    for agent, queue, leg in _legs(whole):
        found[agent][leg["outcome"]] += 1
        if leg["outcome"] == "answered":
            by_queue[agent][queue] += 1
            found[agent]["talk"] += leg["talk_s"]
    assert set(found) == set(truth["agents"])
    for name, known in truth["agents"].items():
        of = found[name]
        assert dict(by_queue[name]) == known["answered_by_queue"], name
        assert of["answered"] == known["answered"] == known["completed"], name
        assert of["talk"] == known["talk_s"], name
        assert of["no_answer"] + of["rejected"] == known["ring_no_answer"], name
        assert of["rejected"] == known["of_which_zero_ms_rejects"], name
        assert of["canceled"] == known["ring_canceled"], name
        assert of["dumped"] == known["agent_dump"], name


def _paused(intervals: list[Interval], queue: str | None, end: float) -> float:
    paused = [i for i in intervals if i.queue == queue and i.state == "paused"]
    return sum((end if i.end is None else min(i.end, end)) - i.start for i in paused)


def test_pauses_are_those_of_the_truth_also_of_members_who_come_and_go(whole: Any, truth: dict[str, Any]) -> None:
    names = {
        f"asterisk:pbx1:{name}": key
        for key, agent in whole.documents["agent"].items()
        for name in (agent["name"], *agent.get("interfaces", ()))
    }
    said: dict[str, list[Doc]] = defaultdict(list)
    for presence in whole.documents["presence"].values():
        said[names.get(presence["agent"], presence["agent"])].append(presence)
    for name, known in truth["agents"].items():
        key = f"asterisk:pbx1:{name}"
        intervals = fold(key, said[key], whole.documents["agent"][key].get("queues", ()))
        assert _paused(intervals, None, truth["window"][1]) == known["pause_s_any"], name
        for queue, seconds in known["pause_s_by_queue"].items():
            assert _paused(intervals, f"asterisk:pbx1:{queue}", truth["window"][1]) == seconds, (name, queue)


def test_queue_log_alone_proves_which_interface_a_dynamic_member_has(recorded: Path, new_store: Any) -> None:
    store = new_store().take(read_queue_log([recorded / "queue_log.xz"], "pbx1"))
    proven = {doc["name"]: doc["interfaces"] for doc in store.documents["agent"].values() if "interfaces" in doc}
    assert proven == {"Tina Float": ["IAX2/agent206"], "Sam Temp": ["Local/agent-112@agents/n"]}


def test_cdr_and_queue_log_together_prove_everybodys_interface(
    recorded: Path, whole: Any, sample_data: Path, new_store: Any
) -> None:
    organisation = json.loads((sample_data / "organisation.json").read_text(encoding="utf-8"))["documents"]
    known = {doc["name"]: set(doc["interfaces"]) for kind, doc in organisation if kind == "agent"}
    for agent in whole.documents["agent"].values():
        assert set(agent.get("interfaces", ())) <= known[agent["name"]], agent
        assert agent.get("interfaces"), agent


def test_every_document_of_the_recording_fits_its_model(whole: Any) -> None:
    for kind, documents in whole.documents.items():
        for doc in documents.values():
            KINDS[kind].load(doc)
    assert whole.refused == []
    assert {call["state"] for call in whole.calls.values()} == {"ended"}


def test_the_cdr_adds_the_number_dialled_the_name_and_calls_past_the_queues(whole: Any) -> None:
    call = Call.load(whole.calls["asterisk:pbx1:pbx1-1795291207.4888"])
    assert (call.called, call.caller, call.caller_name) == ("5001", "+14155550304", "Åsa Öberg")
    outbound = [call for call in whole.calls.values() if call["direction"] == "outbound"]
    assert len(outbound) == 72
    assert {call["extension"] for call in outbound} == {f"20{n}" for n in range(1, 10)}
    assert not any(call.get("legs") for call in outbound)
    inbound = [call for call in whole.calls.values() if call["direction"] == "inbound" and not call.get("visits")]
    assert inbound
    assert all(call.get("answered") is None for call in inbound), "a dialplan that answers is nobody who answers"


@pytest.fixture(scope="module")
def view(whole: Any) -> Iterator[View]:
    """The recording in a hub's view."""
    organisation = {"key": "organisation", "name": "Test", "time_zone": "UTC"}
    documents = [("organisation", organisation)]
    documents += [(kind, doc) for kind, of_kind in whole.documents.items() for doc in of_kind.values()]
    view = View.open(None)
    view.apply([Entry(seq, Change(kind, doc["key"], doc, 0.0, "test")) for seq, (kind, doc) in enumerate(documents, 1)])
    yield view
    view.close()


def test_the_view_counts_each_queue_as_the_truth_does(view: View, truth: dict[str, Any]) -> None:
    start, end = truth["window"]
    found = queries.measures(view, 0, by="queue", start=start - 60, end=end + 60, now=end + 60)
    for queue, known in truth["queues"].items():
        of = found[f"asterisk:pbx1:{queue}"]
        expected = {
            name: known[name]
            for name in (
                "offered",
                "answered",
                "abandoned",
                "timed_out",
                "exit_empty",
                "exit_key",
                "withdrawn",
                "answered_in_sl",
                "abandoned_in_sl",
            )
        }
        expected |= {
            "agent_dumped": known["agent_dump"],
            "handled": known["completed"],
            "talk_s": known["total_talk_s"],
            "transfers_blind": known["blind_transfers"],
            "transfers_attended": known["attended_transfers"],
            "wait_answered_max_s": known["max_wait_answered_s"],
        }
        assert {name: of[name] for name in expected} == expected, queue
        assert of["ring_no_answer"] == known["ring_no_answer"], queue
        assert round(of["wait_answered_s"] / of["answered"], 3) == known["avg_wait_answered_s"], queue


def test_the_view_counts_each_agent_as_the_truth_does(view: View, truth: dict[str, Any]) -> None:
    start, end = truth["window"]
    found = queries.measures(view, 0, by="agent", start=start, end=end, now=end)
    for name, known in truth["agents"].items():
        key = f"asterisk:pbx1:{name}"
        of = found[key]
        assert (of["handled"], of["talk_s"]) == (known["answered"], known["talk_s"]), name
        assert of["ring_no_answer"] == known["ring_no_answer"], name
        assert of["rejected"] == known["of_which_zero_ms_rejects"], name
        assert of["ring_canceled"] == known["ring_canceled"], name
        assert of["agent_dumped"] == known["agent_dump"], name
        assert of["paused_s"] == known["pause_s_any"], name
        for queue, seconds in known["pause_s_by_queue"].items():
            intervals = queries.intervals(view, key, start, end, f"asterisk:pbx1:{queue}")
            assert _paused(intervals, f"asterisk:pbx1:{queue}", end) == seconds, (name, queue)


def test_importing_everything_twice_changes_nothing(recorded: Path, whole: Any, new_store: Callable[[], Any]) -> None:
    once = new_store().take(read_queue_log([recorded / "queue_log.xz"], "pbx1"))
    before = json.dumps(once.documents, sort_keys=True)
    once.take(read_queue_log([recorded / "queue_log.xz"], "pbx1"))
    assert json.dumps(once.documents, sort_keys=True) == before
