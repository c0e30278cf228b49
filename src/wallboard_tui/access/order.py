"""Room ``access``: the order "not higher than": one set of permissions within another. Pure."""

from __future__ import annotations

from wallboard_tui.access.derive import Effective
from wallboard_tui.access.permissions import LEVELS, PERMISSIONS


def leq(a: Effective, b: Effective) -> list[str]:
    """Permissions that *a* has beyond *b*, sorted; an empty list means *a* is not higher than *b*.

    Roles are compared symbolically, people resolved: pass both in the same form. Incomparable scopes count as beyond.
    """
    missing = []
    for name, mine in a.permissions.items():
        theirs = b.permissions.get(name)
        within = theirs is not None and mine.scope <= theirs.scope
        # Where managing is no more than viewing, the level says nothing.
        if within and theirs is not None and PERMISSIONS[name].manageable:
            within = LEVELS.index(mine.level) <= LEVELS.index(theirs.level) and mine.managed <= theirs.managed
        if not within:
            missing.append(name)
    return sorted(missing)
