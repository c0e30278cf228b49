"""Quarters, local days and named periods."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.metrics.quarters import QUARTER, UnknownPeriod, day_bounds, day_of, days, period, quarter_of, split

ZONES = ["Europe/Dublin", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "America/Santiago"]


def at(text: str) -> float:
    return datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("noon", "quarters"), [("2026-10-25T12:00", 100), ("2026-03-29T12:00", 92), ("2026-11-21T12:00", 96)]
)
def test_a_day_has_as_many_quarters_as_clocks_say(noon: str, quarters: int) -> None:
    start, end = day_bounds(at(noon), "Europe/Dublin")
    assert (end - start) / QUARTER == quarters
    assert len({day_of(start + QUARTER * i, "Europe/Dublin") for i in range(quarters)}) == 1


@given(st.floats(1e9, 2e9), st.sampled_from(ZONES))
def test_every_moment_lies_in_exactly_one_day_and_days_follow_each_other(moment: float, zone: str) -> None:
    start, end = day_bounds(moment, zone)
    assert start <= moment < end
    assert day_bounds(end, zone)[0] == end
    assert day_bounds(start - 1, zone)[1] == start


@given(st.floats(1e9, 1.1e9), st.floats(0, 20000))
def test_the_pieces_of_a_stretch_add_up_to_it(start: float, seconds: float) -> None:
    pieces = split(start, start + seconds)
    assert sum(piece for _, piece in pieces) == pytest.approx((start + seconds) - start, abs=1e-3)
    assert all(quarter % QUARTER == 0 and 0 < piece <= QUARTER for quarter, piece in pieces)


def test_named_periods_are_whole_local_days() -> None:
    now, zone = at("2026-11-21T14:07:32"), "Europe/Dublin"
    assert period("today", zone, now) == (at("2026-11-21T00:00"), at("2026-11-22T00:00"))
    assert period("yesterday", zone, now) == (at("2026-11-20T00:00"), at("2026-11-21T00:00"))
    assert period("week", zone, now) == (at("2026-11-16T00:00"), at("2026-11-23T00:00"))
    assert period("month", zone, now) == (at("2026-11-01T00:00"), at("2026-12-01T00:00"))
    assert period("last7", zone, now) == (at("2026-11-14T00:00"), at("2026-11-21T00:00"))
    assert period("2026-11-01..2026-11-07", zone, now) == (at("2026-11-01T00:00"), at("2026-11-08T00:00"))
    assert period("2026-11-01", zone, now) == (at("2026-11-01T00:00"), at("2026-11-02T00:00"))
    assert period("2026-11-01T09:00..2026-11-01T12:30", zone, now) == (at("2026-11-01T09:00"), at("2026-11-01T12:30"))
    start, end = period("all", zone, now)
    assert start <= 0
    assert end > now


def test_today_is_the_local_day_not_the_utc_one() -> None:
    assert period("today", "America/New_York", at("2026-11-22T02:00"))[0] == at("2026-11-21T05:00")


@pytest.mark.parametrize("words", ["tomorow", "2026-13-01..2026-13-02", "..", "2026-11-07..2026-11-01"])
def test_a_period_nobody_understands_is_refused_with_a_sentence(words: str) -> None:
    with pytest.raises(UnknownPeriod, match="period"):
        period(words, "UTC", 0)


def test_an_unknown_time_zone_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="such as Europe/Dublin"):
        period("today", "Europe/Atlantis", 0)


def test_days_cover_a_stretch_across_a_change_of_clocks() -> None:
    start, end = at("2026-10-23T23:00"), at("2026-10-27T00:00")
    lengths = [(b - a) / 3600 for a, b in days(start, end, "Europe/Dublin")]
    assert lengths == [24, 25, 24]
    assert quarter_of(1799.9) == 900


@pytest.mark.parametrize("zone", ["UTC", "Pacific/Auckland", "America/Los_Angeles"])
@pytest.mark.parametrize(
    "words",
    [
        "9999-12-31", "9999-01-01..9999-12-31", "0001-01-01", "0001-01-01..2026-11-21", "2026-11-21..9999-12-31",
        "1969-01-01..1969-12-31", "0001-01-01T00:00..0001-01-02T00:00", "2026-11-21..2100-06-01",
        "9999-12-31T23:59-23:59..9999-12-31T23:59",
    ],
)  # fmt: skip
def test_a_period_beyond_all_calendars_is_refused_with_a_sentence(words: str, zone: str) -> None:
    with pytest.raises(UnknownPeriod, match=r"1970 to 2099|ends before"):
        period(words, zone, at("2026-11-21T12:00"))
