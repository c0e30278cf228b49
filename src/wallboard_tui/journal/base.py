"""Room ``journal``: what any journal promises. Knows ``model`` and nothing else of the product.

A document stands in a journal once, at the seq of its last change, so that a journal's size is the number of documents
and following it from 0 rebuilds everything. A removal stays as a tombstone (an entry whose ``doc`` is ``None``).
"""

from collections.abc import AsyncGenerator, Mapping, Sequence
from typing import Protocol, runtime_checkable

from wallboard_tui.model.change import Change, Entry

Ref = tuple[str, str]
"""Kind and key of a document."""
Expect = Mapping[Ref, int | None]
"""Revision (seq of the last change) that a document must still have; ``None``: it must not exist (a tombstone may)."""
POLICY: Ref = ("*", "policy")
"""In an ``Expect``, stands for the policy revision: an access edit is refused when any other access edit came first."""


class JournalError(Exception):
    """A journal cannot be opened, read or written. The message names the file, the reason and the next step."""

    def __init__(self, thing: str, reason: str, next: str) -> None:
        super().__init__(f"{thing}: {reason}. {next}")
        self.thing = thing
        self.reason = reason
        self.next = next


class JournalHeld(JournalError):
    """Another process has the journal. It is free again as soon as that one ends."""


class Conflict(Exception):
    """An edited document had another revision than the editor saw. Nothing of the append was written."""

    def __init__(self, kind: str, key: str, expected: int | None, found: int | None) -> None:
        was, now = ("no such document" if r is None else f"revision {r}" for r in (expected, found))
        super().__init__(
            f"{kind} {key}: somebody changed it first (expected {was}, found {now}). Look at it again and repeat."
        )
        self.kind = kind
        self.key = key
        self.expected = expected
        self.found = found


@runtime_checkable
class Journal(Protocol):
    """The durable, ordered truth. One process writes; any number of coroutines of it append, read and follow."""

    @property
    def epoch(self) -> str:
        """Changes when history was rewritten: a cursor of another epoch means nothing."""

    def append(self, changes: Sequence[Change], expect: Expect | None = None) -> list[Entry]:
        """Write changes in order, all or nothing; on disk when it returns.

        Each real change takes the next seq. A put that leaves a document as it was, and a removal of what is not there,
        are no change and are left out of the result. A removal stays as a tombstone. An audit document that exists is
        never overwritten or removed: the attempt raises ``Conflict`` (an identical put is still no change). Of several
        changes to one document in one append each takes a seq and is returned; the last one stands.

        Raises ``Conflict`` when a document does not have the revision of ``expect``, ``JournalError`` when nothing can
        be written, ``ValueError`` when a document is not JSON.
        """

    async def append_async(self, changes: Sequence[Change], expect: Expect | None = None) -> list[Entry]:
        """``append`` without holding up the event loop; callers that wait at the same time share one commit."""

    def get(self, kind: str, key: str) -> Entry | None:
        """The document's last entry (a tombstone too), ``None`` when there never was one."""

    def get_many(self, kind: str, keys: Sequence[str]) -> dict[str, Entry]:
        """Last entries by key; keys that never were are left out."""

    def read(self, after: int, limit: int = 1000) -> list[Entry]:
        """Entries with a seq greater than ``after``, in order of seq, tombstones included. Seqs may skip."""

    def follow(self, after: int) -> AsyncGenerator[list[Entry], None]:
        """Entries after ``after`` in order, in batches, for ever; ends when the journal is closed.

        A document that changed again before it was yielded is yielded once, at its last seq. Close it (``aclosing``)
        when leaving early.
        """

    def seq(self) -> int:
        """Highest seq given so far; 0 in an empty journal."""

    def policy(self) -> int:
        """Policy revision: seq of the newest document of ``POLICY_KINDS``, 0 when there is none."""

    def count(self) -> int:
        """Number of documents that stand, tombstones not counted."""

    def close(self) -> None:
        """Let go of the file. Appends that were accepted are finished first."""
