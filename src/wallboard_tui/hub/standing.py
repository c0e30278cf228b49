"""Room ``hub``: documents of small kinds as they stand, read from the journal once for all who are sent them. Knows the
journal; belongs on the hub's thread.
"""

from collections.abc import Collection, Mapping

from wallboard_tui.journal.sqlite import SqliteJournal
from wallboard_tui.model.change import Entry


class Standing:
    """The entries of small kinds. Hundreds of terminals that begin anew at once are sent the same ones."""

    def __init__(self, journal: SqliteJournal) -> None:
        self._journal = journal
        self._entries: dict[str, Mapping[str, Entry]] = {}

    def of(self, kind: str) -> Mapping[str, Entry]:
        """All documents of a kind that stand, by key, in order of seq."""
        found = self._entries.get(kind)
        if found is None:
            found = self._entries[kind] = {entry.change.key: entry for entry in self._journal.read_kind(kind)}
        return found

    def changed(self, kinds: Collection[str]) -> None:
        """Something of these kinds is otherwise in the journal: they are read again when they are next asked for."""
        for kind in kinds:
            self._entries.pop(kind, None)
