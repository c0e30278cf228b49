"""Room ``tui``: where each pane of a board stands on a screen of a given size. Pure; knows ``model`` and ``look``.

A page of a board may need more room than the screen has; then it becomes several *leaves*, in the board's order.
What the person may not see is left out, and its room goes to the rest.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from wallboard_tui.model.board import Board, Page, Pane, Row
from wallboard_tui.tui.look import Size

OPEN_TO_ALL = frozenset({"text", "clock"})
"""Panes that hold nothing but what an admin wrote."""

LEAST: dict[str, Size] = {
    "wallboard": Size(26, 9),
    "agents": Size(26, 6),
    "rollups": Size(52, 8),
    "metrics": Size(26, 7),
    "missed": Size(56, 6),
    "calls": Size(56, 8),
    "text": Size(12, 3),
    "clock": Size(12, 3),
}
"""The least room in which a pane can be read."""


@dataclass(frozen=True)
class Place:
    """A pane and its rectangle. ``id`` stays the same when the screen changes its size."""

    id: str
    pane: Pane
    x: int
    y: int
    w: int
    h: int


@dataclass(frozen=True)
class Leaf:
    """What is on the screen at one time. ``seconds``: turn on after that long; 0: never."""

    name: str
    seconds: int
    places: tuple[Place, ...]


@dataclass(frozen=True)
class _Strip:
    """Panes side by side, each with its id, and how high they want to be."""

    panes: tuple[tuple[str, Pane], ...]
    share: int

    @property
    def least(self) -> int:
        return max(LEAST[pane.pane].h for _, pane in self.panes)


def share_out(total: int, shares: Sequence[int], least: Sequence[int]) -> list[int]:
    """Cells for each share, summing to ``total``; nobody gets less than their least while there is enough for all."""
    if sum(least) > total:
        least = [0] * len(shares)
    given = [0] * len(shares)
    open_ = set(range(len(shares)))
    room = total
    while True:
        weight = sum(shares[i] for i in open_)
        short = [i for i in open_ if room * shares[i] < least[i] * weight]
        if not short:
            break
        for i in short:
            given[i] = least[i]
            room -= least[i]
            open_.discard(i)
    if not open_:  # everybody stands at their least: what is left goes to the first
        given[0] += room
        return given
    weight = sum(shares[i] for i in open_)
    edge = 0
    seen = 0
    for i in sorted(open_):
        seen += shares[i]
        given[i] = room * seen // weight - edge
        edge += given[i]
    return given


def arrange(board: Board, permitted: Collection[str], size: Size) -> tuple[Leaf, ...]:
    """The leaves of a board on a screen of ``size``. Empty when nothing on it is permitted."""
    leaves: list[Leaf] = []
    for number, page in enumerate(board.pages):
        strips = [
            strip
            for index, row in enumerate(page.rows)
            for strip in _strips(row, f"pane-{number}-{index}", permitted, size.w)
        ]
        leaves += _leaves(page, strips, size)
    return tuple(leaves)


def zoomed(leaf: Leaf, id: str, size: Size) -> Leaf:
    """One pane of a leaf with all the room there is."""
    places = tuple(Place(place.id, place.pane, 0, 0, size.w, size.h) for place in leaf.places if place.id == id)
    return Leaf(leaf.name, 0, places) if places else leaf


def board_of(panes: Sequence[str]) -> Board:
    """A plain board for somebody who is offered none: each pane they may see, two to a page."""
    rows = [Row(panes=(Pane(pane=name),)) for name in panes if name in LEAST]
    pages = [Page(name=f"Page {i // 2 + 1}", rows=tuple(rows[i : i + 2])) for i in range(0, len(rows), 2)]
    return Board(key="own", name="My board", pages=tuple(pages))


def _strips(row: Row, prefix: str, permitted: Collection[str], width: int) -> list[_Strip]:
    """A row as one strip, or as several below each other when its panes would be too narrow to read."""
    strips: list[_Strip] = []
    panes: list[tuple[str, Pane]] = []
    used = 0
    for index, pane in enumerate(row.panes):
        if pane.pane not in OPEN_TO_ALL and pane.pane not in permitted:
            continue
        need = LEAST[pane.pane].w
        if panes and used + need > width:
            strips.append(_Strip(tuple(panes), row.height))
            panes, used = [], 0
        panes.append((f"{prefix}-{index}", pane))
        used += need
    if panes:
        strips.append(_Strip(tuple(panes), row.height))
    return strips


def _leaves(page: Page, strips: Sequence[_Strip], size: Size) -> list[Leaf]:
    groups: list[list[_Strip]] = []
    room = 0
    for strip in strips:
        if groups and strip.least <= room:
            groups[-1].append(strip)
            room -= strip.least
        else:
            groups.append([strip])
            room = size.h - strip.least
    seconds = -(-page.seconds // len(groups)) if groups else 0
    return [Leaf(page.name, seconds, _places(group, size)) for group in groups]


def _places(strips: Sequence[_Strip], size: Size) -> tuple[Place, ...]:
    places: list[Place] = []
    y = 0
    heights = share_out(size.h, [strip.share for strip in strips], [strip.least for strip in strips])
    for strip, height in zip(strips, heights, strict=True):
        x = 0
        widths = share_out(
            size.w, [pane.width for _, pane in strip.panes], [LEAST[pane.pane].w for _, pane in strip.panes]
        )
        for (id, pane), width in zip(strip.panes, widths, strict=True):
            places.append(Place(id, pane, x, y, width, height))
            x += width
        y += height
    return tuple(places)
