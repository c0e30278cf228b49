"""Room ``access``: whether a scope touches what has no direction. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from wallboard_tui.access.scope import ALL, Scope


class Touch:
    """Membership in a scope without a direction: agents, queues and people have none, so any direction is enough."""

    def __init__(self, scope: Scope) -> None:
        self.everything = any(atom == ALL for atom, _ in scope.pairs)
        self.atoms = frozenset(atom for atom, _ in scope.pairs)

    def __call__(self, facts: Iterable[str]) -> bool:
        return self.everything or not self.atoms.isdisjoint(facts)

    def reason(self, facts: Iterable[str]) -> str:
        """The first atom that fits, or nothing."""
        return ALL if self.everything else next((fact for fact in facts if fact in self.atoms), "")
