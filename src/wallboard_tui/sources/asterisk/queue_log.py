"""Room ``sources``: queue_log lines as batches. Knows the format; ``fold`` knows what the lines of a call mean.

A line is ``epoch|call id|queue|agent|verb|parameters``. Every line either says something, or is let through, or is
refused with a reason: whatever stands in a file, reading goes on.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from wallboard_tui.model.agent import presence_key
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.aliases import Memberships
from wallboard_tui.sources.asterisk.keys import NAME, NO_CALL, NOBODY, key
from wallboard_tui.sources.asterisk.lines import Lines, read_files, shown
from wallboard_tui.sources.asterisk.times import AHEAD_S, EARLIEST, LATEST, OUTSIDE, Clock
from wallboard_tui.sources.asterisk.verbs import CALL_RULES, PRESENCE_RULES, wrong_verb
from wallboard_tui.sources.base import UTF8, Batch, Part, Refused

WITNESS = "queue_log"

LACKS = (
    "hold_s", "messages_in", "messages_out", "score_count", "score_sum", "voicemail", "wrap_s", "wrap_state_s",
)  # fmt: skip
"""Measures nothing in queue_log or the CDR tells."""

_WHAT = {
    "PAUSE": "pause", "PAUSEALL": "pause", "UNPAUSE": "unpause", "UNPAUSEALL": "unpause", "ADDMEMBER": "join",
    "REMOVEMEMBER": "leave", "AGENTLOGIN": "login", "AGENTCALLBACKLOGIN": "login", "AGENTLOGOFF": "logout",
    "AGENTCALLBACKLOGOFF": "logout",
}  # fmt: skip


class QueueLog:
    """Reads lines of one source, in pieces, and remembers what it takes to tell whose names are whose.

    ``clock``: lines that lie more than ``AHEAD_S`` ahead of it are refused; ``None``: nothing is known about the time.
    """

    def __init__(self, source: str, clock: Clock | None = None) -> None:
        self.source = source
        self._clock = clock
        self._latest: float = LATEST
        self.queues: set[str] = set()
        """Names of the queues whose calls it told of so far."""
        self._agents: set[str] = set()
        self._memberships = Memberships()

    def read(self, piece: Lines) -> Batch:
        """What consecutive lines of a file say."""
        batch = Batch(self.source, NAME, witness=WITNESS, lacks=LACKS, done=piece.done, total=piece.total)
        batch.refused.extend(piece.refused)
        batch.read = len(piece.refused)
        if self._clock is not None:
            self._latest = self._clock() + AHEAD_S
        calls: dict[str, list[str]] = {}
        newest = 0
        for number, line in enumerate(piece.lines, piece.first):
            if not line:
                continue
            batch.read += 1
            stamp, _, rest = line.partition("|")
            fields = rest.split("|", 4)
            reason = self._wrong(stamp, fields)
            if reason:
                batch.refused.append(Refused(piece.file, number, shown(line), reason))
                continue
            at = int(stamp)
            if at > newest:
                newest = at
            call, _, after = rest.partition("|")
            verb = fields[3]
            if verb in CALL_RULES:
                if call not in NO_CALL:
                    calls.setdefault(call, []).append(f"{stamp}|{after}")
                    self._heard(batch, at, fields)
            elif verb in PRESENCE_RULES:
                self._presence(batch, at, fields)
            elif verb == "QUEUESTART":
                batch.restarts.append(at)
        source = self.source
        batch.parts = [Part(key(source, call), WITNESS, {"lines": lines}) for call, lines in calls.items()]
        batch.horizon = newest or None
        return batch

    def finish(self) -> Batch:
        """What only all lines together say: names behind interfaces. For after the last piece."""
        batch = Batch(self.source, NAME, witness=WITNESS, lacks=LACKS)
        for interface, name in self._memberships.deduce():
            agent = key(self.source, name)
            doc: Doc = {"key": agent, "source": self.source, "name": name, "interfaces": [interface]}
            batch.documents.append(("agent", doc))
        return batch

    def _wrong(self, stamp: str, fields: list[str]) -> str:
        """Why a line cannot be taken in; empty when it can."""
        if not (stamp.isascii() and stamp.isdigit()):
            return "does not begin with a time (foreign text or a torn line?)"
        if len(fields) < 4:
            return "has fewer than five fields (torn line?)"
        if len(stamp) > 10 or not EARLIEST <= int(stamp) <= LATEST:
            return OUTSIDE
        if int(stamp) > self._latest:
            return "its time lies in the future (is the phone system's clock wrong?)"
        return wrong_verb(fields[3], fields[4] if len(fields) > 4 else None)

    def _heard(self, batch: Batch, at: int, fields: list[str]) -> None:
        """Queues and agents exist as soon as a call speaks of them."""
        queue, agent, verb = fields[1], fields[2], fields[3]
        if queue not in self.queues and queue not in NOBODY:
            self.queues.add(queue)
            doc: Doc = {"key": key(self.source, queue), "source": self.source, "name": queue}
            batch.documents.append(("queue", doc))
        if agent not in NOBODY:
            self._agent(batch, agent)
            self._memberships.spoke(agent, queue, at, verb, fields[4] if len(fields) > 4 else "")

    def _agent(self, batch: Batch, agent: str) -> None:
        if agent not in self._agents:
            self._agents.add(agent)
            doc: Doc = {"key": key(self.source, agent), "source": self.source, "name": agent}
            batch.documents.append(("agent", doc))

    def _presence(self, batch: Batch, at: int, fields: list[str]) -> None:
        queue, agent, verb = fields[1], fields[2], fields[3]
        if agent in NOBODY:
            return
        detail = fields[4] if len(fields) > 4 else ""
        what = _WHAT[verb]
        paused = what == "join" and detail == "PAUSED"
        name = None if queue in NOBODY else queue
        self._say(batch, at, agent, name, what, detail if what == "pause" else "")
        if paused:
            self._say(batch, at, agent, name, "pause", "")
        if what in ("join", "leave"):
            self._memberships.member(agent, queue, at, what)
        elif what in ("pause", "unpause"):
            self._agent(batch, agent)
            self._memberships.spoke(agent, queue, at, verb, "")

    def _say(self, batch: Batch, at: float, agent: str, queue: str | None, what: str, reason: str = "") -> None:
        """Put one presence document into the batch."""
        who = key(self.source, agent)
        where = None if queue is None else key(self.source, queue)
        named = presence_key(who, at, where, what)
        doc: Doc = {"key": named, "source": self.source, "agent": who, "at": at, "what": what}
        if where:
            doc["queue"] = where
        if reason:
            doc["reason"] = reason
        batch.documents.append(("presence", doc))


def read_queue_log(
    paths: Iterable[Path], source: str, clock: Clock | None = None, encoding: str = UTF8
) -> Iterator[Batch]:
    """Batches of whole files, plain, gz or xz, in any order. Raises ``Unreadable`` for a file that cannot be opened."""
    return read_files(paths, QueueLog(source, clock), encoding)
