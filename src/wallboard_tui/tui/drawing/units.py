"""Room ``tui``, drawing: times, durations and callers in a fixed number of cells, so that nothing moves when they
tick."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from wallboard_tui.tui.drawing.glyphs import Glyphs

DURATION_W = 5


def duration(seconds: float | None, glyphs: Glyphs) -> str:
    """Always five cells: ``02:14`` under an hour, then ``1h42m``, ``12h05``, ``3d04h``. ``–`` when unknown."""
    if seconds is None or seconds != seconds:
        return glyphs.dash.rjust(DURATION_W)
    whole = int(max(0.0, min(seconds, 8.6e8)))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if minutes < 60:
        return f"{minutes:02d}:{whole % 60:02d}"
    if hours < 10:
        return f"{hours}h{minutes % 60:02d}m"
    if hours < 100:
        return f"{hours}h{minutes % 60:02d}"
    if days < 10:
        return f"{days}d{hours % 24:02d}h"
    return f"{days}d".rjust(DURATION_W) if days < 10000 else ">999d"


def age(seconds: float | None, glyphs: Glyphs) -> str:
    """How long ago, coarsely, in five cells at most: ``now``, ``18 m``, ``3 h``, ``12 d``."""
    if seconds is None or seconds != seconds:
        return glyphs.dash
    whole = int(max(0.0, min(seconds, 8.6e8)))
    if whole < 60:
        return "now"
    if whole < 3600:
        return f"{whole // 60} m"
    if whole < 48 * 3600:
        return f"{whole // 3600} h"
    return f"{min(whole // 86400, 999)} d"


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """A time zone by name; UTC when there is no such zone."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return ZoneInfo("UTC")


def local(at: float, zone_name: str) -> datetime:
    """An epoch in the organisation's time zone. What lies outside the calendar becomes its end."""
    return datetime.fromtimestamp(max(0.0, min(at, 2.5e11)) if at == at else 0.0, zone(zone_name))


def clock(at: float, zone_name: str, seconds: bool = True) -> str:
    """Time of day: ``14:07:32`` or ``14:07``."""
    return local(at, zone_name).strftime("%H:%M:%S" if seconds else "%H:%M")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


def day(at: float, zone_name: str) -> str:
    """A day in ten cells: ``Sat 21 Nov``."""
    when = local(at, zone_name)
    return f"{_DAYS[when.weekday()]} {when.day:2d} {_MONTHS[when.month - 1]}"


def moment(at: float, now: float, zone_name: str) -> str:
    """A past moment in eight cells: ``14:07:32`` of today, else the day: ``  21 Nov``."""
    when, today = local(at, zone_name), local(now, zone_name)
    if when.date() == today.date():
        return when.strftime("%H:%M:%S")
    return f"{when.day:2d} {_MONTHS[when.month - 1]}".rjust(8)


_THREE = "21 22 23 24 25 26 29 35 37 38 42 50 59 67 68 69 80 85 87 88 96 97 99"
"""First two digits of the country codes that have three."""


@lru_cache(maxsize=4096)
def phone(number: str) -> str:
    """A number in groups that can be read aloud: ``+353 87 123 4412``. What is not E.164 stays as it is."""
    digits = number[1:]
    if not number.startswith("+") or not digits.isascii() or not digits.isdigit() or len(digits) < 8:
        return number
    length = 1 if digits[0] in "17" else 3 if digits[:2] in _THREE else 2  # ITU-T E.164
    code = digits[:length]
    rest = digits[len(code) :]
    groups = [part for part in (rest[:-7], rest[-7:-4], rest[-4:]) if part]
    return f"+{code} {' '.join(groups)}"
