"""Room ``tui``, screens: one call with its journey, and one caller with what was tried and the calls behind it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from wallboard_tui.model.base import Doc
from wallboard_tui.model.me import Me
from wallboard_tui.tui.look import Line, Look, Size, Span
from wallboard_tui.tui.screens.pages import Page
from wallboard_tui.tui.widgets.header import clock_text
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

log = logging.getLogger(__name__)
T = TypeVar("T")

NAMED = ("queue", "agent", "number", "person", "team", "contact", "extension")
HISTORY = 50
"""Calls of a caller that are shown at most."""


def names(view: View) -> dict[str, str]:
    """What queues, agents, numbers and people are called, by key."""
    found: dict[str, str] = {}
    for kind in NAMED:
        for key, doc in queries.documents(view, kind).items():
            found[key] = str(doc.get("title") or doc.get("name") or key)
    return found


def call_lenses(me: Me) -> int:
    """The lenses through which calls themselves are seen, as bits."""
    bits = 0
    for permission in ("calls", "recents"):
        lens = me.lens(permission)
        bits |= 0 if lens is None else 1 << lens
    return bits


class Detail(Page):
    """A page about one document. Asks the view off the program's thread, and again when the view changes."""

    depends = frozenset({"call"})

    def on_mount(self) -> None:
        super().on_mount()
        self._again()

    def view_changed(self, kinds: frozenset[str]) -> None:
        if kinds & self.depends:
            self._again()

    def _again(self) -> None:
        self.run_worker(self.look_up(), group="detail", exclusive=True, exit_on_error=False)

    async def look_up(self) -> None:
        """A worker: asks, and draws when the answer is there."""
        raise NotImplementedError

    async def ask(self, question: Callable[[View], T], otherwise: T) -> T:
        """The answer of the view; ``otherwise`` when it cannot answer, and why stands in the log."""
        try:
            return await self.wallboard.terminal.ask(question)
        except Exception:
            log.exception("A detail could not be asked for.")
            return otherwise

    @property
    def zone(self) -> str:
        """The organisation's time zone."""
        me = self.wallboard.me
        return str(me.organisation.get("time_zone", "UTC")) if me else "UTC"


class CallDetail(Detail):
    """One call: who called whom, and its journey through queues and agents."""

    title_text = "Call"

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._call: Doc | None = None
        self._names: dict[str, str] = {}
        self._asked = False

    async def look_up(self) -> None:
        key = self._key

        def question(view: View) -> tuple[Doc | None, dict[str, str]]:
            return queries.call(view, key), names(view)

        self._call, self._names = await self.ask(question, (self._call, self._names))
        self._asked = True
        self.redraw()

    def picture(self, width: int, height: int) -> Sequence[Line]:
        if self._call is None:
            return [(Span("This call is not there any more." if self._asked else "", "dim"),)]
        from wallboard_tui.tui.panes.journey import draw_journey

        steps = 4 * len(self._call.get("visits", ())) + 3 * len(self._call.get("legs", ()))
        size = Size(width, max(height, 16 + steps))
        lines = draw_journey(self._call, self._names, size, self.wallboard.look, self.wallboard.terminal.now())
        while len(lines) > height and not "".join(span.text for span in lines[-1]).strip():
            lines.pop()
        return lines


@dataclass(frozen=True)
class Caller:
    """A missed opportunity, the calls of the same caller that may be seen, and what things are called."""

    followup: Doc | None = None
    calls: Sequence[Doc] = ()
    names: Mapping[str, str] = field(default_factory=dict)


class CallerDetail(Detail):
    """One missed opportunity: each attempt of the caller, what was done about it, and the caller's other calls."""

    title_text = "Missed opportunity"
    depends = frozenset({"call", "followup"})

    def __init__(self, key: str) -> None:
        super().__init__()
        self._key = key
        self._caller = Caller()
        self._asked = False

    async def look_up(self) -> None:
        key, me = self._key, self.wallboard.me
        bits = call_lenses(me) if me else 0

        def question(view: View) -> Caller:
            followup = queries.document(view, "followup", key)
            number = (followup or {}).get("caller")
            calls = queries.calls(view, bits, limit=HISTORY, caller=number) if bits and number else []
            return Caller(followup, calls, names(view))

        self._caller = await self.ask(question, self._caller)
        self._asked = True
        self.redraw()

    def picture(self, width: int, height: int) -> Sequence[Line]:
        if self._caller.followup is None:
            return [(Span("This missed opportunity is not there any more." if self._asked else "", "dim"),)]
        return caller_lines(self._caller, self.zone, self.wallboard.look)


_STATUS = {
    "open": "open", "claimed": "claimed", "reached": "called back, reached", "not_reached": "called back, not reached",
    "resolved": "resolved",
}  # fmt: skip


def caller_lines(caller: Caller, zone: str, look: Look) -> list[Line]:
    """A missed opportunity in full, oldest first within each part."""
    followup, named = caller.followup or {}, caller.names
    blank: Line = ()

    def name(key: object) -> str:
        return named.get(str(key), str(key)) if key else look.glyphs.dash

    def when(at: object) -> str:
        return clock_text(float(str(at)), zone, date=True)

    number = str(followup.get("caller") or "number withheld")
    known = followup.get("caller_name") or (name(followup["contact"]) if followup.get("contact") else "")
    lines: list[Line] = [
        (Span(number, "big"), Span(f"  {known}", "text"), Span("  VIP" if followup.get("vip") else "", "warn")),
        (
            Span(_STATUS.get(str(followup.get("status", "open")), str(followup.get("status"))), "title"),
            Span(f"  by {name(followup['owner'])}" if followup.get("owner") else "", "dim"),
        ),
        blank,
        (Span("Attempts", "title"),),
    ]
    for attempt in followup.get("attempts", ()):
        waited = f"waited {float(attempt['wait_s']):.0f} s" if attempt.get("wait_s") is not None else ""
        where = name(attempt.get("queue") or attempt.get("number"))
        lines.append(
            (
                Span(f"  {when(attempt['at'])}  ", "text"),
                Span(f"{where:<20} ", "text"),
                Span(f"{str(attempt.get('reason', '')).replace('_', ' '):<12} {waited}", "dim"),
            )
        )
    lines += [blank, (Span("What was done", "title"),)]
    for step in followup.get("history", ()):
        who = "by a later call" if step.get("by") == "hub" else name(step.get("by"))
        lines.append(
            (
                Span(f"  {when(step['at'])}  ", "text"),
                Span(f"{_STATUS.get(str(step['status']), str(step['status']))}, {who}", "text"),
                Span(f"  {step['note']}" if step.get("note") else "", "dim"),
            )
        )
    if not followup.get("history"):
        lines.append((Span("  nothing yet", "dim"),))
    if caller.calls:
        lines += [blank, (Span("Calls of this caller, newest first", "title"),)]
    for call in caller.calls:
        arrow = look.glyphs.direction.get(str(call.get("direction", "inbound")), "")
        queues = ", ".join(dict.fromkeys(name(visit.get("queue")) for visit in call.get("visits", ())))
        end = "answered" if call.get("answered") is not None else "not answered"
        lines.append(
            (Span(f"  {when(call['started'])}  {arrow}  ", "text"), Span(f"{end:<13} ", "dim"), Span(queues, "text"))
        )
    return lines
