"""Missed callers and how soon they were reached: each once, by the last miss that counts for a subject."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.metrics.callbacks import callback_measures, places, reached_after
from wallboard_tui.metrics.kpis import Figure, Settings, compute, figure
from wallboard_tui.model.base import Doc

SALES, SUPPORT = "q:sales", "q:support"
TEAMS: dict[str, Doc] = {"north": {"queues": [SALES, SUPPORT]}, "south": {"queues": [SUPPORT]}, "bare": {}}
DAY = 86400.0


def followup(*tries: tuple[float, str | None], reached: float | None = None) -> Doc:
    """A caller with tries (when, in which queue), reached at a time or not at all."""
    last = max(at for at, _ in tries)
    doc: Doc = {"attempts": [{"at": at, "queue": queue} for at, queue in tries], "last_miss": last}
    return doc if reached is None else {**doc, "reached_after_s": reached - last}


def measures(by: str, *followups: Doc, start: float = 0.0, end: float = DAY, window: float = DAY) -> Doc:
    place = places(by, TEAMS)
    assert place is not None
    found = reached_after(followups, place, start, end)
    return {subject: callback_measures(seconds, window) for subject, seconds in found.items()}


def test_the_rate_is_of_missed_callers_and_the_time_is_a_median() -> None:
    reached = [followup((at, SALES), reached=at + after) for at, after in ((100, 60), (200, 500), (300, 90))]
    found = measures("all", *reached, followup((400, SALES)), window=100)[""]
    assert found == {"callers_missed": 4.0, "callers_reached": 2.0, "callback_median_s": 90.0}
    kpis = compute(found, Settings())
    assert (kpis["callback_rate"], kpis["time_to_callback"]) == (50.0, 90.0)


def test_who_is_reached_at_the_end_of_the_window_is_reached_within_it() -> None:
    assert measures("all", followup((100, SALES), reached=160), window=60)[""]["callers_reached"] == 1
    assert measures("all", followup((100, SALES), reached=160.5), window=60)[""]["callers_reached"] == 0


def test_where_nobody_was_missed_there_is_no_rate_and_where_nobody_was_reached_it_is_nought() -> None:
    assert measures("queue") == {}
    assert compute(callback_measures((), DAY), Settings())["callback_rate"] is None
    kpis = compute(measures("queue", followup((100, SALES)))[SALES], Settings())
    assert (kpis["callback_rate"], kpis["time_to_callback"]) == (0.0, None)


def test_a_rate_of_few_callers_is_a_small_sample() -> None:
    assert figure("callback_rate", {"callers_missed": 4.0, "callers_reached": 1.0}, Settings()) == Figure(
        "callback_rate", 25.0, "value", small_sample=True
    )


def test_a_caller_of_two_queues_is_one_of_all_and_one_of_each_as_if_the_other_were_not_there() -> None:
    caller = followup((1000, SALES), (5000, SUPPORT), (5060, SUPPORT), reached=5100)
    assert measures("all", caller) == {"": {"callers_missed": 1, "callers_reached": 1, "callback_median_s": 40}}
    by_queue = measures("queue", caller)
    assert {queue: found["callback_median_s"] for queue, found in by_queue.items()} == {SALES: 4100, SUPPORT: 40}
    assert by_queue == {**measures("queue", followup((1000, SALES), reached=5100)),
                        **measures("queue", followup((5060, SUPPORT), reached=5100))}  # fmt: skip
    assert {team: found["callers_missed"] for team, found in measures("team", caller).items()} == {
        "north": 1,
        "south": 1,
    }
    assert measures("team", caller)["north"]["callback_median_s"] == 40, "of both queues together"


def test_a_caller_counts_where_the_last_miss_lies() -> None:
    caller = followup((1000, SALES), (DAY + 10, SUPPORT))
    assert measures("all", caller) == {}
    assert set(measures("queue", caller)) == {SALES}
    assert set(measures("all", caller, start=DAY, end=2 * DAY)) == {""}


def test_a_queue_that_the_reader_may_not_know_is_nobodys_and_counts_in_all() -> None:
    assert measures("queue", followup((100, None))) == {}
    assert measures("team", followup((100, None))) == {}
    assert measures("all", followup((100, None)))[""]["callers_missed"] == 1


@pytest.mark.parametrize("by", ["agent", "campaign"])
def test_agents_and_campaigns_have_no_missed_callers(by: str) -> None:
    assert places(by, TEAMS) is None


tries = st.lists(st.tuples(st.integers(0, 200_000), st.sampled_from([SALES, SUPPORT, None])), min_size=1, max_size=5)
callers = st.lists(st.tuples(tries, st.none() | st.integers(0, 200_000)), max_size=12)


@given(callers, st.integers(0, 100).map(lambda n: n * 900.0), st.integers(0, 100).map(lambda n: n * 900.0))
def test_periods_that_meet_have_together_the_callers_of_the_whole(
    found: list[tuple[list[tuple[int, str | None]], int | None]], at: float, length: float
) -> None:
    docs = [
        followup(*tried, reached=None if after is None else max(at for at, _ in tried) + after)
        for tried, after in found
    ]
    for by in ("all", "queue", "number"):
        parts = [
            measures(by, *docs, start=begin, end=end)
            for begin, end in ((0, at), (at, at + length), (at + length, math.inf))
        ]
        whole = measures(by, *docs, end=math.inf)
        for name in ("callers_missed", "callers_reached"):
            for subject, sums in whole.items():
                assert sum(part.get(subject, {}).get(name, 0.0) for part in parts) == sums[name]
