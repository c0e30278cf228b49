"""Room ``hub``: takes in what sources say: parts become calls, calls are stamped, and what changed goes into journal
and view.

Bulk: no models, no row read back. Everything here runs on the hub's thread and may be cut at any point: what was
appended is durable, and taking the same batch in again changes nothing.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.learnt import Learnt, spoken_of
from wallboard_tui.hub.sitting import stamp_again, stamp_queues
from wallboard_tui.hub.source_document import count_refused, further_back, note_lacks
from wallboard_tui.hub.stamp import Stamper
from wallboard_tui.hub.summary import Summary
from wallboard_tui.hub.systems import system_of
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change
from wallboard_tui.sources.base import Batch, Implied, Part, System

T = TypeVar("T")
CHUNK = 2000
"""Calls per append: long enough that the disk's sync costs little, short enough that others get their turn."""
NOTES_KEPT = 100
TOLD_AT_ONCE = (
    "error", "mode", "lacks", "restarts", "refused", "complete_since", "links", "errors", "gaps", "version", "sees",
    "follows",
)  # fmt: skip
"""What of a source's health is written down as soon as it changes."""
HEALTH_EVERY_S = 5.0
"""A source that talks all the time is written down as alive at most so often."""


class Intake:
    """Takes batches of one source in. ``mode``: ``imported``, ``followed`` or ``replayed``, for the source's health."""

    def __init__(self, hub: Hub, source: str, mode: str) -> None:
        self._hub = hub
        self.source = source
        self.mode = mode
        self.summary = Summary()
        self._by = f"source:{source}"
        self._restarts: list[float] = []
        self._implied: Implied | None = None
        self._refused: dict[str, int] = {}
        self._taken = False
        self._stamper: Stamper | None = None
        self._stamped_by: object = None
        self._health_at = 0.0
        self._newest: float | None = None
        """The time of the newest thing it told."""
        self.unsaid = False
        """Whether something of its health waits to be written down; ``health`` does it."""
        self.links: dict[str, str] = {}
        """Each way in which the source is read, and how it is; of sources that are read in one way only: none."""
        self.errors: dict[str, str] = {}
        self.told: Doc = {}
        """Fields of the health that a live line says of itself."""
        self.lacks: tuple[str, ...] | None = None
        """What the witnesses of the source lack together; ``None``: what each batch says."""

    def link(self, name: str, state: str, error: str = "") -> None:
        """Say how one of the ways is in which the source is read. Written down with the next ``health``."""
        self.links[name] = state
        if error:
            self.errors[name] = error
        else:
            self.errors.pop(name, None)

    def pieces(self, batch: Batch, size: int = CHUNK) -> Iterator[int]:
        """Take a batch in, ``size`` documents at a time; yields how many were looked at after each piece.

        Run each step on the hub's thread.
        """
        system = system_of(batch.system)
        self.summary.count(batch)
        self._taken = self._taken or bool(batch.parts or batch.documents or batch.horizon is not None)
        self.summary.notes += [note for note in batch.notes if len(self.summary.notes) < NOTES_KEPT]
        self._begin(batch)
        done = 0
        ordered = sorted(batch.documents, key=lambda pair: pair[0] == "presence")
        for documents in _chunks(ordered, size):
            self._documents(system, documents)
            done += len(documents)
            yield done
        fresh = self._note_restarts(batch)
        by_key = _grouped(batch.parts)
        for keys in _chunks(by_key, size):
            self._calls(system, {key: by_key[key] for key in keys})
            done += len(keys)
            yield done
        if fresh:
            self._close_open(system, fresh)
        self._follow_from_restarts(system)
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
        for (kind, _), doc in latest.items():
            self._note(system, kind, doc)
        learnt = Learnt.of((old[ref], doc) for ref, doc in latest.items() if ref[0] == "agent")
        if learnt:
            stamp_again(self._hub, self.stamper, learnt, self._by)
        stamp_queues(self._hub, [key for kind, key in latest if kind == "presence"], self._by)

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
                self._note(system, "call", call)
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
        return self._restarts

    def _note_restarts(self, batch: Batch) -> list[float]:
        """Take over the restarts that are known, also those that another file told of meanwhile; return new ones."""
        known = set((self._hub.document("source", self.source) or {}).get("restarts") or ()) | set(self._restarts)
        fresh = sorted(set(batch.restarts) - known)
        self._restarts = sorted(known | set(fresh))
        return fresh

    def _note(self, system: System, kind: str, doc: Doc) -> None:
        if self._implied is None:
            self._implied = system.implied()
            for what, agents in spoken_of(self._hub.view, self.source).items():
                self._implied.spoke(agents, what)
        self._implied.note(kind, doc)

    def _follow_from_restarts(self, system: System) -> None:
        """Write down what restarts imply about agents, whichever file told of which."""
        if self._implied is None and not self._restarts:
            return
        if self._implied is None:
            self._note(system, "source", {})
        assert self._implied is not None
        self._implied.started(self._restarts)
        for some in _chunks(self._implied.news(), CHUNK):
            self._learn(system, some)

    def _close_open(self, system: System, fresh: Sequence[float]) -> None:
        """Calls that a restart cut off never get a closing line: merge them again, now that it is known. Those too that
        ended after it: a snapshot that did not show them was all there was to go by.
        """
        with self._hub.view.reading() as db:
            rows = db.execute(
                "SELECT key, started, ended FROM call"
                " WHERE source = ? AND started < ? AND (state != 'ended' OR ended >= ?)",
                (self.source, fresh[-1], fresh[0]),
            )
            keys = [key for key, began, ended in rows if ended is None or any(began < at <= ended for at in fresh)]
        counted = self.summary.unchanged
        for chunk in _chunks(keys, CHUNK):
            self._calls(system, {key: [] for key in chunk})
        self.summary.unchanged = counted

    # -- health

    def _begin(self, batch: Batch) -> None:
        """Say of a source that is new what it is before anything that it told: if the import ends in the middle, what
        agents did last is known to hold until its newest word, and not until now.
        """
        if self.mode != "imported" or not self._taken or self._hub.document("source", self.source) is not None:
            return
        doc: Doc = {"key": self.source, "system": batch.system, "mode": self.mode, "error": ""}
        if batch.horizon is not None:
            doc["last_event"] = batch.horizon
        if batch.lacks:
            note_lacks(doc, batch, self.lacks)
        self._hub.commit([Change("source", self.source, doc, self._hub.clock(), self._by)])

    def health(self, batch: Batch | None = None, *, error: str = "", finished: bool = False) -> None:
        """Write down how the source is doing: at once when something is wrong or over, else at most every few
        seconds.
        """
        now = self._hub.clock()
        old = self._hub.document("source", self.source)
        if old is None and self.mode == "imported" and not self._taken:
            return  # nothing could be read: no source comes of it
        doc: Doc = dict(old or {"key": self.source})
        doc |= {"system": batch.system if batch else doc.get("system", "asterisk"), "mode": self.mode}
        doc["error"] = error or " ".join(self.errors.values())
        if self.mode != "imported":
            doc.pop("released", None)
        back = self.mode == "followed" and (old or {}).get("error") and not doc["error"]
        line = "connected_since" in self.told
        if self.mode != "imported" and not line and (back or doc.get("connected_since") is None):
            doc["connected_since"] = now
        if batch is not None:
            if batch.horizon is not None:
                self._newest = max(batch.horizon, self._newest or 0.0)
            count_refused(doc, batch, self._refused, again=self.mode == "imported")
            if batch.lacks:
                note_lacks(doc, batch, self.lacks)
            if batch.complete_since is not None:
                doc["complete_since"] = further_back(doc.get("complete_since"), batch.complete_since)
        if self._newest is not None:
            doc["last_event"] = max(self._newest, doc.get("last_event") or 0.0)
        if self._restarts:
            doc["restarts"] = sorted({*self._restarts, *(doc.get("restarts") or ())})
        if self.links:
            doc |= {"links": dict(self.links), "errors": dict(self.errors)}
        doc |= self.told
        if line and doc.get("first_heard") is None and doc["connected_since"] is not None:
            doc["first_heard"] = doc["connected_since"]
        moved = old is None or any(doc.get(k) != old.get(k) for k in TOLD_AT_ONCE)
        due = moved or finished or self.mode == "imported" or now - self._health_at >= HEALTH_EVERY_S
        self.unsaid = True
        if due:
            self._hub.commit([Change("source", self.source, doc, now, self._by)])
            self._health_at, self.unsaid = now, False


def _grouped(parts: Iterable[Part]) -> dict[str, list[Part]]:
    by_key: dict[str, list[Part]] = {}
    for part in parts:
        by_key.setdefault(part.key, []).append(part)
    return by_key


def _chunks(items: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(items)
    while chunk := list(islice(iterator, size)):
        yield chunk
