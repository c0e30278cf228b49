"""Room ``tui``, panes: agents: who does what since when. Asks the view, draws lines."""

from dataclasses import dataclass

from wallboard_tui.access.panes import PANE_NEEDS
from wallboard_tui.model.board import Pane
from wallboard_tui.model.live import LiveAgent
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Line, Look, Size
from wallboard_tui.tui.panes import seen
from wallboard_tui.tui.panes.agents_grid import agents_spot, draw_agents
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind
from wallboard_tui.tui.panes.words import STATES
from wallboard_tui.view import queries
from wallboard_tui.view.view import View


@dataclass(frozen=True)
class AgentRow:
    """One agent. ``reason`` is empty where the person may not know why somebody is paused."""

    key: str
    name: str
    state: str
    since: float | None
    reason: str
    queue: str
    """Name of the queue whose call it is, when there is one."""
    queues: tuple[str, ...] = ()
    """Names of the queues signed in to, as far as the person may know them."""


@dataclass(frozen=True)
class AgentsData:
    """Everybody in the lens, in the order drawn: by state, then longest in it first."""

    now: float
    title: str
    rows: tuple[AgentRow, ...]
    selected: str | None = None
    text: str = ""


def ask(view: View, me: Me, pane: Pane, now: float, context: Context = NOTHING_CHOSEN) -> AgentsData:
    """Agents in the lens of ``supervisor``, else of ``wallboard``; those of the pane's queues and teams when it names
    some."""
    title = pane.title or "Agents"
    lens = seen.first_lens(me, PANE_NEEDS["agents"])
    if lens is None:
        return AgentsData(now, title, ())
    names = seen.Names.of(view)
    wanted_queues = set(seen.wanted(pane.queues, names.queues, names.queues)) if pane.queues else None
    members = _members(view, pane)
    rows = []
    for live in queries.live_agents(view, lens, now):
        if pane.only_signed_in and live.state == "out":
            continue
        if wanted_queues is not None and not wanted_queues & set(live.queues):
            continue
        if members is not None and live.agent not in members:
            continue
        row = _row(live, names, me)
        if context.text.casefold() in f"{row.name} {STATES.get(row.state, row.state)} {row.reason}".casefold():
            rows.append(row)
    return AgentsData(now, title, _sorted(rows, context), context.selected, context.text)


def _members(view: View, pane: Pane) -> set[str] | None:
    """Agents of the teams that the pane names; ``None`` when it names none."""
    if not pane.teams:
        return None
    teams = queries.documents(view, "team")
    people = queries.documents(view, "person")
    chosen = seen.wanted(pane.teams, teams, teams)
    members = {member for key in chosen for member in teams[key].get("members", ())}
    others = queries.agents_by_name(view)
    return {others.get(agent, agent) for key in members for agent in people.get(key, {}).get("agents", ())}


def _row(live: LiveAgent, names: seen.Names, me: Me) -> AgentRow:
    known = me.may("supervisor") or live.agent in me.agents
    return AgentRow(
        key=live.agent,
        name=names.agent(live.agent),
        state=live.state,
        since=live.since,
        reason=live.reason if known else "",
        queue=names.queue(live.queue),
        queues=tuple(sorted(names.queue(key) for key in live.queues if key in names.queues)),
    )


def _sorted(rows: list[AgentRow], context: Context) -> tuple[AgentRow, ...]:
    """By state and time in it, or as the person chose."""
    ordered = sorted(rows, key=_place)
    if context.sort == "name":
        ordered.sort(key=lambda row: row.name.casefold(), reverse=context.descending)
    elif context.sort == "time":
        ordered.sort(
            key=lambda row: row.since if row.since is not None else float("inf"), reverse=not context.descending
        )
    elif context.sort == "state" and context.descending:
        ordered.reverse()
    return tuple(ordered)


def _place(row: AgentRow) -> tuple[int, float, str]:
    """State first, then longest in it, then name: the order in which agents are drawn."""
    states = list(STATES)
    at = states.index(row.state) if row.state in STATES else len(states)
    return at, row.since if row.since is not None else float("inf"), row.name.casefold()


def draw(data: AgentsData, size: Size, look: Look) -> list[Line]:
    """A grid, read down the columns."""
    return draw_agents(data, size, look)


def rows(data: AgentsData) -> tuple[str, ...]:
    """Keys of the agents, in the order drawn."""
    return tuple(row.key for row in data.rows)


KIND = PaneKind(
    name="agents",
    title="Agents",
    ask=ask,
    draw=draw,
    enough=lambda view, me, pane, now: seen.here(view, seen.day_start(me, now)),
    depends=frozenset({"call", "presence", "agent", "queue", "live_agent", "team", "person"}),
    rows=rows,
    spot=agents_spot,
    sorts=("state", "name", "time"),
    permissions=PANE_NEEDS["agents"],
)
