"""Room ``cli``: how a command says that it was refused or failed. Imports other rooms only when it has to."""

import errno
import json
import sys
from collections.abc import Collection, Iterable
from contextlib import suppress
from typing import Any

from wallboard_tui.cli.streams import Unheard, harmless, has_every_letter, silence

REFUSED = 1
WRONG_CALL = 2
INTERRUPTED = 130
SAID = 20
"""So many things that are wrong are said one by one."""
WRONG_CALLS = frozenset(
    {
        "no-name", "no-pack", "wrong-address", "wrong-call", "wrong-dimension", "wrong-encoding", "wrong-key",
        "wrong-kind", "wrong-pack", "wrong-period", "wrong-source", "wrong-zone",
    }
)  # fmt: skip
"""Names of a hub's errors that mean that the command was called wrongly."""


class Failure(Exception):
    """A command was refused or failed: a name for programs, and for people what happened and what to do next.

    ``status`` is the exit status: 1 refused or failed, 2 wrong call.
    """

    def __init__(self, name: str, reason: str, next: str = "", *, status: int = REFUSED, **more: Any) -> None:
        super().__init__(f"{reason} {next}".strip())
        self.name = name
        self.reason = reason
        self.next = next
        self.status = status
        self.more = more
        self.lines: tuple[str, ...] = ()
        """What is told line by line in place of the reason: of a file, each thing that is wrong."""
        self.beside: dict[str, Any] = {}
        """What was done all the same: stands beside ``error`` in the one JSON value."""

    def body(self) -> dict[str, Any]:
        """``{"error": {"name", "reason", "next", …}}``, as the hub writes it."""
        return {**self.beside, "error": {"name": self.name, "reason": self.reason, "next": self.next, **self.more}}


def wrong_call(reason: str, next: str = "") -> Failure:
    """The command was called wrongly: exit status 2."""
    return Failure("wrong-call", reason, next, status=WRONG_CALL)


def failure_of(error: Exception) -> Failure | None:
    """What an exception means to whoever ran the command; ``None`` when nobody foresaw it."""
    if isinstance(error, Failure):
        return error
    if isinstance(error, Unheard):
        said = f"The answer could not be written to standard output: {error}."
        return Failure("no-output", said, "Send it somewhere else.")
    reason, next_step = getattr(error, "reason", None), getattr(error, "next", None)
    if isinstance(reason, str) and isinstance(next_step, str):  # the errors of every room have this shape
        return _of_room(error, reason, next_step)
    if type(error).__module__.startswith("wallboard_tui."):  # settings, themes, views: one sentence that says it all
        return Failure(_named(error), str(error))
    if isinstance(error, OSError):
        return _of_system(error)
    if type(error).__module__ == "sqlite3":  # by name: help must not load a database
        return _of_sqlite(str(error))
    return None


def _of_room(error: Exception, reason: str, next_step: str) -> Failure:
    """Errors of other rooms: ``name`` or ``thing``, ``reason``, ``next``, perhaps ``details``."""
    thing = getattr(error, "thing", None)
    name = getattr(error, "name", None) or _named(error)
    text = f"{thing}: {reason}" if thing else _begun(reason)
    more = getattr(error, "details", None) or getattr(error, "more", None) or {}
    status = WRONG_CALL if name in WRONG_CALLS else REFUSED
    return Failure(str(name), text.rstrip(".") + ".", next_step, status=status, **more)


def _begun(reason: str) -> str:
    """A reason as the beginning of a sentence; what begins with the name of a file keeps it as it is."""
    first = reason.partition(" ")[0]
    return reason if {".", "/", ":"} & set(first) else reason[:1].upper() + reason[1:]


def _named(error: Exception) -> str:
    return type(error).__name__.removesuffix("Error").lower()


def _of_system(error: OSError) -> Failure:
    where = f"{error.filename}: " if error.filename else ""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Failure("disk-full", f"{where}the disk is full.", "Free some space, then run the command again.")
    if isinstance(error, FileNotFoundError):
        return Failure("no-such-file", f"{where}there is no such file.", "Check the path.")
    if isinstance(error, PermissionError):
        return Failure("not-readable", f"{where}permission denied.", "Check who owns it and who you are.")
    if isinstance(error, IsADirectoryError):
        return Failure("not-readable", f"{where}this is a directory.", "Name a file in it.")
    if error.errno == errno.EROFS:
        return Failure("read-only", f"{where}the file system is read-only.", "Choose another place.")
    return Failure(
        "system", f"{where}{(error.strerror or str(error)).lower().rstrip('.')}.", "Mend that, then try again."
    )


def _of_sqlite(said: str) -> Failure:
    if "full" in said:
        return Failure("disk-full", "The disk is full.", "Free some space, then run the command again.")
    return Failure("database", f"A database could not be used: {said}.", "Run `wallboard rebuild`, then try again.")


def _lines(failure: Failure) -> list[str]:
    """What a person reads: reason and next step; of what rules forbid, each rule's name, its reason and next step."""
    if failure.lines:
        return [*failure.lines, failure.next]
    if findings := failure.more.get("findings"):
        said = dict.fromkeys(f"refused ({one['rule']}): {_begun(one['reason'])} {one['next']}" for one in findings)
        return first_of(said)
    if failure.name in _rules():
        return [f"refused ({failure.name}): {failure}"]
    return [str(failure)]


def first_of(said: Iterable[str]) -> list[str]:
    """The first lines of what there is to say; of more, how many."""
    every = list(said)
    return [*every[:SAID], *([f"And {len(every) - SAID} more."] if len(every) > SAID else [])]


def _rules() -> Collection[str]:
    """Names of the rules at saving. PINs, codes and questions are refused by them without findings."""
    from wallboard_tui.access.saving_rules import SENTENCES

    return SENTENCES


def tell(failure: Failure, *, as_json: bool) -> None:
    """One line on standard error for each thing, whatever was in it; ``as_json``: also JSON where the answer would
    stand.

    Where one of the two streams cannot be written the other still is.
    """
    with suppress(OSError):
        for line in _lines(failure):
            print("wallboard: " + harmless(" ".join(line.split())), file=sys.stderr, flush=True)
    if as_json:
        try:
            print(json.dumps(failure.body(), ensure_ascii=not has_every_letter(sys.stdout)), flush=True)
        except OSError:
            silence()


def write_down(error: Exception) -> str | None:
    """Write what led to an unforeseen error into a file among the program's data; its path, or ``None``."""
    import traceback

    from wallboard_tui.client.home import Home

    try:
        path = Home.find().prepare().data / "errors.log"
        with path.open("a", encoding="utf-8") as log:
            log.write("".join(traceback.format_exception(error)) + "\n")
    except Exception:
        return None
    return str(path)
