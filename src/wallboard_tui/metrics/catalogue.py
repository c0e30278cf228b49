"""Room ``metrics``: the catalogue of KPIs: what each figure is called, what it means, what it needs and how it is
computed.

Ratios are computed last, from sums (``measures``), and never averaged. Percentages are 0..100, durations are seconds.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from wallboard_tui.metrics.settings import Settings

Measures = Mapping[str, float]
Formula = Callable[[Measures, Settings], float | None]
Unit = Literal["%", "s", "count", "ratio"]


@dataclass(frozen=True, slots=True)
class Kpi:
    """One figure. ``good``: which direction is better; ``None`` where neither is.

    ``needs``: measures without which there is no such figure. ``parts``: measures that are summed where the source has
    them; when it has only some, the label says which. ``sample``: measures whose sum is how many calls a ratio rests
    on; empty for counts. ``words``: the formula, for people.
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
    sample: tuple[str, ...] = ()


def ratio(above: float, below: float) -> float | None:
    """A quotient; ``None`` where there is nothing to divide by."""
    return above / below if below > 0 else None


def percent(above: float, below: float) -> float | None:
    """A share, 0..100."""
    return 100.0 * above / below if below > 0 else None


def handling(m: Measures) -> float:
    """Seconds that agents spent on calls: talk, hold and after-call work."""
    return m.get("talk_s", 0.0) + m.get("hold_s", 0.0) + m.get("wrap_s", 0.0)


def service_level(m: Measures, settings: Settings) -> float | None:
    """The service level in the organisation's variant.

    O is all that was offered but callers who still wait within the threshold: nothing can be said about them yet. A
    caller who waits longer than that counts against it already.
    """
    offered = m.get("offered", 0.0) - m.get("pending", 0.0)
    in_time, gave_up_in_time = m.get("answered_in_sl", 0.0), m.get("abandoned_in_sl", 0.0)
    match settings.variant:
        case "A":
            return percent(in_time, m.get("answered", 0.0))
        case "B":
            return percent(in_time, offered - gave_up_in_time)
        case "C":
            return percent(in_time, offered)
        case "D":
            return percent(in_time + gave_up_in_time, offered)
    raise ValueError(f"service level variant {settings.variant!r} is unknown; choose one of A, B, C, D")


def _average_wait(m: Measures, _: Settings) -> float | None:
    waited = m.get("wait_answered_s", 0.0) + m.get("wait_abandoned_s", 0.0)
    return ratio(waited, m.get("answered", 0.0) + m.get("abandoned", 0.0))


def _abandon_rate(m: Measures, _: Settings) -> float | None:
    short = m.get("short_abandoned", 0.0)
    return percent(m.get("abandoned", 0.0) - short, m.get("offered", 0.0) - short)


def _occupancy(m: Measures, _: Settings) -> float | None:
    # available_s is time signed in and not paused, calls included; idle is what is left of it. Talking while paused
    # leaves less than nothing, which is no idle time: so occupancy never exceeds 100 %.
    busy = handling(m)
    return percent(busy, busy + max(0.0, m.get("available_s", 0.0) - busy))


def _utilisation(m: Measures, _: Settings) -> float | None:
    rate = percent(handling(m), m.get("login_s", 0.0))
    return None if rate is None else min(100.0, rate)


RANG = ("handled", "ring_no_answer", "ring_canceled", "agent_dumped")
"""Measures that together are the calls that rang at an agent."""


def _own_missed(m: Measures, _: Settings) -> float | None:
    return percent(m.get("ring_no_answer", 0.0), sum(m.get(name, 0.0) for name in RANG))


def _of(name: str) -> Formula:
    return lambda m, _: m.get(name)


def _largest(name: str, count: tuple[str, ...]) -> Formula:
    """A maximum, ``None`` while nothing was counted: the longest wait of no caller is not 0."""
    return lambda m, _: m.get(name, 0.0) if sum(m.get(c, 0.0) for c in count) > 0 else None


KPIS: dict[str, Kpi] = {}
"""The catalogue, by name, in the order in which it is documented."""


def _kpi(
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
    sample: tuple[str, ...] = (),
) -> None:
    needs = needs or (name,)
    KPIS[name] = Kpi(
        name, title, short, unit, good, definition, words or needs[0], needs, formula or _of(needs[0]), parts, sample
    )


_FINISHED = ("answered", "abandoned", "timed_out", "overflowed", "withdrawn", "voicemail")

_kpi(
    "offered",
    "Offered",
    "Offered",
    "count",
    None,
    "Visits that entered the queue, waiting ones included. A caller who was refused at the door because the queue was "
    "full or "
    "closed never entered it. A call that went through two queues is two visits.",
)
_kpi("answered", "Answered", "Answered", "count", None, "Visits that ended with an agent's answer.")
_kpi(
    "abandoned",
    "Abandoned",
    "Abandoned",
    "count",
    "down",
    "Visits in which the caller gave up before an agent answered, however short. Time-outs, exits by key and "
    "withdrawals are "
    "counted apart.",
)
_kpi(
    "service_level",
    "Service level",
    "SL",
    "%",
    "up",
    "Share of offered visits that an agent answered within the threshold of their queue. What becomes of callers who "
    "gave up "
    "within the threshold is a choice, the variant: A looks at answered visits only; B, the default, ignores them; C "
    "counts "
    "them against the level; D counts them for it. A caller who already waits longer than the threshold counts against "
    "the level at once; one who waits within it does not count yet. The label carries target, threshold and variant.",
    "A: AT / A · B: AT / (O − AbT) · C: AT / O · D: (AT + AbT) / O",
    needs=("offered", "answered", "answered_in_sl", "abandoned_in_sl"),
    formula=service_level,
    sample=("offered",),
)
_kpi(
    "asa",
    "Average speed of answer",
    "ASA",
    "s",
    "down",
    "Average time from entering the queue to the agent's answer, over answered visits only. Ringing is part of it; "
    "announcements "
    "before the queue are not.",
    "wait_answered_s / answered",
    needs=("wait_answered_s", "answered"),
    formula=lambda m, _: ratio(m.get("wait_answered_s", 0.0), m.get("answered", 0.0)),
    sample=("answered",),
)
_kpi(
    "average_wait",
    "Average wait",
    "Avg wait",
    "s",
    "down",
    "Average time in the queue of callers who were answered and of callers who gave up. It is not the speed of answer.",
    "(wait_answered_s + wait_abandoned_s) / (answered + abandoned)",
    needs=("wait_answered_s", "wait_abandoned_s", "answered", "abandoned"),
    formula=_average_wait,
    sample=("answered", "abandoned"),
)
_kpi(
    "abandon_rate",
    "Abandon rate",
    "Abandon",
    "%",
    "down",
    "Share of offered visits in which the caller gave up. Callers who gave up within the organisation's short-abandon "
    "time (under "
    "5 s unless set otherwise) are left out above and below the line.",
    "(abandoned − short_abandoned) / (offered − short_abandoned)",
    needs=("abandoned", "short_abandoned", "offered"),
    formula=_abandon_rate,
    sample=("offered",),
)
_kpi(
    "longest_wait_now",
    "Longest wait now",
    "Longest now",
    "s",
    "down",
    "How long the caller who waits longest has been waiting, now.",
    "oldest waiting caller",
    needs=("waiting_longest_s",),
    formula=_largest("waiting_longest_s", ("waiting",)),
)
_kpi(
    "longest_wait",
    "Longest wait",
    "Longest",
    "s",
    "down",
    "The longest wait in the period that is over, whatever it ended in. A caller who still waits is in “longest wait "
    "now”.",
    "wait_max_s",
    needs=("wait_max_s",),
    formula=_largest("wait_max_s", _FINISHED),
)
_kpi(
    "short_abandoned",
    "Short abandons",
    "Short ab.",
    "count",
    None,
    "Visits in which the caller gave up within the organisation's short-abandon time.",
)
_kpi(
    "timed_out",
    "Timed out",
    "Timed out",
    "count",
    "down",
    "Visits that ended because the queue's time-out was reached.",
)
_kpi(
    "overflowed",
    "Overflowed",
    "Overflow",
    "count",
    "down",
    "Visits that left the queue by a key, because no agent was left, or that were refused because it was full or "
    "closed.",
)
_kpi("voicemail", "Voicemail", "Voicemail", "count", "down", "Visits that ended in voicemail.")
_kpi("withdrawn", "Withdrawn", "Withdrawn", "count", None, "Visits that somebody ended from outside the queue.")
_kpi(
    "aht",
    "Average handling time",
    "AHT",
    "s",
    None,
    "Average time an agent spends on one handled call: talking, holding and after-call work. Where the phone system "
    "cannot tell "
    "all three, the sum of those it can, and the label says which.",
    "(talk_s + hold_s + wrap_s) / handled",
    needs=("handled",),
    parts=("talk_s", "hold_s", "wrap_s"),
    formula=lambda m, _: ratio(handling(m), m.get("handled", 0.0)),
    sample=("handled",),
)
_kpi(
    "talk_average",
    "Average talk time",
    "Avg talk",
    "s",
    None,
    "Average time of talking on one handled call, hold excluded.",
    "talk_s / handled",
    needs=("talk_s", "handled"),
    formula=lambda m, _: ratio(m.get("talk_s", 0.0), m.get("handled", 0.0)),
    sample=("handled",),
)
_kpi(
    "occupancy",
    "Occupancy",
    "Occupancy",
    "%",
    None,
    "Share of the time in which agents could take calls that they spent on calls: handling time over handling time "
    "and idle "
    "time. Idle is time signed in, not paused and not on a call. It has no good direction but a good band. Pauses do "
    "not lower it.",
    "(talk + hold + wrap) / (talk + hold + wrap + idle)",
    needs=("available_s",),
    parts=("talk_s", "hold_s", "wrap_s"),
    formula=_occupancy,
    sample=("handled",),
)
_kpi(
    "utilisation",
    "Utilisation",
    "Utilis.",
    "%",
    None,
    "Share of signed-in time that agents spent on calls. Unlike occupancy, pauses lower it.",
    "(talk + hold + wrap) / login_s",
    needs=("login_s",),
    parts=("talk_s", "hold_s", "wrap_s"),
    formula=_utilisation,
    sample=("handled",),
)
_kpi(
    "missed_call_rate",
    "Missed-call rate",
    "Missed",
    "%",
    "down",
    "Share of answerable inbound calls that nobody answered. Answerable are all but those that came out of hours or "
    "in which "
    "the caller gave up within the short-abandon time. A call that rang six phones is one missed call.",
    "inbound_missed / answerable",
    needs=("inbound_missed", "answerable"),
    formula=lambda m, _: percent(m.get("inbound_missed", 0.0), m.get("answerable", 0.0)),
    sample=("answerable",),
)
_kpi(
    "own_missed_call_rate",
    "Own missed-call rate",
    "Own missed",
    "%",
    "down",
    "Share of the rings at an agent that the agent did not answer, rejected ones included. A ring that ended because "
    "a colleague was "
    "faster or the caller left counts as a ring, not as missed.",
    "ring_no_answer / (handled + ring_no_answer + ring_canceled + agent_dumped)",
    needs=("ring_no_answer", "handled"),
    formula=_own_missed,
    sample=RANG,
)
_kpi(
    "callback_rate",
    "Callback rate",
    "Callback",
    "%",
    "up",
    "Share of missed callers who were reached within the organisation's callback window: a call to them was answered, "
    "they were "
    "answered when they called again, or somebody noted that they were reached.",
    "callers_reached / callers_missed",
    needs=("callers_reached", "callers_missed"),
    formula=lambda m, _: percent(m.get("callers_reached", 0.0), m.get("callers_missed", 0.0)),
    sample=("callers_missed",),
)
_kpi(
    "time_to_callback",
    "Time to callback",
    "To callback",
    "s",
    "down",
    "Median time from a caller's last miss to reaching them, over callers who were reached.",
    "median of reached_after_s",
    needs=("callback_median_s",),
    sample=("callers_reached",),
)
_kpi("waiting", "Waiting", "Waiting", "count", "down", "Callers who wait in the queue now.")
_kpi("agents_talking", "Talking", "Talking", "count", None, "Agents who talk with a caller now.")
_kpi(
    "agents_available",
    "Available",
    "Available",
    "count",
    "up",
    "Agents who are signed in, not paused and on no call now.",
)
_kpi("agents_paused", "Paused", "Paused", "count", None, "Agents who are paused now.")
_kpi("agents_logged_in", "Logged in", "Logged in", "count", "up", "Agents who are signed in now, paused ones included.")
_kpi(
    "calls",
    "Calls",
    "Calls",
    "count",
    None,
    "Calls of every direction, each once, however many queues and agents it met.",
)
_kpi("inbound", "Inbound calls", "Inbound", "count", None, "Calls that came from outside, each once.")
_kpi(
    "missed_calls",
    "Missed calls",
    "Missed",
    "count",
    "down",
    "Answerable inbound calls that nobody answered, each once.",
    needs=("inbound_missed",),
)
_kpi("outbound", "Outbound calls", "Outbound", "count", None, "Calls that went out.")
_kpi(
    "outbound_answered",
    "Outbound answered",
    "Out answ.",
    "count",
    None,
    "Outbound calls that the other party answered.",
)
_kpi(
    "handled",
    "Calls handled",
    "Handled",
    "count",
    "up",
    "Calls that an agent answered, counted per agent: a call that two agents talked on is handled by each of them.",
)
_kpi(
    "ring_no_answer",
    "Not answered",
    "No answer",
    "count",
    "down",
    "Rings that the agent did not answer, rejected ones included.",
)
_kpi("rejected", "Rejected", "Rejected", "count", "down", "Rings that the agent refused at once.")
_kpi(
    "transfers", "Transfers", "Transfers", "count", None, "Handled calls that the agent passed on, asked first or not."
)
_kpi("talk_time", "Talk time", "Talk", "s", None, "Time of talking with callers, hold excluded.", needs=("talk_s",))
_kpi("hold_time", "Hold time", "Hold", "s", "down", "Time that callers spent on hold.", needs=("hold_s",))
_kpi("wrap_time", "Wrap-up time", "Wrap-up", "s", None, "Time of after-call work.", needs=("wrap_s",))
_kpi(
    "login_time",
    "Signed-in time",
    "Signed in",
    "s",
    None,
    "Time as a member of at least one queue, and logged in where agents log in.",
    needs=("login_s",),
)
_kpi(
    "available_time",
    "Available time",
    "Available",
    "s",
    None,
    "Time signed in and not paused, calls included.",
    needs=("available_s",),
)
_kpi(
    "paused_time",
    "Paused time",
    "Paused",
    "s",
    None,
    "Time paused in at least one queue, counted once however many queues it was.",
    needs=("paused_s",),
)
_kpi("sms_sent", "SMS sent", "SMS sent", "count", None, "Text messages sent.", needs=("messages_out",))
_kpi("sms_received", "SMS received", "SMS rec.", "count", None, "Text messages received.", needs=("messages_in",))
_kpi(
    "quality_score",
    "Quality score",
    "Quality",
    "ratio",
    "up",
    "Average of the quality scores given to calls.",
    "score_sum / score_count",
    needs=("score_sum", "score_count"),
    formula=lambda m, _: ratio(m.get("score_sum", 0.0), m.get("score_count", 0.0)),
    sample=("score_count",),
)
