"""Room ``sources``: what the manager interface says about one call, as lines that can be kept. Pure.

A line is a JSON array ``[at, word, …]``; a call's part is the *set* of its lines, so that hearing something twice adds
nothing, and the order of hearing does not matter. ``at`` is the phone system's clock, epoch seconds.

| word | after ``at`` and the word |
|---|---|
| ``new`` | channel, number dialled, context, caller's number, caller's name: a caller's channel came up |
| ``join`` | queue, number dialled, caller's number, caller's name |
| ``here`` | queue, entered, caller's number, caller's name: a snapshot shows the caller waiting there |
| ``ring`` | queue, agent, id of the agent's channel |
| ``noanswer`` | queue, agent, milliseconds rung |
| ``dump`` | queue, agent: the agent's side dropped the caller before the bridge stood |
| ``answer`` | queue, agent, seconds waited, seconds rung, id of the agent's channel |
| ``talks`` | queue, agent: a snapshot shows them talking |
| ``done`` | queue, agent, seconds waited, seconds talked (hold included), why |
| ``hold``, ``unhold`` | queue, agent |
| ``pass`` | queue, agent, ``blind`` or ``attended``: the agent passed the caller on |
| ``abandon`` | queue, seconds waited: left unanswered, and Asterisk does not say why |
| ``leave`` | queue |
| ``dial`` | id of the channel dialled, its interface, what was dialled: past the queues |
| ``dialend`` | id of the channel dialled, how it ended |
| ``missed`` | there may be words missing from here on: the line to the phone system was down |
| ``hangup`` | the caller's channel is gone |
| ``gone`` | a snapshot does not show the caller's channel any more |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wallboard_tui.sources.asterisk.times import EARLIEST, LATEST

Line = Sequence[Any]

_ORDER = (
    "new", "join", "here", "missed", "ring", "noanswer", "dump", "abandon", "leave", "answer", "talks", "dial",
    "dialend", "hold", "unhold", "pass", "done", "hangup", "gone",
)  # fmt: skip
RANK = {word: rank for rank, word in enumerate(_ORDER)}
"""What comes first of one moment."""


def order(line: Line) -> tuple[Any, ...]:
    """Canonical order: by time, then by what can follow what, then by everything else."""
    return (line[0], RANK.get(line[1], len(RANK)), *map(str, line[1:]))


def union(*sets: Iterable[Line]) -> list[list[Any]]:
    """Sets of lines as one, in canonical order."""
    return [list(line) for line in sorted({tuple(line) for lines in sets for line in lines}, key=order)]


def number(text: str | None) -> float | None:
    """A duration as Asterisk writes it; ``None`` when there is none, or it is negative (the clock was set back)."""
    try:
        value = float(text) if text else None
    except ValueError:
        return None
    if value is None or not 0 <= value < 1e9:
        return None
    return int(value) if value == int(value) else value


def moment(text: str | None) -> float | None:
    """A time in epoch seconds as Asterisk writes it; ``None`` when there is none, or none that a clock can show."""
    try:
        value = float(text) if text else 0.0
    except ValueError:
        return None
    return value if EARLIEST <= value <= LATEST else None
