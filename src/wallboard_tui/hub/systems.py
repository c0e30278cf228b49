"""Room ``hub``: which phone systems this hub knows how to put calls together for. Knows ``sources``."""

from functools import cache

from wallboard_tui.sources.base import System


@cache
def system_of(name: str) -> System:
    """The rules of a phone system. Raises ``ValueError`` for one that nobody knows."""
    if name != "asterisk":
        raise ValueError(f"phone system “{name}” is unknown; this version knows: asterisk")
    from wallboard_tui.sources.asterisk.merge import Asterisk

    return Asterisk()
