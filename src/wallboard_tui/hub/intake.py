"""Room ``hub``: takes in what sources say: parts become calls, calls are stamped, and what changed goes into journal
and view.

Bulk: no models, no row read back. Everything here runs on the hub's thread and may be cut at any point: what was
appended is durable, and taking the same batch in again changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TypeVar

from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.stamp import Stamper
from wallboard_tui.hub.systems import system_of
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change
from wallboard_tui.sources.base import Batch, Part, Refused, System

T = TypeVar("T")
CHUNK = 1000
"""Calls per append: long enough that the disk's sync costs little, short enough that others get their turn."""
REFUSALS_SHOWN = 1000
"""Refusals in a summary; beyond, they are counted only."""
NOTES_KEPT = 100
HEALTH_EVERY_S = 5.0
"""A source that talks all the time is written down as alive at most so often."""


@dataclass(slots=True)
class Summary:
    """What became of one import: lines or rows ``read``; documents ``new``, changed, ``unchanged``; lines
    ``refused``.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: int = 0
    refusals: list[Refused] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, refused: Iterable[Refused]) -> None:
        """Count refused lines, and keep the first of them."""
        for line in refused:
            self.refused += 1
            if len(self.refusals) < REFUSALS_SHOWN:
                self.refusals.append(line)

    def answer(self, seconds: float) -> Doc:
        """The last line of an import's answer."""
        return {
            "read": self.read,
            "new": self.new,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "refused": self.refused,
            "refusals": [{"file": r.file, "line": r.line, "text": r.text, "reason": r.reason} for r in self.refusals],
            "notes": list(dict.fromkeys(self.notes)),
            "seconds": round(seconds, 3),
        }


class Intake:
    """Takes batches of one source in. ``mode``: ``imported``, ``followed`` or ``replayed``, for the source's health."""

    def __init__(self, hub: Hub, source: str, mode: str) -> None:
        self._hub = hub
        self.source = source
        self.mode = mode
        self.summary = Summary()
        self._by = f"source:{source}"
        self._restarts: list[float] | None = None
        self._stamper: Stamper | None = None
        self._stamped_by: object = None
        self._health_at = 0.0

    def pieces(self, batch: Batch) -> Iterator[int]:
        """Take a batch in, piece by piece; yields how many documents were looked at after each.

        Run each step on the hub's thread.
        """
        system = system_of(batch.system)
        self.summary.read += batch.read
        self.summary.refuse(batch.refused)
        self.summary.notes += [note for note in batch.notes if len(self.summary.notes) < NOTES_KEPT]
        done = 0
        ordered = sorted(batch.documents, key=lambda pair: pair[0] == "presence")
        for documents in _chunks(ordered, CHUNK):
            self._documents(system, documents)
            done += len(documents)
            yield done
        fresh = self._note_restarts(batch)
        by_key = _grouped(batch.parts)
        for keys in _chunks(by_key, CHUNK):
            self._calls(system, {key: by_key[key] for key in keys})
            done += len(keys)
            yield done
        if fresh:
            self._close_open(system, fresh)
        self.health(batch)
        yield done

    def take(self, batch: Batch) -> None:
        """Take a whole batch in at once."""
        for _ in self.pieces(batch):
            pass

    # -- documents

    def _documents(self, system: System, documents: Sequence[tuple[str, Doc]]) -> None:
        """Agents, queues and presences: fields the source does not know stay as they were."""
        latest: dict[tuple[str, str], Doc] = {}
        old: dict[tuple[str, str], Doc | None] = {}
        for kind in {kind for kind, _ in documents}:
            keys = [doc["key"] for of, doc in documents if of == kind]
            found = self._hub.journal.get_many(kind, keys)
            old.update(((kind, key), found[key].change.doc if key in found else None) for key in keys)
        for kind, doc in documents:
            ref = (kind, doc["key"])
            combined = system.combine(kind, latest.get(ref, old[ref]), doc)
            latest[ref] = self.stamper.presence(combined, old[ref]) if kind == "presence" else combined
        now = self._hub.clock()
        self._commit([Change(kind, key, doc, now, self._by) for (kind, key), doc in latest.items()], old)

    @property
    def stamper(self) -> Stamper:
        """The stamper of the directory as it stands."""
        directory = self._hub.directory
        if self._stamper is None or self._stamped_by is not directory:
            self._stamper = Stamper(directory)
            self._stamped_by = directory
        return self._stamper

    # -- calls

    def _calls(self, system: System, parts: dict[str, list[Part]]) -> None:
        """Merge parts into their calls, stamp what is new in them, and write what changed."""
        found = self._hub.journal.get_many("call", list(parts))
        old = {("call", key): found[key].change.doc if key in found else None for key in parts}
        now = self._hub.clock()
        stamper, restarts, by = self.stamper, self.restarts, self._by
        changes: list[Change] = []
        learned: list[tuple[str, Doc]] = []
        for key, of_call in parts.items():
            before = old["call", key]
            merged = system.merge(key, before, of_call, restarts)
            if merged is not before and (call := stamper.call(merged, before)) != before:
                changes.append(Change("call", key, call, now, by))
                learned += system.learn(call)
        self.summary.unchanged += len(parts) - len(changes)
        self._commit(changes, old)
        if learned:
            self._learn(system, learned)

    def _learn(self, system: System, learned: Sequence[tuple[str, Doc]]) -> None:
        """Write down what calls prove, without counting it as read."""
        counted = (self.summary.new, self.summary.changed, self.summary.unchanged)
        self._documents(system, learned)
        self.summary.new, self.summary.changed, self.summary.unchanged = counted

    def _commit(self, changes: Sequence[Change], old: dict[tuple[str, str], Doc | None]) -> None:
        written = {(entry.change.kind, entry.change.key) for entry in self._hub.commit(changes)} if changes else set()
        new = sum(old[ref] is None for ref in written)
        self.summary.new += new
        self.summary.changed += len(written) - new
        self.summary.unchanged += len(changes) - len(written)

    # -- restarts of the phone system

    @property
    def restarts(self) -> list[float]:
        """When the phone system is known to have started, sorted."""
        if self._restarts is None:
            self._restarts = sorted((self._hub.document("source", self.source) or {}).get("restarts") or [])
        return self._restarts

    def _note_restarts(self, batch: Batch) -> list[float]:
        fresh = sorted(set(batch.restarts) - set(self.restarts))
        if fresh:
            self._restarts = sorted({*self.restarts, *fresh})
        return fresh

    def _close_open(self, system: System, fresh: Sequence[float]) -> None:
        """Calls that a restart cut off never get a closing line: merge them again, now that it is known."""
        with self._hub.view.reading() as db:
            cursor = db.execute(
                "SELECT key FROM call WHERE source = ? AND state != 'ended' AND started < ?", (self.source, fresh[-1])
            )
            keys = [key for (key,) in cursor]
        counted = self.summary.unchanged
        for chunk in _chunks(keys, CHUNK):
            self._calls(system, {key: [] for key in chunk})
        self.summary.unchanged = counted

    # -- health

    def health(self, batch: Batch | None = None, *, error: str = "", finished: bool = False) -> None:
        """Write down how the source is doing: at once when something is wrong or over, else at most every few
        seconds.
        """
        now = self._hub.clock()
        old = self._hub.document("source", self.source)
        doc: Doc = dict(old or {"key": self.source})
        doc |= {"system": batch.system if batch else doc.get("system", "asterisk"), "mode": self.mode}
        back = self.mode == "followed" and (old or {}).get("error")
        if self.mode != "imported" and (back or doc.get("connected_since") is None):
            doc["connected_since"] = now
        if batch is not None:
            if batch.horizon is not None:
                doc["last_event"] = max(batch.horizon, doc.get("last_event") or 0.0)
            doc["refused"] = (old or {}).get("refused", 0) + len(batch.refused)
            if batch.lacks:
                doc["lacks"] = list(batch.lacks)
        if self._restarts:
            doc["restarts"] = self._restarts
        doc["error"] = error
        moved = old is None or any(doc.get(k) != old.get(k) for k in ("error", "mode", "lacks", "restarts", "refused"))
        if moved or finished or self.mode == "imported" or now - self._health_at >= HEALTH_EVERY_S:
            self._health_at = now
            self._hub.commit([Change("source", self.source, doc, now, self._by)])


def _grouped(parts: Iterable[Part]) -> dict[str, list[Part]]:
    by_key: dict[str, list[Part]] = {}
    for part in parts:
        by_key.setdefault(part.key, []).append(part)
    return by_key


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
