"""Room ``metrics``: from measures to figures that a screen can show: values, blanks, labels and how they are written.

The seam of the room: the catalogue and the settings can be imported from here as well.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from wallboard_tui.metrics.catalogue import CALLBACK_KPIS, KPIS, SHARES_OF_TIME
from wallboard_tui.metrics.kpi import Kpi
from wallboard_tui.metrics.settings import VARIANTS, Settings, settings_of

__all__ = [
    "CALLBACK_KPIS",
    "KPIS",
    "SHARES_OF_TIME",
    "VARIANTS",
    "Blank",
    "Figure",
    "Kpi",
    "Settings",
    "compute",
    "figure",
    "format_duration",
    "format_value",
    "label",
    "settings_of",
    "supplied",
]

Blank = Literal["value", "none", "n/a", "absent"]
_PART_NAMES = {"talk_s": "talk", "hold_s": "hold", "wrap_s": "wrap"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A KPI's value, or why there is none.

    ``blank``: ``value``; ``none`` (nothing happened yet: no denominator); ``n/a`` (this phone system cannot supply it);
    ``absent`` (not permitted). The fifth blank, stale, is the screen's affair. ``small_sample``: dimmed, raises no
    alert.
    """

    kpi: str
    value: float | None
    blank: Blank
    small_sample: bool = False


def supplied(kpi: Kpi, lacks: Collection[str]) -> bool:
    """Whether a source that lacks these measures can still supply the KPI, if only in part."""
    if any(name in lacks for name in kpi.needs):
        return False
    return not kpi.parts or any(name not in lacks for name in kpi.parts)


def compute(measures: Mapping[str, float], settings: Settings, lacks: Collection[str] = ()) -> dict[str, float | None]:
    """All KPIs of a set of measures; ``None`` where there is nothing to divide by or the source cannot supply it."""
    return {name: _value(kpi, measures, settings) if supplied(kpi, lacks) else None for name, kpi in KPIS.items()}


def _value(kpi: Kpi, measures: Mapping[str, float], settings: Settings) -> float | None:
    """What the formula gives: a count as a whole number, everything else as a fraction may come out."""
    value = kpi.formula(measures, settings)
    if value is None:
        return None
    return round(value) if kpi.unit == "count" else float(value)


def figure(kpi: str, measures: Mapping[str, float] | None, settings: Settings, lacks: Collection[str] = ()) -> Figure:
    """One KPI with its blank. ``measures=None``: not permitted. Raises ``KeyError`` for a KPI that is not in the
    catalogue."""
    entry = KPIS[kpi]
    if measures is None:
        return Figure(kpi, None, "absent")
    if not supplied(entry, lacks):
        return Figure(kpi, None, "n/a")
    value = _value(entry, measures, settings)
    if value is None:
        return Figure(kpi, None, "none")
    sample = None if entry.sample is None else entry.sample(measures, settings)
    return Figure(kpi, value, "value", sample is not None and sample < settings.min_sample)


def label(kpi: str, settings: Settings, lacks: Collection[str] = ()) -> str:
    """What a KPI is called on a tile: ``SL 80/20 B``; ``AHT talk only`` where the source lacks parts of it."""
    entry = KPIS[kpi]
    if kpi == "service_level":
        return f"{entry.short} {settings.target:g}/{settings.threshold_s:g} {settings.variant}"
    left = [_PART_NAMES[name] for name in entry.parts if name not in lacks]
    if not left or len(left) == len(entry.parts):
        return entry.short
    return f"{entry.short} {' + '.join(left)}{' only' if len(left) == 1 else ''}"


def format_value(value: Figure | tuple[str, float | None]) -> str:
    """``77.8 %``, ``02:14``, ``412``, ``–``, ``n/a``; empty when not permitted. A pair is ``(kpi, value)``."""
    if isinstance(value, Figure):
        if value.blank in ("n/a", "absent"):
            return "n/a" if value.blank == "n/a" else ""
        kpi, number = value.kpi, value.value
    else:
        kpi, number = value
    if number is None:
        return "–"
    match KPIS[kpi].unit:
        case "%":
            return f"{number:.1f} %"
        case "s":
            return format_duration(number)
        case "count":
            return f"{number:.0f}"
        case "ratio":
            return f"{number:.1f}"


def format_duration(seconds: float) -> str:
    """``02:14``, from an hour on ``1:02:14``; whole seconds, rounded down as a stopwatch shows them."""
    whole = max(0, int(seconds))
    hours, rest = divmod(whole, 3600)
    minutes, left = divmod(rest, 60)
    return f"{hours}:{minutes:02d}:{left:02d}" if hours else f"{minutes:02d}:{left:02d}"
