"""Room ``tui``, panes: the grid of agents, as cards or in lines. Draws rows; knows nothing of views."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wallboard_tui.tui.drawing.box import frame, inside, listed, message
from wallboard_tui.tui.drawing.lines import Block, aired, beside, exactly, fitted, layered, shares
from wallboard_tui.tui.drawing.table import unsaid, window
from wallboard_tui.tui.drawing.text import clean, name
from wallboard_tui.tui.drawing.units import DURATION_W, duration
from wallboard_tui.tui.look import Look, Size, Span, cells, width
from wallboard_tui.tui.panes.base import NOWHERE, Spot
from wallboard_tui.tui.panes.frames import finished
from wallboard_tui.tui.panes.words import STATES

if TYPE_CHECKING:
    from wallboard_tui.tui.panes.agents import AgentRow, AgentsData

FULL_W, SHORT_W, CARD_W, WIDEST = 28, 17, 26, 52
"""Cells of one agent: with the state in words, with its glyph alone, as a card of two lines, and at most."""
CARD_H, FULL_H, AIRY_H = 2, 4, 6
"""Lines of one agent's card, with the queues on a line of their own, and with as much air as does any good."""
BETWEEN_W = 2
"""Cells between two columns."""


@dataclass(frozen=True)
class Shape:
    """How agents stand: down so many columns of these widths, ``each`` lines high; ``page``: which of them."""

    page: range
    rows: int
    widths: tuple[int, ...]
    each: int
    as_cards: bool


def draw_agents(data: "AgentsData", size: Size, look: Look) -> Block:
    """The grid in its frame, with counts by state in the border."""
    room = inside(size)
    if not data.rows:
        content = message(_nobody(data), room, look)
    else:
        content = aired(_grid(data, Size(max(0, room.w - 2), room.h), look))
    return finished(frame(content, size, look, data.title, after_title=_counts(data, size.w, look)), size, look)


def agents_spot(data: "AgentsData", size: Size, look: Look, x: int, y: int) -> Spot:
    """What stands in a cell of the pane: an agent, or nobody."""
    room = inside(size)
    x, y = x - (size.w - room.w) // 2 - 1, y - (size.h - room.h + 1) // 2
    shape = _shape(data, Size(max(0, room.w - 2), room.h))
    if shape is None or x < 0 or not 0 <= y < min(room.h, shape.rows * shape.each):
        return NOWHERE
    end = 0
    for column, w in enumerate(shape.widths):
        end += w + BETWEEN_W
        if x < end:
            index = column * shape.rows + y // shape.each
            return Spot(data.rows[shape.page[index]].key) if index < len(shape.page) else NOWHERE
    return NOWHERE


def _nobody(data: "AgentsData") -> str:
    if data.text:
        return f"No agent matches “{data.text}”."
    return "No agent to show. Agents appear here when they sign in to a queue that you may see."


def _counts(data: "AgentsData", w: int, look: Look) -> tuple[Span, ...]:
    """``12 available · 9 talking · 2 wrap-up · 3 paused``, as much of it as has room."""
    counts = {state: sum(row.state == state for row in data.rows) for state in STATES}
    parts = [
        (Span(f"{count} ", "value"), Span(STATES[state], f"state.{state}")) for state, count in counts.items() if count
    ]
    return listed(parts, w - cells(data.title) - 10, look)


def _shape(data: "AgentsData", size: Size) -> Shape | None:
    """A card for each agent where all of them have room for one, else a line: the pane is filled either way."""
    if size.h <= 0 or size.w <= 0 or not data.rows:
        return None
    count = len(data.rows)
    # No card is wider than the widest: over a wide gap nobody finds the time that belongs to a name.
    least = max(-(-(size.w + 2) // (WIDEST + 2)), -(-count // max(1, size.h // CARD_H)))
    # One more column than cards at their widest take, where it leaves each of them the lines for all that it says.
    full = next((n for n in (least, least + 1) if n and size.h + 1 >= FULL_H * -(-count // n)), least)
    columns = full if full <= (size.w + 2) // (CARD_W + 2) else least
    if size.h >= CARD_H and columns <= (size.w + 2) // (CARD_W + 2):
        each = max(CARD_H, min(AIRY_H, (size.h + 1) // -(-count // columns)))
        return _shaped(range(count), columns, each, size.w, size.w, as_cards=True)
    return _list(data, size)


def _list(data: "AgentsData", size: Size) -> Shape:
    """As few columns as hold everybody."""
    count = len(data.rows)
    most = max(1, (size.w + 2) // (SHORT_W + 2))
    columns = min(most, max(1, (size.w + 2) // (WIDEST + 2), -(-count // size.h)))
    rows = size.h if count <= columns * size.h else max(1, size.h - 1)
    at = next((index for index, row in enumerate(data.rows) if row.key == data.selected), None)
    return _shaped(window(count, columns * rows, at), columns, 1, size.w, WIDEST, as_cards=False)


def _shaped(page: range, columns: int, each: int, w: int, widest: int, *, as_cards: bool) -> Shape:
    columns = max(1, columns)
    widths = tuple(min(share, widest) for share in shares(w - BETWEEN_W * (columns - 1), [1] * columns))
    return Shape(page, max(1, -(-len(page) // columns)), widths, each, as_cards)


def _grid(data: "AgentsData", size: Size, look: Look) -> Block:
    """Everybody who has room; with the state in words where that fits, else with its glyph alone."""
    shape = _shape(data, size)
    if shape is None:
        return []
    shown = data.rows[shape.page.start : shape.page.stop]
    if shape.as_cards:
        return _columns([_card(row, data, look, shape.each) for row in shown], shape, size.w, data)[: size.h]
    lines = _columns([_line(row, data, look) for row in shown], shape, size.w, data)
    if len(shown) < len(data.rows) and size.h > 1:
        lines.append(fitted([Span(unsaid(shape.page, len(data.rows), look), "dim")], size.w))
    return lines


Drawn = Callable[[int], Block]
"""Draws one agent in a number of cells."""


def _columns(drawn: Sequence[Drawn], shape: Shape, w: int, data: "AgentsData") -> Block:
    """Agents down the columns."""
    blocks: list[Block] = []
    for x, room in enumerate(shape.widths):
        column: Block = []
        for index in range(x * shape.rows, (x + 1) * shape.rows):
            card = drawn[index](room) if index < len(drawn) else []
            if index < len(drawn) and data.rows[shape.page[index]].key == data.selected:
                card = layered(card, "selected")
            column += exactly(card, Size(room, shape.each))
        blocks += [[(Span(" " * BETWEEN_W),)] * (shape.rows * shape.each), column] if x else [column]
    return [fitted(line, w) for line in beside(blocks)]


def _head(row: "AgentRow", data: "AgentsData", look: Look) -> tuple[Span, Span]:
    """The state's glyph, and for how long: always at the two ends of an agent's first line."""
    role = f"state.{row.state}" if row.state in STATES else "state"
    since = None if row.since is None else data.now - row.since
    return Span(f"{look.glyphs.state.get(row.state, '?')} ", role), Span(f" {duration(since, look.glyphs)}", role)


def _card(row: "AgentRow", data: "AgentsData", look: Look, h: int) -> Drawn:
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


def _line(row: "AgentRow", data: "AgentsData", look: Look) -> Drawn:
    """``◆ Ben Walsh     talking   06:02``: the time always in the same place."""
    sign, time = _head(row, data, look)

    def drawn(w: int) -> Block:
        word_w = min(16, max(9, (w - DURATION_W) // 3)) if w >= FULL_W else 0
        who = name(row.name, w - 2 - DURATION_W - 1 - (word_w + 1 if word_w else 0), look.glyphs)
        word = [Span(f" {name(_word(row), word_w, look.glyphs)}", sign.style)] if word_w else []
        return [fitted([sign, Span(who, "name" if row.state != "out" else "dim"), *word, time], w)]

    return drawn


def _word(row: "AgentRow") -> str:
    """Why somebody is paused, else the state."""
    return row.reason or STATES.get(row.state, row.state)
