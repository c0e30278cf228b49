"""Room ``view``: what a call, a visit, a leg or an interval contributes to cells. The one definition of every measure.

Each *kind* of contribution is a SELECT that yields ``lens, by, subject, direction, quarter, n`` and its measures. It
runs over whatever rows the caller chooses: a batch's to add, the same rows before a correction to take away, one cell's
to repair a maximum, all to rebuild and to test. Only finished rows contribute. Seconds are whole milliseconds, so that
adding and taking away is exact. ``n`` is the number of rows behind a cell: at 0 the cell is gone.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of contribution: its measures, and per ``by`` a SELECT with a ``{where}`` for the choice of rows."""

    name: str
    measures: tuple[str, ...]
    sql: Mapping[str, str]

    def selects(self, where: str, by: Collection[str] | None = None) -> list[str]:
        """The SELECTs over the rows that ``where`` chooses, one for each ``by`` (``None``: for all there are)."""
        return [sql.replace("{where}", where) for word, sql in self.sql.items() if by is None or word in by]


def _ms(seconds: str) -> str:
    return f"CAST(round(({seconds}) * 1000) AS INTEGER)"


def _quarter(epoch: str) -> str:
    return f"CAST({epoch} / 900 AS INTEGER) * 900"


def _share(amount: str, start: str, span: str) -> str:
    """Milliseconds of an amount, spread evenly over a span, that fall into quarter ``q0 + 900 * t.n``.

    A difference of two roundings, so that the pieces add up to the whole exactly.
    """
    low = f"max(0.0, {_quarter(start)} + 900 * t.n - {start})"
    high = f"min({span}, {_quarter(start)} + 900 * (t.n + 1) - {start})"
    whole = f"CASE WHEN {span} <= 0 THEN {_ms(amount)} ELSE"
    return f"{whole} {_ms(f'{amount} * {high} / {span}')} - {_ms(f'{amount} * {low} / {span}')} END"


def _ticks(start: str, span: str) -> str:
    return (
        f"JOIN tick t ON t.n BETWEEN 0 AND CAST(({start} + {span}) / 900 AS INTEGER) - CAST({start} / 900 AS INTEGER)"
    )


_NUMBER = "coalesce(c.number, '')"
"""Every call has one number subject (``''`` without a number), so that sums over numbers are sums over all calls."""


def _kind(
    name: str,
    rows: str,
    measures: dict[str, str],
    quarter: str,
    subjects: dict[str, str],
    *,
    direction: str = "c.direction",
    bits: str = "c.bits",
) -> Kind:
    """A SELECT per ``by``. ``rows``: between FROM and GROUP BY; ``subjects``: ``by`` → expression of the subject.

    The planner must begin with the rows chosen, or a small batch costs as much as everything: CROSS JOIN keeps it from
    beginning with the lenses, and a plus before a column from walking through an index for the sake of grouping.
    """
    joined, _, condition = rows.partition(" WHERE ")
    columns = ", ".join(measures.values())
    return Kind(
        name,
        tuple(measures),
        {
            by: f"SELECT z.i, '{by}', {subject}, {direction}, {quarter}, count(*), {columns}"  # noqa: S608
            f" FROM {joined} CROSS JOIN lens z ON ({bits} >> z.i) & 1 WHERE {condition}"
            + ("" if subject == _NUMBER else f" AND {subject} IS NOT NULL")
            + " AND {where} GROUP BY 5, 3, 4, 1"
            for by, subject in subjects.items()
        },
    )


def _count(condition: str) -> str:
    return f"sum({condition})"


_SL = "coalesce(sl.seconds, (SELECT value FROM setting WHERE name = 'service_level_s'))"
_SHORT = "(SELECT value FROM setting WHERE name = 'short_abandon_s')"
_IN_SL = f"v.wait_s <= {_SL}"

VISITS = _kind(
    "visit",
    "visit v JOIN call c ON c.id = v.call LEFT JOIN service_level sl ON sl.queue = v.queue"
    " WHERE v.done AND (+v.queue IS NOT NULL OR c.whole)",
    {
        "offered": _count("v.outcome NOT IN ('full', 'closed')"),
        "answered": _count("v.outcome = 'answered'"),
        "answered_in_sl": _count(f"v.outcome = 'answered' AND coalesce({_IN_SL}, 0)"),
        "abandoned": _count("v.outcome = 'abandoned'"),
        "abandoned_in_sl": _count(f"v.outcome = 'abandoned' AND coalesce({_IN_SL}, 0)"),
        "short_abandoned": _count(f"v.outcome = 'abandoned' AND coalesce(v.wait_s < {_SHORT}, 0)"),
        "timed_out": _count("v.outcome = 'timed_out'"),
        "overflowed": _count("v.outcome IN ('exit_key', 'exit_empty', 'full', 'closed')"),
        "exit_key": _count("v.outcome = 'exit_key'"),
        "exit_empty": _count("v.outcome = 'exit_empty'"),
        "withdrawn": _count("v.outcome = 'withdrawn'"),
        "voicemail": _count("v.outcome = 'voicemail'"),
        "wait_answered_s": f"sum(CASE v.outcome WHEN 'answered' THEN {_ms('coalesce(v.wait_s, 0)')} ELSE 0 END)",
        "wait_abandoned_s": f"sum(CASE v.outcome WHEN 'abandoned' THEN {_ms('coalesce(v.wait_s, 0)')} ELSE 0 END)",
        "wait_max_s": f"max({_ms('coalesce(v.wait_s, 0)')})",
        "wait_answered_max_s": f"max(CASE v.outcome WHEN 'answered' THEN {_ms('coalesce(v.wait_s, 0)')} ELSE 0 END)",
    },
    "+v.quarter",
    {"queue": "v.queue", "number": _NUMBER, "campaign": "c.campaign"},
)
"""A visit counts in the quarter in which the caller entered the queue, all of its wait included.

A visit whose queue the reader may not know is hidden, and hidden rows count in nothing, totals included; but for calls
that are the reader's whole, by their number: there they count under the number.
"""

_SHOWN = "(coalesce(l.agent, l.queue) IS NOT NULL OR c.whole)"
"""A leg of which the reader may know neither agent nor queue is hidden, but for calls that are theirs whole."""

LEGS = _kind(
    "leg",
    f"leg l JOIN call c ON c.id = l.call WHERE l.done AND {_SHOWN}",
    {
        "handled": _count("l.outcome = 'answered'"),
        "ring_no_answer": _count("l.outcome IN ('no_answer', 'rejected')"),
        "rejected": _count("l.outcome = 'rejected'"),
        "ring_canceled": _count("l.outcome = 'canceled'"),
        "agent_dumped": _count("l.outcome = 'dumped'"),
        "ring_s": f"sum({_ms('coalesce(l.ring_s, 0)')})",
        "transfers": _count("l.transfer IS NOT NULL"),
        "transfers_blind": _count("coalesce(l.transfer = 'blind', 0)"),
        "transfers_attended": _count("coalesce(l.transfer = 'attended', 0)"),
    },
    "+l.quarter",
    {"queue": "l.queue", "agent": "l.agent", "number": _NUMBER, "campaign": "c.campaign"},
)
"""A leg counts where its visit began; without a visit, when it rang."""

_TALKED = "(coalesce(l.talk_s, 0.0) + coalesce(l.hold_s, 0.0))"
_AFTER = f"(l.answered + {_TALKED})"


def _talk(amount: str) -> str:
    """The share of a leg's quarter in an amount of its talk; most talks lie within one quarter."""
    return f"CASE l.more_quarters WHEN 0 THEN {_ms(amount)} ELSE {_share(amount, 'l.answered', _TALKED)} END"


TALKS = _kind(
    "talk",
    f"leg l JOIN call c ON c.id = l.call JOIN tick t ON t.n <= l.more_quarters WHERE l.done AND {_SHOWN}",
    {
        "talk_s": f"sum(CASE WHEN l.talk_s IS NULL THEN 0 ELSE {_talk('l.talk_s')} END)",
        "hold_s": f"sum(CASE WHEN l.hold_s IS NULL THEN 0 ELSE {_talk('l.hold_s')} END)",
        "busy_s": f"sum({_talk(_TALKED)})",
    },
    "l.talk_quarter + 900 * t.n",
    {"queue": "l.queue", "agent": "l.agent", "number": _NUMBER, "campaign": "c.campaign"},
)
"""Talk and hold are spread over the quarters from the answer on; their sum is the span: where hold lay is not known."""

WRAPS = _kind(
    "wrap",
    f"leg l JOIN call c ON c.id = l.call {_ticks(_AFTER, 'l.wrap_s')}"
    f" WHERE l.done AND l.answered IS NOT NULL AND l.wrap_s > 0 AND {_SHOWN}",
    {
        "wrap_s": f"sum({_share('l.wrap_s', _AFTER, 'l.wrap_s')})",
        "wrap_state_s": f"sum({_share('l.wrap_s', _AFTER, 'l.wrap_s')})",
    },
    f"{_quarter(_AFTER)} + 900 * t.n",
    {"queue": "l.queue", "agent": "l.agent", "number": _NUMBER, "campaign": "c.campaign"},
)

_GAVE_UP = "c.last_outcome IN ('abandoned', 'gone')"
_MISSED_SHORT = f"(c.answered IS NULL AND {_GAVE_UP} AND coalesce(c.last_wait_s < {_SHORT}, 0))"
_OUT_OF_HOURS = "(c.answered IS NULL AND coalesce(c.last_outcome = 'closed', 0))"
_ANSWERABLE = f"(c.direction = 'inbound' AND NOT coalesce({_MISSED_SHORT}, 0) AND NOT {_OUT_OF_HOURS})"
_CALL_MEASURES = {
    "calls": "count(*)",
    "inbound": _count("c.direction = 'inbound'"),
    "inbound_missed": _count(f"{_ANSWERABLE} AND c.answered IS NULL"),
    "answerable": _count(_ANSWERABLE),
    "outbound": _count("c.direction = 'outbound'"),
    "outbound_answered": _count("c.direction = 'outbound' AND c.answered IS NOT NULL"),
}
CALLS = _kind(
    "call",
    "call c WHERE c.done",
    _CALL_MEASURES,
    "+c.quarter",
    {"agent": "c.agent", "number": _NUMBER, "campaign": "c.campaign"},
)
"""A call counts once, where it started. ``c.agent``: who placed it, or took it past the queues, when it has no legs."""

QUEUE_CALLS = _kind(
    "queue_call",
    "visit v JOIN call c ON c.id = v.call WHERE v.first AND c.done",
    _CALL_MEASURES,
    "+c.quarter",
    {"queue": "v.queue"},
)
"""Once in each queue that the call visited."""

AGENT_CALLS = _kind(
    "agent_call",
    "leg l JOIN call c ON c.id = l.call WHERE l.first AND c.done",
    {name: _CALL_MEASURES[name] for name in ("calls", "inbound", "outbound", "outbound_answered")},
    "+c.quarter",
    {"agent": "l.agent"},
)
"""Once at each agent at whom the call rang."""

DIRECT = _kind(
    "direct",
    f"call c {_ticks('c.answered', 'c.direct_s')} WHERE c.done AND c.answered IS NOT NULL AND c.direct_s > 0",
    {"busy_s": f"sum({_share('c.direct_s', 'c.answered', 'c.direct_s')})"},
    f"{_quarter('c.answered')} + 900 * t.n",
    {"agent": "c.agent", "number": _NUMBER, "campaign": "c.campaign"},
)
"""Talking past the queues keeps an agent busy; it is no handled leg."""

CALL_KINDS = (VISITS, LEGS, TALKS, WRAPS, CALLS, QUEUE_CALLS, AGENT_CALLS, DIRECT)

_QUARTERS = (
    "agent_interval i CROSS JOIN tick hi CROSS JOIN tick lo"
    " ON hi.n <= (CAST(i.end / 900 AS INTEGER) - CAST(i.start / 900 AS INTEGER)) / 1000"
    " AND lo.n BETWEEN 0 AND min(999, CAST(i.end / 900 AS INTEGER) - CAST(i.start / 900 AS INTEGER) - 1000 * hi.n)"
)
"""The quarters of an interval, up to a million of them."""
_AT = "(CAST(i.start / 900 AS INTEGER) + 1000 * hi.n + lo.n) * 900"
_PIECE = f"({_ms(f'min(i.end, {_AT} + 900)')} - {_ms(f'max(i.start, {_AT})')})"
_CLOSED = "i.end IS NOT NULL AND i.end > " + _AT
INTERVALS = _kind(
    "interval",
    f"{_QUARTERS} WHERE {_CLOSED} AND i.state IN ('paused', 'available', 'signed_in')",
    {
        "login_s": f"sum(CASE WHEN i.state = 'signed_in' OR i.queue IS NOT NULL THEN {_PIECE} ELSE 0 END)",
        "available_s": f"sum(CASE i.state WHEN 'available' THEN {_PIECE} ELSE 0 END)",
        "paused_s": f"sum(CASE i.state WHEN 'paused' THEN {_PIECE} ELSE 0 END)",
    },
    _AT,
    {"queue": "i.queue", "agent": "CASE WHEN i.queue IS NULL THEN i.agent END"},
    direction="''",
    bits="i.bits",
)
"""An agent's own time counts the agent as a whole; a queue's counts each agent's time in that queue."""

REASONS = _kind(
    "reason",
    f"{_QUARTERS} WHERE {_CLOSED} AND i.state = 'paused' AND i.reason <> ''",
    {"paused_s": f"sum({_PIECE})"},
    _AT,
    {"queue": "i.queue", "agent": "CASE WHEN i.queue IS NULL THEN i.agent END"},
    direction="i.reason",
    bits="i.bits",
)
"""Paused time by reason; the fourth column is the reason instead of a direction."""

INTERVAL_KINDS = (INTERVALS, REASONS)

ROW_ID = {
    kind.name: "v.call" if kind in (VISITS, QUEUE_CALLS) else "c.id" if kind in (CALLS, DIRECT) else "l.call"
    for kind in CALL_KINDS
}
"""Which column of a kind is the call's id."""
