"""Room ``sources``: settings of a queue that both the phone system and people may make. Pure.

The queue's document remembers what the phone system last said (``told``). While the setting that holds equals that, or
is none, it follows the phone system; once people have made it another, theirs stays. Of a setting whose memory is not
there yet nobody can say who made it: it stays, and is followed where both are the same.
"""

from __future__ import annotations

from wallboard_tui.model.base import Doc

SETTINGS = ("service_level_s", "wrap_up_s")


def settled(old: Doc | None, new: Doc) -> Doc:
    """The settings of a queue's document ``old`` after the phone system said ``new``, and what it said of them.

    A setting that ``new`` does not have is not spoken of; ``None`` and 0: the phone system has none. Gives the fields
    ``service_level_s``, ``wrap_up_s`` (``None``: none holds) and ``told``, each only where there is something to say.
    """
    before: Doc = old or {}
    told: Doc = dict(before.get("told") or {})
    found: Doc = {}
    for name in SETTINGS:
        if name in new:
            said = new[name] or None
            holds = before.get(name)
            follows = holds is None or (name in told and holds == told[name])
            found[name] = said if follows else holds
            told[name] = said
    return {**found, "told": told} if told else found
