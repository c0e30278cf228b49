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
    """A call that an agent answered, as it stands in both files. Times are epoch seconds."""

    id: str
    started: int
    ended: int
    busy: tuple[tuple[str, int, int], ...]
    """Agent, from, to: whom it rang and who talked."""
    lines: tuple[tuple[int, str], ...]
    """Time and what stands behind the call's id."""
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
        return min(at for said in self._said.values() for at, _ in said)

    @cached_property
    def _said(self) -> dict[str, list[tuple[int, str]]]:
        found: dict[str, list[tuple[int, str]]] = {}
        for piece in read_lines(self._queue_log):
            for line in piece.lines:
                stamp, call, rest = line.split("|", 2)
                found.setdefault(call, []).append((int(stamp), rest))
        return found

    def answered(self) -> list[RecordedCall]:
        """Inbound calls that an agent answered and that ended, of callers who show their number, in order."""
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
            call = Asterisk().merge(key, None, some)
            name = key.split(":", 2)[2]
            legs = call.get("legs", ())
            if call["direction"] != "inbound" or call["state"] != "ended" or call.get("caller") is None:
                continue
            if call.get("answered") is None or not legs:
                continue
            busy = tuple((leg["agent"].split(":", 2)[2], *_span(leg)) for leg in legs)
            found.append(
                RecordedCall(
                    name, int(call["started"]), int(call["ended"]), busy, tuple(self._said[name]), tuple(rows[name])
                )
            )
        return sorted(found, key=lambda call: (call.started, call.id))


def _span(leg: Doc) -> tuple[int, int]:
    """From when to when a leg kept its agent. A ring of which only the end is known counts as that moment."""
    known = [leg[name] for name in ("rang", "answered", "ended") if leg.get(name) is not None]
    return int(known[0]), int(known[-1])
