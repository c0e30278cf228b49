"""Room ``access``: one rule per kind of document: why a reader gets it. A kind without a rule is not sent.

A rule returns the reason in a few words, or nothing. The gate sends what has a reason, ``explain`` shows the reason:
there is no second version of a rule anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from wallboard_tui.access import boards, redaction
from wallboard_tui.access.panes import panes
from wallboard_tui.access.reach import Reach
from wallboard_tui.model.base import Doc

Rule = Callable[[Reach, Doc], str]


def call_reasons(reach: Reach, doc: Doc) -> list[tuple[int, tuple[str, ...]]]:
    """Lenses that admit a call, with the atoms by which they do; figures-only lenses included."""
    direction, facts = doc.get("direction", "inbound"), doc.get("facts")
    found = ((i, one.scope.matching(direction, facts)) for i, one in enumerate(reach.lenses))
    return [(i, atoms) for i, atoms in found if atoms]


def followup(reach: Reach, doc: Doc) -> str:
    """One attempt in the scope of ``reports.missed``."""
    scope = reach.scope("reports.missed")
    for attempt in doc.get("attempts", ()):
        if atoms := scope.matching(attempt.get("direction", "inbound"), attempt.get("facts")):
            return f"reports.missed by {atoms[0]}"
    return ""


def presence(reach: Reach, doc: Doc) -> str:
    """``supervisor`` or ``wallboard`` over the agent; one's own with ``analytics``."""
    if atom := redaction.in_team(reach.live, reach, doc):
        return f"supervisor or wallboard by {atom}"
    own = reach.own_agent(doc["agent"]) and not reach.own.isdisjoint(reach.scope("analytics").names())
    whole = reach.own_agent(doc["agent"]) and any(atom == "ALL" for atom, _ in reach.scope("analytics").pairs)
    return "own state, with analytics" if own or whole else ""


def agent(reach: Reach, doc: Doc) -> str:
    """An agent that a visible row or figure names."""
    return _because("named by what you may see", reach.knows_agent(doc["key"]))


def queue(reach: Reach, doc: Doc) -> str:
    """A queue that a visible row or figure names."""
    return _because("named by what you may see", reach.knows_queue(doc["key"]))


def team(reach: Reach, doc: Doc) -> str:
    """A team that a visible row or figure names, or one's own."""
    return _because("named by what you may see", reach.knows_team(doc["key"]))


def number(reach: Reach, doc: Doc) -> str:
    """A business number that a visible row or figure names, or one's own Caller ID."""
    return _because("named by what you may see", reach.knows_number(doc["key"]))


def extension(reach: Reach, doc: Doc) -> str:
    """An extension that a visible row names."""
    return _because("named by what you may see", reach.knows_extension(doc["key"]))


def contact(reach: Reach, doc: Doc) -> str:
    """A saved contact: needs ``contacts``, and callers' numbers in full, since its key is one."""
    shown = reach.may("contacts") and reach.scope("caller_number").everything
    return "contacts" if shown else ""


def person(reach: Reach, doc: Doc) -> str:
    """Somebody whom a visible row names; everyone for ``users``."""
    return "users" if reach.may("users") else _because("named by what you may see", reach.knows_person(doc["key"]))


def board(reach: Reach, doc: Doc) -> str:
    """A board one lays out, or whose audience one belongs to and of which something is left."""
    if reach.lays_out():
        return "wallboard to manage"
    opened = panes(reach.effective)
    if not opened or not boards.offered_boards(reach.key, reach.directory, [doc], opened):
        return ""
    return "in its audience" if redaction.board(reach, doc)["pages"] else ""


def source(reach: Reach, doc: Doc) -> str:
    """How old the figures are is for everybody who sees figures."""
    return "its age is part of every figure" if reach.lenses or reach.may("account") else ""


def organisation(reach: Reach, doc: Doc) -> str:
    """Name, time zone and what figures are measured by."""
    return "everybody who signs in" if reach.person is not None else ""


def role(reach: Reach, doc: Doc) -> str:
    """Roles are for those who may see roles."""
    return "roles" if reach.may("roles") else ""


def audit(reach: Reach, doc: Doc) -> str:
    """The audit trail."""
    return "audit" if reach.may("audit") else ""


def notice(reach: Reach, doc: Doc) -> str:
    """One's own notices."""
    own = reach.person is not None and doc.get("person") == reach.key and not reach.effective.viewer
    return "own notice" if own else ""


def figures(reach: Reach, doc: Doc) -> str:
    """A figure the hub made for a lens of this person whose rows the terminal does not get."""
    lens = doc.get("lens")
    fits = isinstance(lens, int) and 0 <= lens < len(reach.lenses) and not reach.lenses[lens].lens.rows
    return "figures of an own lens" if fits else ""


RULES: Final[Mapping[str, Rule]] = {
    "followup": followup, "presence": presence, "agent": agent, "queue": queue, "team": team, "number": number,
    "extension": extension, "contact": contact, "person": person, "board": board, "source": source,
    "organisation": organisation, "role": role, "audit": audit, "notice": notice,
    "cell": figures, "live_queue": figures, "live_agent": figures,
}  # fmt: skip


def _because(words: str, reason: str) -> str:
    return f"{words} ({reason})" if reason else ""
