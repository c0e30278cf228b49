"""Room ``tui``, screens: one call with its journey, and one caller with what was tried and the calls behind it."""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from wallboard_tui.model.base import Doc
from wallboard_tui.tui.drawing.units import clock, day, duration, phone
from wallboard_tui.tui.look import Line, Look, Size, Span
from wallboard_tui.tui.panes.calls import OUTCOMES, outcome_of
from wallboard_tui.tui.panes.journey import draw_journey, names_of
from wallboard_tui.tui.panes.seen import lens_bits, tail, zone_name
from wallboard_tui.tui.screens.pages import Page
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

log = logging.getLogger(__name__)
T = TypeVar("T")

HISTORY = 50
"""Calls of a caller that are shown at most."""


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
        return zone_name(me) if me else "UTC"


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
            return queries.call(view, key), names_of(view)

        self._call, self._names = await self.ask(question, (self._call, self._names))
        self._asked = True
        self.redraw()

    def picture(self, width: int, height: int) -> Sequence[Line]:
        if self._call is None:
            return [(Span("This call is not there any more." if self._asked else "", "dim"),)]
        steps = 4 * len(self._call.get("visits", ())) + 3 * len(self._call.get("legs", ()))
        size = Size(width, max(height, 16 + steps))
        now = self.wallboard.terminal.standing().shown
        lines = draw_journey(self._call, self._names, size, self.wallboard.look, now, self.zone)
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
        bits = lens_bits(me, ("calls", "recents")) if me else 0

        def question(view: View) -> Caller:
            followup = queries.document(view, "followup", key)
            number = (followup or {}).get("caller")
            calls = queries.calls(view, bits, limit=HISTORY, caller=number) if bits and number else []
            return Caller(followup, calls, names_of(view))

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
    """A missed opportunity in full: who, what they tried, what was done about it, and their other calls."""
    followup = caller.followup or {}
    lines = [*_who(followup, caller.names), (), (Span("Attempts", "title"),)]
    lines += [_attempt(attempt, caller.names, zone, look) for attempt in followup.get("attempts", ())]
    lines += [(), (Span("What was done", "title"),)]
    lines += [_step(step, caller.names, zone) for step in followup.get("history", ())] or [
        (Span("nothing yet", "dim"),)
    ]
    if caller.calls:
        lines += [(), (Span("Calls of this caller, newest first", "title"),)]
        lines += [_call(call, caller.names, zone, look) for call in caller.calls]
    return lines


def _name(key: object, names: Mapping[str, str]) -> str:
    return names.get(str(key)) or tail(str(key)) if key else ""


def _when(at: object, zone: str) -> str:
    moment = float(str(at))
    return f"{day(moment, zone).strip()} {clock(moment, zone)}"


def _who(followup: Doc, names: Mapping[str, str]) -> list[Line]:
    hidden = "caller" in followup.get("masked", ())
    number = "hidden" if hidden else phone(followup["caller"]) if followup.get("caller") else "withheld"
    known = names.get(str(followup.get("contact") or "")) or str(followup.get("caller_name") or "")
    status = str(followup.get("status", "open"))
    owner = _name(followup.get("owner"), names)
    return [
        (Span(number, "value"), Span(f"  {known}", "name"), Span("  VIP" if followup.get("vip") else "", "vip")),
        (Span(_STATUS.get(status, status), "text"), Span(f"  by {owner}" if owner else "", "dim")),
    ]


def _attempt(attempt: Doc, names: Mapping[str, str], zone: str, look: Look) -> Line:
    where = _name(attempt.get("queue") or attempt.get("number"), names)
    reason = str(attempt.get("reason", ""))
    waited = attempt.get("wait_s")
    return (
        Span(f"{_when(attempt['at'], zone)}  ", "label"),
        Span(f"{where:<18}  ", "text"),
        Span(f"{OUTCOMES.get(reason, reason.replace('_', ' ')):<14}", "text"),
        Span("" if waited is None else f"waited {duration(float(waited), look.glyphs)}", "dim"),
    )


def _step(step: Doc, names: Mapping[str, str], zone: str) -> Line:
    who = "by a later call" if step.get("by") == "hub" else f"by {_name(step.get('by'), names)}"
    status = str(step["status"])
    return (
        Span(f"{_when(step['at'], zone)}  ", "label"),
        Span(f"{_STATUS.get(status, status)} {who}", "text"),
        Span(f"  {step['note']}" if step.get("note") else "", "name"),
    )


def _call(call: Doc, names: Mapping[str, str], zone: str, look: Look) -> Line:
    direction = str(call.get("direction", "inbound"))
    arrow = look.glyphs.direction.get(direction, "?")
    queues = ", ".join(dict.fromkeys(_name(visit.get("queue"), names) for visit in call.get("visits", ())))
    agents = ", ".join(
        dict.fromkeys(_name(leg.get("agent"), names) for leg in call.get("legs", ()) if leg.get("answered") is not None)
    )
    return (
        Span(f"{_when(call['started'], zone)}  ", "label"),
        Span(f"{arrow} {outcome_of(call):<14}", "text"),
        Span(f"{queues:<18}  ", "text"),
        Span(agents, "name"),
    )
