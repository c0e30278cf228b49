"""Room ``tui``, panes: the words that several panes and pages share: states, outcomes, and what stands for somebody
whom the reader may not know. Pure.
"""

from collections.abc import Mapping

from wallboard_tui.model.base import Doc
from wallboard_tui.tui.drawing.text import clean
from wallboard_tui.tui.drawing.units import phone
from wallboard_tui.tui.look import Look, Span
from wallboard_tui.view.names import A_COLLEAGUE as A_COLLEAGUE
from wallboard_tui.view.names import ANOTHER_QUEUE as ANOTHER_QUEUE
from wallboard_tui.view.names import another as another

STATES = {
    "available": "available",
    "ringing": "ringing",
    "talking": "talking",
    "wrap": "wrap-up",
    "paused": "paused",
    "out": "signed out",
}
"""What agents do, in the words of every pane, and in the order in which agents are drawn."""
OUTCOMES = {
    "answered": "answered",
    "abandoned": "gave up",
    "timed_out": "timed out",
    "exit_key": "left by key",
    "exit_empty": "no agent",
    "no_agent": "no agent",
    "full": "queue full",
    "closed": "closed",
    "withdrawn": "withdrawn",
    "voicemail": "voicemail",
    "gone": "abandoned or timed out",
    "left": "left by key or no agent",
    "unknown": "unknown",
    "waiting": "unknown",
}
"""How a visit to a queue ended, and why an opportunity was missed."""
STATUSES = {
    "open": "open",
    "claimed": "claimed",
    "not_reached": "not reached",
    "reached": "reached",
    "resolved": "resolved",
}
"""How far a missed opportunity has come."""
ACTS = {"note": "note", "reopen": "reopened", "claim": "claimed", "resolve": "resolved"}
"""What somebody did about a missed opportunity, where the status that it led to does not say it."""


def outcome_word(outcome: object) -> str:
    """How a visit ended, in words."""
    return OUTCOMES.get(str(outcome), str(outcome).replace("_", " "))


def outcome_of(call: Doc) -> str:
    """What became of a call, in words: what it does now, else whether anybody answered, else how its last visit
    ended."""
    state = str(call.get("state", "waiting"))
    if state in ("waiting", "ringing", "talking"):
        return state
    if call.get("answered") is not None:
        return "answered"
    visits = call.get("visits", ())
    if visits and visits[-1].get("outcome") != "answered":
        return outcome_word(visits[-1].get("outcome", "unknown"))
    return "lost" if state == "lost" else "no answer"


def step_word(step: Doc) -> str:
    """What was done about a missed opportunity, in words."""
    act, status = str(step.get("act") or ""), str(step["status"])
    if not act and status == "open":
        # Of a step that does not say what it was: nobody opens what is open, so words alone are a note.
        act = "note" if step.get("note") else "reopen"
    return ACTS.get(act) or STATUSES.get(status, status)


def is_hidden(doc: Doc) -> bool:
    """Whether the reader may not know who a call's or a missed opportunity's other party is."""
    return "caller" in doc.get("masked", ())


def caller_word(number: str | None, hidden: bool) -> str:
    """The other party's number as people read it aloud, or why there is none."""
    return "hidden" if hidden else phone(number) if number else "withheld"


def caller_cell(number: str | None, hidden: bool) -> tuple[str, str]:
    """The same for a table, with its role."""
    return caller_word(number, hidden), "value" if number and not hidden else "dim"


def caller_name(doc: Doc, contacts: Mapping[str, Doc]) -> str:
    """Who the other party is: the contact's name, else what the phone system was told; empty when nobody said."""
    contact = contacts.get(doc.get("contact") or doc.get("caller") or "", {})
    return str(contact.get("name") or doc.get("caller_name") or "")


def searched(text: str, found: str, look: Look) -> tuple[Span, ...]:
    """What a list is searched for and how many rows match, for its border."""
    return (Span(f"search {clean(text[:24], look.glyphs.ascii)} {look.glyphs.dot} {found}", "accent"),)
