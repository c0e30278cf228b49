"""Room ``hub``: one stream of changes for all terminals whose scopes and redaction are equal: filtered once, redacted
once, encoded once. What differs between people all the same (``PERSONAL``) travels beside it, in a channel for each.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wallboard_tui.access.gate import Gate
from wallboard_tui.access.reach import PERSONAL
from wallboard_tui.hub.known import WATCHED
from wallboard_tui.hub.terminal import Terminal
from wallboard_tui.journal.base import Ref
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.security import PRIVATE_KINDS

NOT_FED = PRIVATE_KINDS | {"audit", "notice"}
"""Kinds of which no feed carries rows. The audit trail is asked for, and notices are said once (``notices``)."""
Watched = Mapping[str, Mapping[str, Doc]]
"""All documents of ``WATCHED`` kinds, by kind and key."""
Row = list[Any]
"""``[kind, key, seq, bits, doc or None]``."""


def visible(gate: Gate, entry: Entry) -> list[Row]:
    """The row of an entry as a gate lets it through; none when it does not."""
    change = entry.change
    if change.doc is None or change.kind in NOT_FED:
        return []
    bits = gate.admit(change.kind, change.doc)
    if not bits:
        return []
    doc = gate.redact(change.kind, change.doc, bits)
    return [[change.kind, doc["key"], entry.seq, bits, doc]]


def removal(gate: Gate, kind: str, key: str, seq: int) -> list[Row]:
    """The row that takes a document out of a terminal's view."""
    return [[kind, gate.key(kind, key), seq, 0, None]]


def rows(gate: Gate, entries: Iterable[Entry], before: Mapping[Ref, Doc | None]) -> list[Row]:
    """What a gate lets through of some entries; a removal where it let the document through before and does no more."""
    found: list[Row] = []
    for entry in entries:
        kind, key = entry.change.kind, entry.change.key
        seen = visible(gate, entry)
        if not seen and kind not in NOT_FED:
            old = before.get((kind, key))
            if old is not None and gate.admit(kind, old):
                seen = removal(gate, kind, key, entry.seq)
        found += seen
    return found


@dataclass(eq=False, slots=True)
class Channel:
    """Terminals that share a stream.

    ``personal``: it carries the kinds in ``PERSONAL``, for one person; else all others.
    ``shown``: documents of ``WATCHED`` kinds that they have been sent.
    """

    gate: Gate
    personal: bool
    terminals: set[Terminal] = field(default_factory=set)
    shown: set[Ref] = field(default_factory=set)
    quiet_since: int = 0
    """Seq of the last durable frame: terminals' cursors stand there."""

    def send(self, encoded: bytes, seq: int | None = None) -> None:
        """Let a frame wait at every terminal."""
        for terminal in self.terminals:
            terminal.send(encoded, seq)
        if seq is not None:
            self.quiet_since = seq

    def rows(self, entries: Sequence[Entry], before: Mapping[Ref, Doc | None]) -> list[Row]:
        """What these terminals are to be told of some entries."""
        entries = [entry for entry in entries if self._carries(entry.change.kind)]
        found = rows(self.gate, entries, before)
        for entry in entries:
            ref = (entry.change.kind, entry.change.key)
            if ref[0] in WATCHED:
                doc = entry.change.doc
                if doc is not None and self.gate.admit(ref[0], doc):
                    self.shown.add(ref)
                else:
                    self.shown.discard(ref)
        return found

    def begin(self, watched: Watched) -> None:
        """Take it that they are sent what they may see of all ``WATCHED`` documents."""
        self.shown = set(self._sight(watched))

    def _sight(self, watched: Watched) -> dict[Ref, Doc]:
        """What they may see of all ``WATCHED`` documents. Of many agents and people only those near them are looked
        at.
        """
        found: dict[Ref, Doc] = {}
        for kind, docs in watched.items():
            if self._carries(kind):
                near = self.gate.near(kind)
                keys = docs.keys() if near is None else near & docs.keys()
                found.update(((kind, key), docs[key]) for key in sorted(keys) if self.gate.sends(kind, docs[key]))
        return found

    def review(self, documents: Watched, seq: int) -> list[Row]:
        """What has come into sight and gone out of it, now that the directory is another.

        ``documents``: all ``WATCHED``.
        """
        now = self._sight(documents)
        gone = [row for kind, key in sorted(self.shown - now.keys()) for row in removal(self.gate, kind, key, seq)]
        come = [
            row
            for (kind, key), doc in now.items()
            if (kind, key) not in self.shown
            for row in visible(self.gate, Entry(seq, Change(kind, key, doc, 0.0, "hub")))
        ]
        self.shown = set(now)
        return gone + come

    def _carries(self, kind: str) -> bool:
        return (kind in PERSONAL) == self.personal
