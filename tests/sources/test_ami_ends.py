"""How a call ended that nobody told the end of: by a start of the phone system, or some time before a snapshot. In
whatever order this becomes known, the call comes out the same.
"""

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import Call
from wallboard_tui.sources.asterisk.merge import Asterisk
from wallboard_tui.sources.base import Part

T = 1_795_290_000
KEY = "asterisk:pbx1:1795290000.1"

NEW = [T, "new", "PJSIP/trunk-1", "5001", "in", "+353861234567", ""]
JOIN = [T + 1, "join", "sales", "5001", "+353861234567", ""]
RING = [T + 3, "ring", "sales", "Ann", "2.1"]
ANSWER = [T + 8, "answer", "sales", "Ann", 7, 5, "2.1"]
TALKING = [NEW, JOIN, RING, [T + 8, "leave", "sales"], ANSWER]
DONE = [T + 28, "done", "sales", "Ann", 7, 20, "caller"]
PAST = [NEW, [T + 2, "dial", "2.1", "PJSIP/103-1", "103"], [T + 6, "dialend", "2.1", "ANSWER"]]
ABANDON = [T + 9, "abandon", "sales", 8]
HANGUP = [T + 29, "hangup"]
GAVE_UP = [f"{T + 1}|sales|NONE|ENTERQUEUE||+353861234567|1", f"{T + 9}|sales|NONE|ABANDON|1|1|8"]

MISSED, GONE = [T + 60, "missed"], [T + 61, "gone"]
BEFORE, AFTER = T + 55, T + 90
"""Starts of the phone system before the snapshot that does not show the call, and after it."""


def ami(*lines: Sequence[Any]) -> Part:
    """What the manager interface said."""
    return Part(KEY, "ami", {"lines": [list(line) for line in lines]})


def told(parts: Sequence[Part], restarts: Sequence[float] = ()) -> Doc:
    """The call after parts, and starts of the phone system that were known all along."""
    call = Asterisk().merge(KEY, None, parts, restarts)
    Call.load(call)
    return call


def how(call: Doc) -> tuple[str, float, list[str], list[str]]:
    """State, end, and the outcomes of visits and legs."""
    visits, legs = call.get("visits", ()), call.get("legs", ())
    return call["state"], call["ended"], [one["outcome"] for one in visits], [one["outcome"] for one in legs]


CUT_OFF = {
    "waiting": ([NEW, JOIN], ["unknown"], []),
    "ringing": ([NEW, JOIN, RING], ["unknown"], ["unknown"]),
    "talking": (TALKING, ["answered"], ["answered"]),
    "past the queues": (PAST, [], ["answered"]),
}


@pytest.mark.parametrize(("heard", "visits", "legs"), CUT_OFF.values(), ids=CUT_OFF)
def test_a_call_that_a_crash_cut_off_is_lost_though_a_snapshot_after_it_does_not_show_it(
    heard: list[list[Any]], visits: list[str], legs: list[str]
) -> None:
    lost = told([ami(*heard, MISSED, GONE)], [BEFORE])
    assert how(lost) == ("lost", BEFORE, visits, legs)
    assert all(visit["left"] == BEFORE for visit in lost.get("visits", ()) if visit["outcome"] == "unknown")
    assert all(leg["ended"] == BEFORE and "talk_s" not in leg for leg in lost.get("legs", ()))
    assert lost == {**told([ami(*heard)], [BEFORE]), "parts": lost["parts"]}, "as without the snapshot"


@pytest.mark.parametrize(("heard", "visits", "legs"), CUT_OFF.values(), ids=CUT_OFF)
def test_a_start_that_is_told_after_the_snapshot_is_the_same_as_one_told_before(
    heard: list[list[Any]], visits: list[str], legs: list[str]
) -> None:
    closed = told([ami(*heard, MISSED, GONE)])
    assert how(closed) == ("ended", GONE[0], visits, legs)
    assert Asterisk().merge(KEY, closed, [], [BEFORE]) == told([ami(*heard, MISSED, GONE)], [BEFORE])


@pytest.mark.parametrize(("heard", "visits", "legs"), CUT_OFF.values(), ids=CUT_OFF)
def test_a_call_that_was_gone_before_the_phone_system_started_anew_was_not_lost_by_that(
    heard: list[list[Any]], visits: list[str], legs: list[str]
) -> None:
    closed = told([ami(*heard, MISSED, GONE)])
    assert how(closed) == ("ended", GONE[0], visits, legs)
    assert Asterisk().merge(KEY, closed, [], [AFTER]) is closed
    assert told([ami(*heard, MISSED, GONE)], [AFTER]) == closed


ENDED = {
    "gave up": [NEW, JOIN, RING, ABANDON],
    "completed": [*TALKING, DONE],
    "hung up": [*TALKING, DONE, HANGUP],
    "hung up past the queues": [*PAST, HANGUP],
}


@pytest.mark.parametrize("heard", ENDED.values(), ids=ENDED)
def test_a_call_whose_end_was_told_is_not_lost_by_a_start_after_it(heard: list[list[Any]]) -> None:
    alone = told([ami(*heard)])
    restarted = Asterisk().merge(KEY, told([ami(*heard, GONE)]), [], [BEFORE])
    assert restarted["state"] == "ended"
    assert {**restarted, "parts": alone["parts"]} == alone


def test_the_cdr_tells_of_an_end_better_than_a_snapshot_without_the_call() -> None:
    row = [T, T + 8, T + 40, "+353861234567", "", "5001", "in", "PJSIP/trunk-1", "PJSIP/Ann-2", "Queue", "sales",
           "ANSWERED", ""]  # fmt: skip
    cdr = Part(KEY, "cdr", {"rows": [row]})
    assert how(told([ami(*TALKING, MISSED, GONE), cdr])) == ("ended", T + 40, ["answered"], ["answered"])
    assert how(told([ami(*TALKING, MISSED, GONE), cdr], [BEFORE]))[:2] == ("ended", T + 40)


def test_what_queue_log_tells_of_an_end_holds_against_snapshot_and_start() -> None:
    logged = Part(KEY, "queue_log", {"lines": GAVE_UP})
    for restarts in ([], [BEFORE], [AFTER]):
        call = told([ami(NEW, JOIN, RING, MISSED, GONE), logged], restarts)
        assert (call["state"], [visit["outcome"] for visit in call["visits"]]) == ("ended", ["abandoned"])
        assert call["legs"] == [], "queue_log knows of no ring that was lost"


def test_who_hung_up_does_not_wait_or_talk_again_whatever_an_old_snapshot_shows() -> None:
    over = told([ami(*TALKING, DONE, HANGUP)])
    late = told([ami(*TALKING, DONE, HANGUP, [T + 90, "here", "sales", T + 1], [T + 91, "talks", "sales", "Ann"])])
    assert {**late, "parts": over["parts"]} == over


# -- rings


def test_a_ring_ends_with_the_caller_only_where_that_was_heard() -> None:
    def ring(*after: Sequence[Any]) -> tuple[str, float]:
        leg = told([ami(NEW, JOIN, RING, *after)])["legs"][0]
        return leg["outcome"], leg["ended"]

    assert ring(ABANDON) == ("canceled", ABANDON[0])
    assert ring(HANGUP) == ("canceled", HANGUP[0])
    assert ring(GONE) == ("unknown", GONE[0])
    assert ring([T + 5, "missed"], HANGUP) == ("unknown", HANGUP[0]), "it may have stopped while nothing was heard"
    assert ring([T + 5, "missed"], [T + 13, "noanswer", "sales", "Ann", 10_000]) == ("no_answer", T + 13)
    assert ring([T + 5, "missed"], ANSWER, HANGUP) == ("answered", HANGUP[0])


# -- in any order

HEARD = st.sampled_from(
    [NEW, JOIN, RING, *TALKING[3:], DONE, ABANDON, HANGUP, *PAST[1:], MISSED, GONE, [T + 95, "gone"]]
)
LOGGED = st.sampled_from([*GAVE_UP, f"{T + 8}|sales|Ann|CONNECT|7|2.1|5", f"{T + 28}|sales|Ann|COMPLETECALLER|7|20|1"])


@settings(max_examples=300, deadline=None)
@given(
    heard=st.lists(HEARD, min_size=1, max_size=9),
    logged=st.lists(LOGGED, max_size=3, unique=True),
    restarts=st.lists(st.sampled_from([T - 5, BEFORE, T + 61, AFTER, T + 200]), max_size=3, unique=True),
    data=st.data(),
)
def test_in_whatever_order_words_snapshots_files_and_starts_become_known_the_end_is_the_same(
    heard: list[list[Any]], logged: list[str], restarts: list[float], data: st.DataObject
) -> None:
    expected = told([ami(*heard), *([Part(KEY, "queue_log", {"lines": logged})] if logged else [])], sorted(restarts))
    facts: list[Part | float] = [ami(line) for line in heard]
    facts += [Part(KEY, "queue_log", {"lines": [line]}) for line in logged]
    facts += restarts
    call: Doc | None = None
    known: list[float] = []
    for fact in data.draw(st.permutations(facts)):
        if isinstance(fact, Part):
            call = Asterisk().merge(KEY, call, [fact], known)
        else:
            known = sorted([*known, fact])
            call = Asterisk().merge(KEY, call, [], known) if call is not None else None
    assert call == expected
    assert Asterisk().merge(KEY, call, [], known) == expected
    started = [at for at in restarts if at > expected["started"]]
    if started:
        assert expected["state"] in ("ended", "lost"), "no call survives a start of the phone system"
        assert all("ended" in leg for leg in expected.get("legs", ()))
    if expected["state"] == "lost":
        assert started
        assert not {tuple(line) for line in heard} & {tuple(HANGUP)}, "who hung up was not cut off"
