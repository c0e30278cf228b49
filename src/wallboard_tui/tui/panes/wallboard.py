"""Room ``tui``, panes: the real-time wallboard: a tile for each queue and one for all of them. Asks the view, draws
lines."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from wallboard_tui.access.panes import FULLY, PANE_NEEDS
from wallboard_tui.metrics.kpis import Settings, settings_of
from wallboard_tui.metrics.measures import blank, combine
from wallboard_tui.metrics.quarters import QUARTER, quarter_of
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.live import LiveQueue
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Line, Look, Size
from wallboard_tui.tui.panes import seen
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind
from wallboard_tui.tui.panes.figures import (
    Shown,
    all_shown,
    judged,
    loading,
    longest_now,
    nearest,
    over_queues,
    worst,
)
from wallboard_tui.tui.panes.seen import Progress
from wallboard_tui.tui.panes.tiles import Tile
from wallboard_tui.tui.panes.tiling import draw_tiles
from wallboard_tui.view import queries
from wallboard_tui.view.live import on_board, source_of
from wallboard_tui.view.view import View

TILE_KPIS = ("service_level", "abandon_rate", "asa", "answered", "offered", "aht")
TREND_QUARTERS = 8


@dataclass(frozen=True)
class WallboardData:
    """All tiles of a wallboard, and whether today's rows are all here."""

    now: float
    title: str
    tiles: tuple[Tile, ...]
    progress: Progress
    period: str


def ask(view: View, me: Me, pane: Pane, now: float, context: Context = NOTHING_CHOSEN) -> WallboardData:
    """Tiles of the queues that the pane names and the person's lens admits, of the wallboard or of the workspace."""
    lens = seen.first_lens(me, (*PANE_NEEDS["wallboard"], *FULLY["wallboard"]))
    if lens is None:
        return WallboardData(now, pane.title, (), Progress(), pane.period)
    start, end = seen.bounds(pane, me, now)
    arriving = seen.progress(view, start, now)
    queues = queries.documents(view, "queue")
    live = queries.live_queues(view, lens, now)
    sums = queries.measures(view, lens, by="queue", start=start, end=end, now=now)
    whole = {*_granted(me, queues, lens), *_owned(view, me, lens)}
    keys = seen.wanted(pane.queues, queues, {*live, *sums, *(whole if pane.queues else _on_board(view, whole))})
    names = seen.Names.of(view)
    begins = _trend_begins(now)
    curves: Mapping[str, Sequence[Mapping[str, float]]] = {}
    if seen.progress(view, begins, now).complete:
        step, only = QUARTER, ("offered",)
        curves = queries.trends(view, lens, by="queue", start=begins, end=now, step=step, now=now, only=only)
    staff = queries.staffing(view, lens, now)
    tiles = [
        _queue_tile(
            key,
            names.queue(key),
            live.get(key),
            blank() | sums.get(key, {}),
            staff.get(key, {}) if _sees_all_agents(me, key, lens) else None,
            curves.get(key, []),
            settings_of(me.organisation, queues.get(key)),
            seen.lacking(view, queues.get(key, {}).get("source")),
            now,
            part=key not in whole,
        )
        for key in keys
    ]
    if len(tiles) > 1:
        tiles.append(_total_tile(view, me, lens, tiles, {key: sums.get(key, {}) for key in keys}, now, pane))
    return WallboardData(now, pane.title, _rated(tiles, arriving, pane, context, now), arriving, pane.period)


def _granted(me: Me, queues: Mapping[str, Doc], lens: int) -> set[str]:
    """Queues that have a tile even when nothing ever happened in them."""
    if me.lenses[lens].everything:
        return set(queues)
    atoms = me.reach(me.lenses[lens].permissions)
    return {key for key in queues if f"queue:{key}" in atoms}


def _on_board(view: View, quiet: Collection[str]) -> set[str]:
    """Queues in which nothing happened, without those of phone systems that are followed no more."""
    queues, sources = queries.documents(view, "queue"), queries.documents(view, "source")
    return {key for key in quiet if on_board(sources, source_of(key, queues.get(key)))}


def _owned(view: View, me: Me, lens: int) -> set[str]:
    """Queues of the teams that the person sees: theirs, whether or not anything happened in them."""
    atoms = me.reach(me.lenses[lens].permissions)
    teams = queries.documents(view, "team")
    return {queue for key, team in teams.items() if f"team:{key}" in atoms for queue in team.get("queues", ())}


def _sees_all_agents(me: Me, queue: str, lens: int) -> bool:
    """Whether everyone who is signed in to a queue is in the lens: else "no agents" could be said of agents unseen."""
    return queue in _granted(me, {queue: {}}, lens)


def _queue_tile(
    key: str,
    name: str,
    live: LiveQueue | None,
    measures: Mapping[str, float],
    staff: Mapping[str, float] | None,
    curve: Sequence[Mapping[str, float]],
    settings: Settings,
    lacks: frozenset[str],
    now: float,
    *,
    part: bool,
) -> Tile:
    since = live.waiting_since if live is not None else ()
    oldest = min(since, default=None)
    return Tile(
        key=key,
        name=name,
        waiting=len(since),
        oldest=oldest,
        talking=live.talking if live is not None else 0,
        available=None if staff is None else int(staff.get("agents_available", 0)),
        signed_in=None if staff is None else int(staff.get("agents_logged_in", 0)),
        figures=(
            Shown("waiting", "waiting", len(since), str(len(since))),
            longest_now(oldest, now),
            *nearest(all_shown(TILE_KPIS, measures, settings, lacks), measures, settings, lacks),
        ),
        level="ok",
        trend=tuple(step.get("offered", 0.0) for step in curve)[-TREND_QUARTERS:] or (0.0,) * TREND_QUARTERS,
        part=part,
    )


def _total_tile(
    view: View,
    me: Me,
    lens: int,
    tiles: Sequence[Tile],
    sums: Mapping[str, Mapping[str, float]],
    now: float,
    pane: Pane,
) -> Tile:
    """All tiles together. Queues may have thresholds of their own, so sums are added and ratios computed last."""
    settings = settings_of(me.organisation)
    lacks = seen.lacking(view)
    whole = combine(sums.values())
    queues = queries.documents(view, "queue")
    figures = nearest(all_shown(TILE_KPIS, whole, settings, lacks), whole, settings, lacks)
    figures = over_queues(figures, me.organisation, (queues.get(key) for key in sums))
    oldest = min((tile.oldest for tile in tiles if tile.oldest is not None), default=None)
    waiting = sum(tile.waiting for tile in tiles)
    curve = tuple(
        sum(value or 0.0 for value in values)
        for values in zip(*(tile.trend for tile in tiles if tile.trend), strict=False)
    )
    staff = None if any(tile.signed_in is None for tile in tiles) else _everybody(view, lens, set(sums), now)
    return Tile(
        key=None,
        name="All queues" if not pane.queues else "These queues",
        waiting=waiting,
        oldest=oldest,
        talking=sum(tile.talking for tile in tiles),
        available=None if staff is None else staff[0],
        signed_in=None if staff is None else staff[1],
        figures=(
            Shown("waiting", "waiting", waiting, str(waiting)),
            longest_now(oldest, now),
            *figures,
        ),
        level="ok",
        trend=curve,
        change=_change(view, me, lens, set(sums), settings, figures, now) if pane.period == "today" else None,
    )


def _trend_begins(now: float) -> float:
    return quarter_of(now) - (TREND_QUARTERS - 1) * QUARTER


def _enough(view: View, me: Me, pane: Pane, now: float) -> bool:
    """Today and yesterday, which it is compared with. Longer periods need what was said before they began."""
    start = min(_trend_begins(now), seen.same_time_yesterday(now, seen.zone_name(me))[0])
    return pane.period == "today" and seen.here(view, start)


def _everybody(view: View, lens: int, queues: set[str], now: float) -> tuple[int, int]:
    """Agents available and signed in, in any of these queues; each counted once."""
    states = [agent.state for agent in queries.live_agents(view, lens, now) if queues & set(agent.queues)]
    return states.count("available"), sum(state != "out" for state in states)


def _change(
    view: View, me: Me, lens: int, queues: set[str], settings: Settings, figures: Sequence[Shown], now: float
) -> float | None:
    """Points by which the service level differs from yesterday's at this time; ``None`` when one is not known."""
    today = next((each.value for each in figures if each.kpi == "service_level" and not each.small), None)
    start, end = seen.same_time_yesterday(now, seen.zone_name(me))
    if today is None or not seen.progress(view, start, now).complete:
        return None
    sums = queries.measures(view, lens, by="queue", start=start, end=end, now=now)
    before = all_shown(("service_level",), combine(sums.get(key, {}) for key in queues), settings)[0]
    return None if before.value is None or before.small else today - before.value


def _rated(tiles: Sequence[Tile], arriving: Progress, pane: Pane, context: Context, now: float) -> tuple[Tile, ...]:
    """The tiles with their levels; while rows are still arriving only what is live is judged and shown."""
    if not arriving.complete:
        tiles = [replace(tile, figures=(*tile.figures[:2], *loading(tile.figures[2:])), change=None) for tile in tiles]
    subjects = {f"queue:{tile.key}" if tile.key else "board": tile.figures for tile in tiles}
    names = {f"queue:{tile.key}": (tile.name,) for tile in tiles if tile.key}
    queues = {subject: figures for subject, figures in subjects.items() if subject in names}
    rated = judged(context.judge, queues, now, pane.period, names)
    # The total of a pane is that of the queues it names.
    total = {subject: figures for subject, figures in subjects.items() if subject not in names}
    rated |= judged(context.judge, total, now, f"{pane.period} {' '.join(pane.queues)}")
    result = []
    for tile in tiles:
        figures, level = rated[f"queue:{tile.key}" if tile.key else "board"]
        result.append(replace(tile, figures=figures, level=level))
    return tuple(result)


def draw(data: WallboardData, size: Size, look: Look) -> list[Line]:
    """Tiles where they have room, else one line for each queue."""
    return draw_tiles(data.tiles, data.now, data.title, size, look)


KIND = PaneKind(
    name="wallboard",
    title="Real-time wallboard",
    ask=ask,
    draw=draw,
    depends=frozenset(
        {"call", "presence", "agent", "queue", "live_queue", "live_agent", "cell", "source", "organisation"}
    ),
    enough=_enough,
    min_height=6,
    level=lambda data: worst(tile.level for tile in data.tiles),
    permissions=(*PANE_NEEDS["wallboard"], *FULLY["wallboard"]),
)
