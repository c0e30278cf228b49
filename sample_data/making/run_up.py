"""The run-up to the recording: its own calls, ever more of them, so that the load it begins with has been growing.

The recording is a load test: two calls a second, talks of seconds. A day of office calls right before it would end in a
cliff. So some of the recorded calls that were answered are put before it, each as it was, where the agents they rang
were idle.
"""

from __future__ import annotations

import math
import random
from collections.abc import Iterable
from datetime import UTC, datetime

from making.log import written
from making.recorded import Recorded, RecordedCall

ROUND_S = 848
"""How long the recorded load lasts."""
LASTS_S = 7200
SLOPE_S = 1500
"""After so many seconds there are *e* times as many calls."""
TIMES = slice(9, 12)
"""Columns of the CDR that hold a time."""

Spans = dict[str, list[tuple[int, int]]]


def run_up(
    recorded: Recorded, ends: int, idle: Iterable[tuple[str, int, int]], seed: int
) -> tuple[list[tuple[int, str]], list[tuple[str, ...]]]:
    """queue_log lines and CDR rows up to ``ends``. ``idle``: agent, from, to: when they can be rung."""
    chance = random.Random(seed)
    free: Spans = {}
    for name, since, until in idle:
        free.setdefault(name, []).append((since, until))
    lines: list[tuple[int, str]] = []
    rows: list[tuple[str, ...]] = []
    calls = recorded.answered()
    for back in range(1, math.ceil(LASTS_S / ROUND_S) + 1):
        shift = ends - back * ROUND_S - recorded.start
        for call in calls:
            left = ends - call.started - shift
            if call.ended + shift >= ends or chance.random() >= math.exp(-left / SLOPE_S):
                continue
            if all(_take(free, name, since + shift, until + shift) for name, since, until in _longest(call)):
                lines += _moved_lines(call, shift)
                rows += [_moved_row(row, shift) for row in call.rows]
    return lines, rows


def _longest(call: RecordedCall) -> Iterable[tuple[str, int, int]]:
    """Each agent once, from the first moment the call kept them to the last."""
    spans: dict[str, tuple[int, int]] = {}
    for name, since, until in call.busy:
        before = spans.get(name, (since, until))
        spans[name] = min(before[0], since), max(before[1], until)
    return [(name, *span) for name, span in spans.items()]


def _take(free: Spans, name: str, since: int, until: int) -> bool:
    """Whether an agent is idle all that time, who then no longer is."""
    for index, (start, end) in enumerate(free.get(name, ())):
        if start < since and until < end:
            free[name][index : index + 1] = [(start, since), (until, end)]
            return True
    return False


def _moved_id(call: str, shift: int) -> str:
    system, _, rest = call.rpartition("-")
    second, _, number = rest.partition(".")
    return f"{system}-{int(second) + shift}.{number}"


def _moved_lines(call: RecordedCall, shift: int) -> list[tuple[int, str]]:
    name = _moved_id(call.id, shift)
    return [(at + shift, f"{name}|{rest}") for at, rest in call.lines]


def _moved_row(row: tuple[str, ...], shift: int) -> tuple[str, ...]:
    def moved(text: str) -> str:
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC) if text else None
        return written(moment.timestamp() + shift) if moment else ""

    times = tuple(moved(text) for text in row[TIMES])
    return (*row[: TIMES.start], *times, *row[TIMES.stop : 16], _moved_id(row[16], shift), *row[17:])
