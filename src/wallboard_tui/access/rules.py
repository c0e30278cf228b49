"""Room ``access``: one rule per kind of document: why a reader gets it. A kind without a rule is not sent.

A rule returns the reason, or nothing. The gate sends what has a reason, ``explain`` puts it into words: there is no
second version of a rule anywhere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from wallboard_tui.access import boards, redaction
from wallboard_tui.access.knowing import OWN
from wallboard_tui.access.panes import panes
from wallboard_tui.access.permissions import PERMISSIONS
from wallboard_tui.access.reach import Reach
from wallboard_tui.model.base import Doc

ALL_OF_THEM: Final = "all of them"
"""What a permission without a scope shows of a kind."""


class Reason(NamedTuple):
    """Why a document is sent, in a few words, and what these rest on. Always true.

    ``by``: an atom of a scope, or a permission; nothing where the words say all.
    """

    words: str
    by: str = ""


Rule = Callable[[Reach, Doc], Reason | None]


def call_reasons(reach: Reach, doc: Doc) -> list[tuple[int, tuple[str, ...]]]:
    """Lenses that admit a call, with the atoms by which they do; figures-only lenses included."""
    direction, facts = doc.get("direction", "inbound"), doc.get("facts")
    found = ((i, one.scope.matching(direction, facts)) for i, one in enumerate(reach.lenses))
    return [(i, atoms) for i, atoms in found if atoms]


def followup(reach: Reach, doc: Doc) -> Reason | None:
    """One attempt in the scope of ``reports.missed``."""
    scope = reach.scope("reports.missed")
    for attempt in doc.get("attempts", ()):
        if atoms := scope.matching(attempt.get("direction", "inbound"), attempt.get("facts")):
            return Reason("a missed opportunity", atoms[0])
    return None


def presence(reach: Reach, doc: Doc) -> Reason | None:
    """``supervisor`` or ``wallboard`` over the agent; one's own with ``analytics``."""
    if atom := redaction.in_team(reach.live, reach, doc):
        return Reason("a state on the wallboard", atom)
    own = reach.own_agent(doc["agent"]) and reach.sees_own_states
    return Reason("their own state, with Analytics") if own else None


def agent(reach: Reach, doc: Doc) -> Reason | None:
    """An agent that a visible row or figure names."""
    return _named(reach.knows_agent(doc["key"]))


def queue(reach: Reach, doc: Doc) -> Reason | None:
    """A queue that a visible row or figure names."""
    return _named(reach.knows_queue(doc["key"]))


def team(reach: Reach, doc: Doc) -> Reason | None:
    """A team that a visible row or figure names, or one's own."""
    return _named(reach.knows_team(doc["key"]))


def number(reach: Reach, doc: Doc) -> Reason | None:
    """A business number that a visible row or figure names, or one's own Caller ID."""
    return _named(reach.knows_number(doc["key"]))


def extension(reach: Reach, doc: Doc) -> Reason | None:
    """An extension that a visible row names."""
    return _named(reach.knows_extension(doc["key"]))


def contact(reach: Reach, doc: Doc) -> Reason | None:
    """A saved contact: needs ``contacts``, and callers' numbers in full, since its key is one."""
    shown = reach.may("contacts") and reach.scope("caller_number").everything
    return Reason(ALL_OF_THEM, "contacts") if shown else None


def person(reach: Reach, doc: Doc) -> Reason | None:
    """Somebody whom a visible row names; everyone for ``users``."""
    return Reason(ALL_OF_THEM, "users") if reach.may("users") else _named(reach.knows_person(doc["key"]))


def board(reach: Reach, doc: Doc) -> Reason | None:
    """A board one lays out, or whose audience one belongs to and of which something is left."""
    if reach.lays_out():
        return Reason("theirs to lay out", "wallboard")
    opened = panes(reach.effective)
    if not opened or not boards.offered_boards(reach.key, reach.directory, [doc], opened):
        return None
    return Reason("shown to an audience that they belong to") if redaction.board(reach, doc)["pages"] else None


def source(reach: Reach, doc: Doc) -> Reason | None:
    """How old the figures are is for everybody who sees figures."""
    return Reason("part of every figure, by its age") if reach.lenses or reach.may("account") else None


def organisation(reach: Reach, doc: Doc) -> Reason | None:
    """Name, time zone and what figures are measured by."""
    return Reason("for everybody who signs in") if reach.person is not None else None


def role(reach: Reach, doc: Doc) -> Reason | None:
    """Roles are for those who may see roles."""
    return Reason(ALL_OF_THEM, "roles") if reach.may("roles") else None


def audit(reach: Reach, doc: Doc) -> Reason | None:
    """The audit trail."""
    return Reason(ALL_OF_THEM, "audit") if reach.may("audit") else None


def notice(reach: Reach, doc: Doc) -> Reason | None:
    """One's own notices."""
    own = reach.person is not None and doc.get("person") == reach.key and not reach.effective.viewer
    return Reason("their own") if own else None


def figures(reach: Reach, doc: Doc) -> Reason | None:
    """A figure the hub made for a lens of this person whose rows the terminal does not get."""
    lens = doc.get("lens")
    fits = isinstance(lens, int) and 0 <= lens < len(reach.lenses) and not reach.lenses[lens].lens.rows
    return Reason("a figure of what they may see") if fits else None


RULES: Final[Mapping[str, Rule]] = {
    "followup": followup, "presence": presence, "agent": agent, "queue": queue, "team": team, "number": number,
    "extension": extension, "contact": contact, "person": person, "board": board, "source": source,
    "organisation": organisation, "role": role, "audit": audit, "notice": notice,
    "cell": figures, "live_queue": figures, "live_agent": figures,
}  # fmt: skip


def _named(by: str) -> Reason | None:
    if by == OWN:
        return Reason("their own")
    words = ALL_OF_THEM if by in PERMISSIONS else "named by what they may see"
    return Reason(words, by) if by else None
