"""Room ``metrics``: what a KPI is: what a figure is called, what it means, what it needs and how it is computed."""

from dataclasses import dataclass
from typing import Literal

from wallboard_tui.metrics.formulas import Formula, of

Unit = Literal["%", "s", "count", "ratio"]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure. ``good``: which direction is better; ``None`` where neither is.

    ``needs``: measures without which there is no such figure. ``parts``: measures that are summed where the source has
    them; when it has only some, the label says which. ``sample``: how many calls a ratio rests on: what stands below
    its line, and of a share of time, which has none there, the calls that the time went into; ``None`` for counts.
    ``words``: the formula, for people.
    """

    name: str
    title: str
    short: str
    unit: Unit
    good: Literal["up", "down"] | None
    definition: str
    words: str
    needs: tuple[str, ...]
    formula: Formula
    parts: tuple[str, ...] = ()
    sample: Formula | None = None


def kpi(
    name: str,
    title: str,
    short: str,
    unit: Unit,
    good: Literal["up", "down"] | None,
    definition: str,
    words: str = "",
    *,
    needs: tuple[str, ...] = (),
    formula: Formula | None = None,
    parts: tuple[str, ...] = (),
    sample: Formula | None = None,
) -> Kpi:
    """A KPI; without ``needs`` and ``formula`` it is the measure of its own name."""
    needs = needs or (name,)
    return Kpi(
        name, title, short, unit, good, definition, words or needs[0], needs, formula or of(needs[0]), parts, sample
    )
