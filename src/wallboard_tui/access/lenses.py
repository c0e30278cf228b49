"""Room ``access``: the lenses through which one person sees rows and figures: one for each distinct scope. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from wallboard_tui.access.derive import Effective
from wallboard_tui.access.panes import BY, ROLLUPS
from wallboard_tui.access.scope import Scope
from wallboard_tui.model.me import Lens

LENSES: Final[Mapping[str, tuple[str, ...]]] = {
    "calls": ("calls",),
    "recents": ("recents",),
    "analytics": ("analytics",),
    "rollups": ROLLUPS,
    "missed": ("reports.missed",),
    "wallboard": ("wallboard",),
    "supervisor": ("supervisor",),
}
"""Groups of permissions that look through one lens each; groups with equal scopes share one. What figures may be broken
down by (``panes.BY``) are groups too."""


@dataclass(frozen=True, slots=True)
class LensScope:
    """A lens with its scope."""

    lens: Lens
    scope: Scope


def lenses_of(held: Effective, sees_states: Callable[[Scope], bool]) -> Iterable[LensScope]:
    """The lenses of somebody with resolved permissions; ``sees_states``: of all agents in a scope."""
    rows = held.scope("calls", "recents")
    groups: list[tuple[str, tuple[str, ...], tuple[str, ...]]] = [(name, group, ()) for name, group in LENSES.items()]
    groups += [(f"by {by}", group, (by,)) for by, group in BY.items()]
    found: dict[Scope, tuple[str, list[str], list[str]]] = {}
    for name, group, by in groups:
        if scope := held.scope(*group):
            _, permissions, dimensions = found.setdefault(scope, (name, [], []))
            permissions += [one for one in group if held.holds(one)]
            dimensions += by
    for scope, (name, permissions, dimensions) in found.items():
        lens = Lens(
            name=name,
            permissions=tuple(dict.fromkeys(permissions)),
            rows=scope <= rows,
            everything=scope.everything,
            by=tuple(dimensions),
            states=sees_states(scope),
        )
        yield LensScope(lens, scope)
