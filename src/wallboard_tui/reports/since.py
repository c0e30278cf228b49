"""Room ``reports``: what somebody made of an organisation's file, and what others made of it since. Pure.

A file says all of an organisation. Applied as it stands, it undoes what others changed meanwhile; told which file it
was made from, only what differs between the two is asked for.
"""

from collections.abc import Sequence
from typing import NamedTuple

from wallboard_tui.model.administration import Edit
from wallboard_tui.model.base import Doc
from wallboard_tui.reports.organisation import edits

Documents = Sequence[tuple[str, Doc]]


class Clash(NamedTuple):
    """A document that a file changes, or removes, and somebody else changed since. ``fields``: theirs."""

    kind: str
    key: str
    fields: tuple[str, ...]


def since(base: Documents, wanted: Documents, there: Documents, *, prune: bool) -> tuple[list[Edit], list[Clash]]:
    """What makes of an organisation as it is (``there``) what a file changed (``wanted``) of the one that it was made
    from (``base``); and where others were first.

    ``prune``: what the file does not name any more is removed.
    """
    began, now = ({(kind, doc["key"]): doc for kind, doc in each} for each in (base, there))
    named = {(kind, doc["key"]) for kind, doc in wanted}
    clashes, mine = [], []
    for kind, doc in wanted:
        ref = (kind, doc["key"])
        if doc in (began.get(ref), now.get(ref)):
            continue
        mine.append((kind, doc))
        if now.get(ref) != began.get(ref):
            clashes.append(_clash(*ref, began.get(ref), now.get(ref)))
    gone = [(kind, doc) for kind, doc in base if (kind, doc["key"]) in now.keys() - named] if prune else []
    removed = edits(wanted, gone, prune=prune)[len(wanted) :]
    taken = ((one.kind, one.key) for one in removed)
    clashes += [_clash(*ref, began[ref], now[ref]) for ref in taken if began[ref] != now[ref]]
    return [*edits(mine, [], prune=False), *removed], clashes


def _clash(kind: str, key: str, was: Doc | None, now: Doc | None) -> Clash:
    if was is None or now is None:
        return Clash(kind, key, ())
    return Clash(kind, key, tuple(name for name in dict.fromkeys([*was, *now]) if was.get(name) != now.get(name)))
