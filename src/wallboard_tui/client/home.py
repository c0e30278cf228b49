"""Room ``client``: where this program keeps its things. Knows the file system only, and is light to import."""

import errno
import os
import stat
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

NAME = "wallboard-tui"
LONGEST_SOCKET_PATH = 100
"""Bytes. The kernel's ``sun_path`` holds 108 on Linux and 104 on macOS, with the zero that ends it."""

LOG_BYTES = 1_000_000
"""A log that has grown larger is begun anew; the one before is kept."""


class HomeError(Exception):
    """A place cannot be used. The message names it, the reason and the next step."""

    def __init__(self, thing: str, reason: str, next: str) -> None:
        super().__init__(f"{thing}: {reason}. {next}")
        self.thing = thing
        self.reason = reason
        self.next = next


@dataclass(frozen=True, slots=True)
class Home:
    """Where everything lies. With ``WALLBOARD_HOME`` all three directories are that one."""

    data: Path
    config: Path
    cache_root: Path

    @classmethod
    def at(cls, directory: Path) -> "Home":
        """A home that keeps everything under one directory."""
        directory = directory.expanduser().absolute()
        return cls(directory, directory, directory)

    @classmethod
    def find(cls, environ: Mapping[str, str] = os.environ) -> "Home":
        """``WALLBOARD_HOME`` where it is set, else the places the desktop has for data, settings and caches."""
        chosen = environ.get("WALLBOARD_HOME", "").strip()
        if chosen:
            return cls.at(Path(chosen))
        import platformdirs

        return cls(
            platformdirs.user_data_path(NAME), platformdirs.user_config_path(NAME), platformdirs.user_cache_path(NAME)
        )

    @property
    def hub_toml(self) -> Path:
        """Settings of a hub on this machine."""
        return self.config / "hub.toml"

    @property
    def journal(self) -> Path:
        """The hub's journal: the only file that cannot be made again."""
        return self.data / "journal.db"

    @property
    def view(self) -> Path:
        """The hub's own view."""
        return self.data / "view.db"

    @property
    def hub_log(self) -> Path:
        """What a hub that was started by a terminal says."""
        return self.data / "hub.log"

    @property
    def terminal_log(self) -> Path:
        """What terminals found odd, and what led to it."""
        return self.data / "terminal.log"

    @property
    def reports(self) -> Path:
        """Directory of what could not be used of imported files."""
        return self.data / "reports"

    @property
    def session(self) -> Path:
        """The hub, person and token that this terminal remembers."""
        return self.data / "session.json"

    @property
    def cache(self) -> Path:
        """Directory of the terminals' cache files."""
        return self.cache_root / "cache"

    @property
    def socket(self) -> Path:
        """The hub's Unix socket; under a short private directory when its own place has too long a name for one."""
        place = self.data / "hub.sock"
        if len(os.fsencode(place)) <= LONGEST_SOCKET_PATH:
            return place
        digest = sha256(os.fsencode(self.data)).hexdigest()[:16]
        short = Path(f"wallboard-{os.getuid()}-{digest}") / "hub.sock"
        runtime = os.environ.get("XDG_RUNTIME_DIR", "")
        for parent in (runtime, tempfile.gettempdir(), "/tmp"):
            if parent and os.path.isdir(parent) and len(os.fsencode(Path(parent) / short)) <= LONGEST_SOCKET_PATH:
                return Path(parent) / short
        raise HomeError(
            f"socket {place}", "its path is too long for a Unix socket", "Set WALLBOARD_HOME to a shorter one."
        )

    @property
    def address(self) -> str:
        """The address of the hub on this machine, as ``HubClient`` takes it."""
        return f"unix:{self.socket}"

    def environ(self) -> dict[str, str]:
        """The environment for a child process that shall have the same home."""
        one_place = self.data == self.config == self.cache_root
        return {**os.environ, "WALLBOARD_HOME": str(self.data)} if one_place else dict(os.environ)

    def prepare(self) -> "Home":
        """Make the directories that are missing, for their owner alone. Raises ``HomeError`` when one is not ours."""
        for directory in (self.data, self.config, self.cache_root):
            if not directory.is_dir():
                private(directory)
        private(self.cache)
        if self.socket.parent != self.data:
            private(self.socket.parent)
        return self


def size_of(file: Path) -> int:
    """Bytes of a file; 0 when there is none."""
    try:
        return file.stat().st_size
    except FileNotFoundError:
        return 0


def begin_log(log: Path) -> int:
    """Where the next words of a log will begin. One that has grown large is begun anew."""
    size = size_of(log)
    if size > LOG_BYTES:
        log.replace(log.with_name(log.name + ".1"))
        return 0
    return size


def private(directory: Path) -> None:
    """Make a directory with mode 0700, or see that the one there is ours alone. Raises ``HomeError``.

    A directory in a shared place may have been made by somebody else to listen in: then it is not used.
    """
    with usable(directory):
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = directory.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
            raise HomeError(f"directory {directory}", "it belongs to somebody else", "Set WALLBOARD_HOME to your own.")
        if found.st_mode & 0o077:
            directory.chmod(0o700)


@contextmanager
def usable(directory: Path) -> Iterator[None]:
    """Turn what the system says about files of a directory into ``HomeError``."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            reason, next_step = "the disk is full", "Free some space, then try again."
        elif error.errno in (errno.EEXIST, errno.ENOTDIR):
            reason, next_step = "a file is in its place", "Set WALLBOARD_HOME to a directory, or to one that is to be."
        elif error.errno in (errno.EACCES, errno.EPERM):
            reason = "permission denied"
            next_step = "Give yourself write permission, or set WALLBOARD_HOME to another place."
        else:
            reason, next_step = (error.strerror or str(error)).lower(), "Set WALLBOARD_HOME to another place."
        raise HomeError(f"directory {directory}", reason, next_step) from error
