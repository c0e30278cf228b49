"""Room ``model``: a missed opportunity: one caller whom nobody has answered yet, and what was done about it."""

from enum import StrEnum

from wallboard_tui.model.base import Document, Epoch, Frozen, Seconds


class Status(StrEnum):
    """Where a missed opportunity stands."""

    OPEN = "open"
    CLAIMED = "claimed"
    REACHED = "reached"
    NOT_REACHED = "not_reached"
    RESOLVED = "resolved"


class Step(Frozen):
    """One thing that was done about it: who, when, and the status it led to. ``by="hub"``: a later call closed it.

    ``act``: what somebody did, in the words of ``POST /followups``; ``note`` changes nothing about where it stands.
    """

    at: Epoch
    by: str
    status: Status
    act: str = ""
    note: str = ""


class Attempt(Frozen):
    """One missed call of the caller, with its own facts, so that each reader sees only attempts in scope."""

    call: str
    at: Epoch
    direction: str = "inbound"
    queue: str | None = None
    number: str | None = None
    wait_s: Seconds | None = None
    reason: str
    """``abandoned``, ``timed_out``, ``voicemail``, ``no_agent``, ``exit_key`` …: the outcome of the last visit."""
    facts: tuple[str, ...] = ()
    hidden: bool = False
    """Whether there is a queue that the reader may not know."""


class Followup(Document):
    """What is known about one missed opportunity. Key: the caller's E.164 number; withheld: the call's key.

    The hub derives ``attempts``, ``status`` closed by a later call, and ``closed_by`` from *all* calls; people add
    ``history``. ``facts`` is the union of the attempts' facts.
    """

    kind = "followup"

    caller: str | None
    caller_name: str | None = None
    contact: str | None = None
    vip: bool = False
    attempts: tuple[Attempt, ...] = ()
    """Misses since the caller was last spoken to, oldest first."""
    first_miss: Epoch
    last_miss: Epoch
    status: Status = Status.OPEN
    owner: str | None = None
    history: tuple[Step, ...] = ()
    reached_after_s: Seconds | None = None
    """From ``last_miss`` to the talk that closed it."""
    reached_by: str | None = None
    """Agent key or extension of the one who reached the caller, when a call closed it."""
    facts: tuple[str, ...] = ()
    masked: tuple[str, ...] = ()
