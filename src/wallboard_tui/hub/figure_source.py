"""Room ``hub``: where the figures of one lens come from. All methods belong on the hub's thread, but ``note``."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from pydantic_core import from_json

from wallboard_tui.hub.cell_rows import cells
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.metrics.measures import without_reasons, without_states
from wallboard_tui.metrics.quarters import QUARTER, quarter_of
from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.live import LiveAgent, LiveQueue
from wallboard_tui.view import queries
from wallboard_tui.view.going_on import Told
from wallboard_tui.view.view import View

PAGE = 400
"""Calls per step: short enough that others get the hub's thread in between."""
RECENT_S = 36 * 3600.0
"""Cells younger than this are compared with what was sent; older ones move seldom, and are just sent again."""
SMALL = ("organisation", "queue", "agent", "person", "team", "number", "source")
"""Kinds that figures depend on: settings, names, who is whose."""
LIVE = frozenset({"wallboard", "supervisor", "analytics"})
"""Permissions that show what goes on now."""


class Source:
    """Figures of one lens of one gate. ``filled``: calls that started then or later are in."""

    def __init__(self, hub: Hub, access: Access, lens: int) -> None:
        self._hub = hub
        self._lens = lens
        self._whole = access.gate
        self._gate = access.gate.lens_gate(lens)
        found = access.me.lenses[lens]
        self._rows = found.rows
        self._reasons = "supervisor" in found.permissions
        self._states = found.states
        # Who may see what all agents of a lens do may see what goes on in it, by whatever permission they look.
        self._live = found.states or bool(LIVE.intersection(found.permissions))
        self._shared = found.everything
        self._own_agents = access.me.own_states()
        self.view = hub.view if self._shared else View.open(None, lenses=1)
        self.filled = 0.0 if self._shared else math.inf
        self._before: tuple[float, str] = (math.inf, "")
        self._noted: list[Entry] = []
        self._quarters: set[int] = set()
        self._all_moved = False
        self._sent: dict[str, Doc] = {}
        self._told: set[str] = set()
        """Keys of recent cells that some terminal was sent in its snapshot."""
        self._sent_live: dict[str, tuple[str, Doc]] = {}

    # -- filling

    def fill(self) -> None:
        """Let the next page of calls in, newest first; everything small comes before the first."""
        if self.filled == math.inf:
            self._fill_small()
        where, params = self._gate.where("c")
        at, key = self._before
        with self._hub.view.reading() as db:
            rows = db.execute(
                "SELECT c.key, c.seq, c.started, c.json FROM call c"  # noqa: S608 - the condition is access's own
                f" WHERE (c.started, c.key) < (?, ?) AND {where} ORDER BY c.started DESC, c.key DESC LIMIT {PAGE}",
                (min(at, 1e15), key, *params),
            ).fetchall()
        since, before = 0.0, self.filled
        if len(rows) == PAGE:
            self._before = (rows[-1][2], rows[-1][0])
            # Of the oldest second there may be more.
            since = math.nextafter(rows[-1][2], math.inf)
        self._let_in(self._said(since, before))
        self._let_in(Entry(seq, _call(key, from_json(json))) for key, seq, _, json in rows)
        self.filled = since

    def _fill_small(self) -> None:
        small = (
            Entry(1, Change(kind, key, doc, 0.0, "hub"), 1)
            for kind in SMALL
            for key, doc in queries.documents(self._hub.view, kind).items()
        )
        self._let_in(small)

    def _said(self, since: float, before: float) -> Iterable[Entry]:
        """Presences of ``[since, before)``, and those that were in force when that began."""
        with self._hub.view.reading() as db:
            found = db.execute("SELECT key FROM presence WHERE at >= ? AND at < ?", (since, min(before, 1e15)))
            keys = {key for (key,) in found}
        return self._hub.journal.get_many("presence", sorted(keys | queries.in_force(self._hub.view, since))).values()

    def _let_in(self, entries: Iterable[Entry]) -> None:
        admitted = [entry for one in entries if (entry := self._admitted(one)) is not None]
        if admitted:
            self.view.apply(admitted)

    def _admitted(self, entry: Entry) -> Entry | None:
        """An entry as this lens sees it, ``None`` when it does not.

        Names are the person's own: figures here and those that a terminal adds up stand under the same ones.
        """
        change = entry.change
        if change.doc is None:
            return Entry(entry.seq, change, 1) if change.kind in SMALL else None
        if change.kind == "call" and not self._rows:
            doc = self._gate.call(change.doc)
            return None if doc is None else Entry(entry.seq, _call(change.key, doc), 1)
        if change.kind == "presence" and not self._rows:
            if not self._gate.presence(change.doc):
                return None
            said = {**change.doc, "agent": self._gate.reach.directory.agent_key(change.doc["agent"])}
            return Entry(entry.seq, replace(change, doc=said), 1)
        bits = self._whole.admit(change.kind, change.doc)
        if not bits or (change.kind not in SMALL and not bits >> self._lens & 1):
            return None
        doc = self._whole.redact(change.kind, change.doc, bits)
        # An agent whom rows of this lens only name is nobody whose time counts in it.
        counts = change.kind != "agent" or self._gate.agent(change.key)
        return Entry(entry.seq, Change(change.kind, change.key, doc, change.at, change.by), int(counts))

    # -- what moves

    @property
    def noted(self) -> bool:
        """Whether something changed since ``changed`` was asked."""
        return bool(self._noted)

    def note(self, entries: Sequence[Entry]) -> None:
        """Documents changed."""
        self._noted += [
            entry for entry in entries if entry.change.kind in ("call", "presence") or entry.change.kind in SMALL
        ]

    def absorb(self) -> None:
        """Let in what was noted, and remember which quarters may have moved."""
        noted, self._noted = self._noted, []
        for entry in noted:
            self._mark(entry.change)
        if not self._shared:
            self._let_in(noted)

    def _mark(self, change: Change) -> None:
        doc = change.doc or {}
        if change.kind in ("organisation", "queue"):
            self._all_moved = True
        elif change.kind == "call" and doc:
            start = quarter_of(doc["started"])
            end = max(
                doc.get("ended") or 0.0, doc["started"], *(leg.get("ended") or 0.0 for leg in doc.get("legs") or ())
            )
            self._quarters.update(range(start, min(quarter_of(end), start + 96 * QUARTER) + 1, QUARTER))
        elif change.kind in ("presence", "agent"):
            at = doc.get("at") or self._hub.clock()
            self._quarters.update(range(quarter_of(at - RECENT_S / 3), quarter_of(at) + 1, QUARTER))

    # -- what is sent

    def oldest(self) -> float:
        """When the oldest cell begins; infinite when there is none."""
        with self.view.reading() as db:
            found = db.execute("SELECT min(quarter) FROM cell WHERE lens = 0").fetchone()[0]
        return math.inf if found is None else float(found)

    def everything(self, start: float, end: float, now: float) -> list[list[Any]]:
        """What goes on now, and all cells of ``[start, end)``."""
        self.absorb()
        live = self._standing(now) if end > now else {}
        found = [[kind, doc, doc["key"]] for kind, doc in live.values()]
        with self.view.reading() as db:
            for doc in cells(db, self._lens, start, min(end, 1e15), reasons=True):
                if self._shows(doc):
                    # Not remembered as sent: others who share these figures have not got it yet.
                    if doc["quarter"] >= now - RECENT_S:
                        self._told.add(doc["key"])
                    found.append(["cell", doc, doc["key"]])
        return found

    def changed(self, now: float) -> list[list[Any]]:
        """What is other than it was sent."""
        self.absorb()
        standing, old = self._standing(now), self._sent_live
        found = [[kind, doc, doc["key"]] for key, (kind, doc) in standing.items() if old.get(key) != (kind, doc)]
        found += [[kind, None, doc["key"]] for key, (kind, doc) in old.items() if key not in standing]
        self._sent_live = standing
        if self._all_moved:
            self._sent.clear()
            spans = [(0.0, 1e15)]
        else:
            spans = _spans(self._quarters)
        self._quarters.clear()
        self._all_moved = False
        with self.view.reading() as db:
            for start, end in spans:
                found += self._moved_cells(db, start, end, now)
        return found

    def _moved_cells(self, db: Any, start: float, end: float, now: float) -> list[list[Any]]:
        found = []
        fresh = set()
        for doc in cells(db, self._lens, start, end, reasons=True):
            if not self._shows(doc):
                continue
            fresh.add(doc["key"])
            if self._sent.get(doc["key"]) != doc["measures"]:
                self._remember(doc, now)
                found.append(["cell", doc, doc["key"]])
        known = self._sent.keys() | self._told
        for key in [key for key in known if key not in fresh and start <= _quarter_in(key) < end]:
            self._sent.pop(key, None)
            self._told.discard(key)
            found.append(["cell", None, key])
        return found

    def _remember(self, doc: Doc, now: float) -> None:
        if doc["quarter"] >= now - RECENT_S:
            self._sent[doc["key"]] = doc["measures"]
        if len(self._sent) > 50_000:
            self._sent = {key: m for key, m in self._sent.items() if _quarter_in(key) >= now - RECENT_S}
            self._told = {key for key in self._told if _quarter_in(key) >= now - RECENT_S}

    def _shows(self, cell: Doc) -> bool:
        """Whether a cell's subject may be named. Rows were redacted, so only what is nobody's call needs a look."""
        if cell["by"] == "agent" and not self._gate.shows_agent(cell["subject"]):
            return False
        if cell["by"] != "agent" or cell["subject"] not in self._own_agents:
            if not self._reasons:
                cell["measures"] = without_reasons(cell["measures"])
            if not self._states:
                cell["measures"] = without_states(cell["measures"])
        return True

    def told(self, now: float) -> Told:
        """What a terminal without the rows is told of what goes on."""
        found = list(self._standing(now).values())
        return Told(
            [LiveQueue.load(doc) for kind, doc in found if kind == "live_queue"],
            [LiveAgent.load(doc) for kind, doc in found if kind == "live_agent"],
        )

    def _standing(self, now: float) -> dict[str, tuple[str, Doc]]:
        """What goes on now: kind and document, under names of our own."""
        if not self._live:
            return {}
        standing: dict[str, tuple[str, Doc]] = {}
        busy = queries.live_queues(self.view, 0, now)
        lasting = queries.lasting_in_queues(self.view, 0) if self._states else {}
        for queue in sorted({*busy, *lasting}):
            if self._gate.shows_queue(queue):
                own = {"key": f"{self._lens}/{queue}", "lens": self._lens, "lasting": lasting.get(queue, {})}
                live = busy.get(queue) or LiveQueue(key="", lens=0, queue=queue)
                standing[f"queue {queue}"] = ("live_queue", {**live.model_dump(mode="json"), **own})
        for one in queries.live_agents(self.view, 0, now):
            if (self._states or one.agent in self._own_agents) and self._gate.shows_agent(one.agent):
                doc = {**one.model_dump(mode="json"), "key": f"{self._lens}/{one.agent}", "lens": self._lens}
                if not self._reasons and one.agent not in self._own_agents:
                    doc["reason"] = ""
                standing[f"agent {one.agent}"] = ("live_agent", doc)
        return standing

    def close(self) -> None:
        """Let go of the private view."""
        if not self._shared:
            self.view.close()


def _call(key: str, doc: Doc) -> Change:
    return Change("call", key, doc, doc["started"], "hub")


def _quarter_in(key: str) -> int:
    return int(key.rsplit("/", 1)[1])


def _spans(quarters: Iterable[int]) -> list[tuple[float, float]]:
    """Quarters as stretches of time without gaps."""
    found: list[list[int]] = []
    for quarter in sorted(quarters):
        if found and found[-1][1] == quarter:
            found[-1][1] = quarter + QUARTER
        else:
            found.append([quarter, quarter + QUARTER])
    return [(float(start), float(end)) for start, end in found]
