"""Room ``sources``: what every source gives (``Batch``) and how a phone system's parts become a call (``System``).

Knows ``model`` only. A source reads, and yields batches; whoever takes them in (the hub) merges each part into its
call with ``System.merge``, each document with ``System.combine``, and appends what changed. All of these are pure and
order-independent: files may be read twice, in any order, cut anywhere.

How to take a batch in:

1. ``restarts``: add them to the known ones (``SourceHealth.restarts``). For a restart that is new, merge
   every call of the source that has not ENDED (waiting … lost) and that started before it, without parts.
2. ``parts``: group by key; ``system.merge(key, old, parts, restarts)`` with all restarts known of the source, sorted.
3. ``documents``: ``system.combine(kind, old, new)``; what equals the old one is no change.
   What restarts imply about agents (``system.implied()``) is told every document and every restart; what it gives
   is documents too.
4. ``system.learn(call)`` of each call that changed: documents that the call proves (which interface is which agent); as
   in 3.
5. ``horizon``, ``lacks``, ``len(refused)`` go to the source's health, ``position`` wherever it survives a restart.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

from wallboard_tui.model.base import Doc


class Part(NamedTuple):
    """What one witness says about one call: ``witness`` is ``queue_log``, ``ami`` or ``cdr``. JSON values only.

    Whether it extends or replaces what the witness said before is the ``System``'s affair.
    """

    key: str
    witness: str
    part: Doc


class Refused(NamedTuple):
    """One line or row that could not be taken in: where it stands, how it begins, and why."""

    file: str
    line: int
    text: str
    reason: str


@dataclass(slots=True)
class Batch:
    """A piece of what a source said."""

    source: str
    system: str = "asterisk"
    parts: list[Part] = field(default_factory=list)
    documents: list[tuple[str, Doc]] = field(default_factory=list)
    """``(kind, document)``: presence, agent, queue. Only what the source knows; ``System.combine`` keeps the rest."""
    refused: list[Refused] = field(default_factory=list)
    read: int = 0
    """Lines or rows read, refused ones included and empty ones not."""
    file: str = ""
    """The file it was read from, where it is of one."""
    horizon: float | None = None
    """Time of the newest thing said: of an imported source nothing is known after it."""
    restarts: list[float] = field(default_factory=list)
    """When the phone system started: nothing that was going on before survived."""
    witness: str = ""
    """Who tells it, as in ``Part``, where it is one alone."""
    lacks: tuple[str, ...] = ()
    """Measures that this witness cannot supply. The source lacks what none of its witnesses supplies."""
    notes: list[str] = field(default_factory=list)
    """Sentences for the summary, of what the reader of it should know."""
    done: int = 0
    """Bytes of the input dealt with, ``total`` of all of it, for a progress bar. Compressed size when compressed."""
    total: int = 0
    complete_since: float | None = None
    """A past that is told newest first is told back to here with this batch; 0: all of it. ``None``: it is no such."""
    position: Doc | None = None
    """Where a followed file is to be taken up again after this batch is safe: give it to ``tail`` next time."""


class System(Protocol):
    """How the parts of one phone system's calls become documents. Every function is pure."""

    name: str

    def merge(self, key: str, old: Doc | None, parts: Sequence[Part], restarts: Sequence[float] = ()) -> Doc:
        """The call after taking in ``parts``. Same set of parts and restarts, same call, in whatever order they came.

        Fields that the organisation stamped (``facts``, ``number``, ``campaign``, ``contact``) are kept from ``old``.
        """

    def combine(self, kind: str, old: Doc | None, new: Doc) -> Doc:
        """A document other than a call after the source said ``new``: fields it does not speak of stay as they were."""

    def learn(self, call: Doc) -> Sequence[tuple[str, Doc]]:
        """Documents that a merged call proves, e.g. an agent with one interface more. Usually none."""

    def implied(self) -> "Implied":
        """An empty collector of what restarts imply about the agents of one source."""


class Implied(Protocol):
    """Collects, in any order, restarts and who spoke, and gives each document that follows from both once."""

    def started(self, at: Iterable[float]) -> None:
        """The phone system started then."""

    def spoke(self, agents: Iterable[str], what: str = ...) -> None:
        """Agents took part in calls of queues, or said ``what`` about their presence."""

    def note(self, kind: str, doc: Doc) -> None:
        """Look at a document for what it says of agents."""

    def news(self) -> list[tuple[str, Doc]]:
        """What follows and was not given yet."""


UTF8 = "utf-8"
"""How files are read unless something else is said."""
_PLAIN = b'0123|ABC,"\n'


def not_in(encoding: str) -> str:
    """How the reason begins for which a line is refused that is not in the encoding of its file."""
    return f"not {encoding.upper()}"


def readable_as(encoding: str) -> bool:
    """Whether there is such an encoding of text, and lines and fields can be told apart in it as in ASCII."""
    try:
        return _PLAIN.decode(encoding) == _PLAIN.decode("ascii")
    except (LookupError, ValueError):
        return False


class Unreadable(Exception):
    """A file or directory that cannot be read at all: which one, why, and what to do. One sentence, fit for a user."""
