"""Room ``metrics``: when a figure warns and when it alerts. Pure but for what a ``Judge`` remembers; the time is
passed in.

A level is reached when the figure is *worse* than it; the KPI's good direction says which side that is. It is reached
only after ``min_s`` seconds without a break, and left only when the figure is better than the level by the hysteresis,
so that a figure on the edge does not make a tile flap.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from wallboard_tui.metrics.kpis import KPIS, Figure
from wallboard_tui.model.board import Threshold


class Level(StrEnum):
    """How bad a figure is."""

    OK = "ok"
    WARN = "warn"
    ALERT = "alert"


_RANK = {Level.OK: 0, Level.WARN: 1, Level.ALERT: 2}


@dataclass(slots=True)
class _Step:
    """What is remembered of one level of one figure: since when it is worse (``None``: it is not), and whether it
    stands."""

    worse_since: float | None = None
    stands: bool = False


class Judge:
    """Judges the figures of a board. Keep one as long as the board is shown: it remembers since when a figure has been
    bad."""

    def __init__(self, thresholds: Iterable[Threshold]) -> None:
        self._thresholds = tuple(thresholds)
        self._steps: dict[tuple[int, str, Level], _Step] = {}

    def judge(self, figures: Mapping[str, Mapping[str, Figure]], now: float) -> dict[tuple[str, str], Level]:
        """The level of each ``(kpi, subject)`` that has a threshold.

        ``figures``: subject → KPI → figure. Subjects are ``queue:<key>``, ``team:<key>`` and ``board``; a threshold on
        ``*`` holds for each queue. Where several thresholds fit, the worst level counts. A blank, and a ratio of too
        few calls, is ``OK``. Subjects that are no longer given are forgotten.
        """
        levels: dict[tuple[str, str], Level] = {}
        seen: set[tuple[int, str, Level]] = set()
        for number, threshold in enumerate(self._thresholds):
            for subject in self._subjects(threshold, figures):
                figure = figures[subject].get(threshold.kpi)
                if figure is None:
                    continue
                level = self._level(number, threshold, subject, figure, now, seen)
                known = levels.get((threshold.kpi, subject), Level.OK)
                levels[threshold.kpi, subject] = max(level, known, key=_RANK.__getitem__)
        self._steps = {place: step for place, step in self._steps.items() if place in seen}
        return levels

    def _subjects(self, threshold: Threshold, figures: Mapping[str, Mapping[str, Figure]]) -> list[str]:
        if threshold.subject == "*":
            return [subject for subject in figures if subject.startswith("queue:")]
        return [threshold.subject] if threshold.subject in figures else []

    def _level(
        self,
        number: int,
        threshold: Threshold,
        subject: str,
        figure: Figure,
        now: float,
        seen: set[tuple[int, str, Level]],
    ) -> Level:
        reached = Level.OK
        for level, limit in ((Level.WARN, threshold.warn), (Level.ALERT, threshold.alert)):
            if limit is None:
                continue
            place = (number, subject, level)
            seen.add(place)
            step = self._steps.setdefault(place, _Step())
            self._advance(step, threshold, limit, figure, now)
            if step.stands:
                reached = level
        return reached

    def _advance(self, step: _Step, threshold: Threshold, limit: float, figure: Figure, now: float) -> None:
        value = figure.value if figure.blank == "value" and not figure.small_sample else None
        if value is None:
            step.worse_since, step.stands = None, False
            return
        low_is_bad = bad_side(threshold) == "low"
        if value < limit if low_is_bad else value > limit:
            step.worse_since = now if step.worse_since is None else step.worse_since
            step.stands = step.stands or now - step.worse_since >= threshold.min_s
            return
        step.worse_since = None
        clear = clears_at(threshold, limit)
        if value >= clear if low_is_bad else value <= clear:
            step.stands = False


def bad_side(threshold: Threshold) -> str:
    """``low`` or ``high``: the side on which the figure is bad. A KPI without a good direction is bad where ``alert``
    lies."""
    good = KPIS[threshold.kpi].good if threshold.kpi in KPIS else None
    if good is not None:
        return "low" if good == "up" else "high"
    if threshold.warn is not None and threshold.alert is not None and threshold.alert < threshold.warn:
        return "low"
    return "high"


def clears_at(threshold: Threshold, limit: float) -> float:
    """The value at which a level that stands is left again.

    A percentage cannot be better than 100: a level near it clears half-way there at the latest.
    """
    if bad_side(threshold) == "high":
        return limit - abs(limit) * threshold.hysteresis
    clear = limit + abs(limit) * threshold.hysteresis
    percent = threshold.kpi in KPIS and KPIS[threshold.kpi].unit == "%"
    return min(clear, (limit + 100.0) / 2) if percent else clear
