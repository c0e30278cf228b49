"""Room ``tui``: what it means for a pane that no phone system is heard, on a screen and in ``wallboard show``.
Pure; no textual.
"""

from dataclasses import replace

from wallboard_tui.tui.look import Look
from wallboard_tui.tui.panes.base import PaneKind

OF_PHONES = frozenset({"call", "presence"})
"""Kinds of documents that phone systems tell while they are heard, and that end where they are not."""


def of_phones(kind: PaneKind) -> bool:
    """Whether a pane shows what goes on at phone systems."""
    return bool(kind.depends & OF_PHONES)


def moment_of(kind: PaneKind, shown: float, silent: float | None) -> float:
    """The moment that a pane shows: ``shown``, or when the phone systems it tells of were last heard (``silent``; see
    ``view.health.silent_since``).
    """
    return shown if silent is None or not of_phones(kind) else min(shown, silent)


def look_of(kind: PaneKind, look: Look, now: float, silent: float | None) -> Look:
    """How a pane is drawn: dimmed, with its age, when what it tells of is not heard any more."""
    if silent is None or not of_phones(kind):
        return look
    return replace(look, stale_s=max(float(int(max(0.0, now - silent))), look.stale_s or 0.0))
