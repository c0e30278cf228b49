"""Room ``hub``: what goes on: calls that are not over, and what holds of what agents said; read once for all who are
sent it, and kept in step. Knows the hub's journal and view; belongs on the hub's thread.
"""

import math
from collections.abc import Sequence

from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.shared import Shared, Shelf
from wallboard_tui.model.change import Entry
from wallboard_tui.view import queries

OVER = ("ended", "lost")
GROWN = 500
"""Presences that are added to those in force before these are looked up anew."""


class Present:
    """What goes on now, and what of yesterday still held when today began."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._calls: Shelf | None = None
        self._presences: Shelf | None = None
        self._today = math.nan
        self._grown = 0
        hub.applied.append(self._note)

    def calls(self) -> Shelf:
        """Calls that are not over."""
        if self._calls is None:
            with self._hub.view.reading() as db:
                found = db.execute("SELECT key FROM call WHERE state NOT IN (?, ?)", OVER).fetchall()
            entries = self._hub.journal.get_many("call", [key for (key,) in found]).values()
            self._calls = Shelf(Shared(one, one.change.doc["started"]) for one in entries if one.change.doc)
        return self._calls

    def presences(self, today: float) -> Shelf:
        """The last thing of each sort that each agent said: by now, and before today began; and what was said since
        these were looked up.
        """
        if self._presences is None or self._today != today:
            keys = queries.in_force(self._hub.view, math.inf) | queries.in_force(self._hub.view, today)
            entries = self._hub.journal.get_many("presence", sorted(keys)).values()
            self._presences = Shelf(Shared(one, one.change.doc["at"]) for one in entries if one.change.doc)
            self._today, self._grown = today, 0
        return self._presences

    def _note(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            doc = entry.change.doc
            if entry.change.kind == "call" and self._calls is not None:
                if doc is None or doc.get("state") in OVER:
                    self._calls.drop(entry.change.key)
                else:
                    self._calls.put(Shared(entry, doc["started"]))
            elif entry.change.kind in ("agent", "person") or (entry.change.kind == "presence" and doc is None):
                # Who is meant by which name may be otherwise, or what held before holds again.
                self._presences = None
            elif entry.change.kind == "presence" and doc is not None and self._presences is not None:
                self._presences.put(Shared(entry, doc["at"]))
                self._grown += 1
                if self._grown > GROWN:
                    self._presences = None
