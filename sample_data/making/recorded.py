"""What is taken from the recording: who calls, who works, and whole calls."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from making.office import Line
from making.staff import DYNAMIC, Agent
from wallboard_tui.model.base import Doc
from wallboard_tui.sources.asterisk.cdr import read_cdr
from wallboard_tui.sources.asterisk.cdr_rows import load
from wallboard_tui.sources.asterisk.keys import NO_CALL
from wallboard_tui.sources.asterisk.lines import read_lines
from wallboard_tui.sources.asterisk.merge import Asterisk
from wallboard_tui.sources.asterisk.queue_log import read_queue_log
from wallboard_tui.sources.asterisk.queues_conf import read_queues_conf
from wallboard_tui.sources.base import Part

SOURCE = "pbx1"
QUEUES = {"1": "sales", "2": "support", "3": "billing", "4": "vip"}
"""Which queue is behind a number, by the number's last digit."""
ID_COLUMN = 16


@dataclass(frozen=True)
class RecordedCall:
    """A call that ended, as it stands in both files. Times are epoch seconds."""

    id: str
    queue: str | None
    """The queue it came to first; ``None``: it was past the queues."""
    in_time: bool
    """Whether an agent answered it within the threshold of that queue."""
    started: int
    anchor: int
    """When somebody first answered, else when the caller left."""
    talks: tuple[tuple[int, int], ...]
    busy: tuple[tuple[str, int, int], ...]
    """Agent, from, to: whom it rang and who talked."""
    lines: tuple[tuple[int, int, str], ...]
    """Where it stands in the file, time, and what stands behind the call's id."""
    rows: tuple[tuple[str, ...], ...]


class Recorded:
    """The recording in a directory of sample data."""

    def __init__(self, directory: Path) -> None:
        self._organisation = directory / "organisation.json"
        self._queue_log = directory / "recorded" / "queue_log.xz"
        self._cdr = directory / "recorded" / "Master.csv.xz"
        self._conf = directory / "recorded" / "queues.conf"

    def callers(self) -> Iterator[Line]:
        """Everybody who called, as often as they did. Everybody keeps the first name they had."""
        names: dict[str, str] = {}
        for batch in read_cdr([self._cdr], SOURCE):
            for part in batch.parts:
                row = load(part.part["rows"][0])
                called = row.userfield.removeprefix("did-")
                if row.context == "from-trunk" and called.isdigit():
                    name = names.setdefault(row.src, row.name) if row.src else ""
                    yield Line(row.src, name, called, QUEUES[called[-1]])

    def agents(self) -> Iterator[Agent]:
        """Everybody of queues.conf, with the extension the organisation gave them, and the dynamic members."""
        documents = json.loads(self._organisation.read_text(encoding="utf-8"))["documents"]
        extensions = {doc["name"]: doc["extension"] for kind, doc in documents if kind == "agent"}
        for batch in read_queues_conf([self._conf], SOURCE):
            for kind, doc in batch.documents:
                if kind == "agent":
                    queues = tuple(queue.rpartition(":")[2] for queue in doc["queues"])
                    names = [doc["name"], *doc.get("interfaces", ())]
                    interface = next(name for name in reversed(names) if "/" in name and not name.startswith("Agent/"))
                    yield Agent(doc["name"], interface, extensions[doc["name"]], queues)
        for name, (interface, queues) in DYNAMIC.items():
            yield Agent(name, interface, extensions[name], queues)

    @cached_property
    def start(self) -> int:
        """Time of the first line."""
        return min(at for said in self._said.values() for _, at, _ in said)

    @cached_property
    def _said(self) -> dict[str, list[tuple[int, int, str]]]:
        found: dict[str, list[tuple[int, int, str]]] = {}
        for piece in read_lines(self._queue_log):
            for number, line in enumerate(piece.lines, piece.first):
                if line:
                    stamp, call, rest = line.split("|", 2)
                    found.setdefault(call, []).append((number, int(stamp), rest))
        return found

    def other_lines(self) -> Iterator[tuple[int, int, str]]:
        """Lines about no call: where they stand in the file, time, and the rest."""
        for call, said in self._said.items():
            if call in NO_CALL:
                yield from ((number, at, f"{call}|{rest}") for number, at, rest in said)

    def calls(self) -> list[RecordedCall]:
        """Calls of which the CDR tells, also those that went out or past the queues, that ended."""
        parts: dict[str, list[Part]] = {}
        for batch in (*read_queue_log([self._queue_log], SOURCE), *read_cdr([self._cdr], SOURCE)):
            for part in batch.parts:
                parts.setdefault(part.key, []).append(part)
        rows: dict[str, list[tuple[str, ...]]] = {}
        for piece in read_lines(self._cdr):
            for row in csv.reader(piece.lines):
                rows.setdefault(row[ID_COLUMN], []).append(tuple(row))
        found = []
        for key, some in parts.items():
            name = key.split(":", 2)[2]
            call = Asterisk().merge(key, None, some)
            if call["state"] == "ended" and name in rows:
                found.append(self._call(name, call, tuple(rows[name])))
        return sorted(found, key=lambda call: (call.started, call.id))

    def _call(self, name: str, call: Doc, rows: tuple[tuple[str, ...], ...]) -> RecordedCall:
        legs, visits = call.get("legs") or (), call.get("visits") or ()
        talks = [(int(leg["answered"]), int(leg["ended"])) for leg in legs if leg["outcome"] == "answered"]
        if not legs and call.get("answered") is not None:
            talks = [(int(call["answered"]), int(call["ended"]))]
        queue = visits[0]["queue"].rpartition(":")[2] if visits else None
        in_time = queue is not None and visits[0]["outcome"] == "answered"
        busy = tuple((leg["agent"].split(":", 2)[2], *_span(leg)) for leg in legs)
        return RecordedCall(
            id=name,
            queue=queue,
            in_time=in_time and visits[0]["wait_s"] <= self._threshold[visits[0]["queue"]],
            started=int(call["started"]),
            anchor=min((since for since, _ in talks), default=int(call["ended"])),
            talks=tuple(talks),
            busy=busy or tuple((self._names[call["extension"]], *talks[0]) for _ in talks if call.get("extension")),
            lines=tuple(self._said.get(name, ())),
            rows=rows,
        )

    @cached_property
    def _threshold(self) -> dict[str, float]:
        documents = [pair for batch in read_queues_conf([self._conf], SOURCE) for pair in batch.documents]
        return {doc["key"]: doc["service_level_s"] for kind, doc in documents if kind == "queue"}

    @cached_property
    def _names(self) -> dict[str, str]:
        return {agent.extension: agent.name for agent in self.agents()}


def _span(leg: Doc) -> tuple[int, int]:
    """From when to when a leg kept its agent. A ring of which only the end is known counts as that moment."""
    known = [leg[name] for name in ("rang", "answered", "ended") if leg.get(name) is not None]
    return int(known[0]), int(known[-1])
