"""Room ``metrics``: KPIs of work: how long calls take, how much of agents' time they take, and what is missed."""

from wallboard_tui.metrics.formulas import (
    RANG,
    handling_time,
    occupancy,
    of,
    own_missed,
    quotient,
    share,
    summed,
    utilisation,
)
from wallboard_tui.metrics.kpi import Kpi, kpi

WORK_KPIS: tuple[Kpi, ...] = (
    kpi(
        "aht",
        "Average handling time",
        "AHT",
        "s",
        None,
        "Average time an agent spends on one handled call: talking, holding and after-call work. Where the phone "
        "system cannot tell all three, the sum of those it can, and the label says which.",
        "(talk_s + hold_s + wrap_s) / handled",
        needs=("handled",),
        parts=("talk_s", "hold_s", "wrap_s"),
        formula=handling_time,
        sample=of("handled"),
    ),
    kpi(
        "talk_average",
        "Average talk time",
        "Avg talk",
        "s",
        None,
        "Average time of talking on one handled call, hold excluded.",
        "talk_s / handled",
        needs=("talk_s", "handled"),
        formula=quotient("talk_s", "handled"),
        sample=of("handled"),
    ),
    kpi(
        "occupancy",
        "Occupancy",
        "Occupancy",
        "%",
        None,
        "Share of the time in which agents could take calls that they spent on calls: handling time over handling time "
        "and idle time. Idle is time signed in, not paused and not on a call. It has no good direction but a good "
        "band. Pauses do not lower it.",
        "(talk + hold + wrap) / (talk + hold + wrap + idle)",
        needs=("available_s",),
        parts=("talk_s", "hold_s", "wrap_s"),
        formula=occupancy,
        sample=of("handled"),
    ),
    kpi(
        "utilisation",
        "Utilisation",
        "Utilis.",
        "%",
        None,
        "Share of signed-in time that agents spent on calls. Unlike occupancy, pauses lower it.",
        "(talk + hold + wrap) / login_s",
        needs=("login_s",),
        parts=("talk_s", "hold_s", "wrap_s"),
        formula=utilisation,
        sample=of("handled"),
    ),
    kpi(
        "missed_call_rate",
        "Missed-call rate",
        "Missed",
        "%",
        "down",
        "Share of answerable inbound calls that nobody answered. Answerable are all but those that came out of hours "
        "or in which the caller gave up within the short-abandon time. A call that rang six phones is one missed call.",
        "inbound_missed / answerable",
        needs=("inbound_missed", "answerable"),
        formula=share("inbound_missed", "answerable"),
        sample=of("answerable"),
    ),
    kpi(
        "own_missed_call_rate",
        "Own missed-call rate",
        "Own missed",
        "%",
        "down",
        "Share of the rings at an agent that the agent did not answer, rejected ones included. A ring that ended "
        "because a colleague was faster or the caller left counts as a ring, not as missed.",
        "ring_no_answer / (handled + ring_no_answer + ring_canceled + agent_dumped)",
        needs=("ring_no_answer", "handled"),
        formula=own_missed,
        sample=summed(*RANG),
    ),
    kpi(
        "callback_rate",
        "Callback rate",
        "Callback",
        "%",
        "up",
        "Share of missed callers who were reached within the organisation's callback window: a call to them was "
        "answered, they were answered when they called again, or somebody noted that they were reached. Each caller "
        "counts once, when they were last missed; who was not reached yet counts as not reached.",
        "callers_reached / callers_missed",
        needs=("callers_reached", "callers_missed"),
        formula=share("callers_reached", "callers_missed"),
        sample=of("callers_missed"),
    ),
    kpi(
        "time_to_callback",
        "Time to callback",
        "To callback",
        "s",
        "down",
        "Median time from a caller's last miss to reaching them, over callers who were reached.",
        "median of reached_after_s",
        needs=("callback_median_s",),
        sample=of("callers_reached"),
    ),
)
"""In the order in which they are documented."""
