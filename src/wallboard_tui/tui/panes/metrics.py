"""Room ``tui``, panes: my metrics: one's own day, beside one's own last weeks. Asks the view.

No team figure and no other agent's name (000): only measures of the person's own agents are read, and calls are listed
without who else took part in them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wallboard_tui.access.panes import PANE_NEEDS
from wallboard_tui.metrics.kpis import KPIS, format_value, settings_of
from wallboard_tui.metrics.measures import combine
from wallboard_tui.metrics.quarters import period
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Line, Look, Size
from wallboard_tui.tui.panes import seen
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind
from wallboard_tui.tui.panes.calls import MOST_KNOWN, CallRow, row_of
from wallboard_tui.tui.panes.figures import Shown, loading, shown
from wallboard_tui.tui.panes.metrics_cards import draw_metrics
from wallboard_tui.tui.panes.seen import ALL_HERE, Progress
from wallboard_tui.tui.panes.words import STATES
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

PERSONAL = ("handled", "talk_time", "aht", "own_missed_call_rate", "sms_sent", "sms_received", "quality_score")
"""What a personal dashboard shows, as 000 lists it."""
PER_DAY = frozenset({"handled", "talk_time", "sms_sent", "sms_received"})
"""Figures that grow during a day; beside them stands the average of a day worked."""
RECENT = 120
"""Own calls that are listed at most: as many as the tallest screen has lines."""
OWN_OUTCOMES = {"no_answer": "missed", "rejected": "rejected", "dumped": "lost"}
"""What came of a call for somebody whom it rang and who did not talk: others may have answered it."""
DAY, HOUR = 86400.0, 3600.0


@dataclass(frozen=True)
class Compared:
    """One figure of today beside the last 7 and 28 days (today excluded). ``change``: today less 28 days, where that
    says something before the day is over; ``better``: whether the change is for the better, ``None`` where there
    is no better."""

    kpi: str
    today: Shown
    week: Shown
    month: Shown
    change: float | None
    better: bool | None
    goal: float | None = None

    @property
    def met(self) -> bool | None:
        """Whether today has come to its goal; ``None`` where there is none, or nothing to judge yet."""
        if self.goal is None or self.today.value is None:
            return None
        # A figure without a good direction, such as handling time, is to stay within its goal.
        up = KPIS[self.kpi].good == "up" or self.kpi in PER_DAY
        return self.today.value >= self.goal if up else self.today.value <= self.goal

    @property
    def per_day(self) -> bool:
        """Whether the past figures are those of an average day worked."""
        return self.kpi in PER_DAY


@dataclass(frozen=True)
class StateTime:
    """Seconds of today in one state; ``word`` is the state or the reason of a pause."""

    state: str
    word: str
    seconds: float


@dataclass(frozen=True)
class MetricsData:
    """One's own day. ``linked``: the person is an agent on a phone system."""

    now: float
    title: str
    name: str
    zone: str
    linked: bool = True
    state: str = ""
    since: float | None = None
    figures: tuple[Compared, ...] = ()
    states: tuple[StateTime, ...] = ()
    signed_in_s: float | None = 0.0
    """``None`` while today is arriving; then there are no ``states`` either."""
    curve: tuple[float | None, ...] = ()
    """Calls handled on each of the last 28 days and today; ``None``: that day is still arriving."""
    recent: tuple[CallRow, ...] = ()
    progress: Progress = ALL_HERE


def ask(view: View, me: Me, pane: Pane, now: float, context: Context = NOTHING_CHOSEN) -> MetricsData:
    """Figures of the person's own agents in the lens of ``analytics``."""
    zone = seen.zone_name(me)
    nothing = MetricsData(now, pane.title or "My metrics", me.name, zone, linked=bool(me.agents))
    lens = me.lens("analytics")
    if lens is None or not me.agents:
        return nothing
    start = period("today", zone, now)[0]
    today = _own(view, me, lens, start, now, now)
    arriving = seen.progress(view, period("last28", zone, now)[0], now)
    days = _days(view, me, lens, now, zone)
    live = next(
        (each for each in queries.live_agents(view, lens, now) if each.agent in me.agents and each.state != "out"), None
    )
    goals = {goal.kpi: goal.value for goal in pane.goals}
    figures = tuple(replace(each, goal=goals.get(each.kpi)) for each in _compared(view, me, lens, today, days, now))
    whole = seen.progress(view, start, now).complete
    if not whole:
        figures = tuple(replace(each, today=loading([each.today])[0], change=None, better=None) for each in figures)
    return replace(
        nothing,
        state=live.state if live is not None else "out",
        since=live.since if live is not None else None,
        figures=figures,
        states=_states(today) if whole else (),
        signed_in_s=today.get("login_s", 0.0) if whole else None,
        curve=_curve(days, view, now, zone),
        recent=_recent(view, me, lens),
        progress=arriving,
    )


def _own(view: View, me: Me, lens: int, start: float, end: float, now: float) -> dict[str, float]:
    sums = queries.measures(view, lens, by="agent", start=start, end=end, now=now)
    return combine(sums[agent] for agent in me.agents if agent in sums)


def _days(view: View, me: Me, lens: int, now: float, zone: str) -> list[dict[str, float]]:
    """Own measures of each of the last 28 days and today, oldest first."""
    start = period("last28", zone, now)[0]
    curves = [
        queries.trend(view, lens, by="agent", subject=agent, start=start, end=now, step=DAY, now=now)
        for agent in me.agents
    ]
    return [
        combine(({k: v for k, v in step.items() if k != "start"}) for step in steps)
        for steps in zip(*curves, strict=False)
    ]


def _curve(days: Sequence[Mapping[str, float]], view: View, now: float, zone: str) -> tuple[float | None, ...]:
    """Calls handled on each day, as far as its calls are here."""
    start = period("last28", zone, now)[0]
    # The hub says from which midnight on days are here; those of a day that is an hour shorter or longer lie apart.
    known = (seen.here(view, start + number * DAY + HOUR) for number in range(len(days)))
    return tuple(day.get("handled", 0.0) if here else None for day, here in zip(days, known, strict=True))


def _compared(
    view: View, me: Me, lens: int, today: Mapping[str, float], days: Sequence[Mapping[str, float]], now: float
) -> tuple[Compared, ...]:
    """Each personal figure of today beside the last 7 and 28 days, as far as these are here."""
    zone, settings = seen.zone_name(me), settings_of(me.organisation)
    agents = queries.documents(view, "agent")
    lacks = seen.lacking(view, agents.get(me.agents[0], {}).get("source"))
    past: dict[str, list[Shown]] = {kpi: [] for kpi in PERSONAL}
    for name, length in (("last7", 7), ("last28", 28)):
        start, end = period(name, zone, now)
        whole = _own(view, me, lens, start, end, now)
        worked = sum(bool(day.get("login_s") or day.get("handled")) for day in days[-1 - length : -1])
        here = seen.progress(view, start, now).complete
        for kpi in PERSONAL:
            made = (
                _average(shown(kpi, whole, settings, lacks), worked)
                if kpi in PER_DAY
                else shown(kpi, whole, settings, lacks)
            )
            past[kpi].append(made if here else loading([made])[0])
    return tuple(_compare(kpi, shown(kpi, today, settings, lacks), past[kpi][0], past[kpi][1]) for kpi in PERSONAL)


def _average(whole: Shown, worked: int) -> Shown:
    """The average of a day worked; nothing when no day was worked."""
    if whole.value is None:
        return whole
    if not worked:
        return replace(whole, value=None, text="–", blank="none")
    value = whole.value / worked
    text = format_value((whole.kpi, value)) if KPIS[whole.kpi].unit == "s" else f"{value:.1f}"
    return replace(whole, value=value, text=text)


def _compare(kpi: str, today: Shown, week: Shown, month: Shown) -> Compared:
    good = KPIS[kpi].good
    usable = kpi not in PER_DAY and not today.small and not month.small
    change = today.value - month.value if usable and today.value is not None and month.value is not None else None
    better = None if change is None or good is None or change == 0 else (change > 0) == (good == "up")
    return Compared(kpi, today, week, month, change, better)


def _states(today: Mapping[str, float]) -> tuple[StateTime, ...]:
    """How today's signed-in time was spent: on calls, wrapping up, available, and paused by reason."""
    talking = today.get("talk_s", 0.0) + today.get("hold_s", 0.0)
    wrap = today.get("wrap_s", 0.0)
    available = max(0.0, today.get("available_s", 0.0) - talking - wrap)
    times = [
        StateTime("talking", "talking", talking),
        StateTime("wrap", STATES["wrap"], wrap),
        StateTime("available", STATES["available"], available),
    ]
    reasons = {key.partition(":")[2]: value for key, value in today.items() if key.startswith("paused_s:")}
    unsaid = max(0.0, today.get("paused_s", 0.0) - sum(reasons.values()))
    times += [StateTime("paused", reason or "paused", value) for reason, value in sorted(reasons.items())]
    times += [StateTime("paused", "paused", unsaid)] if unsaid > 0.5 and "" not in reasons else []
    return tuple(each for each in times if each.seconds > 0)


def _recent(view: View, me: Me, lens: int) -> tuple[CallRow, ...]:
    """Own calls, newest first, without anybody else who took part in them."""
    permissions = (*PANE_NEEDS["calls"], *(("analytics",) if me.lenses[lens].rows else ()))
    bits = seen.lens_bits(me, permissions)
    if not bits:
        return ()
    names, others = seen.Names.of(view), queries.agents_by_name(view)

    def own(doc: Doc) -> CallRow:
        legs = [leg for leg in doc.get("legs", ()) if others.get(said := leg.get("agent"), said) in me.agents]
        row = row_of({**doc, "legs": legs}, names)
        return replace(row, agent="", outcome=_own_outcome(row, legs))

    known = view.derived(f"own calls of {' '.join(me.agents)}", seen.NAMING, dict[tuple[str, int], CallRow])
    if len(known) > MOST_KNOWN:
        known.clear()
    found = {
        row.key: row
        for agent in me.agents
        for row in queries.calls_as(view, bits, own, known, limit=RECENT, agent=agent)
    }
    return tuple(sorted(found.values(), key=lambda row: (-row.started, row.key))[:RECENT])


def _own_outcome(row: CallRow, legs: Sequence[Doc]) -> str:
    """What came of a call for whom it rang: that a colleague answered it does not make it an answered one."""
    outcomes = [str(leg.get("outcome")) for leg in legs]
    if not outcomes or "answered" in outcomes:
        return row.outcome
    return OWN_OUTCOMES.get(outcomes[-1], "rang" if row.outcome in ("answered", "talking") else row.outcome)


def draw(data: MetricsData, size: Size, look: Look) -> list[Line]:
    """Figures, time by state and own calls, as much of it as has room."""
    return draw_metrics(data, size, look)


KIND = PaneKind(
    name="metrics",
    title="My metrics",
    ask=ask,
    draw=draw,
    depends=frozenset({"call", "presence", "agent", "queue", "cell", "live_agent", "source", "organisation"}),
    permissions=PANE_NEEDS["metrics"],
)
