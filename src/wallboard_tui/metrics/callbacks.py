"""Room ``metrics``: measures of missed callers, and of how soon they were reached. Pure; followup documents in, numbers
out.

They are no sums: a caller who tried two queues is a missed caller of both and one of all, and a median of medians says
nothing. So they stand in no cell, and are counted from the followups that a reader has.
"""

from collections.abc import Callable, Iterable, Mapping
from statistics import median

from wallboard_tui.metrics.quarters import quarter_of
from wallboard_tui.model.base import Doc

Place = Callable[[Doc], Iterable[str]]
"""The subjects that one attempt of a caller counts for."""
Reached = dict[str, list[float | None]]
"""Subject → for each caller missed there, the seconds until they were reached; ``None``: nobody has."""


def places(by: str, teams: Mapping[str, Doc]) -> Place | None:
    """What an attempt counts for in a dimension; ``None`` where missed callers have no such subject.

    A team's are those of the queues it owns, like all that counts inbound calls.
    """
    match by:
        case "all":
            return lambda attempt: ("",)
        case "queue":
            return lambda attempt: [attempt["queue"]] if attempt.get("queue") else []
        case "number":
            return lambda attempt: (attempt.get("number") or "",)
        case "team":
            owned = {key: frozenset(team.get("queues") or ()) for key, team in teams.items()}
            return lambda attempt: [key for key, queues in owned.items() if attempt.get("queue") in queues]
    return None


def reached_after(followups: Iterable[Doc], place: Place, start: float, end: float) -> Reached:
    """Callers last missed in a period, by subject, with the time from that miss to reaching them.

    A caller counts by the attempts that ``place`` gives to a subject, as if there were no others. Periods are taken by
    quarters of an hour.
    """
    first = quarter_of(start)
    found: Reached = {}
    for followup in followups:
        for subject, at in _last_misses(followup, place).items():
            if first <= quarter_of(at) < end:
                found.setdefault(subject, []).append(_reached_after(followup, at))
    return found


def callback_measures(seconds: Iterable[float | None], window_s: float) -> dict[str, float]:
    """Missed callers, how many of them were reached within the window, and the median time it took.

    ``callback_median_s`` is missing where nobody was reached: a median of nothing is no number.
    """
    every = list(seconds)
    after = [each for each in every if each is not None]
    found = {"callers_missed": float(len(every)), "callers_reached": float(sum(each <= window_s for each in after))}
    return found | ({"callback_median_s": float(median(after))} if after else {})


def _last_misses(followup: Doc, place: Place) -> dict[str, float]:
    """Subject → when the caller was last missed there."""
    last: dict[str, float] = {}
    for attempt in followup.get("attempts") or ():
        for subject in place(attempt):
            last[subject] = max(attempt["at"], last.get(subject, attempt["at"]))
    return last


def _reached_after(followup: Doc, miss: float) -> float | None:
    """Seconds from a miss to reaching the caller; ``None``: nobody has."""
    seconds = followup.get("reached_after_s")
    return None if seconds is None else float(seconds) + (followup["last_miss"] - miss)
