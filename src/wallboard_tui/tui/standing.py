"""Room ``tui``: how a terminal stands with its hub, as the header says it. Pure."""

from dataclasses import dataclass

SILENT_AFTER_S = 15.0
"""Seconds without a word from a hub that is said to be live after which the screen no longer believes it.

The client calls it stale after 12 s by itself; this holds even when the client's own watch has stopped.
"""
JUST_NOW_S = 12.0
"""An interruption shorter than this is called reconnecting; longer ago the header says as of when the data is."""


@dataclass(frozen=True)
class Standing:
    """How the terminal stands with its hub.

    ``state``: ``connecting``, ``live``, ``stale`` or ``signed-out``. ``heard``: the hub's time when it was last heard,
    in an earlier run of the terminal too, ``None``: never. ``now``: the hub's time now. Of ``total`` older rows
    ``done`` are here.
    """

    state: str
    now: float
    heard: float | None = None
    reason: str = ""
    done: int = 0
    total: int = 0
    empty: bool = False
    """Whether nothing is here that may be shown: the lease of what was is over."""

    @property
    def age(self) -> float | None:
        """Seconds since the hub was last heard."""
        return None if self.heard is None else max(0.0, self.now - self.heard)

    @property
    def stale(self) -> bool:
        """Whether the picture is too old to be believed."""
        return self.state == "stale" or (self.state == "live" and (self.age or 0.0) > SILENT_AFTER_S)

    @property
    def old(self) -> bool:
        """Whether the picture is dimmed: it is stale, or it comes from the cache and the hub has not answered yet."""
        return self.stale or (self.state != "live" and (self.age or 0.0) > JUST_NOW_S)

    @property
    def live(self) -> bool:
        """Whether what is drawn is what the hub knows."""
        return self.state == "live" and not self.stale

    @property
    def shown(self) -> float:
        """The moment that the picture shows: durations stand still when nobody knows whether they go on."""
        return self.heard if self.old and self.heard is not None else self.now
