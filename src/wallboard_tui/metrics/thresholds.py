"""Room ``metrics``: when a figure warns and when it alerts. Pure but for what a ``Judge`` remembers; the time is
passed in.

A level is reached when the figure is *worse* than it; the KPI's good direction says which side that is. It is reached
at the first judgement, later only after ``min_s`` seconds without a break, and left only when the figure is better than
the level by the hysteresis, so that a figure on the edge does not make a tile flap.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from wallboard_tui.metrics.kpis import KPIS, Figure
from wallboard_tui.model.board import Threshold


class Level(StrEnum):
    """How bad a figure is."""

    OK = "ok"
    WARN = "warn"
    ALERT = "alert"


_RANK = {Level.OK: 0, Level.WARN: 1, Level.ALERT: 2}


FORGET_S = 300.0
"""A figure that was not judged for so long is judged as for the first time."""


@dataclass(slots=True)
class _Step:
    """What is remembered of one level of one figure: when it was judged last, since when it is worse (``None``: it is
    not), and whether the level stands. ``fresh``: it never had a value yet."""

    seen: float
    worse_since: float | None = None
    stands: bool = False
    fresh: bool = True


Place = tuple[str, int, str, Level]


class Judge:
    """Judges the figures of a board. Keep one for all panes as long as the board is open: it remembers since when a
    figure has been bad.

    The first judgement of a figure holds at once: nobody knows how long it has been so, and an alert must not come late
    because somebody turned a page.
    """

    def __init__(self, thresholds: Iterable[Threshold]) -> None:
        self._thresholds = tuple(thresholds)
        self._steps: dict[Place, _Step] = {}

    def judge(
        self,
        figures: Mapping[str, Mapping[str, Figure]],
        now: float,
        *,
        of: str = "",
        names: Mapping[str, Collection[str]] = MappingProxyType({}),
    ) -> dict[tuple[str, str], Level]:
        """The level of each ``(kpi, subject)`` that has a threshold.

        ``figures``: subject → KPI → figure. Subjects are ``queue:<key>``, ``team:<key>`` and ``board``; a threshold on
        ``*`` holds for each queue that has none of its own for that KPI. Where several of the same rank fit, the worst
        level counts. A blank, and a ratio of too few calls, is ``OK``. ``of``: what the figures are about, where a
        board has several of a subject (another period). ``names``: what people call a subject, beside its key:
        thresholds may use either.
        """
        levels: dict[tuple[str, str], Level] = {}
        for subject, own in figures.items():
            words = _words(subject, names.get(subject, ()))
            for kpi, figure in own.items():
                for number in self._fitting(kpi, subject, words):
                    reached = self._level((of, number, subject), figure, now)
                    levels[kpi, subject] = max(reached, levels.get((kpi, subject), Level.OK), key=_RANK.__getitem__)
        self._steps = {place: step for place, step in self._steps.items() if now - step.seen < FORGET_S}
        return levels

    def _fitting(self, kpi: str, subject: str, words: Collection[str]) -> list[int]:
        """The thresholds that hold: those of the subject itself, else those of each queue."""
        about = [number for number, each in enumerate(self._thresholds) if each.kpi == kpi]
        own = [number for number in about if self._thresholds[number].subject in words]
        if own or not subject.startswith("queue:"):
            return own
        return [number for number in about if self._thresholds[number].subject == "*"]

    def _level(self, at: tuple[str, int, str], figure: Figure, now: float) -> Level:
        of, number, subject = at
        threshold = self._thresholds[number]
        reached = Level.OK
        for level, limit in ((Level.WARN, threshold.warn), (Level.ALERT, threshold.alert)):
            if limit is None:
                continue
            place = (of, number, subject, level)
            step = self._steps.get(place)
            if step is None or now - step.seen >= FORGET_S:
                step = self._steps[place] = _Step(now)
            step.seen = now
            self._advance(step, threshold, limit, figure, now)
            if step.stands:
                reached = level
        return reached

    def _advance(self, step: _Step, threshold: Threshold, limit: float, figure: Figure, now: float) -> None:
        value = figure.value if figure.blank == "value" and not figure.small_sample else None
        if value is None:
            step.worse_since, step.stands = None, False
            return
        fresh, step.fresh = step.fresh, False
        low_is_bad = bad_side(threshold) == "low"
        if value < limit if low_is_bad else value > limit:
            step.worse_since = now if step.worse_since is None else step.worse_since
            step.stands = step.stands or fresh or now - step.worse_since >= threshold.min_s
            return
        step.worse_since = None
        clear = clears_at(threshold, limit)
        if value >= clear if low_is_bad else value <= clear:
            step.stands = False


def _words(subject: str, names: Collection[str]) -> frozenset[str]:
    """All that a threshold may call a subject: by key, by the key's last part, or by name."""
    kind, colon, key = subject.partition(":")
    if not colon:
        return frozenset((subject,))
    return frozenset((subject, f"{kind}:{key.rsplit(':', 1)[-1]}", *(f"{kind}:{name}" for name in names)))


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
