"""Presence folded into intervals."""

from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.metrics.presence import RESTART, Folding, fold
from wallboard_tui.model.agent import Interval
from wallboard_tui.model.base import Doc

ANN, SALES, VIP = "asterisk:pbx1:Ann", "asterisk:pbx1:sales", "asterisk:pbx1:vip"


def said(at: float, what: str, queue: str | None = None, reason: str = "") -> Doc:
    doc: Doc = {"at": at, "what": what}
    if queue:
        doc["queue"] = queue
    if reason:
        doc["reason"] = reason
    return doc


def whole(found: list[Interval]) -> list[tuple[str, str, float, float | None]]:
    return [(i.state, i.reason, i.start, i.end) for i in found if i.queue is None and i.state != "signed_in"]


def inside(found: list[Interval], queue: str, state: str = "paused") -> list[tuple[float, float | None]]:
    return [(i.start, i.end) for i in found if i.queue == queue and i.state == state]


def total(found: list[Interval], state: str, queue: str | None = None, end: float = 10_000) -> float:
    return sum((i.end if i.end is not None else end) - i.start for i in found if i.queue == queue and i.state == state)


def test_a_pause_in_two_queues_counts_once_for_the_agent_and_once_in_each_queue() -> None:
    found = fold(
        ANN,
        [said(10, "pause", SALES), said(20, "pause", VIP), said(30, "unpause", SALES), said(50, "unpause", VIP)],
        [SALES, VIP],
    )
    assert total(found, "paused") == 40
    assert (inside(found, SALES), inside(found, VIP)) == ([(10, 30)], [(20, 50)])


def test_a_pause_without_a_queue_pauses_every_queue_the_agent_is_in() -> None:
    found = fold(ANN, [said(10, "pause", reason="Lunch"), said(40, "unpause")], [SALES, VIP], since=0)
    assert whole(found) == [("available", "", 0, 10), ("paused", "Lunch", 10, 40), ("available", "", 40, None)]
    assert (inside(found, SALES), inside(found, VIP)) == ([(10, 40)], [(10, 40)])


def test_a_pause_for_all_told_queue_by_queue_as_well_is_one_pause() -> None:
    pause = [said(10, "pause", q, "Lunch") for q in (None, SALES, VIP)]
    found = fold(ANN, [*pause, *(said(40, "unpause", q) for q in (None, SALES, VIP))], [SALES, VIP])
    assert total(found, "paused") == 30


def test_leaving_a_queue_ends_its_pause() -> None:
    found = fold(ANN, [said(0, "join", SALES), said(10, "pause", SALES), said(25, "leave", SALES)])
    assert whole(found) == [("available", "", 0, 10), ("paused", "", 10, 25), ("out", "", 25, None)]


def test_being_added_paused_is_a_pause_from_then_on() -> None:
    found = fold(ANN, [said(5, "join", SALES), said(5, "pause", SALES), said(9, "unpause", SALES)])
    assert whole(found) == [("paused", "", 5, 9), ("available", "", 9, None)]


def test_joining_again_in_the_same_second_ends_the_pause() -> None:
    found = fold(
        ANN, [said(0, "join", SALES), said(5, "pause", SALES), said(9, "leave", SALES), said(9, "join", SALES)]
    )
    assert whole(found) == [("available", "", 0, 5), ("paused", "", 5, 9), ("available", "", 9, None)]


def test_a_static_member_who_has_said_nothing_is_available_since_first_seen() -> None:
    assert whole(fold(ANN, [], [SALES], since=7)) == [("available", "", 7, None)]
    assert fold(ANN, [], [SALES]) == []
    assert fold(ANN, [], [], since=7) == []


def test_who_speaks_of_a_queue_before_joining_it_was_in_it_all_along() -> None:
    found = fold(ANN, [said(10, "pause", SALES), said(20, "unpause", SALES)], since=0)
    assert whole(found) == [("available", "", 0, 10), ("paused", "", 10, 20), ("available", "", 20, None)]


def test_a_pool_agent_is_available_between_login_and_logout_only() -> None:
    found = fold(ANN, [said(10, "login"), said(60, "logout"), said(80, "login")], [SALES], since=0)
    assert whole(found) == [
        ("out", "", 0, 10),
        ("available", "", 10, 60),
        ("out", "", 60, 80),
        ("available", "", 80, None),
    ]
    assert total(found, "signed_in", end=100) == 70


def test_who_logs_out_first_was_logged_in_before_unless_a_restart_says_so() -> None:
    assert whole(fold(ANN, [said(10, "logout")], [SALES], since=0))[0] == ("available", "", 0, 10)
    assert whole(fold(ANN, [said(10, "logout", reason="restart")], [SALES], since=0))[0] == ("out", "", 0, None)


def test_signed_in_time_includes_pauses() -> None:
    found = fold(
        ANN, [said(0, "join", SALES), said(10, "pause", SALES), said(20, "unpause", SALES), said(50, "leave", SALES)]
    )
    assert (total(found, "signed_in"), total(found, "available"), total(found, "paused")) == (50, 40, 10)


def test_another_reason_is_another_interval() -> None:
    found = fold(ANN, [said(0, "pause", SALES, "Lunch"), said(5, "pause", SALES, "Meeting")], [SALES])
    assert whole(found) == [("paused", "Lunch", 0, 5), ("paused", "Meeting", 5, None)]


def test_the_next_statement_says_how_a_second_with_a_pause_and_its_end_ended() -> None:
    both = [said(57, "unpause", SALES), said(57, "pause", SALES, "Auto")]
    ended = fold(ANN, [said(50, "unpause", SALES), *both, said(76, "unpause", SALES)], [SALES])
    assert inside(ended, SALES) == [(57, 76)]
    went_on = fold(
        ANN, [said(50, "unpause", SALES), *both, said(76, "pause", SALES), said(80, "unpause", SALES)], [SALES]
    )
    assert inside(went_on, SALES) == [(76, 80)]


EVENTS = st.lists(
    st.builds(
        said,
        st.integers(0, 40),
        st.sampled_from(["login", "logout", "join", "leave", "pause", "unpause"]),
        st.sampled_from([SALES, VIP, None]),
        st.sampled_from(["", "Lunch", "Meeting"]),
    ).filter(lambda e: (e["what"] in ("login", "logout")) != bool(e.get("queue")) or e["what"] in ("pause", "unpause")),
    max_size=25,
)
STATIC = st.sets(st.sampled_from([SALES, VIP]))


@given(EVENTS, STATIC, st.randoms(use_true_random=False))
def test_the_order_of_telling_does_not_matter(events: list[Doc], static: set[str], rng: Random) -> None:
    shuffled = list(events)
    rng.shuffle(shuffled)
    assert fold(ANN, shuffled, static, since=0) == fold(ANN, events, static, since=0)


@given(EVENTS, STATIC)
def test_paused_available_and_out_take_turns_without_gap_or_overlap(events: list[Doc], static: set[str]) -> None:
    found = whole(fold(ANN, events, static, since=0))
    if not found:
        assert not events
        assert not static
        return
    for before, after in pairwise(found):
        assert before[3] == after[2]
        assert before[:2] != after[:2]
    assert found[0][2] == 0
    assert found[-1][3] is None


@given(EVENTS, STATIC)
def test_an_agent_is_paused_exactly_while_some_queue_is(events: list[Doc], static: set[str]) -> None:
    found = fold(ANN, events, static, since=0)
    for moment in range(41):
        some = [i for i in found if i.state == "paused" and i.start <= moment and (i.end is None or moment < i.end)]
        assert any(i.queue is None for i in some) == any(i.queue is not None for i in some) or not (static or any(
            e.get("queue") for e in events
        ))  # fmt: skip


@given(EVENTS, STATIC, st.integers(0, 40))
def test_taking_statements_in_one_by_one_gives_what_all_at_once_give(
    events: list[Doc], static: set[str], cut: int
) -> None:
    early, late = [e for e in events if e["at"] <= cut], [e for e in events if e["at"] > cut]
    folding = Folding(ANN, early, static, 0)
    if not folding.can_extend(late):
        return
    folding.extend(late)
    found = folding.closed + folding.running()
    assert sorted(found, key=repr) == sorted(fold(ANN, events, static, since=0), key=repr)


SEEN = st.none() | st.integers(0, 40).map(float)


@given(EVENTS, STATIC, SEEN, SEEN)
def test_a_first_call_after_the_first_word_changes_nothing(
    events: list[Doc], static: set[str], seen: float | None, other: float | None
) -> None:
    spoke = min((event["at"] for event in events if event.get("reason") != RESTART), default=None)
    later = spoke is not None and all(at is None or at >= spoke for at in (seen, other))
    assert Folding(ANN, events, static, seen).is_same_since(other) is later
    if later:
        assert fold(ANN, events, static, since=seen) == fold(ANN, events, static, since=other)
