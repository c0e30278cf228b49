"""Room ``hub``: opens what a hub keeps on disk, and mends the view when it is missing, damaged or behind.

Knows ``journal`` and ``view``. The journal is the truth; the view is a cache that is made again from it.
"""

import logging
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path

from wallboard_tui.journal import JournalError
from wallboard_tui.journal.sqlite import SqliteJournal
from wallboard_tui.model.change import Entry
from wallboard_tui.view.view import View, ViewCorrupt

log = logging.getLogger(__name__)

Progress = Callable[[str, int, int], None]
"""Called with what is being done, how much of it is done, and how much there is."""
CHUNK = 2000


def nothing(_what: str, _done: int, _total: int) -> None:
    """A progress nobody looks at."""


def make_home(home: Path) -> None:
    """The directory of everything the hub keeps, for its owner alone.

    Raises ``JournalError`` when it cannot be made.
    """
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise JournalError(f"directory {home}", reason, "Choose another place (WALLBOARD_HOME).") from error


def secret(home: Path) -> bytes:
    """The hub's secret: made once, 0600. When it is lost, masked callers' keys change and nothing else."""
    path = home / "hub.secret"
    try:
        found = path.read_bytes()
        if len(found) >= 32:
            return found
    except FileNotFoundError:
        pass
    made = secrets.token_bytes(32)
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(made)
    return made


def fresh_view(home: Path, journal: SqliteJournal, now: float, progress: Progress = nothing) -> View:
    """The hub's view, brought to where the journal is. A damaged one, or what else lies in its place, is set aside
    under another name, and built again.
    """
    path = home / "view.db"
    if path.is_dir():
        set_aside(path, now, f"{path} is a directory")
    try:
        return _brought_along(path, journal, progress)
    except ViewCorrupt as error:
        set_aside(path, now, str(error))
    return _brought_along(path, journal, progress)


def _brought_along(path: Path, journal: SqliteJournal, progress: Progress) -> View:
    view = View.open(path)
    try:
        freshen(journal, view, progress)
    except BaseException:
        view.close()
        raise
    return view


def set_aside(path: Path, now: float, why: str) -> None:
    """Move a damaged view and what SQLite keeps beside it out of the way."""
    log.warning("The view is set aside as %s.damaged-%.0f, to be built again from the journal: %s", path, now, why)
    for name in (path.name, path.name + "-wal", path.name + "-shm"):
        file = path.with_name(name)
        if file.exists():
            file.rename(path.with_name(f"{name}.damaged-{now:.0f}"))


def freshen(journal: SqliteJournal, view: View, progress: Progress = nothing) -> None:
    """Bring the view to where the journal is: from where it stands, or from nothing when that is another history."""
    if view.epoch != journal.epoch or view.seq > journal.seq():
        rebuild(journal, view, progress)
        return
    total = journal.seq() - view.seq
    begun = view.seq
    while entries := journal.read(view.seq, CHUNK):
        view.apply(entries)
        progress("bringing the view up to date", view.seq - begun, total)


def rebuild(journal: SqliteJournal, view: View, progress: Progress = nothing) -> None:
    """Make the view again from nothing but the journal."""
    total = journal.count()

    def entries() -> Iterator[Entry]:
        after, done = 0, 0
        while chunk := journal.read(after, CHUNK):
            yield from chunk
            after, done = chunk[-1].seq, done + len(chunk)
            progress("building the view from the journal", min(done, total), total)

    view.rebuild(entries())
    view.epoch = journal.epoch
