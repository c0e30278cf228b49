"""Room ``sources``: when a call is over, by what was told and what only follows, and what is closed then. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.ami.fold import AmiFold


class End(NamedTuple):
    """That a call is over, and since when at the latest."""

    at: float
    told: bool = True
    """Whether a witness told of the end; else it only follows from what the phone system had later."""
    lost: bool = False
    """Whether the phone system went down and took the call with it."""


def end_of(ami: AmiFold, known: Doc, last: float, restart: float | None) -> End | None:
    """The end of a call: as it was heard, else the CDR's, else what follows from whichever came first, a snapshot
    without it or the start of the phone system, which no call survives: snapshots after it show no call from before,
    however that ended. So it does not matter which of the two was known first.
    """
    if ami.over is not None:
        return End(ami.over)
    if known and known["ended"] >= last:
        return End(known["ended"])
    if ami.not_shown is not None and (restart is None or ami.not_shown < restart):
        return End(ami.not_shown, told=False)
    return None if restart is None else End(restart, told=False, lost=True)


def close(visits: Sequence[Doc], legs: Sequence[Doc], at: float, *, told: bool) -> bool:
    """The call is over: what is still open ended in a way that nobody told. Whether there was anything.

    A ring is canceled by a caller who left, and only where that was ``told``: else nobody knows what became of it.
    """
    waiting = [visit for visit in visits if visit["outcome"] == "waiting"]
    for visit in waiting:
        visit.update(outcome="unknown", left=at)
    going_on = [leg for leg in legs if "ended" not in leg and leg["outcome"] in ("ringing", "answered")]
    for leg in going_on:
        leg["ended"] = at
        leg.pop("held", None)
        if leg["outcome"] == "ringing":
            leg["outcome"] = "canceled" if told else "unknown"
    return bool(waiting or going_on)
