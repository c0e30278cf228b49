"""Room ``tui``, panes: agents: who does what since when. Asks the view, draws lines."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from wallboard_tui.access.panes import PANE_NEEDS
from wallboard_tui.model.board import Pane
from wallboard_tui.model.live import LiveAgent
from wallboard_tui.model.me import Me
from wallboard_tui.tui.drawing.box import frame, inside, listed, message
from wallboard_tui.tui.drawing.lines import Block, aired, beside, exactly, fitted, layered, shares
from wallboard_tui.tui.drawing.table import unsaid, window
from wallboard_tui.tui.drawing.text import clean, name
from wallboard_tui.tui.drawing.units import DURATION_W, duration
from wallboard_tui.tui.look import Line, Look, Size, Span, cells, width
from wallboard_tui.tui.panes import seen
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind
from wallboard_tui.tui.panes.frames import finished
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
    return {agent for key in members for agent in people.get(key, {}).get("agents", ())}


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


FULL_W, SHORT_W, CARD_W, WIDEST = 28, 17, 26, 52
"""Cells of one agent: with the state in words, with its glyph alone, as a card of two lines, and at most."""
CARD_H, FULL_H, AIRY_H = 2, 4, 6
"""Lines of one agent's card, with the queues on a line of their own, and with as much air as does any good."""


def _grid(data: AgentsData, size: Size, look: Look) -> Block:
    """A card for each agent where all of them have room for one, else a line: the pane is filled either way."""
    if size.h <= 0 or size.w <= 0:
        return []
    count = len(data.rows)
    least = max((size.w + 2) // (WIDEST + 2), -(-count // max(1, size.h // CARD_H)))
    # One more column than cards at their widest take, where it leaves each of them the lines for all that it says.
    full = next((n for n in (least, least + 1) if n and size.h + 1 >= FULL_H * -(-count // n)), least)
    columns = full if full <= (size.w + 2) // (CARD_W + 2) else least
    if size.h >= CARD_H and columns <= (size.w + 2) // (CARD_W + 2):
        each = max(CARD_H, min(AIRY_H, (size.h + 1) // -(-count // columns)))
        cards = [_card(row, data, look, each) for row in data.rows]
        return _columns(cards, columns, size.w, data, each, widest=size.w)[: size.h]
    return _list(data, size, look)


def _list(data: AgentsData, size: Size, look: Look) -> Block:
    """As few columns as hold everybody; with the state in words where that fits, else with its glyph alone."""
    count = len(data.rows)
    most = max(1, (size.w + 2) // (SHORT_W + 2))
    columns = min(most, max(1, (size.w + 2) // (WIDEST + 2), -(-count // size.h)))
    fits = count <= columns * size.h
    rows = size.h if fits else max(1, size.h - 1)
    at = next((index for index, row in enumerate(data.rows) if row.key == data.selected), None)
    page = window(count, columns * rows, at)
    shown = data.rows[page.start : page.stop]
    lines = _columns([_line(row, data, look) for row in shown], columns, size.w, data, 1, page.start)
    if not fits and size.h > 1:
        lines.append(fitted([Span(unsaid(page, count, look), "dim")], size.w))
    return lines


Drawn = Callable[[int], Block]
"""Draws one agent in a number of cells."""


def _columns(
    drawn: Sequence[Drawn], columns: int, w: int, data: AgentsData, each: int, start: int = 0, widest: int = WIDEST
) -> Block:
    """Agents down the columns, each in ``each`` lines and at most ``widest`` cells; ``start`` is the place of the first
    one among all.
    """
    columns = max(1, columns)
    rows = max(1, -(-len(drawn) // columns))
    widths = [min(share, widest) for share in shares(w - 2 * (columns - 1), [1] * columns)]
    blocks: list[Block] = []
    for x, room in enumerate(widths):
        column: Block = []
        for index in range(x * rows, (x + 1) * rows):
            card = drawn[index](room) if index < len(drawn) else []
            if index < len(drawn) and data.rows[start + index].key == data.selected:
                card = layered(card, "selected")
            column += exactly(card, Size(room, each))
        blocks += [[(Span("  "),)] * (rows * each), column] if x else [column]
    return [fitted(line, w) for line in beside(blocks)]


def _head(row: AgentRow, data: AgentsData, look: Look) -> tuple[Span, Span]:
    """The state's glyph, and for how long: always at the two ends of an agent's first line."""
    role = f"state.{row.state}" if row.state in STATES else "state"
    since = None if row.since is None else data.now - row.since
    return Span(f"{look.glyphs.state.get(row.state, '?')} ", role), Span(f" {duration(since, look.glyphs)}", role)


def _card(row: AgentRow, data: AgentsData, look: Look, h: int) -> Drawn:
    """Name and time; below them the state, or why somebody is paused, and the queues, on a line of their own where
    there are lines enough.
    """
    sign, time = _head(row, data, look)
    queues = row.queue or ", ".join(row.queues)

    def drawn(w: int) -> Block:
        who = name(row.name, w - DURATION_W - 3, look.glyphs)
        said: list[Span] = [Span("  "), Span(clean(_word(row), look.glyphs.ascii), sign.style)]
        room = w - width(tuple(said)) - 3
        first = fitted([sign, Span(who, "name" if row.state != "out" else "dim"), time], w)
        if h >= FULL_H:
            below = name(queues, w - 2, look.glyphs) if row.state != "out" else ""
            return [first, fitted(said, w), fitted([Span("  "), Span(below, "dim")], w)]
        if queues and row.state != "out" and room >= 6:
            said.append(Span(f" {look.glyphs.dot} {name(queues, room, look.glyphs)}", "dim"))
        return [first, fitted(said, w)]

    return drawn


def _line(row: AgentRow, data: AgentsData, look: Look) -> Drawn:
    """``◆ Ben Walsh     talking   06:02``: the time always in the same place."""
    sign, time = _head(row, data, look)

    def drawn(w: int) -> Block:
        word_w = min(16, max(9, (w - DURATION_W) // 3)) if w >= FULL_W else 0
        who = name(row.name, w - 2 - DURATION_W - 1 - (word_w + 1 if word_w else 0), look.glyphs)
        word = [Span(f" {name(_word(row), word_w, look.glyphs)}", sign.style)] if word_w else []
        return [fitted([sign, Span(who, "name" if row.state != "out" else "dim"), *word, time], w)]

    return drawn


def _word(row: AgentRow) -> str:
    """Why somebody is paused, else the state."""
    return row.reason or STATES.get(row.state, row.state)


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
    sorts=("state", "name", "time"),
    permissions=PANE_NEEDS["agents"],
)
