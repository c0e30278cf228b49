"""Room ``metrics``: the KPI catalogue: what each figure is called, what it means, what it needs and how it is computed.

Ratios are computed last, from sums (``measures``), and never averaged. Percentages are 0..100, durations are seconds.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Literal

from wallboard_tui.metrics.settings import Settings, settings_of

__all__ = ["KPIS", "Figure", "Kpi", "Settings", "compute", "figure", "format_value", "label", "settings_of"]

Measures = Mapping[str, float]
Formula = Callable[[Measures, Settings], float | None]
Blank = Literal["value", "none", "n/a", "absent"]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure. ``good``: which direction is better; ``None`` where neither is.

    ``needs``: measures without which there is no such figure. ``parts``: measures that are summed where the source has them; when it
    has only some, the label says which. ``sample``: measures whose sum is how many calls a ratio rests on; empty for counts.
    ``words``: the formula, for people.
    """

    name: str
    title: str
    short: str
    unit: Literal["%", "s", "count", "ratio"]
    good: Literal["up", "down"] | None
    definition: str
    words: str
    needs: tuple[str, ...]
    formula: Formula
    parts: tuple[str, ...] = ()
    sample: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Figure:
    """A KPI's value, or why there is none.

    ``blank``: ``value``; ``none`` (nothing happened yet: no denominator); ``n/a`` (this phone system cannot supply it);
    ``absent`` (not permitted). The fifth blank, stale, is the screen's affair. ``small_sample``: dimmed, raises no alert.
    """

    kpi: str
    value: float | None
    blank: Blank
    small_sample: bool = False


KPIS: dict[str, Kpi] = {}


def compute(measures: Measures, settings: Settings, lacks: Collection[str] = ()) -> dict[str, float | None]:
    """All KPIs of a set of measures; ``None`` where there is nothing to divide by or the source cannot supply it."""
    raise NotImplementedError


def label(kpi: str, settings: Settings, lacks: Collection[str] = ()) -> str:
    """What a KPI is called on a tile: ``SL 80/20 B``, ``AHT talk only``."""
    raise NotImplementedError


def figure(kpi: str, measures: Measures | None, settings: Settings, lacks: Collection[str] = ()) -> Figure:
    """One KPI with its blank. ``measures=None``: not permitted."""
    raise NotImplementedError


def format_value(value: Figure | tuple[str, float | None]) -> str:
    """``77.8 %``, ``02:14``, ``412``, ``–``, ``n/a``; empty when not permitted."""
    raise NotImplementedError
