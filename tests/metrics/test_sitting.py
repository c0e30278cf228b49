"""Which queues statements without a queue are about: whoever knows these alone knows all that counts in a queue."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.metrics.presence import fold
from wallboard_tui.metrics.sitting import FAMILIES, about, seconds, sits
from wallboard_tui.model.base import Doc

ZOE = "asterisk:pbx1:Zoe"
SALES, SUPPORT = "asterisk:pbx1:sales", "asterisk:pbx1:support"
IN_QUEUE = ("join", "leave", "pause", "unpause")


@st.composite
def pasts(draw: Any) -> list[Doc]:
    """What one agent said, each at a second of its own; of a queue first of all that they joined it."""
    found: list[Doc] = []
    joined = set()
    for at in range(draw(st.integers(1, 25))):
        queue = draw(st.sampled_from((None, SALES, SUPPORT)))
        words = [what for family in FAMILIES for what in family] if queue is None else IN_QUEUE
        what = "join" if queue and queue not in joined else draw(st.sampled_from(words))
        joined.add(queue)
        found.append({"key": f"{at}", "agent": ZOE, "queue": queue, "at": 10.0 * at, "what": what, "reason": ""})
    return found


def known_in(queue: str, past: list[Doc]) -> list[Doc]:
    """What somebody gets who watches one queue alone."""
    said = {
        name: seconds((doc["at"], doc["what"]) for doc in past if doc["queue"] == name) for name in (SALES, SUPPORT)
    }
    of_queue: set[str] = set()
    for family in FAMILIES:
        whole = [(doc["key"], doc["at"]) for doc in past if doc["queue"] is None and doc["what"] in family]
        of_queue |= {key for key, queues in about(whole, said).items() if queue in queues}
    return [doc for doc in past if doc["queue"] == queue or doc["key"] in of_queue]


@given(pasts())
def test_who_watches_a_queue_knows_all_that_counts_in_it(past: list[Doc]) -> None:
    for queue in (SALES, SUPPORT):
        whole = [interval for interval in fold(ZOE, past) if interval.queue == queue]
        part = [interval for interval in fold(ZOE, known_in(queue, past)) if interval.queue == queue]
        assert part == whole


@given(pasts())
def test_nothing_is_told_of_a_time_at_which_the_agent_sits_elsewhere(past: list[Doc]) -> None:
    for doc in known_in(SALES, past):
        if doc["queue"] is None:
            family = next(family for family in FAMILIES if doc["what"] in family)
            times = sorted(one["at"] for one in past if one["queue"] is None and one["what"] in family)
            since = doc["at"] if doc["at"] > times[0] else float("-inf")
            until = min((at for at in times if at > doc["at"]), default=float("inf"))
            own = [one for one in past if one["queue"] == SALES]
            before = [one for one in own if one["at"] < since]
            within = [one for one in own if since <= one["at"] <= until]
            assert within or (before and before[-1]["what"] != "leave")


def test_who_speaks_of_a_queue_before_having_joined_it_sat_there_all_along() -> None:
    assert sits(seconds([(50.0, "pause")]), 10.0, 20.0)
    assert not sits(seconds([(50.0, "join")]), 10.0, 20.0)
    assert sits(seconds([(50.0, "join")]), 10.0, 50.0)
    assert not sits([], 10.0, 20.0)


def test_joining_and_leaving_at_one_moment_changes_nothing() -> None:
    short = [(10.0, "join"), (20.0, "leave"), (30.0, "join"), (30.0, "leave")]
    assert not sits(seconds(short), 25.0, 40.0)
    assert sits(seconds([*short[:1], *short[2:]]), 25.0, 40.0)


def test_statements_of_one_moment_hold_for_the_same_queues() -> None:
    said = {SALES: seconds([(10.0, "join"), (20.0, "leave")])}
    assert about([("a", 30.0), ("b", 30.0), ("c", 40.0)], said, first=False) == dict.fromkeys("abc", frozenset())
    assert about([("a", 15.0), ("b", 15.0)], said) == dict.fromkeys("ab", frozenset({SALES}))
    assert about([("a", 5.0)], said, until=8.0) == {"a": frozenset()}
