"""Room ``metrics``: measures of missed opportunities. Pure; followup documents in, numbers out."""

from collections.abc import Iterable
from statistics import median

from wallboard_tui.model.base import Doc


def callback_measures(followups: Iterable[Doc], window_s: float) -> dict[str, float]:
    """Missed callers, how many of them were reached within the window, and the median time it took.

    ``callback_median_s`` is missing when nobody was reached: a median of nothing is no number.
    """
    missed = 0
    after: list[float] = []
    within = 0
    for followup in followups:
        missed += 1
        seconds = followup.get("reached_after_s")
        if seconds is not None:
            after.append(float(seconds))
            within += seconds <= window_s
    found = {"callers_missed": float(missed), "callers_reached": float(within)}
    if after:
        found["callback_median_s"] = float(median(after))
    return found
