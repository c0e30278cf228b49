"""Room ``view``: the database itself. Knows documents, SQLite and cells; nothing of who may see what."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Entry

Received = tuple[str, Doc | None, str]
"""``(kind, document or None, key)`` of a cell, live_queue or live_agent that a hub computed, as it stands in a figures frame."""


class ViewCorrupt(Exception):
    """The file is no view, or is damaged. The caller sets it aside and starts a new one."""


@dataclass(frozen=True)
class Touched:
    """What a batch changed: kinds, and the keys of queues, agents and callers of the calls in it."""

    kinds: frozenset[str] = frozenset()
    queues: frozenset[str] = frozenset()
    agents: frozenset[str] = frozenset()
    callers: frozenset[str] = field(default_factory=frozenset)

    def __contains__(self, kind: object) -> bool:
        return kind in self.kinds

    def __iter__(self) -> Iterator[str]:
        return iter(self.kinds)

    def __bool__(self) -> bool:
        return bool(self.kinds)

    def __or__(self, other: Touched) -> Touched:
        return Touched(
            self.kinds | other.kinds,
            self.queues | other.queues,
            self.agents | other.agents,
            self.callers | other.callers,
        )


class View:
    """A view of the documents somebody may see: the hub's of all of them, a terminal's of what its user may."""

    seq: int
    epoch: str
    lenses: int

    @classmethod
    def open(cls, path: Path | None, *, lenses: int = 1, figures: int = 0) -> View:
        """Open or create a view; ``None``: in memory. Raises ``ViewCorrupt``."""
        raise NotImplementedError

    def apply(self, entries: Sequence[Entry], *, received: Sequence[Received] = (), seq: int | None = None) -> Touched:
        """Let in changes, in one transaction that also stores the seq reached."""
        raise NotImplementedError

    def rebuild(self, entries: Iterable[Entry], progress: Callable[[int], None] | None = None) -> None:
        """Throw everything away and build it again from a journal's entries."""
        raise NotImplementedError

    def rebuild_cells(self) -> None:
        """Compute all cells again from the rows."""
        raise NotImplementedError

    def get_meta(self, name: str) -> str | None:
        """A remembered value."""
        raise NotImplementedError

    def set_meta(self, name: str, value: str | None) -> None:
        """Remember a value, or forget it."""
        raise NotImplementedError

    def reading(self) -> AbstractContextManager[sqlite3.Connection]:
        """A connection to read from, within one consistent moment."""
        raise NotImplementedError

    def close(self) -> None:
        """Close all connections."""
        raise NotImplementedError
