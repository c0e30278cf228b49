"""Room ``sources``: what an account of a manager interface may see and ask, and what is missing where it may not. Pure.

Asterisk does not tell an account its rights. That it sees a class of events is known once one of them came; that it
does not, once something changed between two looks that such an event would have told of. Else it cannot be told.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from wallboard_tui.sources.asterisk.ami.errors import AmiError
from wallboard_tui.sources.asterisk.ami.wire import Message

NEEDED = {
    "system": "a restart of the phone system is not noticed before the line breaks",
    "call": "hold, transfers and calls past the queues are not seen, nor who hung up while waiting",
    "agent": "callers and agents are seen once a minute only, and whoever came and went between is missed",
}
"""Class of events (``read=`` in manager.conf) → what is missing without it."""
LINE = "read = system,call,agent,cdr"
"""``cdr`` is of use where cdr_manager is on."""
WRITE = "write = system,reporting"
UNWRITTEN = "and how long agents wrap up is not known"
"""What follows besides without ``write = system``: it lets read what queues.conf says."""
WRITE_POOLS = "write = system,reporting,agent"
PERMISSION = "permission"
"""A word of Asterisk's own sentence when an account may not do something."""
ANEW = "anew"
ANEW_S = 300.0
"""Rights that were changed hold from the next login on: an account that lacks some signs in anew so often."""
_LOOKS = {"QueueParams": ("queue", "completed", "abandoned"), "QueueEntry": ("queue", "uniqueid"),
          "QueueMember": ("queue", "name", "location", "paused")}  # fmt: skip
"""What of a snapshot of queues changes only together with an event of the class ``agent``."""


@dataclass(frozen=True, slots=True)
class Advice:
    """Something that is missing: what, what follows, and the line to put into which section of manager.conf.

    Without a line nothing there helps.
    """

    what: str
    why: str
    line: str = ""
    section: str = ""

    @property
    def next(self) -> str:
        """What to do about it, a sentence."""
        return f"In manager.conf, section [{self.section}]: {self.line} (then: manager reload)" if self.line else ""


def to_see(name: str, login: str, granted: Collection[str] | None = None) -> Advice:
    """What to do for an account that does not see a class of events. ``granted``: what it may see, where known."""
    return Advice(f"read={name}", f"Without it {NEEDED[name]}.", read_line(granted), login)


def class_of(event: str) -> str:
    """The class of an event that is understood here."""
    if event in ("FullyBooted", "Reload"):
        return "system"
    if event == "Cdr":
        return "cdr"
    return "agent" if event.startswith(("Queue", "Agent")) or event in ("Join", "Leave") else "call"


class Sight:
    """Which classes of events one line was found to see, or not to see. Fed with what comes, and with each snapshot."""

    def __init__(self, known: Mapping[str, bool] | None = None) -> None:
        """``known``: what the line before had found out: what is not seen stays so until one such event comes."""
        self._heard: set[str] = set()
        self._unheard = {name for name, seen in (known or {}).items() if not seen}
        self._looked: dict[str, frozenset[tuple[str, ...]]] = {}

    def hear(self, event: str) -> None:
        """An event of this name came."""
        self._heard.add(class_of(event))

    def queues(self, status: Iterable[Message]) -> None:
        """QueueStatus as it is now, always of the same queues; all that came before it was heard."""
        self._look(
            "agent",
            (
                (event["event"], *(event.get(name, "") for name in _LOOKS[event["event"]]))
                for event in status
                if event["event"] in _LOOKS
            ),
        )

    def channels(self, channels: Iterable[Message]) -> None:
        """CoreShowChannels as it is now; all that came before it was heard."""
        self._look("call", ((event.get("uniqueid", ""),) for event in channels))

    def _look(self, name: str, seen: Iterable[tuple[str, ...]]) -> None:
        now = frozenset(seen)
        if name in self._looked and self._looked[name] != now:
            self._unheard.add(name)
        self._looked[name] = now

    @property
    def sees(self) -> dict[str, bool]:
        """Class → whether it is seen; a class of which neither is known is not there."""
        return {name: name in self._heard for name in NEEDED if name in self._heard | self._unheard}


def complaint(sees: Mapping[str, bool]) -> str:
    """What follows from what is not seen, in sentences; empty when nothing is known to be missing."""
    return " ".join(
        f"The account sees no events of the class {name}, and without them {NEEDED[name]};"
        f" write “{LINE}” into its section of manager.conf."
        for name, seen in sees.items()
        if not seen
    )


def sign_in_anew(address: str, complaint: str) -> AmiError:
    """Why another line takes the place of one that stands. ``complaint``: what is wrong with that one, in sentences."""
    reason = complaint or "The account may not ask everything that is of use."
    return AmiError(ANEW, reason, f"The hub signs in at {address} anew: it may have been written by now.")


def untold(reads: Mapping[str, bool | None]) -> str:
    """A sentence on the classes of which it could not be told whether they are seen; empty when there is none."""
    names = [name for name, seen in reads.items() if seen is None]
    if not names:
        return ""
    which = f"{'classes' if names[1:] else 'class'} {' and '.join(names)}"
    return (
        f"Whether the account sees events of the {which} cannot be told:"
        f" Asterisk does not say, and nothing happened that they would tell of. They are seen with “{LINE}”."
    )


def read_line(granted: Collection[str] | None) -> str:
    """The line for manager.conf that lets an account see what is needed, and what it may see already."""
    more = sorted(set(granted or ()) - NEEDED.keys() - {"", "<none>", "cdr"})
    return ",".join((LINE, *more))
