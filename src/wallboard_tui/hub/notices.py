"""Room ``hub``: sentences that people are told once, on whichever of their terminals is there first."""

from collections.abc import Iterable, Sequence

from wallboard_tui.hub.hub import Hub
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.security import Notice

MOST = 20
"""So many a person is told at once; of more, the newest."""


class Notices:
    """Notices that nobody was told yet, by person."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._waiting: dict[str, dict[str, Notice]] = {}
        self.note(hub.journal.read_kind("notice"))

    def note(self, entries: Iterable[Entry]) -> list[Notice]:
        """Notices were written. Returns those that are new."""
        new = []
        for entry in entries:
            if entry.change.kind != "notice":
                continue
            doc = entry.change.doc
            notice = Notice.load(doc) if doc is not None else None
            if notice is None or notice.told is not None:
                for waiting in self._waiting.values():
                    waiting.pop(entry.change.key, None)
            else:
                self._waiting.setdefault(notice.person, {})[notice.key] = notice
                new.append(notice)
        return new

    def of(self, person: str) -> list[Notice]:
        """What waits for somebody, oldest first."""
        found = sorted(self._waiting.get(person, {}).values(), key=lambda notice: notice.at)
        return found[-MOST:]

    def told(self, notices: Sequence[Notice]) -> list[Change]:
        """The changes that write down that these were told; all that waited for the same people with them."""
        now = self._hub.clock()
        people = {notice.person for notice in notices}
        waiting = [one for person in sorted(people) for one in self._waiting.pop(person, {}).values()]
        marked = [one.model_copy(update={"told": now}) for one in waiting]
        return [Change("notice", one.key, one.dump(), now, "hub") for one in marked]
