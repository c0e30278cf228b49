"""Room ``view``: what a view has read or made of its small documents, kept until one of their kinds changes."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, TypeVar

from wallboard_tui.model.base import Doc

T = TypeVar("T")


class Known:
    """Belongs to one state of the small documents: after a change there is another one, ``without`` what changed.

    Whoever began to read before the change writes into the one from before, which nobody asks any more.
    """

    def __init__(self) -> None:
        self.documents: dict[str, dict[str, Doc]] = {}
        """All documents of a kind, by key."""
        self._derived: dict[str, tuple[frozenset[str], Any]] = {}

    def derived(self, name: str, kinds: frozenset[str], make: Callable[[], T]) -> T:
        """What was made under a name from documents of some kinds; made now where it is not there."""
        there = self._derived.get(name)
        if there is None:
            there = self._derived[name] = kinds, make()
        found: T = there[1]
        return found

    def without(self, kinds: Collection[str]) -> Known:
        """What is still true after documents of some kinds have changed."""
        left = Known()
        left.documents = {kind: known for kind, known in self.documents.items() if kind not in kinds}
        left._derived = {name: each for name, each in self._derived.items() if each[0].isdisjoint(kinds)}
        return left
