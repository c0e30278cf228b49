"""Room ``tui``, panes: one call in full: its journey through queues and agents, moment by moment. Pure."""

from collections.abc import Iterable

from wallboard_tui.model.base import Doc
from wallboard_tui.tui.drawing.lines import Block, exactly, fitted, line
from wallboard_tui.tui.drawing.text import clean, name
from wallboard_tui.tui.drawing.units import clock, day, duration
from wallboard_tui.tui.look import Line, Look, Size, Span
from wallboard_tui.tui.panes.frames import finished
from wallboard_tui.tui.panes.seen import Names
from wallboard_tui.tui.panes.words import (
    caller_name,
    caller_word,
    is_hidden,
    outcome_of,
    outcome_word,
)

_LEGS = {
    "ringing": "rings at",
    "answered": "answered by",
    "no_answer": "not answered by",
    "rejected": "rejected by",
    "canceled": "rang at",
    "dumped": "dropped by",
    "unknown": "rang at",
}
_MASKED = {
    "caller": "the caller",
    "caller_name": "the caller's name",
    "contact": "the contact",
    "called": "the number dialled",
}

Moment = tuple[float, str, str, str]
"""When, what happened, its role, and how long it took."""


def draw_journey(call: Doc, names: Names, size: Size, look: Look, now: float, zone: str = "UTC") -> list[Line]:
    """A call as exactly ``size.h`` lines of ``size.w`` cells: who called whom, then each moment, then the sums."""
    lines = [*_heading(call, names, size.w, look, zone), ()]
    for at, words, role, lasted in sorted(_moments(call, names, look, now), key=lambda moment: moment[0]):
        time = clock(at, zone) if at else " " * 8
        took = f"{lasted:>6}"
        room = max(1, size.w - 8 - 2 - 6 - 1)
        lines.append(
            fitted([Span(f"{time}  ", "label"), Span(name(words, room, look.glyphs), role), Span(f" {took}")], size.w)
        )
    lines += [(), *_sums(call, size.w, look)]
    if call.get("masked"):
        hidden = ", ".join(_MASKED.get(each, each) for each in call["masked"])
        lines += [(), line((f"Not shown to you: {hidden}.", "dim"))]
    return finished(exactly([fitted(each, size.w) for each in lines], size), size, look)


def _heading(call: Doc, names: Names, w: int, look: Look, zone: str) -> Block:
    caller = caller_word(call.get("caller"), is_hidden(call))
    who = caller_name(call, names.contacts)
    direction = str(call.get("direction", "inbound"))
    number = call.get("number")
    at = [names.number(number)] if number else [str(call["called"])] if call.get("called") else []
    arrow = look.glyphs.direction.get(direction, "?")
    title = f"{arrow} {caller}{f'  {who}' if who else ''}"
    when = f"{day(float(call['started']), zone).strip()} {clock(float(call['started']), zone)}"
    detail = f" {look.glyphs.dot} ".join(
        [when, direction, *at, *([str(call["campaign"])] if call.get("campaign") else [])]
    )
    return [
        (Span(name(title, w, look.glyphs), "title"),),
        (Span(name(detail, w, look.glyphs), "label"),),
    ]


def _moments(call: Doc, names: Names, look: Look, now: float) -> Iterable[Moment]:
    g = look.glyphs
    visits = call.get("visits", ())
    for index, visit in enumerate(visits):
        queue = names.visited(visit)
        waiting = visit.get("outcome", "waiting") == "waiting" and call.get("state") in ("waiting", "ringing")
        wait = now - float(visit["entered"]) if waiting else visit.get("wait_s")
        yield float(visit["entered"]), f"enters {queue}", "title", ""
        for leg in (each for each in call.get("legs", ()) if each.get("visit") == index):
            yield from _leg(leg, names, look, now)
        if waiting:
            yield now, "still waiting", "warn", duration(wait, g)
        elif visit.get("outcome") != "answered":
            outcome = outcome_word(visit.get("outcome", "unknown"))
            left = visit.get("left") or float(visit["entered"]) + (wait or 0.0)
            yield float(left), f"{outcome} in {queue}", "alert", duration(wait, g)
    for leg in (each for each in call.get("legs", ()) if each.get("visit") is None):
        yield from _leg(leg, names, look, now)
    if call.get("ended") is not None:
        yield float(call["ended"]), "ends", "label", ""


def _leg(leg: Doc, names: Names, look: Look, now: float) -> Iterable[Moment]:
    """One ring of one agent: that it rang, and when it was answered and left."""
    g = look.glyphs
    agent = names.rung(leg)
    outcome = str(leg.get("outcome", "ringing"))
    at = leg.get("answered") or leg.get("rang") or leg.get("ended") or 0.0
    ring = leg.get("ring_s") if outcome != "ringing" or leg.get("rang") is None else now - float(leg["rang"])
    role = "state.talking" if outcome == "answered" else "state.ringing" if outcome == "ringing" else "label"
    yield float(at), f"  {_LEGS.get(outcome, outcome)} {agent}", role, duration(ring, g) if ring is not None else ""
    if outcome == "answered":
        talked = leg.get("talk_s")
        if leg.get("ended") is not None:
            word = f"passes on ({leg['transfer']})" if leg.get("transfer") else "leaves"
            yield float(leg["ended"]), f"  {agent} {word}, talked", "text", duration(talked, g)
        elif leg.get("answered") is not None:
            yield now, f"  talking with {agent}", "state.talking", duration(now - float(leg["answered"]), g)


def _sums(call: Doc, w: int, look: Look) -> Block:
    """Outcome and the sums of waiting, talking and hold."""
    waits = [each["wait_s"] for each in call.get("visits", ()) if each.get("wait_s") is not None]
    legs = call.get("legs", ())
    talks = [each["talk_s"] for each in legs if each.get("talk_s") is not None]
    holds = [each["hold_s"] for each in legs if each.get("hold_s")]
    talk = sum(talks) if talks else call.get("talk_s")
    parts = [clean(outcome_of(call), look.glyphs.ascii)]
    parts += [f"waited {duration(sum(waits), look.glyphs)}"] if waits else []
    parts += [f"talked {duration(talk, look.glyphs)}"] if talk is not None else []
    parts += [f"hold {duration(sum(holds), look.glyphs)}"] if holds else []
    return [(Span(name(f" {look.glyphs.dot} ".join(parts), w, look.glyphs), "value"),)]
