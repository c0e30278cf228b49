"""Room ``metrics``: from what agents said about their presence to intervals. Pure."""

from collections.abc import Collection, Iterable

from wallboard_tui.model.agent import Interval
from wallboard_tui.model.base import Doc


def fold(
    agent: str, events: Iterable[Doc], static_queues: Collection[str] = (), *, since: float | None = None
) -> list[Interval]:
    """An agent's intervals, in order of start."""
    raise NotImplementedError
