"""What the view's tests share: a maker of entries, and a slow reference that computes cells straight from documents."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import pytest

from wallboard_tui.metrics.presence import fold
from wallboard_tui.metrics.quarters import quarter_of, split
from wallboard_tui.model.agent import agents_by_name
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.view.view import View

Cells = dict[tuple[int, str, str, str, int], dict[str, int]]


class Maker:
    """Makes entries with ever higher seqs."""

    def __init__(self) -> None:
        self.seq = 0

    def __call__(self, kind: str, doc: Doc, bits: int = -1) -> Entry:
        self.seq += 1
        return Entry(self.seq, Change(kind, doc["key"], doc, 0.0, "hub"), bits)

    def gone(self, kind: str, key: str) -> Entry:
        self.seq += 1
        return Entry(self.seq, Change(kind, key, None, 0.0, "hub"))


@pytest.fixture
def make() -> Maker:
    return Maker()


@pytest.fixture
def view() -> Iterator[View]:
    opened = View.open(None)
    yield opened
    opened.close()


def _ms(seconds: float) -> int:
    return round(seconds * 1000)


class Reference:
    """Cells of counted lenses, computed one fact at a time from the newest documents."""

    def __init__(self, documents: Iterable[tuple[str, Doc, int]], lenses: Iterable[int]) -> None:
        self.docs: dict[str, dict[str, Doc]] = defaultdict(dict)
        self.bits: dict[tuple[str, str], int] = {}
        for kind, doc, bits in documents:
            self.docs[kind][doc["key"]] = doc
            self.bits[kind, doc["key"]] = bits
        self.lenses = tuple(lenses)
        self.cells: Cells = defaultdict(lambda: defaultdict(int))
        organisation = self.docs["organisation"].get("organisation", {})
        self.common = organisation.get("service_level_s", 20)
        self.short = organisation.get("short_abandon_s", 5)
        self.alias = agents_by_name(
            ((key, doc["name"], doc.get("interfaces", ())) for key, doc in self.docs["agent"].items()),
            ((key, doc.get("agents", ())) for key, doc in self.docs["person"].items()),
        )
        for key, call in self.docs["call"].items():
            self._call(call, self.bits["call", key])
        self._presence()

    def _add(self, bits: int, subjects: dict[str, str | None], direction: str, quarter: int, **measures: int) -> None:
        for lens in self.lenses:
            for by, subject in subjects.items():
                if bits >> lens & 1 and subject is not None:
                    cell = self.cells[lens, by, subject, direction, quarter]
                    cell["n"] += 1
                    for name, value in measures.items():
                        if name in ("wait_max_s", "wait_answered_max_s"):
                            cell[name] = max(cell[name], value)
                        else:
                            cell[name] += value

    def _call(self, call: Doc, bits: int) -> None:
        direction, over = call.get("direction", "inbound"), call.get("state") in ("ended", "lost")
        visits, legs = call.get("visits", []), call.get("legs", [])
        shared = {"number": call.get("number") or "", "campaign": call.get("campaign")}
        for visit in visits:
            self._visit(call, visit, over, bits, shared)
        for leg in legs:
            self._leg(call, leg, over, bits, direction, shared)
        if not over:
            return
        answered, quarter = call.get("answered") is not None, quarter_of(call["started"])
        last = visits[-1].get("outcome", "waiting") if visits else None if answered else "abandoned"
        wait = visits[-1].get("wait_s") if visits else call["ended"] - call["started"] if "ended" in call else None
        short = last == "abandoned" and wait is not None and wait < self.short
        answerable = direction == "inbound" and (answered or not (short or last == "closed"))
        counts = {
            "calls": 1,
            "inbound": int(direction == "inbound"),
            "answerable": int(answerable),
            "inbound_missed": int(answerable and not answered),
            "outbound": int(direction == "outbound"),
            "outbound_answered": int(direction == "outbound" and answered),
        }
        self._add(bits, shared, direction, quarter, **counts)
        for queue in {visit.get("queue") for visit in visits} - {None}:
            self._add(bits, {"queue": queue}, direction, quarter, **counts)
        mine = {name: counts[name] for name in ("calls", "inbound", "outbound", "outbound_answered")}
        for agent in {self.alias.get(leg["agent"], leg["agent"]) for leg in legs if leg.get("agent")}:
            self._add(bits, {"agent": agent}, direction, quarter, **mine)

    def _visit(self, call: Doc, visit: Doc, over: bool, bits: int, shared: dict[str, Any]) -> None:
        direction = call.get("direction", "inbound")
        outcome, wait = visit.get("outcome", "waiting"), visit.get("wait_s")
        if outcome == "waiting" and not over:
            return
        queue = visit.get("queue")
        if queue is None and not call.get("whole"):
            return  # hidden: counts in nothing
        own = self.docs["queue"].get(queue or "", {}).get("service_level_s")
        in_time = wait is not None and wait <= (self.common if own is None else own)
        measures = {
            "offered": int(outcome not in ("full", "closed")),
            "overflowed": int(outcome in ("exit_key", "exit_empty", "full", "closed")),
            "wait_max_s": _ms(wait or 0),
        }
        for name in ("answered", "abandoned", "timed_out", "exit_key", "exit_empty", "withdrawn", "voicemail"):
            measures[name] = int(outcome == name)
        for name in ("answered", "abandoned"):
            measures[f"{name}_in_sl"] = int(outcome == name and in_time)
            measures[f"wait_{name}_s"] = _ms(wait or 0) if outcome == name else 0
        measures["wait_answered_max_s"] = measures["wait_answered_s"]
        measures["short_abandoned"] = int(outcome == "abandoned" and wait is not None and wait < self.short)
        self._add(bits, {"queue": queue, **shared}, direction, quarter_of(visit["entered"]), **measures)

    def _leg(self, call: Doc, leg: Doc, over: bool, bits: int, direction: str, shared: dict[str, Any]) -> None:
        outcome = leg.get("outcome", "ringing")
        if not over and (outcome == "ringing" or (outcome == "answered" and leg.get("ended") is None)):
            return
        agent = leg.get("agent")
        if agent is None and leg.get("queue") is None and not call.get("whole"):
            return  # hidden: counts in nothing
        subjects = {"queue": leg.get("queue"), "agent": agent and self.alias.get(agent, agent), **shared}
        times = [leg.get("rang"), leg.get("answered"), call["started"]]
        visit = leg.get("visit")
        at = call["visits"][visit]["entered"] if visit is not None else next(t for t in times if t is not None)
        names = {"no_answer": "ring_no_answer", "rejected": "ring_no_answer", "canceled": "ring_canceled",
                 "dumped": "agent_dumped", "answered": "handled"}  # fmt: skip
        measures = {names[outcome]: 1} if outcome in names else {}
        measures["rejected"] = int(outcome == "rejected")
        measures["ring_s"] = _ms(leg.get("ring_s") or 0)
        if leg.get("transfer"):
            measures |= {"transfers": 1, f"transfers_{leg['transfer']}": 1}
        self._add(bits, subjects, direction, quarter_of(at), **measures)
        talk, hold = leg.get("talk_s"), leg.get("hold_s")
        if leg.get("answered") is not None and (talk is not None or hold is not None):
            # Whole seconds that start on whole seconds: an even spread is a plain cut when there is no hold.
            end = leg["answered"] + (talk or 0) + (hold or 0)
            pieces = split(leg["answered"], end) or [(quarter_of(end), 0.0)]
            if quarter_of(end) != pieces[-1][0]:
                pieces.append((quarter_of(end), 0.0))
            for quarter, seconds in pieces:
                self._add(bits, subjects, direction, quarter, talk_s=_ms(seconds), busy_s=_ms(seconds))

    def _presence(self) -> None:
        static: dict[str, set[str]] = defaultdict(set)
        for key, doc in self.docs["agent"].items():
            static[self.alias.get(key, key)].update(doc.get("queues", ()))
        for key, doc in self.docs["queue"].items():
            for member in doc.get("members", ()):
                static[self.alias.get(member, member)].add(key)
        said: dict[str, list[Doc]] = defaultdict(list)
        for event in self.docs["presence"].values():
            name = str(event["agent"])
            said[self.alias.get(name, name)].append(event)
        for agent in {*said, *static}:
            for lens in self.lenses:
                mine = [event for event in said[agent] if self.bits["presence", event["key"]] >> lens & 1]
                if mine or (not said[agent] and self.bits.get(("agent", agent), -1) >> lens & 1):
                    self._intervals(lens, agent, mine, static[agent], self._first(agent))

    def _first(self, agent: str) -> float | None:
        found = []
        for call in self.docs["call"].values():
            for leg in call.get("legs", ()):
                if leg.get("agent") and self.alias.get(leg["agent"], leg["agent"]) == agent:
                    times = [leg.get("rang"), leg.get("answered"), call["started"]]
                    visit = leg.get("visit")
                    at = call["visits"][visit]["entered"] if visit is not None else None
                    found.append(at if at is not None else next(t for t in times if t is not None))
        return min(found, default=None)

    def _intervals(self, lens: int, agent: str, events: list[Doc], static: set[str], since: float | None) -> None:
        for interval in fold(agent, events, static, since=since if static else None):
            if interval.end is None or interval.state == "out":
                continue
            for quarter, seconds in split(interval.start, interval.end):
                subject = {"agent": agent} if interval.queue is None else {"queue": interval.queue}
                amounts = {f"{interval.state}_s": _ms(seconds)} if interval.state != "signed_in" else {}
                if interval.state == "signed_in" or interval.queue is not None:
                    amounts["login_s"] = _ms(seconds)
                self._add(1 << lens, dict(subject), "", quarter, **amounts)


def _cells(view: View, table: str = "cell") -> Cells:
    with view.reading() as db:
        rows = db.execute(f"SELECT * FROM {table}")  # noqa: S608
        names = [column[0] for column in rows.description]
        found: Cells = {}
        for row in rows:
            cell = dict(zip(names, row, strict=True))
            place = tuple(cell.pop(name) for name in ("lens", "by", "subject", "direction", "quarter"))
            found[place] = cell
    return _plain(found)


def _plain(cells: Cells) -> Cells:
    """Without zeros, and without the number of rows behind a cell, which is nobody's figure."""
    return {
        place: {name: value for name, value in cell.items() if value and name != "n"}
        for place, cell in cells.items()
        if any(value for name, value in cell.items() if name != "n")
    }


@pytest.fixture
def cells() -> Callable[..., Cells]:
    """``cells(view, table="cell")``: what stands in a view's cells, zeros left out."""
    return _cells


@pytest.fixture
def reference() -> Callable[..., Cells]:
    """``reference(documents, lenses)``: the same, computed slowly from ``(kind, document, bits)``."""
    return lambda documents, lenses=(0,): _plain(Reference(documents, lenses).cells)
