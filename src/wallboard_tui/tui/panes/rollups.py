"""Room ``tui``, panes: roll-ups: a table of figures per team, queue, number, campaign or agent over a period. Asks
the view.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from wallboard_tui.access.panes import BY, PANE_NEEDS, no_breakdown
from wallboard_tui.metrics.kpis import KPIS, SHARES_OF_TIME, Settings, settings_of
from wallboard_tui.metrics.measures import STATE_MEASURES, blank, combine
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Line, Look, Size
from wallboard_tui.tui.panes import seen
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind
from wallboard_tui.tui.panes.figures import Shown, all_shown, judged, over_queues, worst
from wallboard_tui.tui.panes.rollup_table import draw_rollups, rollups_spot, shown_kpis
from wallboard_tui.tui.panes.seen import Progress
from wallboard_tui.view import queries
from wallboard_tui.view.breakdown import breakdown
from wallboard_tui.view.view import View

_OF_QUEUES = ("offered", "answered", "service_level", "asa", "abandon_rate", "aht", "occupancy")
_OF_CALLS = ("inbound", "missed_call_rate", "answered", "service_level", "asa", "abandon_rate", "aht")
COLUMNS: dict[str, tuple[str, ...]] = {
    "queue": _OF_QUEUES,
    "team": _OF_QUEUES,
    "all": _OF_QUEUES,
    "number": _OF_CALLS,
    "campaign": _OF_CALLS,
    "agent": ("handled", "talk_time", "aht", "own_missed_call_rate", "occupancy", "login_time", "paused_time"),
}
"""KPIs of each breakdown, in the order of their columns."""
TITLES = {
    "queue": "Queues",
    "team": "Teams",
    "all": "All queues",
    "number": "Numbers",
    "campaign": "Campaigns",
    "agent": "Agents",
}
"""What a table is called that has no title of its own."""
TOTAL = "*"
STEPS = {"today": 3600.0, "yesterday": 3600.0, "week": 86400.0, "month": 86400.0}
WORDS = {"today": "today", "yesterday": "yesterday", "week": "this week", "month": "this month"}


@dataclass(frozen=True)
class RollupRow:
    """Figures of one subject; the row of everything together has the key ``TOTAL``."""

    key: str
    name: str
    figures: tuple[Shown, ...]
    against_target: float | None
    """Points by which the service level is above (+) or below (−) its target."""
    trend: tuple[float | None, ...]
    level: str = "ok"


@dataclass(frozen=True)
class RollupsData:
    """A table of figures. ``refused``: why it is empty, when the person may not break figures down like that."""

    now: float
    title: str
    by: str
    period: str
    rows: tuple[RollupRow, ...]
    total: RollupRow | None
    progress: Progress
    sort: str = ""
    descending: bool = True
    selected: str | None = None
    text: str = ""
    refused: str = ""


def ask(view: View, me: Me, pane: Pane, now: float, context: Context = NOTHING_CHOSEN) -> RollupsData:
    """Figures in the lens of roll-ups, computed from sums; what is still going on is included."""
    title = pane.title or TITLES[pane.by]
    nothing = RollupsData(now, title, pane.by, WORDS[pane.period], (), None, Progress())
    lens = me.lens_by(pane.by)
    if lens is None:
        return replace(nothing, refused=no_breakdown(pane.by, me.breakdowns()))
    start, end = seen.bounds(pane, me, now)
    arriving = seen.progress(view, start, now)
    if not arriving.complete:
        return replace(nothing, progress=arriving)
    sums = breakdown(view, me, pane.by, start, end, now) or {}
    subjects = queries.documents(view, pane.by) if pane.by != "all" else {}
    keys = _keys(view, me, pane, sums, subjects)
    curves = queries.trends(view, lens, by=pane.by, start=start, end=end, step=STEPS[pane.period], now=now)
    rows = [_row(view, me, pane.by, key, sums.get(key) or blank(), subjects, curves.get(key, [])) for key in keys]
    rows = [row for row in rows if context.text.casefold() in row.name.casefold()]
    rows = _rated(rows, pane, context, now)
    total = _total(view, me, lens, pane, {key: sums.get(key, {}) for key in keys}, (start, end), now)
    return replace(
        nothing,
        rows=_sorted(rows, context),
        total=total if len(keys) > 1 else None,
        sort=context.sort,
        descending=context.descending,
        selected=context.selected,
        text=context.text,
    )


def _keys(
    view: View, me: Me, pane: Pane, sums: Mapping[str, Mapping[str, float]], subjects: Mapping[str, Doc]
) -> list[str]:
    """Subjects that have a row: those that the pane names, else those in which something happened."""
    if pane.by == "all":
        return list(sums)[:1]
    if pane.by == "agent":
        # A row of figures names the agent: only those whom the person may single out, and has been told of.
        within = seen.agents_within(view, me.reach(BY["agent"]), sums)
        return seen.wanted((), subjects, within & (set(subjects) | set(me.agents)))
    chosen = pane.queues if pane.by == "queue" else pane.teams if pane.by == "team" else ()
    happened = [key for key in sums if any(sums[key].get(name) for name in ("offered", "calls", "handled", "inbound"))]
    return seen.wanted(chosen, subjects, {*sums, *subjects} if chosen else happened)


def _row(
    view: View,
    me: Me,
    by: str,
    key: str,
    measures: Mapping[str, float],
    subjects: Mapping[str, Doc],
    curve: Sequence[Mapping[str, float]],
) -> RollupRow:
    doc = subjects.get(key, {})
    settings = settings_of(me.organisation, doc if by == "queue" else None)
    figures = all_shown(_permitted(me, by, key), measures, settings, seen.lacking(view, doc.get("source")))
    if by != "queue":
        figures = over_queues(figures, me.organisation, _queues_of(view, by, doc))
    counted = {"agent": "handled", "number": "inbound", "campaign": "inbound"}.get(by, "offered")
    return RollupRow(
        key=key,
        name=_named(view, by, key, subjects),
        figures=figures,
        against_target=_against(figures, settings),
        trend=tuple(step.get(counted, 0.0) for step in curve),
    )


def _permitted(me: Me, by: str, key: str = "") -> Sequence[str]:
    """KPIs that a row may have. Time in a state is known to those who may see agents' states; that others have none of
    it is not ``–``, which would say that nothing happened."""
    lens = me.lens_by(by)
    if (lens is not None and me.lenses[lens].states) or (by == "agent" and key in me.own_states()):
        whole = lens is None or me.knows_all_work(lens, by, key)
        return COLUMNS[by] if whole else [kpi for kpi in COLUMNS[by] if kpi not in SHARES_OF_TIME]
    return [kpi for kpi in COLUMNS[by] if STATE_MEASURES.isdisjoint(KPIS[kpi].needs)]


def _queues_of(view: View, by: str, doc: Doc) -> list[Doc | None]:
    """The queues whose calls are in a row: a team's own, else any."""
    queues = queries.documents(view, "queue")
    return [queues.get(key) for key in doc.get("queues", ())] if by == "team" else list(queues.values())


def _named(view: View, by: str, key: str, subjects: Mapping[str, Doc]) -> str:
    """What a row is called. Calls that came to no number of ours stand under the empty key."""
    if by == "all":
        return "All"
    if by == "agent":
        return seen.Names.of(view).agent(key)
    if by == "queue" and key:
        return seen.Names.of(view).queue(key)
    return seen.named(key, subjects) if key else f"no {by}"


def _against(figures: Sequence[Shown], settings: Settings) -> float | None:
    level = next((each for each in figures if each.kpi == "service_level"), None)
    return None if level is None or level.value is None or level.small else level.value - settings.target


def _total(
    view: View,
    me: Me,
    lens: int,
    pane: Pane,
    sums: Mapping[str, Mapping[str, float]],
    bounds: tuple[float, float],
    now: float,
) -> RollupRow | None:
    """All together. Only queues that a pane names are added up; overlapping teams, agents and numbers never are."""
    settings = settings_of(me.organisation)
    if pane.by == "queue" and pane.queues:
        whole = combine(sums.values())
    elif pane.by in ("queue", "number", "campaign") and not pane.queues:
        whole = next(iter((breakdown(view, me, "all", *bounds, now, under=lens) or {}).values()), {})
    else:
        return None
    figures = all_shown(_permitted(me, pane.by), whole, settings, seen.lacking(view))
    queues = queries.documents(view, "queue")
    behind = (queues.get(key) for key in sums) if pane.by == "queue" else queues.values()
    figures = over_queues(figures, me.organisation, behind)
    return RollupRow(TOTAL, "All", figures, _against(figures, settings), ())


def _rated(rows: Sequence[RollupRow], pane: Pane, context: Context, now: float) -> list[RollupRow]:
    """Rows with their levels: the board's thresholds are about today."""
    if pane.period != "today" or pane.by not in ("queue", "team"):
        return list(rows)
    figures_of = {f"{pane.by}:{row.key}": row.figures for row in rows}
    names = {f"{pane.by}:{row.key}": (row.name,) for row in rows}
    rated = judged(context.judge, figures_of, now, pane.period, names)
    result = []
    for row in rows:
        figures, level = rated[f"{pane.by}:{row.key}"]
        result.append(replace(row, figures=figures, level=level))
    return result


def _sorted(rows: Sequence[RollupRow], context: Context) -> tuple[RollupRow, ...]:
    """By name, or by the column that the person chose; rows without a value come last either way."""
    if context.sort in ("", "name"):
        ordered = sorted(
            rows, key=lambda row: row.name.casefold(), reverse=context.sort == "name" and context.descending
        )
        return tuple(ordered)
    values = {row.key: next((each.value for each in row.figures if each.kpi == context.sort), None) for row in rows}
    known = [row for row in rows if values[row.key] is not None]
    known.sort(key=lambda row: values[row.key] or 0.0, reverse=context.descending)
    return (*known, *(row for row in rows if values[row.key] is None))


def draw(data: RollupsData, size: Size, look: Look) -> list[Line]:
    """A table; the least important columns fall out where there is little room."""
    return draw_rollups(data, size, look)


def rows(data: RollupsData) -> tuple[str, ...]:
    """Keys of the subjects, in the order drawn."""
    return tuple(row.key for row in data.rows)


SORTS = ("name", *dict.fromkeys(kpi for columns in COLUMNS.values() for kpi in columns if kpi in KPIS))

KIND = PaneKind(
    name="rollups",
    title="Team rollups",
    ask=ask,
    draw=draw,
    # A longer period needs what was said of agents before it began.
    enough=lambda view, me, pane, now: pane.period == "today" and seen.here(view, seen.day_start(me, now)),
    depends=frozenset(
        {
            "call",
            "presence",
            "agent",
            "queue",
            "team",
            "number",
            "person",
            "cell",
            "organisation",
            "live_queue",
            "source",
        }
    ),
    rows=rows,
    spot=rollups_spot,
    sorts=SORTS,
    upward=frozenset({"name"}),
    columns=lambda data: ("name", *shown_kpis(data)),
    level=lambda data: worst(row.level for row in data.rows),
    ticks=False,
    permissions=PANE_NEEDS["rollups"],
)
