"""Room ``model``: one document put or removed, and the same with its place in a journal."""

from dataclasses import dataclass

from wallboard_tui.model.base import Doc, Epoch


@dataclass(frozen=True, slots=True)
class Change:
    """One document put (``doc``), or removed (``doc is None``), at a time, by somebody.

    ``by`` is a person's key, a source's key (``source:pbx1``) or ``hub``.
    """

    kind: str
    key: str
    doc: Doc | None
    at: Epoch
    by: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A change with the sequence number that a journal gave it.

    ``bits`` says which of a person's lenses admit the row (bit *i* for lens *i*); ``ALL_BITS`` in a hub's own view.
    """

    seq: int
    change: Change
    bits: int = -1


ALL_BITS = -1
