"""Missed opportunities as METRICS.md defines them: one per caller, open until somebody spoke to them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.hub.followups import allowed, derive
from wallboard_tui.model.base import Doc
from wallboard_tui.model.followup import Followup

CALLER = "+353861234567"


def call(at: float, outcome: str = "abandoned", *, wait: float = 30, **more: Any) -> Doc:
    """An inbound call that nobody answered, or (``outcome`` answered) somebody did."""
    visit = {"queue": "q:support", "entered": at, "outcome": outcome, "left": at + wait, "wait_s": wait}
    doc = {
        "key": f"c:{at}", "source": "pbx1", "direction": "inbound", "state": "ended", "started": at, "ended": at + wait,
        "caller": CALLER, "visits": [visit], "facts": ["queue:q:support"],
    }  # fmt: skip
    if outcome == "answered":
        doc["answered"] = at + wait
        doc["legs"] = [{"agent": "a:bob", "answered": at + wait}]
    return {**doc, **more}


def outbound(at: float, *, connected: bool = True) -> Doc:
    """A call to the caller from extension 102."""
    doc: Doc = {
        "key": f"o:{at}", "source": "pbx1", "direction": "outbound", "state": "ended", "started": at, "caller": CALLER,
        "extension": "102",
    }  # fmt: skip
    return {**doc, "answered": at + 3} if connected else doc


def of(*calls: Doc, history: list[Doc] | None = None) -> Doc:
    """The followup of these calls."""
    old = {"history": history} if history else None
    found = derive(sorted(calls, key=lambda c: (c["started"], c["key"])), old, 5.0)
    assert found is not None
    Followup.load(found)
    return found


def test_an_abandoned_call_is_one_open_opportunity() -> None:
    found = of(call(100))
    assert (found["key"], found["status"], found["first_miss"], found["last_miss"]) == (CALLER, "open", 100, 100)
    assert found["attempts"][0]["reason"] == "abandoned"
    assert found["attempts"][0]["queue"] == "q:support"


@pytest.mark.parametrize(
    "outcome", ["timed_out", "exit_empty", "exit_key", "full", "voicemail", "unknown", "withdrawn"]
)
def test_whatever_way_nobody_answered_it_is_a_miss(outcome: str) -> None:
    assert of(call(100, outcome))["attempts"][0]["reason"] == ("no_agent" if outcome == "exit_empty" else outcome)


def test_given_up_within_the_short_abandon_time_is_none() -> None:
    assert derive([call(100, wait=4)], None, 5.0) is None
    assert derive([call(100, wait=5)], None, 5.0) is not None
    assert derive([call(100, wait=4, visits=[])], None, 5.0) is None


def test_out_of_hours_and_a_call_that_still_waits_are_none() -> None:
    assert derive([call(100, "closed")], None, 5.0) is None
    assert derive([call(100, state="waiting")], None, 5.0) is None


def test_a_caller_who_tried_three_times_is_one_row_with_three_attempts() -> None:
    found = of(call(100), call(200), call(300))
    assert [attempt["at"] for attempt in found["attempts"]] == [100, 200, 300]
    assert (found["first_miss"], found["last_miss"]) == (100, 300)


def test_a_later_answered_call_closes_it_by_itself() -> None:
    found = of(call(100), call(400, "answered", wait=20))
    assert (found["status"], found["reached_by"], found["reached_after_s"]) == ("reached", "a:bob", 320)
    assert found["history"] == [{"at": 420, "by": "hub", "status": "reached"}]


def test_a_connected_outbound_call_closes_it_and_one_that_rings_out_does_not() -> None:
    assert of(call(100), outbound(400, connected=False))["status"] == "open"
    found = of(call(100), outbound(457))
    assert (found["status"], found["reached_by"], found["reached_after_s"]) == ("reached", "102", 360)


def test_how_long_it_took_to_reach_a_caller_counts_from_their_last_try() -> None:
    assert of(call(100), call(250), outbound(457))["reached_after_s"] == 210


def test_misses_before_somebody_spoke_to_the_caller_do_not_count_again() -> None:
    found = of(call(100), call(200, "answered"), call(300))
    assert found["status"] == "open"
    assert [attempt["at"] for attempt in found["attempts"]] == [300]
    assert [step["by"] for step in found["history"]] == ["hub"], "what was closed stays in the history"


def test_a_caller_who_was_never_missed_is_none() -> None:
    assert derive([call(100, "answered"), outbound(200)], None, 5.0) is None


def test_what_people_did_counts() -> None:
    claimed = {"at": 150, "by": "ann", "status": "claimed"}
    assert (of(call(100), history=[claimed])["status"], of(call(100), history=[claimed])["owner"]) == ("claimed", "ann")
    reached = {"at": 170, "by": "ann", "status": "reached", "note": "will buy"}
    found = of(call(100), history=[claimed, reached])
    assert (found["status"], found["reached_by"], found["reached_after_s"]) == ("reached", "ann", 70)
    assert found["history"][-1]["note"] == "will buy"


def test_a_new_miss_after_it_was_settled_opens_it_again_and_keeps_the_history() -> None:
    resolved = {"at": 150, "by": "ann", "status": "resolved"}
    found = of(call(100), call(200), history=[resolved])
    assert (found["status"], found.get("owner")) == ("open", None)
    assert found["history"] == [resolved]
    assert len(found["attempts"]) == 2


def test_a_new_miss_after_a_persons_word_begins_a_new_row_of_attempts() -> None:
    reached = {"at": 150, "by": "ann", "status": "reached"}
    found = of(call(100), call(200), history=[reached])
    assert found["status"] == "open"
    assert [attempt["at"] for attempt in found["attempts"]] == [200]


def test_a_new_attempt_leaves_it_with_who_claimed_it() -> None:
    claimed = {"at": 150, "by": "ann", "status": "claimed"}
    found = of(call(100), call(200), history=[claimed])
    assert (found["status"], found["owner"]) == ("claimed", "ann")


def test_reopened_it_is_open_although_a_call_had_closed_it() -> None:
    reopened = {"at": 300, "by": "ann", "status": "open"}
    assert of(call(100), call(200, "answered"), history=[reopened])["status"] == "open"


def test_somebodys_note_does_not_take_it_from_its_owner() -> None:
    steps = [{"at": 150, "by": "ann", "status": "claimed"}, {"at": 160, "by": "bob", "status": "claimed", "note": "!"}]
    assert of(call(100), history=steps)["owner"] == "ann"


def test_a_note_leaves_everything_as_it_stands() -> None:
    tried = {"at": 150, "by": "ann", "status": "not_reached", "act": "not_reached"}
    claimed = {"at": 140, "by": "ann", "status": "claimed", "act": "claim"}
    again = of(call(100), call(200), history=[claimed, tried])
    assert (again["status"], again["owner"]) == ("open", "ann")
    note = {"at": 300, "by": "bob", "status": "open", "act": "note", "note": "rings at noon"}
    noted = of(call(100), call(200), history=[claimed, tried, note])
    assert (noted["status"], noted["owner"]) == ("open", "ann")
    assert noted["history"][-1] == note


def test_a_note_on_somebody_who_was_reached_is_no_talk() -> None:
    note = {"at": 250, "by": "ann", "status": "reached", "act": "note", "note": "was pleased"}
    found = of(call(100), call(220), history=[{"at": 150, "by": "ann", "status": "reached", "act": "reached"}, note])
    assert (found["status"], found.get("reached_by")) == ("open", None)


def test_a_withheld_number_stands_under_its_call() -> None:
    found = of({**call(100), "caller": None})
    assert found["key"] == "c:100"
    assert found["caller"] is None


def test_facts_only_grow() -> None:
    found = of(call(300, facts=["queue:q:sales"]), history=None)
    again = derive([call(300, facts=["queue:q:sales"])], {**found, "facts": ["queue:q:old"]}, 5.0)
    assert again is not None
    assert set(again["facts"]) == {"queue:q:old", "queue:q:sales"}


def test_acts_that_make_no_sense_are_refused_with_the_reason() -> None:
    assert allowed({"status": "claimed", "owner": "ann"}, "claim", "bob") == "Somebody has it already."
    assert allowed({"status": "claimed", "owner": "ann"}, "claim", "ann") == "You have it already."
    assert allowed({"status": "reached"}, "not_reached", "ann")
    assert allowed({"status": "open"}, "reopen", "ann")
    assert not allowed({"status": "open"}, "claim", "ann")
    assert not allowed({"status": "reached"}, "reopen", "ann")
    assert not allowed({"status": "resolved"}, "note", "ann")


EVENTS = st.lists(
    st.tuples(
        st.integers(1, 60), st.sampled_from(["missed", "answered", "out", "ring", "claim", "reach", "resolve", "open"])
    ),
    min_size=1,
    max_size=14,
    unique_by=lambda event: event[0],
)
STEPS = {"claim": "claimed", "reach": "reached", "resolve": "resolved", "open": "open"}


def told(events: list[tuple[int, str]]) -> tuple[list[Doc], list[Doc]]:
    """Calls and steps of some events, ten seconds apart at least."""
    calls, steps = [], []
    for at, what in sorted(events):
        if what in STEPS:
            steps.append({"at": at * 100.0, "by": "ann", "status": STEPS[what]})
        else:
            out = what in ("out", "ring")
            inbound = "answered" if what == "answered" else "abandoned"
            calls.append(outbound(at * 100.0, connected=what == "out") if out else call(at * 100.0, inbound))
    return calls, steps


@settings(max_examples=300, deadline=None)
@given(EVENTS)
def test_deriving_again_changes_nothing(events: list[tuple[int, str]]) -> None:
    calls, steps = told(events)
    once = derive(calls, {"history": steps}, 5.0)
    if once is not None:
        assert derive(calls, once, 5.0) == once


@settings(max_examples=300, deadline=None)
@given(EVENTS, st.integers(0, 14))
def test_call_by_call_or_all_at_once_gives_the_same(events: list[tuple[int, str]], cut: int) -> None:
    calls, steps = told(events)
    early = derive(calls[:cut], {"history": steps}, 5.0)
    bit_by_bit = derive(calls, early or {"history": steps}, 5.0)
    assert bit_by_bit == derive(calls, {"history": steps}, 5.0)


@settings(max_examples=300, deadline=None)
@given(EVENTS)
def test_it_is_open_exactly_when_nobody_spoke_to_the_caller_since_the_last_miss(events: list[tuple[int, str]]) -> None:
    calls, _ = told(events)
    found = derive(calls, None, 5.0)
    misses = [c["started"] for c in calls if c["direction"] == "inbound" and "answered" not in c]
    talks = [c["answered"] for c in calls if "answered" in c]
    if not misses:
        assert found is None
    else:
        assert found is not None
        assert (found["status"] == "open") == (not any(at > misses[-1] for at in talks))
