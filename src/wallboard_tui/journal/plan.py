"""Room ``journal``: decides what an append writes. Pure, and shared by every implementation of ``Journal``."""

import json
from collections.abc import Iterable, Sequence

from pydantic_core import from_json, to_json

from wallboard_tui.journal.base import POLICY, Conflict, Expect, Ref
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.kinds import POLICY_KINDS

Standing = tuple[int, bytes | None]
"""How a document stands: the seq of its last change, and its JSON (``None``: a tombstone)."""
Encoded = tuple[Change, bytes | None]


def encode(change: Change) -> Encoded:
    """A change and its document as JSON. Raises ``ValueError`` naming a document that JSON cannot say."""
    if change.doc is None:
        return change, None
    try:
        return change, to_json(change.doc)
    except ValueError as error:
        raise ValueError(f"{change.kind} {change.key}: cannot be written as JSON: {error}") from error


def same(old: bytes | None, new: bytes | None) -> bool:
    """Whether two encodings say the same, whatever the order of their fields.

    One encoder wrote both, so the same document has the same length; only equal lengths are worth decoding.
    """
    if old == new:
        return True
    if old is None or new is None or len(old) != len(new):
        return False
    was, now = from_json(old), from_json(new)
    # Python holds 1, 1.0 and True equal; JSON does not.
    return bool(was == now) and json.dumps(was, sort_keys=True) == json.dumps(now, sort_keys=True)


def refs(changes: Iterable[Change], expect: Expect | None) -> set[Ref]:
    """The documents whose standing an append has to know."""
    wanted = {(change.kind, change.key) for change in changes}
    if expect:
        wanted.update(ref for ref in expect if ref != POLICY)
    return wanted


class Plan:
    """What one commit will write: several appends in turn, each whole or not at all.

    ``rows`` holds the entries with their JSON, ``seq`` and ``policy`` what they will be once the rows are on disk.
    """

    def __init__(self, seq: int, policy: int, standing: dict[Ref, Standing]) -> None:
        self.seq = seq
        self.policy = policy
        self.rows: list[tuple[Entry, bytes | None]] = []
        self._standing = standing

    def add(self, changes: Sequence[Encoded], expect: Expect | None = None) -> list[Entry]:
        """Plan one append. Returns its entries; raises ``Conflict``, and then the plan is as it was."""
        self._check(expect)
        seq, policy = self.seq, self.policy
        rows: list[tuple[Entry, bytes | None]] = []
        moved: dict[Ref, Standing] = {}
        standing = self._standing
        for change, new in changes:
            ref = (change.kind, change.key)
            old = moved.get(ref) or standing.get(ref)
            if old is None:
                if new is None:
                    continue
            elif same(old[1], new):
                continue
            elif change.kind == "audit":
                raise Conflict(change.kind, change.key, None, old[0])
            seq += 1
            if change.kind in POLICY_KINDS:
                policy = seq
            moved[ref] = (seq, new)
            rows.append((Entry(seq, change), new))
        standing.update(moved)
        self.rows += rows
        self.seq, self.policy = seq, policy
        return [entry for entry, _ in rows]

    def _check(self, expect: Expect | None) -> None:
        for ref, expected in (expect or {}).items():
            if ref == POLICY:
                found: int | None = self.policy
            else:
                seq, doc = self._standing.get(ref, (None, None))
                if seq is None or (doc is None and expected is None):
                    seq = None
                found = seq
            if found != expected:
                raise Conflict(*ref, expected, found)
