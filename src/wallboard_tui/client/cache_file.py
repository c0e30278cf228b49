"""Room ``client``: one file of cached calls, used by one terminal at a time. Knows the file system only."""

import fcntl
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Self


class CacheFile:
    """A view's file that this process alone uses, by a lock on a file beside it."""

    def __init__(self, path: Path, fd: int) -> None:
        self.path = path
        self._fd = fd

    @classmethod
    def make(cls, path: Path) -> Self:
        """A new file, mode 0600 before anything is in it. Raises ``OSError``."""
        fd = os.open(_lock_of(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
        return cls(path, fd)

    @classmethod
    def take(cls, path: Path) -> Self | None:
        """A file that is there; ``None`` when it is not, or another terminal has it."""
        try:
            fd = os.open(_lock_of(path), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError:
            return None
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(fd)
            return None
        file = cls(path, fd)
        if not path.exists():
            file.remove()
            return None
        return file

    def let_go(self) -> None:
        """Other terminals may take it."""
        if self._fd >= 0:
            os.close(self._fd)
            self._fd = -1

    def unlink(self) -> None:
        """Take away the file and what SQLite keeps beside it; a view that still has it open keeps working."""
        unlink(_parts(self.path))

    def remove(self) -> None:
        """Take everything away and let go."""
        self.unlink()
        unlink([_lock_of(self.path)])
        self.let_go()

    def set_aside(self, now: float) -> str:
        """Rename a damaged file, let go, and say so. Only the latest damaged one of a person is kept."""
        unlink(self.path.parent.glob(f"{self.path.name.partition('-')[0]}-*.corrupt-*"))
        aside = self.path.with_name(f"{self.path.name}.corrupt-{now:.0f}")
        with suppress(OSError):
            self.path.rename(aside)
        self.remove()
        return f"The cache was damaged. It was set aside as {aside} and is loaded again from the hub."


def _lock_of(path: Path) -> Path:
    return path.with_name(path.name + ".lock")


def _parts(path: Path) -> list[Path]:
    return [path.with_name(path.name + end) for end in ("", "-wal", "-shm", "-journal")]


def unlink(paths: Iterable[Path]) -> None:
    """Take files away; one that is gone already, or cannot go, is left at that."""
    for path in list(paths):
        with suppress(OSError):
            path.unlink(missing_ok=True)
