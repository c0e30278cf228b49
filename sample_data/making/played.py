"""What the demo plays: calls chosen from the recording, at an office's pace.

The recording is a load test. Of its calls some are chosen by rule, and time between them runs slower, and so do talks
and pauses. How long callers waited and agents' phones rang is as recorded.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from making.log import written
from making.recorded import Recorded, RecordedCall

SLOWER = 15
"""So many times as long as recorded last talks and pauses, and what lies between calls."""
SERVICE_LEVEL = 0.72
"""Of the chosen calls of each queue, the share that an agent answered within the queue's threshold."""
SPELL_S = 60
"""Calls are chosen for each so many recorded seconds: a quarter of an hour when it is played."""
SWING = 0.6
"""By what share there are more or fewer of the others in a spell."""
AT_MOST = {"sales": 17, "support": 10, "billing": 6, "vip": 6}
"""How many calls answered in time are chosen of so long a time."""
REST_S = 4
"""Seconds an agent has between two calls, at the least."""
STATED = {"COMPLETEAGENT": 1, "COMPLETECALLER": 1, "BLINDTRANSFER": -2, "ATTENDEDTRANSFER": -2}
"""Which parameter of a line says how long the talk was."""
TIMES = slice(9, 12)
"""Columns of the CDR that hold a time; the two behind them say how long the call was."""

Clock = Callable[[float], int]


@dataclass(frozen=True)
class Played:
    """A chosen call on its own clock."""

    call: RecordedCall
    clock: Clock
    busy: tuple[tuple[str, int, int], ...]
    """Agent, from, to, in played time."""


def played(recorded: Recorded, seed: int) -> tuple[list[tuple[int, str]], list[tuple[str, ...]]]:
    """queue_log lines and CDR rows, in order, with times since 1970 that begin when the recording does."""
    chosen = _without_overlap(_chosen(recorded, random.Random(seed)), recorded.start)
    lines: list[tuple[int, int, str]] = []
    rows: list[tuple[int, int, tuple[str, ...]]] = []
    for order, at, text in recorded.other_lines():
        lines.append((recorded.start + (at - recorded.start) * SLOWER, order, text))
    for each in chosen:
        name = _new_id(each.call.id, each.clock(each.call.started))
        lines += [(each.clock(at), order, f"{name}|{_slower(rest)}") for order, at, rest in each.call.lines]
        ended = max(each.clock(_time(row[11])) for row in each.call.rows)
        rows += [(ended, index, _moved_row(row, each.clock, name)) for index, row in enumerate(each.call.rows)]
    return [(at, text) for at, _, text in sorted(lines)], [row for *_, row in sorted(rows, key=lambda each: each[:2])]


def _chosen(recorded: Recorded, chance: random.Random) -> list[RecordedCall]:
    """Of each spell: callers whom an agent answered in time, and of the others as many as go with them."""
    calls = recorded.calls()
    chosen = [call for call in calls if call.queue is None and call.talks]
    by_spell: dict[tuple[str, int], list[RecordedCall]] = {}
    for call in calls:
        if call.queue is not None:
            by_spell.setdefault((call.queue, (call.started - recorded.start) // SPELL_S), []).append(call)
    for (queue, _), some in sorted(by_spell.items()):
        quick = [call for call in some if call.in_time]
        quick = chance.sample(quick, min(len(quick), AT_MOST[queue]))
        others = [call for call in some if not call.in_time]
        wanted = round(len(quick) * (1 / SERVICE_LEVEL - 1) * chance.uniform(1 - SWING, 1 + SWING))
        chosen += quick + chance.sample(others, min(len(others), wanted))
    return sorted(chosen, key=lambda call: (call.anchor, call.id))


def _without_overlap(calls: Sequence[RecordedCall], start: int) -> list[Played]:
    """Calls of which no agent has another at the same time, first come first served."""
    taken: dict[str, list[tuple[int, int]]] = {}
    found = []
    for call in calls:
        clock = _clock(call, start)
        busy = tuple((name, clock(since) - REST_S, clock(until) + REST_S) for name, since, until in call.busy)
        if any(since < end and begin < until for name, since, until in busy for begin, end in taken.get(name, ())):
            continue
        for name, since, until in busy:
            taken.setdefault(name, []).append((since, until))
        found.append(Played(call, clock, busy))
    return found


def _clock(call: RecordedCall, start: int) -> Clock:
    """Recorded seconds to played ones: slower while somebody talks, anchored where the first talk or the call ends."""
    anchor = start + (call.anchor - start) * SLOWER

    def clock(at: float) -> int:
        talked = sum(min(max(at, since), until) - since for since, until in call.talks)
        before = sum(min(max(call.anchor, since), until) - since for since, until in call.talks)
        return int(anchor + at - call.anchor + (talked - before) * (SLOWER - 1))

    return clock


def _slower(rest: str) -> str:
    """A line behind the call's id, with the talk it states as long as it is played."""
    queue, agent, verb, *params = rest.split("|")
    if verb in STATED:
        params[STATED[verb]] = str(int(params[STATED[verb]]) * SLOWER)
    return "|".join((queue, agent, verb, *params))


def _new_id(call: str, started: int) -> str:
    system, _, rest = call.rpartition("-")
    return f"{system}-{started}.{rest.rpartition('.')[2]}"


def _moved_row(row: tuple[str, ...], clock: Clock, name: str) -> tuple[str, ...]:
    start, answer, end = (clock(_time(text)) if text else None for text in row[TIMES])
    assert start is not None
    assert end is not None
    lasts = (str(end - start), str(end - answer) if answer is not None else "0")
    times = tuple("" if at is None else written(at) for at in (start, answer, end))
    return (*row[: TIMES.start], *times, *lasts, *row[14:16], name, *row[17:])


def _time(text: str) -> float:
    return datetime.strptime(text, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC).timestamp()
