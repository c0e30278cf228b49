"""Room ``sources``: the visits of one call while its lines are taken in: where the caller waits, how it ends. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

from wallboard_tui.model.base import Doc

GONE, LEFT = "gone", "left"
"""Outcomes of a visit: left unanswered after waiting (abandoned, timed out, withdrawn …), and left some other way (by
a key, or because nobody was there)."""
FITS_S = 3.0
"""Waits and talks are whole seconds: what they add up to may be so far off."""


@dataclass(slots=True)
class Stays:
    """Visits in the order in which the caller entered. Queues by their keys."""

    visits: list[Doc] = field(default_factory=list)
    waits: bool = False
    """Whether the caller waits: the newest visit goes on."""

    def in_queue(self, queue: str) -> bool:
        """Whether the caller waits there."""
        return self.waits and bool(self.visits[-1]["queue"] == queue)

    def enter(self, queue: str, at: float) -> None:
        """The caller waits from now on."""
        self.visits.append({"queue": queue, "entered": round(at, 3), "outcome": "waiting"})
        self.waits = True

    def leave(self, at: float, outcome: str, waited: float | None) -> Doc:
        """The caller waits no more."""
        visit = self.visits[-1]
        visit.update(outcome=outcome, left=round(at, 3))
        if waited is not None:
            visit["wait_s"] = waited
        self.waits = False
        return visit

    def given_up(self, queue: str, at: float, waited: float | None) -> Doc | None:
        """The newest visit, where it is over in a way that an answer at this time can still explain."""
        if self.waits or not self.visits or self.visits[-1]["queue"] != queue:
            return None
        last = self.visits[-1]
        fits = waited is not None and abs(last["entered"] + waited - at) <= FITS_S
        return last if last["outcome"] == LEFT or (last["outcome"] == "unknown" and fits) else None


def since(visit: Doc, at: float) -> float:
    """Seconds of a visit so far, where nobody says."""
    return float(max(round(at - visit["entered"], 3), 0))
