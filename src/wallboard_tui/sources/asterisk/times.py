"""Room ``sources``: which times an Asterisk may tell, whichever witness tells them. Pure."""

from __future__ import annotations

from collections.abc import Callable

Clock = Callable[[], float]
"""The reader's own, in epoch seconds."""
EARLIEST, LATEST = 631152000, 4102444800
"""1990 and 2100: a time outside was not written by a clock that anybody set."""
OUTSIDE = "its time lies outside 1990 to 2100"
"""Why a line or row with such a time is refused."""
AHEAD_S = 300.0
"""Seconds by which a phone system's clock may be ahead of the reader's. What lies further ahead is refused: a caller
would be seen waiting who has not called."""
