"""Room ``hub``: the hub itself: the journal, its view, the directory, and the one way in which documents are changed.

Everything that touches the journal or the view runs on one thread (``run``), one piece after another, so that whoever
reads there sees a whole state, and changes reach listeners in the order of their seqs.
"""

import asyncio
import itertools
import logging
import secrets
import sqlite3
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self, TypeVar

from wallboard_tui.access.derive import Effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.effective import effective
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.me import UnknownPerson, me
from wallboard_tui.access.reach import Reach
from wallboard_tui.access.saving import narrowed
from wallboard_tui.hub import operator, store
from wallboard_tui.hub.errors import HubError, not_found, not_permitted
from wallboard_tui.hub.precedence import Precedence
from wallboard_tui.journal.base import JournalError, Ref
from wallboard_tui.journal.sqlite import SqliteJournal
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.me import Me
from wallboard_tui.model.security import Audit
from wallboard_tui.view import queries
from wallboard_tui.view.view import View, ViewCorrupt

log = logging.getLogger(__name__)
T = TypeVar("T")
Clock = Callable[[], float]

DIRECTORY_KINDS = frozenset(
    {"organisation", "role", "person", "team", "queue", "number", "agent", "extension", "contact"}
)
TURNS = 2
"""Pieces of work that give way and may wait at the hub's thread at a time: one is done, one is ready."""
WRITTEN_ONCE = frozenset({"call", "presence", "audit", "session", "credential", "notice"})
"""Kinds whose documents never stop being visible to somebody while their access stays the same."""


class Unwanted(Exception):
    """Nobody waits any more for what was to be read."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What one commit changed: its entries in order, and what stood before of documents that can go out of sight."""

    entries: Sequence[Entry]
    before: Mapping[Ref, Doc | None]
    kinds: frozenset[str]


@dataclass(frozen=True, slots=True)
class Access:
    """One person's access as it stands under today's directory."""

    me: Me
    gate: Gate


@dataclass(slots=True)
class _Known:
    """What was computed for one state of the directory and the boards."""

    docs: Sequence[tuple[str, Doc]]
    directory: Directory
    boards: Sequence[Doc]
    policy: int
    access: dict[tuple[str, str], Access] = field(default_factory=dict)


class Hub:
    """A hub over a home directory. ``clock`` gives epoch seconds.

    Synchronous methods belong on the hub's thread (``run``), or on the only thread there is.
    """

    def __init__(self, home: Path, journal: SqliteJournal, view: View, clock: Clock = time.time) -> None:
        self.home = home
        self.journal = journal
        self.view = view
        self.clock = clock
        self.secret = store.secret(home)
        """The hub's own: keys under which masked callers are known come from it."""
        self.precedence = Precedence()
        self.listeners: list[Callable[[Committed], Awaitable[None]]] = []
        self.applied: list[Callable[[Sequence[Entry]], None]] = []
        """Told of every batch at once, on the hub's thread."""
        self._owed: Committed | None = None
        self._trouble: Exception | None = None
        self._outbox: list[Committed] = []
        self._delivering = asyncio.Lock()
        self._thread = ThreadPoolExecutor(1, "hub")
        self._turns = asyncio.Semaphore(TURNS)
        self._known: _Known | None = None
        self._acts = itertools.count()

    @classmethod
    def open(cls, home: Path, clock: Clock = time.time, progress: store.Progress = store.nothing) -> Self:
        """Open or make a hub's home.

        Raises ``JournalError`` with a sentence when another process has it or it is no home.
        """
        store.make_home(home)
        journal = SqliteJournal(home / "journal.db")
        try:
            view = store.open_view(home, clock())
            store.freshen(journal, view, progress)
        except BaseException:
            journal.close()
            raise
        return cls(home, journal, view, clock)

    # -- the hub's thread

    async def run(self, work: Callable[..., T], *args: Any) -> T:
        """Do a piece of work on the hub's thread; returns once what it changed was handed to the listeners."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._thread, work, *args)
        finally:
            await self._deliver()

    async def read(self, work: Callable[..., T], *args: Any) -> T:
        """Do a piece of work on the hub's thread without waiting for listeners: for listeners themselves, and for
        reading.
        """
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)

    async def later(self, wanted: Callable[[], bool], work: Callable[..., T], *args: Any) -> T:
        """``read`` for what many ask for at once and can wait, such as old rows: in turn, two of them at a time, so
        that what must be done now never stands behind hundreds of them. Raises ``Unwanted`` when ``wanted`` says so
        once it is its turn.
        """
        async with self._turns:
            if not wanted():
                raise Unwanted
            return await self.read(work, *args)

    async def _deliver(self) -> None:
        async with self._delivering:
            while self._outbox:
                committed = self._outbox.pop(0)
                for listener in list(self.listeners):
                    await listener(committed)

    def close(self) -> None:
        """Finish what is being written and let go of the files."""
        self._thread.shutdown(wait=True)
        self.view.close()
        self.journal.close()

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
    def known(self) -> _Known:
        """The directory and boards as they stand, and what follows from them; made again after each change of them."""
        if self._known is None:
            docs = [
                (kind, doc) for kind in sorted(DIRECTORY_KINDS) for doc in queries.documents(self.view, kind).values()
            ]
            boards = list(queries.documents(self.view, "board").values())
            self._known = _Known(docs, Directory.from_documents(docs), boards, self.journal.policy())
        return self._known

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
        known = self.known
        found = known.access.get((person, viewer))
        if found is None:
            if viewer:
                self._check_viewer(viewer)
            found = known.access[person, viewer] = self._access(person, viewer, known)
        return found

    def access_or_none(self, person: str, viewer: str = "") -> Access | None:
        """``access``, or ``None`` when there is no such person any more, or the viewer may not view as them."""
        try:
            return self.access(person, viewer)
        except HubError:
            return None

    def _check_viewer(self, viewer: str) -> None:
        gate = self.access(viewer).gate
        if not (gate.may("roles") and gate.may("users")):
            raise not_permitted("view as somebody else", "Roles (view) and People (view)")

    def directory_for(self, person: str) -> Directory:
        """The directory in which somebody is found: the operator stands in no document."""
        known = self.known
        return self._directory_for(person, known)

    def _directory_for(self, person: str, known: _Known) -> Directory:
        if person != operator.KEY:
            return known.directory
        return known.directory.changed((kind, doc["key"], doc) for kind, doc in operator.documents())

    def effective(self, person: str, viewer: str = "") -> Effective:
        """Resolved permissions as they stand now; nobody's are empty."""
        directory = self.directory_for(person)
        held = effective(person, directory).resolved(directory)
        if viewer:
            theirs = self.directory_for(viewer)
            held = narrowed(held, effective(viewer, theirs).resolved(theirs))
        return held

    def _access(self, person: str, viewer: str, known: _Known) -> Access:
        directory = self._directory_for(person, known)
        held = self.effective(person, viewer)
        try:
            reach = Reach(held, directory)
            answer = me(person, directory, known.boards, policy=known.policy, now=self.clock(), reach=reach)
        except UnknownPerson as error:
            raise not_found("person", person, "See “wallboard people” for those the organisation has.") from error
        return Access(answer, Gate(held, answer, directory, secret=self.secret, reach=reach))
