"""Room ``hub``: stretches of the past, read and decoded once for all terminals that go back through them at a time.

Knows the hub's journal and view; belongs on the hub's thread. A wave of terminals that begin anew goes back in step:
few stretches serve them all. They are kept in step with what is committed, and forgotten when nobody goes back.
"""

from collections import OrderedDict
from collections.abc import Sequence
from math import inf

from pydantic_core import from_json

from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.shared import Position, Shared, Shelf
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry

LAST = "\U0010ffff"
"""Comes after every key."""
BEGINNING: Position = (-inf, "")
SIZES = {"call": 1000, "presence": 2000}
"""Documents per stretch, by kind."""
MOST = 12
"""Stretches of a kind that are kept."""
KEEP_S = 600.0
"""How long they are kept after their last use."""


class Stretch(Shelf):
    """All documents of a kind from ``since`` to just before ``before``."""

    def __init__(self, given: list[Shared], before: Position, since: Position) -> None:
        super().__init__(given)
        self.before = before
        self.since = since


class Stretches:
    """What was, of one kind: ``call`` or ``presence``."""

    def __init__(self, hub: Hub, kind: str) -> None:
        self._hub = hub
        self._kind = kind
        self._kept: OrderedDict[Position, Stretch] = OrderedDict()
        self._used = -inf
        hub.applied.append(self._note)

    def before(self, position: Position) -> Stretch:
        """The stretch in which lies what was just before a moment."""
        self._used = self._hub.clock()
        found = next((one for one in self._kept.values() if one.since < position <= one.before), None)
        if found is None:
            found = self._kept[position] = self._read(position)
        self._kept.move_to_end(found.before)
        while len(self._kept) > MOST:
            self._kept.popitem(last=False)
        return found

    def _read(self, position: Position) -> Stretch:
        size = SIZES[self._kind]
        found = self._calls(position, size) if self._kind == "call" else self._presences(position, size)
        return Stretch(found, position, BEGINNING if len(found) < size else found[-1].position)

    def _calls(self, position: Position, size: int) -> list[Shared]:
        with self._hub.view.reading() as db:
            rows = db.execute(
                "SELECT key, seq, started, json FROM call WHERE (started, key) < (?, ?)"
                " ORDER BY started DESC, key DESC LIMIT ?",
                (min(position[0], 1e15), position[1], size),
            ).fetchall()
        return [Shared(Entry(seq, Change("call", key, from_json(text), at, "hub")), at) for key, seq, at, text in rows]

    def _presences(self, position: Position, size: int) -> list[Shared]:
        with self._hub.view.reading() as db:
            rows = db.execute(
                "SELECT key, at FROM presence WHERE (at, key) < (?, ?) ORDER BY at DESC, key DESC LIMIT ?",
                (min(position[0], 1e15), position[1], size),
            ).fetchall()
        entries = self._hub.journal.get_many("presence", [key for key, _ in rows])
        return [Shared(entries[key], at) for key, at in rows if key in entries]

    def _note(self, entries: Sequence[Entry]) -> None:
        if self._kept and self._hub.clock() - self._used > KEEP_S:
            self._kept.clear()
        for entry in entries:
            if entry.change.kind == self._kind and self._kept:
                self._put(entry, entry.change.doc)

    def _put(self, entry: Entry, doc: Doc | None) -> None:
        if doc is None:
            self._kept.clear()
            return
        new = Shared(entry, float(doc["started" if self._kind == "call" else "at"]))
        for stretch in list(self._kept.values()):
            stretch.drop(entry.change.key)
            if stretch.since <= new.position < stretch.before:
                stretch.put(new)
                if len(stretch) > 2 * SIZES[self._kind]:
                    del self._kept[stretch.before]
