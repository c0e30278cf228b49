"""Room ``metrics``: the measures of a cell, their units, and how parts are put together. Knows nothing but names and
numbers.

A *measure* is a sum, a count or a maximum; ratios are computed last, from measures (``kpis``). So that parts add up,
each measure has one unit: *visits* (one stay of one caller in one queue), *legs* (one ring of one agent) or *calls*.
"""

from collections.abc import Iterable, Mapping

UNITS: dict[str, str] = {
    "calls": "calls",
    "offered": "visits",
    "answered": "visits",
    "answered_in_sl": "visits",
    "abandoned": "visits",
    "abandoned_in_sl": "visits",
    "short_abandoned": "visits",
    "timed_out": "visits",
    "overflowed": "visits",
    "exit_key": "visits",
    "exit_empty": "visits",
    "withdrawn": "visits",
    "voicemail": "visits",
    "ring_no_answer": "legs",
    "rejected": "legs",
    "ring_canceled": "legs",
    "agent_dumped": "legs",
    "wait_answered_s": "seconds",
    "wait_abandoned_s": "seconds",
    "wait_max_s": "seconds",
    "wait_answered_max_s": "seconds",
    "handled": "legs",
    "talk_s": "seconds",
    "hold_s": "seconds",
    "wrap_s": "seconds",
    "ring_s": "seconds",
    "outbound": "calls",
    "outbound_answered": "calls",
    "transfers": "legs",
    "transfers_blind": "legs",
    "transfers_attended": "legs",
    "inbound": "calls",
    "inbound_missed": "calls",
    "answerable": "calls",
    "messages_in": "messages",
    "messages_out": "messages",
    "score_sum": "points",
    "score_count": "scores",
    "login_s": "seconds",
    "available_s": "seconds",
    "busy_s": "seconds",
    "wrap_state_s": "seconds",
    "paused_s": "seconds",
}
"""Measure → unit, in the order of a cell's columns."""

MEASURES: tuple[str, ...] = tuple(UNITS)
MAXIMA = frozenset({"wait_max_s", "wait_answered_max_s"})
"""Measures whose parts are combined by the largest of them; all others are summed."""

SECONDS = frozenset(name for name, unit in UNITS.items() if unit == "seconds")

LIVE: dict[str, str] = {
    "waiting": "visits",
    "pending": "visits",
    "waiting_longest_s": "seconds",
    "agents_talking": "agents",
    "agents_available": "agents",
    "agents_paused": "agents",
    "agents_logged_in": "agents",
}
"""What goes on now; these stand in no cell. ``pending``: callers who wait, but not yet longer than the service level
allows: they are ``offered``, and nothing can be said about their service yet."""
CALLBACKS: dict[str, str] = {"callers_missed": "callers", "callers_reached": "callers", "callback_median_s": "seconds"}
"""What is counted from missed opportunities (``callbacks``); these are no sums, and stand in no cell."""
LIVE_MAXIMA = frozenset({"waiting_longest_s"})

MEANINGS: dict[str, str] = {
    "calls": "calls, each once",
    "offered": "visits that entered the queue; a caller refused at the door (full, closed) is not offered",
    "answered": "visits that an agent answered",
    "answered_in_sl": "answered visits that waited at most the queue's service level",
    "abandoned": "visits in which the caller gave up",
    "abandoned_in_sl": "abandoned visits that waited at most the queue's service level",
    "short_abandoned": "abandoned visits that waited less than the organisation's short-abandon time",
    "timed_out": "visits that ended because the queue's time-out was reached",
    "overflowed": "visits that left by key, because nobody was there, or were refused because the queue was full or "
    "closed",
    "exit_key": "visits that the caller left by pressing a key",
    "exit_empty": "visits that ended because no agent was left",
    "withdrawn": "visits that somebody ended from outside",
    "voicemail": "visits that ended in voicemail",
    "ring_no_answer": "rings that the agent did not answer, rejected ones included",
    "rejected": "rings that the agent refused at once",
    "ring_canceled": "rings that ended before the agent could answer: the caller left, or a colleague was faster",
    "agent_dumped": "answered rings in which the agent's side dropped the caller before they could speak",
    "wait_answered_s": "waiting of answered visits",
    "wait_abandoned_s": "waiting of abandoned visits",
    "wait_max_s": "longest finished wait of any visit",
    "wait_answered_max_s": "longest wait of an answered visit",
    "handled": "rings that an agent answered",
    "talk_s": "talking with a caller, hold excluded",
    "hold_s": "callers on hold",
    "wrap_s": "after-call work",
    "ring_s": "ringing at agents",
    "outbound": "calls that started inside and went out",
    "outbound_answered": "outbound calls that the other party answered",
    "transfers": "handled calls that the agent passed on",
    "transfers_blind": "calls passed on without asking first",
    "transfers_attended": "calls passed on after asking first",
    "inbound": "calls that came from outside",
    "inbound_missed": "answerable inbound calls that nobody answered",
    "answerable": "inbound calls but those out of hours or given up within the short-abandon time",
    "messages_in": "text messages received",
    "messages_out": "text messages sent",
    "score_sum": "points of quality scores",
    "score_count": "quality scores given",
    "login_s": "signed in: a member of at least one queue, and logged in where agents log in",
    "available_s": "signed in and not paused, calls included",
    "busy_s": "on calls of any kind, hold included",
    "wrap_state_s": "in the wrap-up state",
    "paused_s": "paused in at least one queue, counted once",
}
"""Measure → what it counts, one line. ``busy_s`` and ``wrap_state_s`` are kept per agent."""

_MEASURED = frozenset({"seconds", "points"})


def told(name: str, value: float) -> float:
    """A measure as it leaves the program: a count as a whole number, time and points as they were measured."""
    unit = UNITS.get(name) or LIVE.get(name) or CALLBACKS.get(name, "")
    unit = "seconds" if name.startswith("paused_s:") else unit
    return float(value) if unit in _MEASURED else round(value)


STATE_MEASURES = frozenset({"login_s", "available_s", "paused_s"})
"""Time in a state, and ``paused_s:<reason>`` beside it: known to those who may see agents' states."""

VISIT_MEASURES = frozenset(name for name, unit in UNITS.items() if unit == "visits") | {
    "wait_answered_s", "wait_abandoned_s", "wait_max_s", "wait_answered_max_s",
}  # fmt: skip

NOT_OF: dict[str, frozenset[str]] = {"agent": VISIT_MEASURES, "number": STATE_MEASURES, "campaign": STATE_MEASURES}
"""Dimension → measures that none of its subjects has: callers visit queues and not agents (who have ``handled``), and
agents are in a state at queues and not at numbers. They are not there, which is not 0."""


def blank() -> dict[str, float]:
    """All measures at zero."""
    return dict.fromkeys(MEASURES, 0.0)


def without_states(measures: Mapping[str, float]) -> dict[str, float]:
    """Measures without time in a state. What is missing is not known, and not 0."""
    return {name: value for name, value in measures.items() if name.partition(":")[0] not in STATE_MEASURES}


def without_reasons(measures: Mapping[str, float]) -> dict[str, float]:
    """Measures without why agents paused."""
    return {name: value for name, value in measures.items() if not name.startswith("paused_s:")}


def combine(parts: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """One set of measures out of several: sums, and the largest of maxima. Never averages. ``paused_s:<reason>`` keys
    are kept."""
    total = blank()
    for part in parts:
        for name, value in part.items():
            if name in MAXIMA or name in LIVE_MAXIMA:
                total[name] = max(total.get(name, 0.0), value)
            else:
                total[name] = total.get(name, 0.0) + value
    return total
