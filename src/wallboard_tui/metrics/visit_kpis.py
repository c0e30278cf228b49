"""Room ``metrics``: KPIs of visits to queues: what was offered, what became of it, and how long it took."""

from wallboard_tui.metrics.formulas import (
    abandon_rate,
    average_wait,
    judged,
    largest,
    of,
    over,
    patient,
    quotient,
    service_level,
    summed,
    unanswered_rate,
)
from wallboard_tui.metrics.kpi import Kpi, kpi

_FINISHED = ("answered", "abandoned", "timed_out", "overflowed", "withdrawn", "voicemail")

VISIT_KPIS: tuple[Kpi, ...] = (
    kpi(
        "offered",
        "Offered",
        "Offered",
        "count",
        None,
        "Visits that entered the queue, waiting ones included. A caller who was refused at the door because the queue "
        "was full or closed never entered it. A call that went through two queues is two visits.",
    ),
    kpi("answered", "Answered", "Answered", "count", None, "Visits that ended with an agent's answer."),
    kpi(
        "abandoned",
        "Abandoned",
        "Abandoned",
        "count",
        "down",
        "Visits in which the caller gave up before an agent answered, however short. Time-outs, exits by key and "
        "withdrawals are counted apart.",
    ),
    kpi(
        "service_level",
        "Service level",
        "SL",
        "%",
        "up",
        "Share of offered visits that an agent answered within the threshold of their queue. What becomes of callers "
        "who gave up within the threshold is a choice, the variant: A looks at answered visits only; B, the default, "
        "ignores them; C counts them against the level; D counts them for it. A caller who already waits longer than "
        "the threshold counts against the level at once; one who waits within it does not count yet. The label carries "
        "target, threshold and variant.",
        "A: AT / A · B: AT / (O − AbT) · C: AT / O · D: (AT + AbT) / O",
        needs=("offered", "answered", "answered_in_sl", "abandoned_in_sl"),
        formula=service_level,
        sample=judged,
    ),
    kpi(
        "asa",
        "Average speed of answer",
        "ASA",
        "s",
        "down",
        "Average time from entering the queue to the agent's answer, over answered visits only. Ringing is part of it; "
        "announcements before the queue are not.",
        "wait_answered_s / answered",
        needs=("wait_answered_s", "answered"),
        formula=quotient("wait_answered_s", "answered"),
        sample=of("answered"),
    ),
    kpi(
        "average_wait",
        "Average wait",
        "Avg wait",
        "s",
        "down",
        "Average time in the queue of callers who were answered and of callers who gave up. It is not the speed of "
        "answer.",
        "(wait_answered_s + wait_abandoned_s) / (answered + abandoned)",
        needs=("wait_answered_s", "wait_abandoned_s", "answered", "abandoned"),
        formula=average_wait,
        sample=summed("answered", "abandoned"),
    ),
    kpi(
        "abandon_rate",
        "Abandon rate",
        "Abandon",
        "%",
        "down",
        "Share of offered visits in which the caller gave up. Callers who gave up within the organisation's "
        "short-abandon time (under 5 s unless set otherwise) are left out above and below the line.",
        "(abandoned − short_abandoned) / (offered − short_abandoned)",
        needs=("abandoned", "short_abandoned", "offered"),
        formula=abandon_rate,
        sample=patient,
    ),
    kpi(
        "unanswered_rate",
        "Left unanswered",
        "Unanswered",
        "%",
        "down",
        "Share of offered visits that ended without an agent's answer: abandoned or timed out, withdrawn, or left some "
        "other way. It stands in for the abandon rate where the phone system does not say which of them it was, as an "
        "Asterisk that is followed over its manager interface alone. Waiting callers do not count yet.",
        "(offered − answered − waiting) / (offered − waiting)",
        needs=("offered", "answered"),
        formula=unanswered_rate,
        sample=over,
    ),
    kpi(
        "longest_wait_now",
        "Longest wait now",
        "Longest now",
        "s",
        "down",
        "How long the caller who waits longest has been waiting, now.",
        "oldest waiting caller",
        needs=("waiting_longest_s",),
        formula=largest("waiting_longest_s", ("waiting",)),
    ),
    kpi(
        "longest_wait",
        "Longest wait",
        "Longest",
        "s",
        "down",
        "The longest wait in the period that is over, whatever it ended in. A caller who still waits is in “longest "
        "wait now”.",
        "wait_max_s",
        needs=("wait_max_s",),
        formula=largest("wait_max_s", _FINISHED),
    ),
    kpi(
        "short_abandoned",
        "Short abandons",
        "Short ab.",
        "count",
        None,
        "Visits in which the caller gave up within the organisation's short-abandon time.",
    ),
    kpi(
        "timed_out",
        "Timed out",
        "Timed out",
        "count",
        "down",
        "Visits that ended because the queue's time-out was reached.",
    ),
    kpi(
        "overflowed",
        "Overflowed",
        "Overflow",
        "count",
        "down",
        "Visits that left the queue by a key, because no agent was left, or that were refused because it was full or "
        "closed.",
    ),
    kpi("voicemail", "Voicemail", "Voicemail", "count", "down", "Visits that ended in voicemail."),
    kpi("withdrawn", "Withdrawn", "Withdrawn", "count", None, "Visits that somebody ended from outside the queue."),
)
"""In the order in which they are documented."""
