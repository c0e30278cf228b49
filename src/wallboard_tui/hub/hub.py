"""Room ``hub``: the hub itself: the journal, its view, the directory, and the one way in which documents are changed.

Everything that touches the journal or the view runs on one thread (``run``), one piece after another, so that whoever
reads there sees a whole state, and changes reach listeners in the order of their seqs.
"""

import itertools
import logging
import secrets
import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self, TypeVar

from wallboard_tui.access.derive import Effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.hub import store
from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.known import DIRECTORY_KINDS, Access, Known
from wallboard_tui.hub.one_thread import OneThread
from wallboard_tui.hub.precedence import Precedence
from wallboard_tui.hub.standing import Standing
from wallboard_tui.journal.base import JournalError, Ref
from wallboard_tui.journal.sqlite import SqliteJournal
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.security import Audit
from wallboard_tui.view.view import View, ViewCorrupt

log = logging.getLogger(__name__)
Clock = Callable[[], float]
T = TypeVar("T")

WRITTEN_ONCE = frozenset({"call", "presence", "audit", "session", "credential", "notice"})
"""Kinds whose documents never stop being visible to somebody while their access stays the same."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What one commit changed: its entries in order, and what stood before of documents that can go out of sight."""

    entries: Sequence[Entry]
    before: Mapping[Ref, Doc | None]
    kinds: frozenset[str]


class Hub(OneThread[Committed]):
    """A hub over a home directory. ``clock`` gives epoch seconds.

    Synchronous methods belong on the hub's thread (``run``), or on the only thread there is.
    """

    def __init__(self, home: Path, journal: SqliteJournal, view: View, clock: Clock = time.time) -> None:
        super().__init__()
        self.home = home
        self.journal = journal
        self.view = view
        self.clock = clock
        self.secret = store.secret(home)
        """The hub's own: keys under which masked callers are known come from it."""
        self.precedence = Precedence()
        self.standing = Standing(journal)
        self.damaged = False
        """Whether the view was found to be damaged. It was set aside; only another hub can make it anew."""
        self.on_damaged: Callable[[], None] = lambda: None
        """Told once of such damage, on the hub's thread."""
        self.applied: list[Callable[[Sequence[Entry]], None]] = []
        """Told of every batch at once, on the hub's thread."""
        self._owed: Committed | None = None
        self._trouble: Exception | None = None
        self._known: Known | None = None
        self._foreseen: Directory | None = None
        self._acts = itertools.count()

    @classmethod
    def open(cls, home: Path, clock: Clock = time.time, progress: store.Progress = store.nothing) -> Self:
        """Open or make a hub's home.

        Raises ``JournalError`` with a sentence when another process has it or it is no home.
        """
        store.make_home(home)
        journal = SqliteJournal(home / "journal.db")
        try:
            view = store.fresh_view(home, journal, clock(), progress)
        except BaseException:
            journal.close()
            raise
        return cls(home, journal, view, clock)

    def close(self) -> None:
        """Finish what is being written and let go of the files."""
        super().close()
        self.view.close()
        self.journal.close()

    def _piece(self, work: Callable[..., T], *args: Any) -> T:
        try:
            return super()._piece(work, *args)
        except ViewCorrupt as error:
            self._found_damage(error)
            raise

    def _found_damage(self, error: ViewCorrupt) -> None:
        """Set a view aside that turned out to be damaged: whoever opens this home next makes it anew."""
        if not self.damaged and self.view.path is not None:
            self.damaged = True
            store.set_aside(self.view.path, self.clock(), str(error))
            self.on_damaged()

    # -- changing

    def commit(self, changes: Sequence[Change], expect: Mapping[Ref, int | None] | None = None) -> list[Entry]:
        """Append changes, bring the view along, and tell the listeners. Durable when it returns.

        Raises ``Conflict`` and ``JournalError`` as the journal does; then nothing was changed. What the journal has is
        acknowledged even where the disk has no room for the view: that is a cache, and is brought along later. Until
        then ``JournalError`` refuses further changes, which would rest on what the view does not show.
        """
        self.whole()
        before = self._before(changes)
        entries = self.journal.append(changes, expect)
        if entries:
            kinds = frozenset(entry.change.kind for entry in entries)
            self.standing.changed(kinds)
            self._owed = Committed(entries, before, kinds)
            self.bring_along()
        return entries

    @property
    def behind(self) -> bool:
        """Whether the journal has something that the view could not be told yet."""
        return self._owed is not None

    def bring_along(self) -> bool:
        """Let into the view what it is owed, and tell the listeners. Returns whether it has everything.

        A disk that is full or fails under the view is logged once, and left for the next time. Until then readers see
        the view as it was: nothing they are shown was ever untrue, only the newest is missing.
        """
        if self._owed is None:
            return True
        try:
            self.view.apply(self._owed.entries)
        except (sqlite3.Error, ViewCorrupt) as error:
            if self._trouble is None:
                log.error("The view cannot be brought along, and is tried again: %s", error)
            self._trouble = error
            if isinstance(error, ViewCorrupt):
                self._found_damage(error)
            return False
        committed, self._owed, self._trouble = self._owed, None, None
        self._tell(committed)
        return True

    def whole(self) -> None:
        """See that the view has everything, before something is decided by it. Raises ``JournalError``."""
        if not self.bring_along():
            raise self._held_up()

    def _held_up(self) -> JournalError:
        """Why nothing can be changed while the view is behind."""
        if isinstance(self._trouble, ViewCorrupt):
            return JournalError(
                f"view {self.view.path}", "it is damaged", "Start the hub again: it makes the view anew."
            )
        return JournalError(
            f"view {self.view.path}",
            f"the disk has no room for it ({self._trouble})",
            "Make room, then try again; what was acknowledged is safe.",
        )

    def _before(self, changes: Iterable[Change]) -> dict[Ref, Doc | None]:
        keys: dict[str, list[str]] = {}
        for change in changes:
            if change.kind not in WRITTEN_ONCE or change.doc is None:
                keys.setdefault(change.kind, []).append(change.key)
        before: dict[Ref, Doc | None] = {}
        for kind, names in keys.items():
            found = self.journal.get_many(kind, names)
            before.update(((kind, key), found[key].change.doc if key in found else None) for key in names)
        return before

    def _tell(self, committed: Committed) -> None:
        if committed.kinds & DIRECTORY_KINDS or "board" in committed.kinds:
            self._known = None
        for hook in self.applied:
            hook(committed.entries)
        if self.listeners:
            self._outbox.append(committed)

    def audit(
        self,
        by: str,
        act: str,
        target: str = "",
        *,
        allowed: bool = True,
        before: Doc | None = None,
        after: Doc | None = None,
        note: str = "",
    ) -> Change:
        """The change that writes an act into the audit trail, to be committed together with the act itself."""
        at = self.clock()
        # Acts of one moment keep their order.
        key = f"{at:.3f}-{next(self._acts):06d}-{secrets.token_hex(3)}"
        entry = Audit(
            key=key, at=at, by=by, act=act, target=target, allowed=allowed, before=before, after=after, note=note
        )
        return Change("audit", key, entry.dump(), at, by)

    def put(self, kind: str, doc: Doc, by: str) -> Change:
        """The change that puts a document, as of now."""
        return Change(kind, doc["key"], doc, self.clock(), by)

    def drop(self, kind: str, key: str, by: str) -> Change:
        """The change that removes a document, as of now."""
        return Change(kind, key, None, self.clock(), by)

    # -- reading

    def document(self, kind: str, key: str) -> Doc | None:
        """A document as the journal has it."""
        entry = self.journal.get(kind, key)
        return entry.change.doc if entry else None

    @property
    def known(self) -> Known:
        """The directory and boards as they stand, and what follows from them; made again after each change of them."""
        if self._known is None:
            known = self._known = Known.of(self.view, self.journal.policy(), self.secret)
            if self._foreseen == known.directory:
                known.directory.derived.update(self._foreseen.derived)
            self._foreseen = None
        return self._known

    def foresee(self, directory: Directory) -> None:
        """What the directory will be after the next commit, as whoever judged of it has it: what was worked out of
        everybody's access there is not worked out again, when it comes so.
        """
        self._foreseen = directory

    @property
    def directory(self) -> Directory:
        """People, roles, teams and the rest, as they stand."""
        return self.known.directory

    @property
    def organisation(self) -> Doc:
        """The organisation's document. Raises ``HubError`` before ``init``."""
        found = self.document("organisation", "organisation")
        if found is None:
            raise HubError(
                409,
                "no-organisation",
                "This hub has no organisation yet.",
                "Run wallboard init on the hub's machine.",
            )
        return found

    @property
    def directory_name(self) -> str | None:
        """The organisation's name, ``None`` before ``init``."""
        found = self.document("organisation", "organisation")
        return None if found is None else str(found["name"])

    def access(self, person: str, viewer: str = "") -> Access:
        """What a person may see and do now; ``operator.KEY`` stands for whoever sits at the hub's own socket.

        ``viewer``: somebody who looks through the person's eyes; then only what both may see. Raises 403 when they may
        not, 404 when there is no such person.
        """
        return self.known.access(person, viewer, self.clock())

    def access_or_none(self, person: str, viewer: str = "") -> Access | None:
        """``access``, or ``None`` when there is no such person any more, or the viewer may not view as them."""
        try:
            return self.access(person, viewer)
        except HubError:
            return None

    def directory_for(self, person: str) -> Directory:
        """The directory in which somebody is found: the operator stands in no document."""
        return self.known.directory_for(person)

    def effective(self, person: str, viewer: str = "") -> Effective:
        """Resolved permissions as they stand now; nobody's are empty."""
        return self.known.effective(person, viewer)
