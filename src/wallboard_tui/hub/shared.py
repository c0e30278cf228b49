"""Room ``hub``: calls and presences decoded once for all who are sent them, and encoded once for all to whom they look
the same. Knows access's marks (``access.sharing``); belongs on the hub's thread.

What a row is stored under is all that its redaction rests on: the document's seq (another one is another document),
what the directory says around it, and the mark of the gate that lets it through.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from operator import attrgetter

from pydantic_core import to_json

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.sharing import Around, around, atoms_of
from wallboard_tui.hub.channel import visible
from wallboard_tui.model.change import Entry

Position = tuple[float, str]
"""When something was, and its key: the order in which a terminal gets what is old, newest first."""
SPENT = 2_000_000
"""Bytes of rows that a shelf keeps at most."""
MARK = 300
"""Bytes that a mark takes beside its row."""


@dataclass(eq=False, slots=True)
class Shared:
    """One document. ``at``: when it began, or was said."""

    entry: Entry
    at: float
    position: Position = field(init=False)
    """Its place."""
    _directory: Directory | None = None
    _around: Around = ()
    _atoms: frozenset[str] = frozenset()
    _rows: dict[bytes, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.position = (self.at, self.entry.change.key)

    def names(self) -> Iterator[str]:
        """Facts and names of which somebody must have one in scope to see it."""
        change = self.entry.change
        doc = change.doc or {}
        yield from doc.get("facts") or ()
        if change.kind == "presence":
            yield f"agent:{doc['agent']}"
            if doc.get("queue"):
                yield f"queue:{doc['queue']}"

    def row(self, gate: Gate) -> tuple[bytes, bool]:
        """The row as a gate lets it through, encoded, empty when it does not; and whether it was made just now."""
        change, directory = self.entry.change, gate.reach.directory
        if self._directory is not directory:
            self._look_round(directory)
        found = self._rows.get(mark := gate.sharing.mark(change.kind, change.doc or {}, self._atoms))
        if found is not None:
            return found, False
        seen = visible(gate, self.entry)
        found = self._rows[mark] = to_json(seen[0]) if seen else b""
        return found, True

    def _look_round(self, directory: Directory) -> None:
        """Forget the rows that were made when the directory said something else of what the document names."""
        change = self.entry.change
        found = around(change.kind, change.doc or {}, directory)
        if found != self._around or self._directory is None:
            self._around, self._atoms = found, atoms_of(found)
            self._rows.clear()
        self._directory = directory

    def forget(self) -> None:
        """Let go of all rows."""
        self._rows.clear()


_position = attrgetter("position")


class Shelf:
    """Documents, found by their names and facts."""

    def __init__(self, given: Iterable[Shared] = ()) -> None:
        self._docs: dict[str, Shared] = {}
        self._by_name: dict[str, set[str]] = {}
        self._spent = 0
        for one in given:
            self.put(one)

    def __len__(self) -> int:
        return len(self._docs)

    def put(self, one: Shared) -> None:
        """Add a document, or the newer one of its key."""
        key = one.entry.change.key
        self.drop(key)
        self._docs[key] = one
        for name in one.names():
            self._by_name.setdefault(name, set()).add(key)

    def drop(self, key: str) -> None:
        """Take a document out, if it is here."""
        if (old := self._docs.pop(key, None)) is not None:
            for name in old.names():
                keys = self._by_name[name]
                keys.discard(key)
                if not keys:
                    del self._by_name[name]

    def wanted(self, gate: Gate, kind: str) -> list[Shared]:
        """Those that a gate may admit, newest first, and few others."""
        names = gate.sharing.wanted(kind)
        if names is None:
            found: Iterable[Shared] = self._docs.values()
        else:
            few, many = sorted((names, self._by_name.keys()), key=len)
            keys = set[str]().union(*(self._by_name[name] for name in few if name in many))
            found = (self._docs[key] for key in keys)
        return sorted(found, key=_position, reverse=True)

    def row(self, one: Shared, gate: Gate) -> bytes:
        """The encoded row of one of its documents as a gate lets it through; empty when it does not."""
        found, fresh = one.row(gate)
        if fresh:
            self._spent += len(found) + MARK
            if self._spent > SPENT:
                self._spent = 0
                for each in self._docs.values():
                    each.forget()
        return found
