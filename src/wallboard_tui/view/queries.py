"""Room ``view``: what one can ask a view. Plain SQL; every answer depends on the view, the lens and an explicit ``now`` alone."""

from collections.abc import Collection, Sequence
from typing import Any, Literal

from wallboard_tui.model.agent import Interval
from wallboard_tui.model.base import Doc
from wallboard_tui.model.live import LiveAgent, LiveQueue
from wallboard_tui.view.view import View

By = Literal["queue", "agent", "team", "number", "campaign", "all"]


def documents(view: View, kind: str) -> dict[str, Doc]:
    """All documents of a kind, by key."""
    raise NotImplementedError


def document(view: View, kind: str, key: str) -> Doc | None:
    """One document, ``None`` when there is none."""
    raise NotImplementedError


def measures(view: View, lens: int, *, by: By, start: float, end: float, now: float) -> dict[str, dict[str, float]]:
    """Subject → measures of a period, what is going on at ``now`` included."""
    raise NotImplementedError


def trend(
    view: View, lens: int, *, by: By, subject: str, start: float, end: float, step: float, now: float
) -> list[dict[str, float]]:
    """Measures of one subject in steps of ``step`` seconds; each also has ``start``."""
    raise NotImplementedError


def trends(
    view: View, lens: int, *, by: By, start: float, end: float, step: float, now: float
) -> dict[str, list[dict[str, float]]]:
    """The same for all subjects in one pass."""
    raise NotImplementedError


def live_queues(view: View, lens: int, now: float) -> dict[str, LiveQueue]:
    """What goes on in each queue."""
    raise NotImplementedError


def live_agents(view: View, lens: int, now: float) -> list[LiveAgent]:
    """What each agent does."""
    raise NotImplementedError


def staffing(view: View, lens: int, now: float) -> dict[str, dict[str, float]]:
    """Queue → how many of its agents are talking, available, paused, logged in (names of ``measures.LIVE``)."""
    raise NotImplementedError


def calls(
    view: View,
    lens_bits: int,
    *,
    limit: int,
    before: float | tuple[float, str] | None = None,
    text: str = "",
    queue: str | None = None,
    agent: str | None = None,
    direction: str | None = None,
    state: str | None = None,
    caller: str | None = None,
) -> list[Doc]:
    """Calls, newest first, that one of the lenses in ``lens_bits`` admits."""
    raise NotImplementedError


def call(view: View, key: str) -> Doc | None:
    """One call, ``None`` when there is none."""
    raise NotImplementedError


def followups(view: View, since: float, statuses: Collection[str]) -> list[Doc]:
    """Missed opportunities whose last miss is not before ``since``, newest first."""
    raise NotImplementedError


def intervals(view: View, agent: str, start: float, end: float, queue: str | None = None) -> list[Interval]:
    """An agent's past that overlaps a stretch of time, oldest first; ``queue=None``: the agent as a whole."""
    raise NotImplementedError


def complete_since(view: View) -> float | None:
    """Since when rows are complete while a back-fill runs; ``None``: all of them are there."""
    raise NotImplementedError


def scoped_cells(
    view: View, where: str, params: Sequence[Any], *, start: float, end: float, lens: int = 0
) -> list[Doc]:
    """Cells over only those calls that an SQL condition over ``c`` admits, as ``CellRow`` documents."""
    raise NotImplementedError
