"""Room ``tui``, panes: calls: a list, newest first. Asks the view, draws lines; a call in full is in ``journey``."""

from dataclasses import dataclass
from functools import partial

from wallboard_tui.access.panes import PANE_NEEDS
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Line, Look, Size
from wallboard_tui.tui.panes import seen
from wallboard_tui.tui.panes.base import NOTHING_CHOSEN, Context, PaneKind
from wallboard_tui.tui.panes.calls_table import calls_spot, draw_calls
from wallboard_tui.tui.panes.words import caller_name, is_hidden, outcome_of
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

MOST_KNOWN = 2000
"""Rows kept from question to question; most calls of one answer are in the next one too."""


@dataclass(frozen=True, slots=True)
class CallRow:
    """One call. Durations of what still goes on run from ``waiting_since`` or ``talking_since``."""

    key: str
    started: float
    direction: str
    state: str
    caller: str | None
    hidden: bool
    """The reader may not know the other party."""
    name: str
    place: str
    """Queue of the last visit, else the number."""
    agent: str
    wait_s: float | None
    talk_s: float | None
    waiting_since: float | None
    talking_since: float | None
    outcome: str


@dataclass(frozen=True)
class CallsData:
    """The newest calls that fit. ``more``: older ones fit as well."""

    now: float
    title: str
    zone: str
    rows: tuple[CallRow, ...]
    more: bool = False
    selected: str | None = None
    text: str = ""


def ask(view: View, me: Me, pane: Pane, now: float, context: Context = NOTHING_CHOSEN) -> CallsData:
    """The newest calls in the lenses of ``calls`` and ``recents``."""
    title = pane.title or ("Calls" if me.may("calls") else "Recent calls")
    bits = seen.lens_bits(me, PANE_NEEDS["calls"])
    zone = seen.zone_name(me)
    if not bits:
        return CallsData(now, title, zone, (), text=context.text)
    queues = queries.documents(view, "queue")
    chosen = seen.wanted(pane.queues, queues, queues) if pane.queues else [None]
    known = view.derived("rows of calls", seen.NAMING, dict[tuple[str, int], CallRow])
    if len(known) > MOST_KNOWN:
        known.clear()
    make = partial(row_of, names=seen.Names.of(view))
    found = [
        row
        for queue in chosen
        for row in queries.calls_as(view, bits, make, known, limit=context.limit + 1, text=context.text, queue=queue)
    ]
    newest = sorted({row.key: row for row in found}.values(), key=lambda row: (-row.started, row.key))
    return CallsData(
        now=now,
        title=title,
        zone=zone,
        rows=tuple(newest[: context.limit]),
        more=len(newest) > context.limit,
        selected=context.selected,
        text=context.text,
    )


def row_of(doc: Doc, names: seen.Names) -> CallRow:
    """A call's document as a row. A caller whom the reader may not know is ``None`` in the document and here."""
    visits, legs = doc.get("visits", ()), doc.get("legs", ())
    visit = visits[-1] if visits else {}
    answered = [leg for leg in legs if leg.get("outcome") == "answered"]
    leg = answered[-1] if answered else (legs[-1] if legs else {})
    waits = [each["wait_s"] for each in visits if each.get("wait_s") is not None]
    talks = [each["talk_s"] for each in answered if each.get("talk_s") is not None]
    state = str(doc.get("state", "waiting"))
    return CallRow(
        key=str(doc["key"]),
        started=float(doc["started"]),
        direction=str(doc.get("direction", "inbound")),
        state=state,
        caller=doc.get("caller"),
        hidden=is_hidden(doc),
        name=caller_name(doc, names.contacts),
        place=names.place(doc),
        agent=names.rung(leg) if leg else names.extension(doc.get("extension")),
        wait_s=sum(waits) if waits else None,
        talk_s=sum(talks) if talks else doc.get("talk_s"),
        waiting_since=visit.get("entered") if state in ("waiting", "ringing") else None,
        talking_since=(leg.get("answered") or doc.get("answered")) if state == "talking" else None,
        outcome=outcome_of(doc),
    )


def draw(data: CallsData, size: Size, look: Look) -> list[Line]:
    """A table, newest first."""
    return draw_calls(data, size, look)


def rows(data: CallsData) -> tuple[str, ...]:
    """Keys of the calls, in the order drawn."""
    return tuple(row.key for row in data.rows)


def _enough(view: View, me: Me, pane: Pane, now: float) -> bool:
    """Calls come newest first, and contacts before the last of yesterday's: what lies further back is not listed."""
    return seen.here(view, seen.day_start(me, now) - 1) and ask(view, me, pane, now).more


KIND = PaneKind(
    name="calls",
    title="Calls",
    ask=ask,
    draw=draw,
    enough=_enough,
    depends=frozenset({"call", "queue", "agent", "contact", "number", "person"}),
    rows=rows,
    spot=calls_spot,
    permissions=PANE_NEEDS["calls"],
)
