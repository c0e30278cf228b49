"""Room ``tui``, panes: what every kind of pane has in common. Pure: no Textual, no clock, no files.

A pane asks the view one question (``ask``) and draws the answer (``draw``). The answer is a frozen dataclass of
plain values (``dataclasses.asdict`` is its JSON). Each answer has ``now``; a second later ``replace(data, now=…)``
draws the durations of that moment without asking again. Answers with rows have ``selected``; ``replace(data,
selected=key)`` moves it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Line, Look, Size

if TYPE_CHECKING:
    from wallboard_tui.metrics.thresholds import Judge
    from wallboard_tui.view.view import View


@dataclass(frozen=True)
class Context:
    """What a pane must know beside the view: the board's thresholds and what the person has chosen on the screen."""

    judge: "Judge | None" = None
    """Judges figures by the board's thresholds. It remembers between calls: one for all panes of the board."""
    text: str = ""
    """What the person is searching for."""
    sort: str = ""
    """Name of the column to sort by, one of ``PaneKind.sorts``; empty: the pane's own order."""
    descending: bool = False
    selected: str | None = None
    """Key of the selected row."""
    limit: int = 500
    """How many rows a list asks for at most."""


NOTHING_CHOSEN = Context()


class Ask(Protocol):
    """Asks the view a pane's question, through the lens of the pane's permission only."""

    def __call__(self, view: "View", me: Me, pane: Pane, now: float, context: Context = NOTHING_CHOSEN) -> Any: ...


Draw = Callable[[Any, Size, Look], list[Line]]
"""Draws an answer: exactly ``size.h`` lines of exactly ``size.w`` cells; never raises."""


def no_rows(data: Any) -> tuple[str, ...]:
    """For panes in which nothing can be selected."""
    return ()


@dataclass(frozen=True)
class Spot:
    """What stands in one cell of a drawn pane: a row (its key) or the title of a column; both empty: neither."""

    row: str = ""
    column: str = ""


NOWHERE = Spot()


def nowhere(data: Any, size: Size, look: Look, x: int, y: int) -> Spot:
    """For panes in which nothing can be pointed at."""
    return NOWHERE


def calm(data: Any) -> str:
    """For panes in which nothing can warn."""
    return "ok"


@dataclass(frozen=True)
class PaneKind:
    """One kind of pane, as the board's composer, the screen and the headless twin use it."""

    name: str
    title: str
    ask: Ask
    draw: Draw
    depends: frozenset[str] = frozenset()
    """Kinds of documents whose change may change the answer."""
    rows: Callable[[Any], tuple[str, ...]] = no_rows
    """Keys of the rows of an answer, in the order they are drawn; one of them may be ``selected``."""
    sorts: tuple[str, ...] = ()
    """Names of the columns it can be sorted by."""
    upward: frozenset[str] = frozenset()
    """Those of ``sorts`` that start upwards when they are chosen: names from A, not the largest figure."""
    spot: Callable[[Any, Size, Look, int, int], Spot] = nowhere
    """What stands in a cell of an answer as it is drawn in that size: where a mouse points."""
    columns: Callable[[Any], tuple[str, ...]] = no_rows
    """Those of ``sorts`` that an answer can be sorted by, in the order of its columns."""
    level: Callable[[Any], str] = calm
    """The worst level in an answer: ``ok``, ``warn`` or ``alert``."""
    enough: "Callable[[View, Me, Pane, float], bool] | None" = None
    """Whether a view whose older rows are still missing answers in full; ``None``: only a complete one does."""
    ticks: bool = True
    """Holds durations that run, so that it must be drawn again every second."""
    permissions: tuple[str, ...] = ()
    """Any one of these lets a person see it; empty: everyone."""
    min_height: int = 5
    """Lines below which it says little."""
