"""Room ``metrics``: which queues agents speak of when they name none. Pure.

A pause, a log-in or a phone that is gone holds until the next statement of its family. It is about every queue in
which the agent sits at some moment while it holds: what it means there depends on nothing else. The first of a family
also tells what was before it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby
from math import inf
from typing import Final

from wallboard_tui.metrics.presence import DEVICES

FAMILIES: Final = (("login", "logout"), ("pause", "unpause"), tuple(sorted(DEVICES)))
"""Statements of one family end each other."""
Second = tuple[float, frozenset[str]]
"""A moment, and what was said at it."""


def seconds(said: Iterable[tuple[float, str]]) -> list[Second]:
    """What was said of one queue, by moment, in order of time. A moment that tells both of joining and of leaving, and
    of nothing else, changes nothing.
    """
    found = [(at, frozenset(what for _, what in group)) for at, group in groupby(sorted(said), key=lambda one: one[0])]
    return [second for second in found if second[1] != {"join", "leave"}]


def sits(said: Sequence[Second], begin: float, end: float) -> bool:
    """Whether the agent is in a queue at some moment from ``begin`` to ``end``, both included.

    ``said``: of that queue, as ``seconds`` has it; it may lack what is older than the last moment before ``begin``, and
    newer than the first after ``end``. Who speaks of a queue before having joined it was in it all along.
    """
    before = bisect_left(said, begin, key=lambda one: one[0])
    after = bisect_right(said, end, key=lambda one: one[0])
    if before < after:
        return True
    if before:
        return "leave" not in said[before - 1][1]
    return after < len(said) and "join" not in said[after][1]


def about(
    statements: Collection[tuple[str, float]],
    said: Mapping[str, Sequence[Second]],
    *,
    first: bool = True,
    until: float = inf,
) -> dict[str, frozenset[str]]:
    """Key of each statement of one family → the queues that it is about.

    ``statements``: key and time, none of those between the oldest and the newest missing. ``first``: whether the oldest
    is the first of all; ``until``: when the one after the newest was made. ``said``: queue → what was said of it.
    """
    times = sorted({at for _, at in statements})
    ends = dict(zip(times, (*times[1:], until), strict=False))
    spans = {at: frozenset(queue for queue, own in said.items() if sits(own, at, end)) for at, end in ends.items()}
    if first and times:
        spans[times[0]] = frozenset(queue for queue, own in said.items() if sits(own, -inf, ends[times[0]]))
    return {key: spans[at] for key, at in statements}
