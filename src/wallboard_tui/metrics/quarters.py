"""Room ``metrics``: quarters of an hour, days in a time zone, and named periods. Pure; the time is passed in.

Cells are keyed by the UTC quarter, so that no quarter exists twice or not at all when clocks change; the
organisation's zone decides which quarters make a day: 96 of them, 100 on the autumn day of a zone with daylight
saving, 92 on the spring one.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

QUARTER = 900
"""Seconds in a quarter of an hour."""
DAY = 86400
FOREVER = 4102444800.0
"""2100-01-01 UTC: the end of the period ``all``."""
PERIODS = ("today", "yesterday", "week", "month", "last7", "last28", "all")


class UnknownPeriod(ValueError):
    """The words do not name a period. The message says which ones do."""


def quarter_of(epoch: float) -> int:
    """Start of the quarter that a time lies in."""
    return int(epoch // QUARTER) * QUARTER


def split(start: float, end: float) -> list[tuple[int, float]]:
    """The quarters that a stretch of time covers, with the seconds it spends in each. Empty when it does not last."""
    pieces = []
    quarter = quarter_of(start)
    while quarter < end:
        seconds = min(end, quarter + QUARTER) - max(start, quarter)
        if seconds > 0:
            pieces.append((quarter, seconds))
        quarter += QUARTER
    return pieces


@lru_cache(maxsize=64)
def zone_of(name: str) -> ZoneInfo:
    """The time zone of that name. Raises ``ValueError`` with a sentence when there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"time zone {name!r} is unknown; use a name such as Europe/Dublin") from error


@lru_cache(maxsize=65536)
def day_bounds(epoch_quarter: float, zone: str) -> tuple[float, float]:
    """Start and end of the local day that a time lies in, as epoch seconds."""
    return _bounds(datetime.fromtimestamp(epoch_quarter, zone_of(zone)).date(), zone)


@lru_cache(maxsize=8192)
def _bounds(day: date, zone: str) -> tuple[float, float]:
    return midnight(day, zone), midnight(day + timedelta(days=1), zone)


def midnight(day: date, zone: str) -> float:
    """When a local day begins. Where midnight does not exist (clocks put forward at 0:00), its first moment."""
    here = zone_of(zone)
    moment = datetime(day.year, day.month, day.day, tzinfo=here)
    # fold=0 of a time that was skipped uses the offset before the change: there and back gives the first moment that
    # exists.
    return moment.timestamp()


def day_of(epoch: float, zone: str) -> int:
    """Start of the local day of a quarter, cut to whole quarters: the key of a day cell."""
    return quarter_of(day_bounds(quarter_of(epoch), zone)[0])


def days(start: float, end: float, zone: str) -> Iterator[tuple[float, float]]:
    """The local days that overlap ``[start, end)``, in order."""
    at = start
    while at < end:
        begin, finish = _bounds(datetime.fromtimestamp(at, zone_of(zone)).date(), zone)
        yield begin, finish
        at = finish


def period(name: str, zone: str, now: float) -> tuple[float, float]:
    """Start and end of a named period, whole local days, the running one included to its end.

    ``today``, ``yesterday``, ``week`` (from Monday), ``month`` (from the 1st), ``last7`` and ``last28`` (days before
    today), ``all``, or ``FROM..TO``: days such as ``2026-11-01..2026-11-07`` (both included), or local times such as
    ``2026-11-01T09:00..2026-11-01T12:30`` (the end not included); ``FROM`` alone is that one day. Raises
    ``UnknownPeriod``.
    """
    today = datetime.fromtimestamp(now, zone_of(zone)).date()
    first, days_long = {
        "today": (today, 1),
        "yesterday": (today - timedelta(days=1), 1),
        "week": (today - timedelta(days=today.weekday()), 7),
        "month": (today.replace(day=1), 0),
        "last7": (today - timedelta(days=7), 7),
        "last28": (today - timedelta(days=28), 28),
    }.get(name, (None, 0))
    if name == "all":
        return 0.0, FOREVER
    if first is None:
        return _between(name, zone)
    after = (first + timedelta(days=31)).replace(day=1) if name == "month" else first + timedelta(days=days_long)
    return midnight(first, zone), midnight(after, zone)


def _between(words: str, zone: str) -> tuple[float, float]:
    head, dots, tail = words.partition("..")
    try:
        start = _moment(head, zone, last=False)
        end = _moment(tail if dots else head, zone, last=True)
    except OverflowError as error:
        raise _beyond(words) from error
    except ValueError as error:
        raise UnknownPeriod(
            f"period {words!r} is not understood; use {', '.join(PERIODS)} or FROM..TO, such as 2026-11-01..2026-11-07"
        ) from error
    if end <= start:
        raise UnknownPeriod(f"period {words!r} ends before it starts; write the earlier day first")
    if start < -DAY or end > FOREVER + DAY:  # a day is more than zones differ by
        raise _beyond(words)
    return start, end


def _beyond(words: str) -> UnknownPeriod:
    return UnknownPeriod(f"period {words!r} lies outside the years 1970 to 2099; choose days within them")


def _moment(text: str, zone: str, *, last: bool) -> float:
    text = text.strip()
    if "T" in text or " " in text:
        moment = datetime.fromisoformat(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=zone_of(zone))).timestamp()
    day = date.fromisoformat(text)
    return midnight(day + timedelta(days=1) if last else day, zone)
