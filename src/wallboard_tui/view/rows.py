"""Room ``view``: one call document as rows of tables. Pure, and on the bulk path: plain dicts in, tuples out, no
models."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic_core import to_json

from wallboard_tui.model.base import Doc

Row = tuple[Any, ...]
_OVER = frozenset({"ended", "lost"})

CALL_COLUMNS = (
    "id", "key", "seq", "bits", "source", "direction", "state", "started", "answered", "ended", "caller", "number",
    "campaign", "extension", "agent", "talk_s", "direct_s", "quarter", "done", "last_outcome", "last_wait_s", "words",
    "whole", "json",
)  # fmt: skip
VISIT_COLUMNS = ("call", "idx", "queue", "entered", "quarter", "outcome", "left", "wait_s", "done", "first")
LEG_COLUMNS = (
    "call", "idx", "agent", "said", "queue", "outcome", "at", "quarter", "rang", "answered", "ended", "ring_s",
    "talk_s", "hold_s", "wrap_s", "transfer", "done", "first", "talk_quarter", "more_quarters",
)  # fmt: skip
FACT_COLUMNS = ("fact", "call")


def insert(table: str, columns: tuple[str, ...]) -> str:
    """An INSERT of one row."""
    names = ", ".join(f'"{name}"' for name in columns)
    return f"INSERT INTO {table} ({names}) VALUES ({', '.join('?' * len(columns))})"  # noqa: S608


class Rows:
    """Rows of a batch of calls.

    ``aliases``: another name of an agent → the agent's key. ``extensions``: extension → key of the agent who has it.
    """

    def __init__(self, aliases: Mapping[str, str], extensions: Mapping[str, str]) -> None:
        self._aliases = aliases
        self._extensions = extensions
        self.calls: list[Row] = []
        self.visits: list[Row] = []
        self.legs: list[Row] = []
        self.facts: list[Row] = []
        self.first_seen: dict[str, float] = {}
        """Agent → the earliest leg in this batch."""
        self.moved: set[str] = set()
        """Agents from whom a leg may have been taken away."""
        self.campaigns = False
        """Whether a call of the batch stands under a campaign."""
        self.queues: set[str] = set()
        self.callers: set[str] = set()

    def fresh(self) -> Rows:
        """An empty batch with the same names."""
        return Rows(self._aliases, self._extensions)

    def absorb(self, other: Rows) -> None:
        """Remember what another batch touched."""
        for agent, at in other.first_seen.items():
            self.first_seen[agent] = min(at, self.first_seen.get(agent, at))
        self.queues |= other.queues
        self.callers |= other.callers

    def add(self, number: int, key: str, seq: int, bits: int, doc: Doc) -> None:
        """Add the rows of a call under the row number ``number``."""
        get = doc.get
        state = get("state", "waiting")
        over = state in _OVER
        started = float(doc["started"])
        visits, legs = get("visits") or (), get("legs") or ()
        words = [
            get("caller") or "",
            get("caller_name") or "",
            get("called") or "",
            get("contact") or "",
            get("number") or "",
        ]
        if visits:
            self._visits(number, visits, over, words)
        if legs:
            self._legs(number, legs, visits, started, over, words)
        if get("facts"):
            self.facts.extend([(fact, number) for fact in dict.fromkeys(doc["facts"])])
        talk, ended, answered = get("talk_s"), get("ended"), get("answered")
        if visits:
            last_outcome, last_wait = visits[-1].get("outcome", "waiting"), visits[-1].get("wait_s")
        else:
            # Past the queues: nobody answered, so the caller gave up when the call ended.
            last_outcome = "abandoned" if over and answered is None else None
            last_wait = ended - started if last_outcome and ended is not None else None
        extension, campaign = get("extension"), get("campaign")
        if campaign is not None:
            self.campaigns = True
        if get("caller"):
            self.callers.add(doc["caller"])
        if "parts" in doc:
            doc = {name: value for name, value in doc.items() if name != "parts"}
        self.calls.append(
            (
                number, key, seq, bits, get("source", ""), get("direction", "inbound"), state, started, answered, ended,
                get("caller"), get("number"), campaign, extension,
                self._extensions.get(extension) if extension and not legs else None, talk, None if legs else talk,
                int(started // 900) * 900, over, last_outcome, last_wait,
                " ".join(words).casefold(), bool(get("whole")), to_json(doc).decode(),
            )
        )  # fmt: skip

    def _visits(self, number: int, visits: Sequence[Doc], over: bool, words: list[str]) -> None:
        seen: set[str] = set()
        for index, visit in enumerate(visits):
            get = visit.get
            queue: str | None = get("queue")
            entered = visit["entered"]
            outcome = get("outcome", "waiting")
            first = False
            if queue is not None and queue not in seen:
                first = True
                seen.add(queue)
                words.append(queue)
            self.visits.append(
                (
                    number, index, queue, entered, int(entered // 900) * 900, outcome, get("left"), get("wait_s"),
                    over or outcome != "waiting", first,
                )
            )  # fmt: skip
        self.queues |= seen

    def _legs(
        self, number: int, legs: Sequence[Doc], visits: Sequence[Doc], started: float, over: bool, words: list[str]
    ) -> None:
        seen: set[str] = set()
        for index, leg in enumerate(legs):
            get = leg.get
            said: str | None = get("agent")
            agent = None if said is None else self._aliases.get(said, said)
            rang, answered, ended, visit = get("rang"), get("answered"), get("ended"), get("visit")
            if visit is not None and visit < len(visits):
                at = visits[visit]["entered"]
            else:
                at = rang if rang is not None else answered if answered is not None else started
            outcome = get("outcome", "ringing")
            first = False
            if agent is not None:
                if agent not in seen:
                    first = True
                    seen.add(agent)
                    words.append(agent)
                if at < self.first_seen.get(agent, 1e12):
                    self.first_seen[agent] = at
            done = over or (outcome != "ringing" and (outcome != "answered" or ended is not None))
            talk, hold = get("talk_s"), get("hold_s")
            quarter = more = None
            if answered is not None and (talk is not None or hold is not None):
                quarter = int(answered // 900) * 900
                more = int((answered + (talk or 0) + (hold or 0) - quarter) // 900)
            self.legs.append(
                (
                    number, index, agent, said, get("queue"), outcome, at, int(at // 900) * 900, rang, answered, ended,
                    get("ring_s"), talk, hold, get("wrap_s"), get("transfer"), done, first, quarter, more,
                )
            )  # fmt: skip
