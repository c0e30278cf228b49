"""Room ``hub``: sentences that people are told once, on whichever of their terminals is there first."""

from collections.abc import Iterable

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
        self._told: list[Notice] = []
        """What was told and is not written down yet."""
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

    def take(self, person: str) -> list[Notice]:
        """What somebody is told now, oldest first; it waits no more."""
        now = self._hub.clock()
        found = sorted(self._waiting.pop(person, {}).values(), key=lambda notice: notice.at)
        self._told += [notice.model_copy(update={"told": now}) for notice in found]
        return found[-MOST:]

    async def write_down(self) -> None:
        """Write down what was told: of many people at once, as an act on a role makes it, in one commit. A hub that is
        killed before that tells it again.
        """
        told = list(self._told)
        if told:
            now = self._hub.clock()
            await self._hub.run(self._hub.commit, [Change("notice", one.key, one.dump(), now, "hub") for one in told])
            del self._told[: len(told)]
