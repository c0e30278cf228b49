"""Room ``model``: a call, the visits it paid to queues and the agents it rang.

Units, so that parts add up: a *visit* is one stay of one caller in one queue; a *leg* is one ring of one agent,
answered or not. A call through two queues is two visits and one call.
"""

from enum import StrEnum

from wallboard_tui.model.base import Doc, Document, Epoch, Frozen, Seconds


class Direction(StrEnum):
    """Direction of a call's first leg."""

    INBOUND = "inbound"
    OUTBOUND = "outbound"
    INTERNAL = "internal"


class CallState(StrEnum):
    """Where a call is now. ``LOST``: the phone system went down before it said how the call ended."""

    WAITING = "waiting"
    RINGING = "ringing"
    TALKING = "talking"
    ENDED = "ended"
    LOST = "lost"


class VisitOutcome(StrEnum):
    """How a visit to a queue ended. ``ABANDONED``: the caller gave up. ``UNKNOWN``: no closing word ever came.

    Two are of witnesses that cannot tell more: ``GONE``: left unanswered, having given up, timed out or been withdrawn;
    ``LEFT``: by a key, or because nobody was there.
    """

    WAITING = "waiting"
    ANSWERED = "answered"
    ABANDONED = "abandoned"
    TIMED_OUT = "timed_out"
    EXIT_KEY = "exit_key"
    EXIT_EMPTY = "exit_empty"
    FULL = "full"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"
    VOICEMAIL = "voicemail"
    GONE = "gone"
    LEFT = "left"
    UNKNOWN = "unknown"


class LegOutcome(StrEnum):
    """How one ring of one agent ended. ``DUMPED``: the agent's side dropped the caller before the bridge stood."""

    RINGING = "ringing"
    ANSWERED = "answered"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    CANCELED = "canceled"
    DUMPED = "dumped"
    UNKNOWN = "unknown"


class Visit(Frozen):
    """One stay of the caller in one queue.

    ``queue`` is a queue's key, or ``None`` where the reader may not know it. ``wait_s`` is the source's own figure,
    from queue entry to the agent's answer or to the end of the stay; ``None`` while waiting or when nobody said.
    """

    queue: str | None
    entered: Epoch
    outcome: VisitOutcome = VisitOutcome.WAITING
    left: Epoch | None = None
    wait_s: Seconds | None = None
    hidden: int | None = None
    """Which of the call's queues that the reader may not know it is: 1, 2 …, of no meaning in another call."""


class Leg(Frozen):
    """One ring of one agent.

    ``agent`` is an agent's key, or ``None`` where the reader may not know it. ``visit`` is the index of the visit it
    belongs to, ``None`` for a call that came past the queues. ``talk_s`` excludes ``hold_s``. A ``None`` duration is
    unknown, never 0.
    """

    agent: str | None
    queue: str | None = None
    visit: int | None = None
    outcome: LegOutcome = LegOutcome.RINGING
    rang: Epoch | None = None
    answered: Epoch | None = None
    ended: Epoch | None = None
    ring_s: Seconds | None = None
    talk_s: Seconds | None = None
    hold_s: Seconds | None = None
    held: Epoch | None = None
    """Since when the caller is on hold, while they are."""
    wrap_s: Seconds | None = None
    transfer: str | None = None
    """``blind`` or ``attended`` when the agent passed the caller on."""
    hidden: int | None = None
    """Which of the call's agents whom the reader may not know it rang: 1, 2 …, of no meaning in another call."""


class Call(Document):
    """One call, whoever witnessed it. Key: ``<system>:<source>:<id there>``, e.g. ``asterisk:pbx1:1700000000.12``.

    ``parts`` holds one part per witness (``queue_log``, ``cdr``, later ``ami``); everything else is merged from them,
    but the facts and names that the organisation adds, which the hub stamps once. Parts never leave the hub.
    """

    kind = "call"

    source: str
    direction: Direction = Direction.INBOUND
    state: CallState = CallState.WAITING
    started: Epoch
    answered: Epoch | None = None
    ended: Epoch | None = None
    caller: str | None = None
    """The other party: E.164 where it can be read as such, else as sent; ``None`` when withheld."""
    caller_name: str | None = None
    called: str | None = None
    """What was dialled, as the phone system has it."""
    number: str | None = None
    """Key of the business number that was called or shown."""
    campaign: str | None = None
    contact: str | None = None
    extension: str | None = None
    """Extension that placed an outbound or internal call."""
    talk_s: Seconds | None = None
    """For calls past the queues (CDR): seconds between answer and end."""
    visits: tuple[Visit, ...] = ()
    legs: tuple[Leg, ...] = ()
    facts: tuple[str, ...] = ()
    """Atoms that a scope may name: ``queue:…``, ``number:…``, ``ext:…``, ``team:…``, ``person:…``, ``agent:…``.
    They only grow.
    """
    parts: Doc = {}
    whole: bool = False
    """Whether the reader has the call by its number: then every visit and leg counts, named or not."""
    masked: tuple[str, ...] = ()
    """Names of fields that were taken out for this reader (``caller`` …), so that a screen can say so."""


def missed(call: Doc) -> bool:
    """Whether an inbound call ended with nobody having answered it (a call that rang six phones is one missed call)."""
    return (
        call.get("direction", "inbound") == "inbound"
        and call.get("state") in ("ended", "lost")
        and call.get("answered") is None
    )
