"""The stretches in which nothing was heard of a phone system."""

from wallboard_tui.hub.gaps import KEPT, Gaps


def test_a_gap_is_open_until_something_is_heard_again_and_goes_on_until_then() -> None:
    gaps = Gaps()
    gaps.open(100.0)
    gaps.open(150.0)
    assert list(gaps) == [{"start": 100.0}]
    gaps.close(200.0)
    gaps.close(300.0)
    assert list(gaps) == [{"start": 100.0, "end": 200.0}]


def test_what_lasted_no_time_was_no_gap() -> None:
    for end in (100.0, 99.0):
        gaps = Gaps([{"start": 1.0, "end": 2.0}])
        gaps.open(100.0)
        gaps.close(end)
        assert list(gaps) == [{"start": 1.0, "end": 2.0}]


def test_files_tell_of_gaps_that_are_over_and_are_named_once() -> None:
    gaps = Gaps([{"start": 1.0, "end": 2.0, "closed_by": ["queue_log"]}])
    gaps.open(100.0)
    gaps.told_by(["queue_log", "cdr"])
    assert list(gaps) == [{"start": 1.0, "end": 2.0, "closed_by": ["cdr", "queue_log"]}, {"start": 100.0}]
    gaps.close(200.0)
    gaps.told_by([])
    assert list(gaps)[-1] == {"start": 100.0, "end": 200.0}, "no file has told of it"


def test_the_newest_are_kept_and_what_was_known_is_left_as_it_was() -> None:
    known = [{"start": float(n), "end": n + 0.5} for n in range(KEPT)]
    gaps = Gaps(known)
    gaps.open(1000.0)
    gaps.told_by(["cdr"])
    assert [gap["start"] for gap in gaps] == [*map(float, range(1, KEPT)), 1000.0]
    assert all("closed_by" not in gap for gap in known)
