"""Room ``tui``, screens: one missed opportunity: who called, what they tried, what was done, and the caller's other
calls.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from textual.binding import BindingType

from wallboard_tui.model.base import Doc
from wallboard_tui.tui.drawing.text import name, wrap
from wallboard_tui.tui.drawing.units import clock, day, duration, phone
from wallboard_tui.tui.look import Line, Look, Span
from wallboard_tui.tui.panes.missed import owner_of, place_of
from wallboard_tui.tui.panes.seen import Names, lens_bits
from wallboard_tui.tui.panes.words import (
    A_COLLEAGUE,
    STATUSES,
    caller_name,
    caller_word,
    is_hidden,
    outcome_of,
    outcome_word,
    step_word,
)
from wallboard_tui.tui.screens.detail import Detail
from wallboard_tui.tui.screens.followups import FollowupActs, Target
from wallboard_tui.tui.widgets.bindings import bindings_of
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

HISTORY = 50
"""Calls of a caller that are shown at most."""
PLACE_W, WORD_W = 18, 14


@dataclass(frozen=True)
class Caller:
    """A missed opportunity, the same caller's other calls that may be seen, and what things are called."""

    followup: Doc | None = None
    calls: Sequence[Doc] = ()
    names: Names = field(default_factory=Names)
    me: str = ""
    """Key of the reader, who is called "you"."""


# Detail first: styles follow the first base alone, and this is a dialog.
class CallerDetail(Detail, FollowupActs):
    """One missed opportunity; the keys that act on it on the board act on it here."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("pane", only="missed.")
    families: ClassVar[tuple[str, ...]] = ("missed", "page")
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
            tried = {attempt.get("call") for attempt in (followup or {}).get("attempts", ())}
            others = [call for call in calls if call["key"] not in tried]
            return Caller(followup, others, Names.of(view), me.person if me else "")

        self._caller = await self.ask(question, self._caller)
        self._asked = True
        self.redraw()

    def picture(self, width: int, height: int) -> Sequence[Line]:
        if self._caller.followup is None:
            return [(Span("This missed opportunity is not there any more." if self._asked else "", "dim"),)]
        return caller_lines(self._caller, width, self.zone, self.wallboard.look)

    def followup(self) -> Target | None:
        doc = self._caller.followup
        if doc is None:
            return None
        words = (caller_name(doc, self._caller.names.contacts), phone(doc.get("caller") or ""))
        return Target(self._key, " ".join(word for word in words if word) or "the caller")


def caller_lines(caller: Caller, w: int, zone: str, look: Look) -> list[Line]:
    """A missed opportunity in full: who, what they tried, what was done about it, and their other calls."""
    followup, names = caller.followup or {}, caller.names
    lines = [*_who(caller), (), (Span("Attempts", "title"),)]
    lines += [_attempt(attempt, names, zone, look) for attempt in followup.get("attempts", ())]
    lines += [(), (Span("What was done", "title"),)]
    steps = followup.get("history", ())
    lines += [line for step in steps for line in _step(step, caller, w, zone, look)]
    lines += [] if steps else [(Span("Nothing yet.", "dim"),)]
    if caller.calls:
        lines += [(), (Span("Other calls of this caller, newest first", "title"),)]
        lines += [_call(call, names, zone, look) for call in caller.calls]
    return lines


def _when(at: object, zone: str) -> Span:
    moment = float(str(at))
    return Span(f"{day(moment, zone).strip():>10} {clock(moment, zone)}  ", "label")


def _who(caller: Caller) -> list[Line]:
    followup = caller.followup or {}
    number = caller_word(followup.get("caller"), is_hidden(followup))
    known = caller_name(followup, caller.names.contacts)
    status = str(followup.get("status", "open"))
    owner = owner_of(followup, caller.names, caller.me)
    return [
        (Span(number, "value"), Span(f"  {known}", "name"), Span("  VIP" if followup.get("vip") else "", "vip")),
        (Span(STATUSES.get(status, status), "text"), Span(f"  by {owner}" if owner else "", "dim")),
    ]


def _attempt(attempt: Doc, names: Names, zone: str, look: Look) -> Line:
    waited = attempt.get("wait_s")
    return (
        _when(attempt["at"], zone),
        Span(f"{name(place_of(attempt, names), PLACE_W, look.glyphs)}  ", "text"),
        Span(name(outcome_word(attempt.get("reason", "")), WORD_W, look.glyphs), "text"),
        Span("" if waited is None else f"waited {duration(float(waited), look.glyphs)}", "dim"),
    )


def _step(step: Doc, caller: Caller, w: int, zone: str, look: Look) -> list[Line]:
    """Who did what, and below it the note, if there is one."""
    by = str(step.get("by") or "")
    names = caller.names
    who = "a later call" if by == "hub" else "you" if by == caller.me else names.person(by) or A_COLLEAGUE
    done: list[Line] = [(_when(step["at"], zone), Span(f"{step_word(step)}, by {who}", "text"))]
    note = wrap(str(step.get("note") or ""), max(20, w - 24), look.glyphs)
    return done + [(Span(" " * 21), Span(row, "name")) for row in note]


def _call(call: Doc, names: Names, zone: str, look: Look) -> Line:
    direction = str(call.get("direction", "inbound"))
    arrow = look.glyphs.direction.get(direction, "?")
    visits, legs = call.get("visits", ()), call.get("legs", ())
    places = dict.fromkeys(names.visited(visit) for visit in visits)
    place = ", ".join(places) or names.number(call.get("number"))
    agents = dict.fromkeys(names.rung(leg) for leg in legs if leg.get("answered") is not None)
    return (
        _when(call["started"], zone),
        Span(f"{name(place, PLACE_W, look.glyphs)}  ", "text"),
        Span(f"{arrow} {name(outcome_of(call), WORD_W - 2, look.glyphs)}", "text"),
        Span(", ".join(agents) or names.extension(call.get("extension")), "name"),
    )
