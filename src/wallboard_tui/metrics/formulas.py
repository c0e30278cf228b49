"""Room ``metrics``: the formulas of KPIs, from measures to a value. Pure.

Ratios are computed last, from sums, and never averaged. Percentages are 0..100, durations are seconds. A measure that
is missing is not known, which is not 0: what needs it has no value, and so has a ratio with nothing below the line.
"""

from collections.abc import Callable, Mapping

from wallboard_tui.metrics.settings import Settings

Measures = Mapping[str, float]
Formula = Callable[[Measures, Settings], float | None]
HANDLING = ("talk_s", "hold_s", "wrap_s")
"""What handling a call consists of; the sum of those that a source supplies."""
RANG = ("handled", "ring_no_answer", "ring_canceled", "agent_dumped")
"""Measures that together are the calls that rang at an agent."""


def ratio(above: float | None, below: float | None) -> float | None:
    """A quotient; ``None`` where there is nothing to divide by, or one of them is not known."""
    return None if above is None or below is None or below <= 0 else above / below


def percent(above: float | None, below: float | None) -> float | None:
    """A share, 0..100."""
    share = ratio(above, below)
    return None if share is None else 100.0 * share


def total(m: Measures, names: tuple[str, ...]) -> float | None:
    """The sum of some measures; ``None`` when one of them is not known."""
    return sum(m[name] for name in names) if all(name in m for name in names) else None


def handling(m: Measures) -> float | None:
    """Seconds that agents spent on calls: talk, hold and after-call work, those of them that are known."""
    known = [m[name] for name in HANDLING if name in m]
    return sum(known) if known else None


def of(name: str) -> Formula:
    """A measure as it is."""
    return lambda m, _: m.get(name)


def quotient(above: str, below: str) -> Formula:
    """One measure over another."""
    return lambda m, _: ratio(m.get(above), m.get(below))


def share(above: str, below: str) -> Formula:
    """One measure as a percentage of another."""
    return lambda m, _: percent(m.get(above), m.get(below))


def largest(name: str, count: tuple[str, ...]) -> Formula:
    """A maximum, ``None`` while nothing was counted: the longest wait of no caller is not 0."""
    return lambda m, _: m.get(name) if (total(m, count) or 0) > 0 else None


def summed(*names: str) -> Formula:
    """The sum of some measures."""
    return lambda m, _: total(m, names)


def judged(m: Measures, settings: Settings) -> float | None:
    """Visits that the service level is a share of, in the organisation's variant.

    O is all that was offered but callers who still wait within the threshold: nothing can be said about them yet. A
    caller who waits longer than that counts against it already.
    """
    if settings.variant == "A":
        return m.get("answered")
    if any(name not in m for name in ("offered", "abandoned_in_sl")):
        return None
    # Pending callers are told of the present alone: where there is none, nobody waits.
    offered = m["offered"] - m.get("pending", 0.0)
    match settings.variant:
        case "B":
            return offered - m["abandoned_in_sl"]
        case "C" | "D":
            return offered
    raise ValueError(f"service level variant {settings.variant!r} is unknown; choose one of A, B, C, D")


def service_level(m: Measures, settings: Settings) -> float | None:
    """The service level in the organisation's variant."""
    if any(name not in m for name in ("offered", "answered", "answered_in_sl", "abandoned_in_sl")):
        return None
    gave_up_in_time = m["abandoned_in_sl"] if settings.variant == "D" else 0.0
    return percent(m["answered_in_sl"] + gave_up_in_time, judged(m, settings))


def average_wait(m: Measures, _: Settings) -> float | None:
    """Waiting of callers who were answered or gave up, over how many these are."""
    return ratio(total(m, ("wait_answered_s", "wait_abandoned_s")), total(m, ("answered", "abandoned")))


def patient(m: Measures, _: Settings) -> float | None:
    """Visits but those in which the caller gave up within the short-abandon time."""
    return m["offered"] - m["short_abandoned"] if "offered" in m and "short_abandoned" in m else None


def abandon_rate(m: Measures, settings: Settings) -> float | None:
    """Callers who gave up after the short-abandon time, of those who did not give up before."""
    if any(name not in m for name in ("abandoned", "short_abandoned", "offered")):
        return None
    return percent(m["abandoned"] - m["short_abandoned"], patient(m, settings))


def over(m: Measures, _: Settings) -> float | None:
    """Visits that have ended: those that still wait have not."""
    # Waiting callers are told of the present alone: where there is none, nobody waits.
    return m["offered"] - m.get("waiting", 0.0) if "offered" in m else None


def unanswered_rate(m: Measures, settings: Settings) -> float | None:
    """Visits that ended without an agent's answer, of all that ended."""
    ended = over(m, settings)
    return None if ended is None or "answered" not in m else percent(ended - m["answered"], ended)


def handling_time(m: Measures, _: Settings) -> float | None:
    """Seconds of handling per handled call."""
    return ratio(handling(m), m.get("handled"))


def occupancy(m: Measures, _: Settings) -> float | None:
    """Handling as a share of handling and idle time; ``None`` while nobody is known to have been available."""
    busy, available = handling(m), m.get("available_s")
    # Calls were taken, yet no agent was ever available: then it is not known when they were.
    if busy is None or not available:
        return None
    # available_s is time signed in and not paused, calls included; idle is what is left of it. Talking while paused
    # leaves less than nothing, which is no idle time: so occupancy never exceeds 100 %.
    return percent(busy, busy + max(0.0, available - busy))


def utilisation(m: Measures, _: Settings) -> float | None:
    """Handling as a share of signed-in time."""
    rate = percent(handling(m), m.get("login_s"))
    return None if rate is None else min(100.0, rate)


def own_missed(m: Measures, _: Settings) -> float | None:
    """Rings that an agent did not answer, of all that rang at the agent."""
    return percent(m.get("ring_no_answer"), total(m, RANG))
