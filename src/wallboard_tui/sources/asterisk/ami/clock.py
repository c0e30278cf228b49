"""Room ``sources``: the clock of a phone system, as far as it tells it, and when it started. Pure.

It tells its clock when asked (``Ping``, Asterisk 1.6.1 and later), or by the times in its events, and roughly by how
long channels are up.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

from wallboard_tui.sources.asterisk.ami.answers import Arrived
from wallboard_tui.sources.asterisk.ami.lines import number

ROUGH_S = 3.0
"""Clocks that differ by no more than this, as far as whole seconds show, are taken to agree."""


class Clock:
    """How far a phone system's clock is ahead of ours."""

    def __init__(self) -> None:
        self.ahead = 0.0
        """Seconds, as far as it tells."""
        self.told = False
        """Whether it said so when asked; else the times in events tell it, less what they took to come."""
        self.latest = 0.0
        """The time of the newest event."""
        self._boot: Arrived | None = None
        """The phone system's word that it has started; when is told once its clock is known."""
        self._boot_ahead: float | None = None

    def answered(self, told: float | None, before: float, after: float) -> None:
        """It was asked between two moments of ours, and said ``told``."""
        self.told = told is not None
        if told is not None:
            self.ahead = told - (before + after) / 2

    def shown(self, times: Sequence[float], now: float) -> None:
        """A snapshot shows by some channels what time it is there, to the second; better than nothing told at all."""
        if times and not self.told and not self.latest:
            ahead = median(times) - now
            self.ahead = ahead if abs(ahead) > ROUGH_S else 0.0

    def place(self, arrived: float, stamp: float | None) -> float:
        """When an event happened, by the phone system's clock: its own time, else when it arrived, in order."""
        at = round(stamp if stamp is not None else arrived + self.ahead, 6)
        if stamp is None and at <= self.latest:
            at = round(self.latest + 1e-6, 6)
        self.latest = max(self.latest, at)
        if stamp is not None and not self.told:
            self.ahead = stamp - arrived
        if self._boot_ahead is None:
            # Now it is known, or it is known that nothing tells it.
            self._boot_ahead = self.ahead
        return at

    def lag(self, arrived: float, stamp: float | None) -> float | None:
        """How long an event took to come, where both clocks are known."""
        return round(max(0.0, arrived + self.ahead - stamp), 3) if stamp is not None and self.told else None

    def boots(self, word: Arrived) -> None:
        """The phone system says that it is up, and since when."""
        self._boot = word
        self._boot_ahead = self.ahead if self.told else None

    def started(self) -> float | None:
        """When the phone system started, by its own clock, where it said so since the last time.

        Where it does not tell its clock when asked, only once an event came: by the wrong clock a start would end calls
        that began after it.
        """
        boot = self._boot
        uptime = number(boot.event.get("uptime")) if boot is not None else None
        if boot is None or uptime is None:
            self._boot = None
            return None
        if self._boot_ahead is None:
            return None
        self._boot = None
        return round(boot.at + self._boot_ahead - uptime, 3)
