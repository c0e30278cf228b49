"""Room ``hub``: documents of small kinds as they stand, read from the journal once for all who are sent them. Knows the
journal; belongs on the hub's thread.
"""

from collections.abc import Collection, Sequence

from wallboard_tui.journal.sqlite import SqliteJournal
from wallboard_tui.model.change import Entry


class Standing:
    """The entries of small kinds. Hundreds of terminals that begin anew at once are sent the same ones."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self._entries: dict[str, Sequence[Entry]] = {}

    def of(self, kind: str) -> Sequence[Entry]:
        """All documents of a kind that stand, in order of seq. Not to be changed by the caller."""
        found = self._entries.get(kind)
        if found is None:
            found = self._entries[kind] = self._journal.read_kind(kind)
        return found

    def changed(self, kinds: Collection[str]) -> None:
        """Something of these kinds is otherwise in the journal: they are read again when they are next asked for."""
        for kind in kinds:
            self._entries.pop(kind, None)
