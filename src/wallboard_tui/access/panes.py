"""Room ``access``: which panes follow from permissions, through which lens each looks, and where a person lands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from wallboard_tui.access.permissions import ROLLUP_REPORTS

if TYPE_CHECKING:  # a terminal asks which panes there are, and needs none of what permissions are derived with
    from wallboard_tui.access.derive import Effective

ROLLUPS: Final = ("analytics.rollup", *ROLLUP_REPORTS)
PANE_NEEDS: Final[Mapping[str, tuple[str, ...]]] = {
    "wallboard": ("wallboard",),
    "agents": ("supervisor", "wallboard"),
    "rollups": ROLLUPS,
    "metrics": ("analytics",),
    "missed": ("reports.missed",),
    "calls": ("calls", "recents"),
}
"""Each pane, in the order people land on them, with the permissions of which one is enough."""
FULLY: Final[Mapping[str, tuple[str, ...]]] = {"wallboard": ("supervisor",)}
"""Panes that a permission opens, too, where it is held to manage: full access to the supervisor workspace is to monitor
"real-time call center operations, including key KPIs, ongoing calls, and agent statuses" (003).
"""

BY: Final[Mapping[str, tuple[str, ...]]] = {
    "queue": ("analytics.rollup", "reports.queues", "reports.call_volume"),
    "agent": ("analytics.filter_agents", "reports.productivity", "analytics"),
    "team": ("analytics.rollup", "reports.productivity"),
    "number": ("analytics.rollup", "reports.campaigns"),
    "campaign": ("analytics.rollup", "reports.campaigns"),
    "all": ROLLUPS,
}
"""What figures may be broken down by, with the permissions of which one is enough.

The one rule about it: figures by a dimension are computed over the union of the scopes of its permissions. Each such
scope is a lens, which says so (``Lens.by``); panes, commands and the feed ask the lens.
"""


def panes(effective: Effective) -> tuple[str, ...]:
    """Panes that these permissions open, in the order people land on them."""
    return tuple(
        pane
        for pane, needs in PANE_NEEDS.items()
        if any(effective.holds(name) for name in needs)
        or any(effective.holds(name, "manage") for name in FULLY.get(pane, ()))
    )


def landing(effective: Effective) -> str | None:
    """The first pane a person may open; ``None`` when there is none."""
    return next(iter(panes(effective)), None)


def no_breakdown(by: str, others: Sequence[str]) -> str:
    """Why figures are not broken down by a dimension, and by which they may be: a sentence."""
    refused = "You may not see the total of all calls" if by == "all" else f"You may not break figures down by {by}"
    dimensions = [other for other in others if other != "all"]
    head, last = ", ".join(dimensions[:-1]), "".join(dimensions[-1:])
    ways = [f"break them down by {head} or {last}" if head else f"break them down by {last}"] if last else []
    ways += ["see the total (all)"] if "all" in others else []
    return (
        f"{refused}; you may {', or '.join(ways)}."
        if ways
        else "You may not see figures of calls, however they are broken down."
    )
