"""Room ``client``: what was freed goes back to the system. Knows the C library only."""

from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Return memory that was freed, but is kept for next time; a few milliseconds.

    After a history has gone in that is a fifth of what a terminal holds, and a terminal runs for weeks. Only the GNU C
    library has a word for it; elsewhere this does nothing.
    """
    if (trim := _trim()) is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], int] | None:
    from ctypes import CDLL  # not before it is needed: the first paint does without

    try:
        found: Callable[[int], int] = CDLL(None).malloc_trim
    except (AttributeError, OSError, TypeError):
        return None
    return found
