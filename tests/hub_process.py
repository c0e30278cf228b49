"""Hubs in processes of their own, at a tenth of what a new interpreter costs.

A hub's imports take more than a second of a core, and a hundred tests want a hub that can be killed. So one process
imports everything once, and each hub is a fork of it: from ``serve`` on it is what ``wallboard hub`` runs, but that it
hashes passwords cheaply: at what they cost to guess, signing in would be half of what such a test takes.
"""

import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Mapping
from multiprocessing.process import BaseProcess
from pathlib import Path

from argon2 import PasswordHasher

from wallboard_tui.hub.passwords import Passwords
from wallboard_tui.hub.serve import ALONE_S, serve
from wallboard_tui.hub.settings import read_settings

_FORKS = multiprocessing.get_context("forkserver")
_FORKS.set_forkserver_preload(["wallboard_tui.hub.serve", "wallboard_tui.hub.settings"])


def cheap_passwords() -> Passwords:
    """Hashes of the least cost that argon2 knows."""
    return Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))


def start(
    home: Path,
    log: Path,
    *,
    socket: Path | None = None,
    child: bool = False,
    alone_s: float = ALONE_S,
    most_bytes: int = 0,
) -> BaseProcess:
    """A hub over ``home`` that begins now, with this process' environment; what it says is added to ``log``.

    ``alone_s``: a child without a client ends after so many seconds. ``most_bytes``: how large a file of its may grow,
    as on a full disk; 0: as large as it likes.
    """
    process = _FORKS.Process(target=_run, args=(home, socket, log, dict(os.environ), most_bytes, child, alone_s))
    process.start()
    return process


def _run(
    home: Path, socket: Path | None, log: Path, environ: Mapping[str, str], most_bytes: int, child: bool, alone_s: float
) -> None:
    os.setsid()
    threading.Thread(target=_end_with_the_tests, daemon=True).start()
    os.environ.clear()
    os.environ.update(environ)
    output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(output, 1)
    os.dup2(output, 2)
    if most_bytes:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    serve(read_settings(home, socket), child=child, alone_s=alone_s, passwords=cheap_passwords())


def _end_with_the_tests() -> None:
    """Leave no hub behind when the tests themselves are killed."""
    tests = multiprocessing.parent_process()
    assert tests is not None
    tests.join()
    os._exit(1)
