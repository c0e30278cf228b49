"""Room ``tui``, screens: what stands behind a row of figures: the agents and the calls of that queue, team, number,
campaign or agent, as far as the reader may see them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wallboard_tui.access.panes import PANE_NEEDS
from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.drawing.text import wrap
from wallboard_tui.tui.look import Line, Look, Size, Span
from wallboard_tui.tui.panes import agents, calls
from wallboard_tui.tui.panes.agents import AgentsData
from wallboard_tui.tui.panes.agents_grid import FULL_W
from wallboard_tui.tui.panes.calls import CallsData
from wallboard_tui.tui.panes.seen import Names, bounds, first_lens, lens_bits, zone_name
from wallboard_tui.tui.screens.detail import Detail
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

MOST = 200
"""Calls that are shown at most."""
NEITHER = (
    "You may see these figures, but neither the agents nor the calls behind them. Ask whoever gives out roles, if you "
    "need them."
)


@dataclass(frozen=True)
class Found:
    """What the reader may see behind a row; ``None`` where they may see none of that kind at all."""

    agents: AgentsData | None = None
    calls: CallsData | None = None


class Behind(Detail):
    """The agents, as they are now, and the calls of the period behind one row of figures."""

    depends = agents.KIND.depends | calls.KIND.depends

    def __init__(self, pane: Pane, key: str, name: str) -> None:
        super().__init__()
        self.title_text = name
        self._pane = pane
        self._key = key
        self._found: Found | None = None

    async def look_up(self) -> None:
        me, pane, key = self.wallboard.me, self._pane, self._key
        now = self.wallboard.terminal.standing().shown
        if me is not None:
            reader = me
            self._found = await self.ask(lambda view: behind(view, reader, pane, key, now), self._found)
            self.redraw()

    def picture(self, width: int, height: int) -> Sequence[Line]:
        return found_lines(self._found, width, self.wallboard.look) if self._found is not None else []


def behind(view: View, me: Me, pane: Pane, key: str, now: float) -> Found:
    """The agents of a queue or team, and the calls of the pane's period that came to a row's subject."""
    staff = None
    if pane.by in ("queue", "team") and first_lens(me, PANE_NEEDS["agents"]) is not None:
        chosen = {"queues": (key,)} if pane.by == "queue" else {"teams": (key,)}
        staff = agents.ask(view, me, Pane(pane="agents", **chosen), now)
    bits = lens_bits(me, PANE_NEEDS["calls"])
    return Found(staff, _calls(view, me, bits, pane, key, now) if bits else None)


def _calls(view: View, me: Me, bits: int, pane: Pane, key: str, now: float) -> CallsData:
    start, end = bounds(pane, me, now)
    docs = queries.calls(
        view,
        bits,
        limit=MOST + 1,
        before=end + 1,
        queue=key if pane.by == "queue" else None,
        agent=key if pane.by == "agent" else None,
        campaign=key if pane.by == "campaign" else None,
        fact=f"{pane.by}:{key}" if pane.by in ("team", "number") else None,
    )
    names = Names.of(view)
    rows = [calls.row_of(doc, names) for doc in docs if float(doc["started"]) >= start]
    return CallsData(now, "Calls", zone_name(me), tuple(rows[:MOST]), more=len(rows) > MOST)


def found_lines(found: Found, w: int, look: Look) -> list[Line]:
    """Agents above calls, each in a frame as high as it needs."""
    if found.agents is None and found.calls is None:
        return [(Span(row, "dim"),) for row in wrap(NEITHER, w, look.glyphs)]
    lines: list[Line] = []
    if found.agents is not None:
        columns = max(1, w // (FULL_W + 2))
        size = Size(w, 2 + max(1, -(-len(found.agents.rows) // columns)))
        lines += agents.draw(found.agents, size, look)
    if found.calls is not None:
        lines += calls.draw(found.calls, Size(w, 3 + max(1, len(found.calls.rows))), look)
    return lines
