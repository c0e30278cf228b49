"""Room ``client``: the calls that a terminal keeps on its own disk, so that a board is there before the hub answers.

One file for each hub, person and fingerprint of what that person may see, in a directory with mode 0700, opened only
within the lease that the hub gave. Beside it stands a small sidecar: who it is for, what they may see, and until when.
Light to import: the first paint comes from here.
"""

import json
import secrets
import sqlite3
from contextlib import suppress
from dataclasses import dataclass
from errno import EDQUOT, EFBIG, ENOSPC
from hashlib import sha256
from pathlib import Path
from typing import Any, Self

from wallboard_tui.client.cache_file import CacheFile, unlink
from wallboard_tui.client.home import Home, HomeError, private
from wallboard_tui.client.session import write_private
from wallboard_tui.model.me import Me
from wallboard_tui.view.view import View, ViewCorrupt

HEARD = "heard"
"""The view's meta: when the hub was last heard, by this machine's clock, as the newest rows came in."""
CLOCK_SLACK_S = 300.0
"""A clock that was set back by more than this gives no lease: else setting it back would keep any lease alive."""
LARGE_CACHE = 4_000
"""Kibibytes of pages that a terminal keeps in memory while history comes in; a hub may take more."""
IN_MEMORY = "This terminal keeps its calls in memory until it is started again."


@dataclass(frozen=True, slots=True)
class Lease:
    """A sidecar's content: whose cache it is, what they may see, and when it may be opened without asking the hub."""

    address: str
    person: str
    file: str
    me: Me
    granted: float
    until: float

    @classmethod
    def load(cls, path: Path) -> Self | None:
        """A sidecar, ``None`` when there is none or it does not say what it must."""
        try:
            found: dict[str, Any] = json.loads(path.read_bytes())
            return cls(**{**found, "me": Me.model_validate(found["me"])})
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def save(self, path: Path) -> None:
        """Write the sidecar at once and whole. Raises ``OSError``."""
        content = {name: getattr(self, name) for name in ("address", "person", "file", "granted", "until")}
        write_private(path, json.dumps({**content, "me": self.me.model_dump(mode="json")}).encode())

    def holds(self, now: float) -> bool:
        """Whether the hub would let this be shown now without being asked."""
        return self.granted - CLOCK_SLACK_S <= now < self.until


class Cache:
    """What one person's terminal knows of one hub.

    ``heard`` is when the hub was last heard (epoch seconds), in an earlier run too.
    ``view`` and ``me`` are ``None`` until there is something that may be shown. ``notices`` collects sentences that the
    person should read: a damaged file that was set aside, a full disk. Two terminals of one person have two files.
    """

    def __init__(self, directory: Path | None, address: str, person: str) -> None:
        self.address = address
        self.person = person
        self.directory = directory
        self.me: Me | None = None
        self.view: View | None = None
        self.heard: float | None = None
        self.until: float | None = None
        """When the lease ends, or ended: what is here may not be shown without the hub any more."""
        self.notices: list[str] = []
        self._who = sha256(f"{address}\0{person}".encode()).hexdigest()[:16]
        self._file: CacheFile | None = None
        self._on_disk = directory is not None
        self._retired: list[tuple[View, CacheFile | None]] = []

    @classmethod
    def open(cls, home: Home, address: str, person: str, now: float) -> Self:
        """The cache as the last terminal left it, when its lease holds; else an empty one. Tidies the directory too."""
        cache = cls(home.cache, address, person)
        try:
            private(home.cache)
        except HomeError as error:
            cache.give_up_disk(error)
            return cache
        lease = Lease.load(cache._sidecar)
        tidy(home.cache, now)
        if lease is not None and (lease.address, lease.person) == (address, person):
            cache.until = lease.until
            if lease.holds(now):
                cache._resume(lease, now)
        return cache

    @classmethod
    def in_memory(cls, address: str, person: str) -> Self:
        """A cache that never touches the disk: for what may not outlive the program, however it ends."""
        return cls(None, address, person)

    @property
    def _sidecar(self) -> Path:
        return self._directory / f"{self._who}.json"

    @property
    def _directory(self) -> Path:
        assert self.directory is not None, "a cache in memory has no place on a disk"
        return self.directory

    def _resume(self, lease: Lease, now: float) -> None:
        ours = Path(lease.file).name == lease.file and lease.file.startswith(self._who) and lease.file.endswith(".db")
        file = CacheFile.take(self._directory / lease.file) if ours else None
        if file is None:
            return
        try:
            self.view = _open_view(file.path, lease.me)
        except ViewCorrupt:
            self.notices.append(file.set_aside(now))
            return
        except (sqlite3.Error, OSError) as error:
            file.remove()
            self.notices.append(f"The cache could not be opened ({error}); it is loaded again from the hub.")
            return
        self._file, self.me = file, lease.me
        self.heard = max(lease.granted, _last_heard(self.view))

    # -- what the hub says

    def fits(self, me: Me) -> bool:
        """Whether the view there is was made for what the person may see now."""
        return self.view is not None and self.me is not None and self.me.fingerprint == me.fingerprint

    def confirm(self, me: Me, now: float) -> None:
        """The hub confirmed what the person may see: the lease starts anew. ``me`` must fit the view."""
        self.me = me
        self.renew(now)

    def renew(self, now: float) -> None:
        """The hub was heard: the lease starts anew."""
        self.heard = now
        if self.me is None:
            return
        self.until = now + self.me.lease_s
        if self._file is None:
            return
        lease = Lease(self.address, self.person, self._file.path.name, self.me, now, self.until)
        with suppress(OSError):
            lease.save(self._sidecar)

    def ended(self, heard: float | None) -> None:
        """Nobody follows the hub any more, which was last heard then: so old is what the next terminal finds here."""
        if self.view is not None and heard is not None and heard > (self.heard or 0.0):
            self.renew(heard)

    def begin(self, me: Me, now: float) -> View:
        """A new, empty view for what the person may see now. The old one is unlinked now, and closed by ``release``."""
        self._retire()
        self.me = me
        view = self._on_disk_view(me) if self._on_disk else None
        self.view = view or _open_view(None, me)
        self.renew(now)
        return self.view

    def _on_disk_view(self, me: Me) -> View | None:
        try:
            private(self._directory)
            self._file = CacheFile.make(self._directory / f"{self._who}-{secrets.token_hex(6)}.db")
            return _open_view(self._file.path, me)
        except (sqlite3.Error, OSError, HomeError, ViewCorrupt) as error:
            self.give_up_disk(error)
            return None

    def give_up_disk(self, error: Exception) -> None:
        """The disk cannot be written: what is there goes, and a ``begin`` must follow, which then stays in memory."""
        self._on_disk = False
        self._retire()
        reason = "the disk is full" if _full(error) else str(error).rstrip(".")
        self.notices.append(f"The cache cannot be written: {reason}. {IN_MEMORY}")

    def set_aside(self, now: float) -> None:
        """The view turned out to be damaged: keep its file under another name. A ``begin`` must follow."""
        view, file, self.view, self._file = self.view, self._file, None, None
        if view is not None:
            with suppress(sqlite3.Error):
                view.close()
        if file is not None:
            self.notices.append(file.set_aside(now))

    def drop(self) -> None:
        """The person may no longer see what is here: nothing stays on the disk. ``release`` must follow."""
        self._retire()
        self.me = None
        if self.directory is not None:
            with suppress(OSError):
                self._sidecar.unlink(missing_ok=True)

    def release(self) -> None:
        """Close views that were replaced; to be called once nobody reads from them any more."""
        while self._retired:
            view, file = self._retired.pop()
            with suppress(sqlite3.Error):
                view.close()
            if file is not None:
                # Closing wrote the last pages back: take the file away again, in case SQLite made one.
                file.remove()

    def purge(self) -> None:
        """Sign-out: everything of this person and hub goes, also what was set aside."""
        self.drop()
        self.release()
        if self.directory is None:
            return
        for path in self.directory.glob(f"{self._who}-*.db"):
            if (file := CacheFile.take(path)) is not None:
                file.remove()
        unlink(self.directory.glob(f"{self._who}-*.corrupt-*"))

    def close(self) -> None:
        """The terminal ends; the file stays for the next one."""
        self.release()
        if self.view is not None:
            self.view.close()
            self.view = None
        if self._file is not None:
            self._file.let_go()
            self._file = None

    def _retire(self) -> None:
        if self.view is not None:
            self._retired.append((self.view, self._file))
            if self._file is not None:
                self._file.unlink()
        elif self._file is not None:
            self._file.remove()
        self.view, self._file = None, None


def tidy(directory: Path, now: float) -> None:
    """Take away what no lease covers any more and no terminal uses: other people's calls do not lie about for ever."""
    valid: dict[str, str] = {}
    for sidecar in directory.glob("*.json"):
        lease = Lease.load(sidecar)
        if lease is not None and lease.holds(now):
            valid[sidecar.stem] = lease.file
        else:
            unlink([sidecar])
    for path in directory.glob("*.db"):
        if path.name not in valid.values() and (file := CacheFile.take(path)) is not None:
            file.remove()
    for path in directory.glob("*.corrupt-*"):
        if path.name.partition("-")[0] not in valid:
            unlink([path])


def _open_view(path: Path | None, me: Me) -> View:
    figures = sum(1 << index for index, lens in enumerate(me.lenses) if not lens.rows)
    return View.open(path, lenses=max(1, len(me.lenses)), figures=figures, large_cache=LARGE_CACHE)


def _last_heard(view: View) -> float:
    """When the newest rows of a view came, 0 where it does not say."""
    with suppress(sqlite3.Error, ValueError):
        return float(view.get_meta(HEARD) or 0.0)
    return 0.0


def refused_by_disk(error: Exception) -> bool:
    """Whether the disk is the trouble (full, read-only, failing), and not what stands on it."""
    name = getattr(error, "sqlite_errorname", None) or ""
    return name.startswith(("SQLITE_FULL", "SQLITE_IOERR", "SQLITE_READONLY", "SQLITE_CANTOPEN", "SQLITE_PERM"))


def _full(error: Exception) -> bool:
    name = getattr(error, "sqlite_errorname", None) or ""
    return name in ("SQLITE_FULL", "SQLITE_IOERR_WRITE") or getattr(error, "errno", None) in (ENOSPC, EDQUOT, EFBIG)
