"""The phone system's clock, as far as it tells it: by an answer, by its events, by how long its channels are up."""

import pytest

from wallboard_tui.sources.asterisk.ami.answers import Arrived
from wallboard_tui.sources.asterisk.ami.clock import Clock
from wallboard_tui.sources.asterisk.ami.snapshot import times

T = 1_795_262_400.0
EARLIER = T - 7 * 3600


def test_a_clock_that_is_told_places_what_carries_no_time() -> None:
    clock = Clock()
    clock.answered(T + 100, T - 0.2, T + 0.2)
    assert clock.place(T + 5, None) == T + 105
    assert clock.lag(T + 5.5, T + 105) == 0.5


def test_events_tell_the_clock_where_it_is_not_told_when_asked() -> None:
    clock = Clock()
    clock.answered(None, T, T)
    assert clock.place(T, EARLIER) == EARLIER
    assert clock.place(T + 5, None) == EARLIER + 5
    assert clock.lag(T + 5, EARLIER) is None, "how long it took is not known"


def test_events_without_a_time_keep_their_order() -> None:
    clock = Clock()
    placed = [clock.place(T, None) for _ in range(5)]
    assert placed == sorted(set(placed))


def test_channels_tell_what_time_it_is_where_nothing_else_does() -> None:
    channels = [
        {"uniqueid": f"pbx1-{EARLIER - 67:.0f}.1", "duration": "00:01:07"},
        {"uniqueid": f"{EARLIER - 3700:.0f}.2", "duration": "01:01:40"},
        {"uniqueid": "x", "duration": "00:00:01"}, {"uniqueid": f"{EARLIER:.0f}.3"}, {},
    ]  # fmt: skip
    assert times(channels) == [EARLIER, EARLIER]
    clock = Clock()
    clock.shown(times(channels), T)
    assert clock.ahead == EARLIER - T
    clock.answered(T + 1, T, T)
    clock.shown(times(channels), T)
    assert clock.ahead == 1, "it was told"


@pytest.mark.parametrize("off", [-2.0, 0.0, 2.9])
def test_clocks_that_agree_to_a_few_seconds_agree(off: float) -> None:
    clock = Clock()
    clock.shown([T + off], T)
    assert clock.ahead == 0


def test_when_it_started_is_said_once_its_clock_is_known() -> None:
    clock = Clock()
    clock.boots(Arrived(T, {"event": "FullyBooted", "uptime": "100"}))
    assert clock.started() is None, "nothing has told its clock yet, however long that takes"
    clock.place(T + 60, EARLIER + 60)
    assert clock.started() == EARLIER - 100
    assert clock.started() is None, "it was said"
    clock.boots(Arrived(T, {"event": "FullyBooted"}))
    assert clock.started() is None, "it does not say since when"


def test_where_nothing_tells_the_clock_ours_tells_when_it_started() -> None:
    clock = Clock()
    clock.boots(Arrived(T, {"event": "FullyBooted", "uptime": "100"}))
    clock.place(T + 60, None)
    assert clock.started() == T - 100


def test_a_clock_that_is_told_when_asked_says_at_once_when_it_started() -> None:
    clock = Clock()
    clock.answered(EARLIER, T, T)
    clock.boots(Arrived(T, {"event": "FullyBooted", "uptime": "100"}))
    assert clock.started() == EARLIER - 100
