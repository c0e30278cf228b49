"""Room ``tui``, panes: agents: who does what since when. Asks the view, draws lines."""

from dataclasses import dataclass

from wallboard_tui.access.panes import PANE_NEEDS
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.live import LiveAgent
from wallboard_tui.model.me import Me
from wallboard_tui.tui.drawing.box import frame, inside, listed, message
from wallboard_tui.tui.drawing.lines import Block, aired, blank, fitted, layered, shares
from wallboard_tui.tui.drawing.table import unsaid, window
from wallboard_tui.tui.drawing.text import name
from wallboard_tui.tui.drawing.units import DURATION_W, duration
from wallboard_tui.tui.look import Line, Look, Size, Span, cells
from wallboard_tui.tui.panes import seen
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind
from wallboard_tui.tui.panes.frames import finished
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

STATES = {
    "available": "available",
    "ringing": "ringing",
    "talking": "talking",
    "wrap": "wrap-up",
    "paused": "paused",
    "out": "signed out",
}
"""States and their words, in the order in which agents are drawn."""
SHORT_WORDS = {"available": "ready", "out": "out", "wrap": "wrap"}


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
    agents = queries.documents(view, "agent")
    queues = queries.documents(view, "queue")
    wanted_queues = set(seen.wanted(pane.queues, queues, queues)) if pane.queues else None
    members = _members(view, pane)
    rows = []
    for live in queries.live_agents(view, lens, now):
        if pane.only_signed_in and live.state == "out":
            continue
        if wanted_queues is not None and not wanted_queues & set(live.queues):
            continue
        if members is not None and live.agent not in members:
            continue
        row = _row(live, agents, queues, me)
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
    return {agent for key in members for agent in people.get(key, {}).get("agents", ())}


def _row(live: LiveAgent, agents: dict[str, Doc], queues: dict[str, Doc], me: Me) -> AgentRow:
    known = me.may("supervisor") or live.agent in me.agents
    return AgentRow(
        key=live.agent,
        name=seen.named(live.agent, agents),
        state=live.state,
        since=live.since,
        reason=live.reason if known else "",
        queue=seen.named(live.queue, queues),
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
    """A grid, read down the columns, with counts by state in the border."""
    room = inside(size)
    if not data.rows:
        content = message(_nobody(data), room, look)
    else:
        content = _grid(data, Size(max(0, room.w - 2), room.h), look)
        content = aired(content)
    return finished(frame(content, size, look, data.title, after_title=_counts(data, size.w, look)), size, look)


def _nobody(data: AgentsData) -> str:
    if data.text:
        return f"No agent matches “{data.text}”."
    return "No agent to show. Agents appear here when they sign in to a queue that you may see."


def _counts(data: AgentsData, w: int, look: Look) -> tuple[Span, ...]:
    """``12 available · 9 talking · 2 wrap-up · 3 paused``, as much of it as has room."""
    counts = {state: sum(row.state == state for row in data.rows) for state in STATES}
    parts = [
        (Span(f"{count} ", "value"), Span(STATES[state], f"state.{state}")) for state, count in counts.items() if count
    ]
    return listed(parts, w - cells(data.title) - 10, look)


FULL_W, SHORT_W, WIDEST = 27, 17, 44
"""Cells of one agent: with the state in words, with its glyph alone, and at most."""


def _grid(data: AgentsData, size: Size, look: Look) -> Block:
    """As few columns as hold everybody; with the state in words where that fits, else with its glyph alone."""
    if size.h <= 0 or size.w <= 0:
        return []
    count = len(data.rows)
    most = max(1, (size.w + 2) // (SHORT_W + 2))
    needed = -(-count // size.h)
    comfortable = max(1, (size.w + 2) // (WIDEST + 2))
    columns = max(1, min(most, max(needed, comfortable)))
    fits = count <= columns * size.h
    rows = size.h if fits else max(1, size.h - 1)
    at = next((index for index, row in enumerate(data.rows) if row.key == data.selected), None)
    page = window(count, columns * rows, at)
    shown = data.rows[page.start : page.stop]
    rows = min(rows, max(1, -(-len(shown) // columns)))
    widths = [min(w, WIDEST) for w in shares(size.w - 2 * (columns - 1), [1] * columns)]
    lines: Block = []
    for y in range(rows):
        spans: list[Span] = []
        for x, w in enumerate(widths):
            index = x * rows + y
            spans += [Span("  ")] if x else []
            spans += _agent(shown[index], w, data, look) if index < len(shown) else blank(w)
        lines.append(fitted(spans, size.w))
    if not fits and size.h > 1:
        lines.append(fitted([Span(unsaid(page, count, look), "dim")], size.w))
    return lines


def _agent(row: AgentRow, w: int, data: AgentsData, look: Look) -> tuple[Span, ...]:
    """``◆ Ben Walsh     talking   06:02``: the time always in the same place."""
    role = f"state.{row.state}" if row.state in STATES else "state"
    sign = look.glyphs.state.get(row.state, "?")
    since = None if row.since is None else data.now - row.since
    time = duration(since, look.glyphs)
    word = row.reason or SHORT_WORDS.get(row.state) or STATES.get(row.state, row.state)
    word_w = min(16, max(9, (w - DURATION_W) // 3)) if w >= FULL_W else 0
    name_w = w - 2 - DURATION_W - 1 - (word_w + 1 if word_w else 0)
    spans = [
        Span(f"{sign} ", role),
        Span(name(row.name, name_w, look.glyphs), "name" if row.state != "out" else "dim"),
        Span(" "),
        *([Span(name(word, word_w, look.glyphs), role), Span(" ")] if word_w else []),
        Span(time, role),
    ]
    line = fitted(spans, w)
    return layered([line], "selected")[0] if row.key == data.selected else line


def rows(data: AgentsData) -> tuple[str, ...]:
    """Keys of the agents, in the order drawn."""
    return tuple(row.key for row in data.rows)


KIND = PaneKind(
    name="agents",
    title="Agents",
    ask=ask,
    draw=draw,
    depends=frozenset({"call", "presence", "agent", "queue", "live_agent", "team", "person"}),
    rows=rows,
    sorts=("state", "name", "time"),
    permissions=PANE_NEEDS["agents"],
)
