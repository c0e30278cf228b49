"""Room ``access``: what is taken out of calls and missed opportunities for one reader. Pure.

A document is never changed, always copied, and only fields named here travel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from wallboard_tui.access.reach import Reach
from wallboard_tui.access.scope import ALL, Scope
from wallboard_tui.access.scope import compile as compiled
from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import Call, Leg, Visit
from wallboard_tui.model.followup import Attempt, Followup, Step

CALL: Final = frozenset(Call.model_fields) - {"parts"}
VISIT: Final = frozenset(Visit.model_fields)
LEG: Final = frozenset(Leg.model_fields)
FOLLOWUP: Final = frozenset(Followup.model_fields)
ATTEMPT: Final = frozenset(Attempt.model_fields)
STEP: Final = frozenset(Step.model_fields)
CALLER: Final = ("caller", "caller_name", "contact")
HIDDEN: Final = "…"
_NUMBER: Final = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){5,}")
"""Six digits or more, however they are set apart: what people write of a caller."""


class Journey:
    """What of a call's journey a reader may know, given the scope by which the call was admitted.

    A visit is named when its queue, or a leg of it, is in scope; a leg when its agent is, or its queue or the call's
    number is granted as such.
    """

    def __init__(self, scope: Scope, reach: Reach) -> None:
        self.scope = scope
        self.reach = reach
        self._fits = compiled(scope)
        self._agents: dict[tuple[str, str], bool] = {}
        self._queues: dict[tuple[str, str], bool] = {}

    def everything(self, direction: str) -> bool:
        """Whether the scope holds all calls of a direction: nothing is taken out of these."""
        return any(atom == ALL and way == direction for atom, way in self.scope.pairs)

    def names_agent(self, direction: str, agent: str) -> bool:
        """Whether an agent is in scope, by itself, its person, team or extension."""
        key = (direction, agent)
        if key not in self._agents:
            self._agents[key] = self._fits(direction, self.reach.directory.agent_facts(agent))
        return self._agents[key]

    def names_queue(self, direction: str, queue: str) -> bool:
        """Whether a queue is in scope, by itself or a team it routes to."""
        key = (direction, queue)
        if key not in self._queues:
            self._queues[key] = self._fits(direction, self.reach.directory.queue_facts(queue))
        return self._queues[key]

    def redact(self, doc: Doc) -> Doc:
        """A call without names of queues and agents out of scope, and without facts that would tell them."""
        direction = doc.get("direction", "inbound")
        found = only(doc, CALL)
        if self.everything(direction):
            return {**found, **_parts(doc)}
        number = doc.get("number")
        by_number = number is not None and self._fits(direction, (f"number:{number}",))
        named = [by_number or self._leg_named(direction, leg) for leg in doc.get("legs", ())]
        legs = []
        shown: set[int] = set()
        for leg, kept in zip(doc.get("legs", ()), named, strict=True):
            visit = leg.get("visit")
            if kept and visit is not None:
                shown.add(visit)
        visits = []
        for index, visit in enumerate(doc.get("visits", ())):
            kept = by_number or index in shown or self._visit_named(direction, visit)
            visits.append(only(visit, VISIT) if kept else _nameless(visit))
        known = {visit["queue"] for visit in visits if visit.get("queue")}
        for leg, kept in zip(doc.get("legs", ()), named, strict=True):
            queue = leg.get("queue")
            legs.append(
                {
                    **only(leg, LEG),
                    "agent": leg.get("agent") if kept else None,
                    "queue": queue if kept or queue in known or self._visit_named(direction, leg) else None,
                }
            )
        found["legs"], found["visits"] = legs, visits
        found["facts"] = self._facts(direction, doc, {*known, *(leg["queue"] for leg in legs if leg["queue"])})
        extension = doc.get("extension")
        if extension and not by_number and not self._fits(direction, self.reach.directory.extension_facts(extension)):
            found["extension"] = None
        return found

    def _leg_named(self, direction: str, leg: Doc) -> bool:
        agent, queue = leg.get("agent"), leg.get("queue")
        if agent is not None and self.names_agent(direction, agent):
            return True
        return queue is not None and self._fits(direction, (f"queue:{queue}",))

    def _visit_named(self, direction: str, visit: Doc) -> bool:
        queue = visit.get("queue")
        return queue is not None and self.names_queue(direction, queue)

    def _facts(self, direction: str, doc: Doc, queues: Iterable[str]) -> list[str]:
        named = {*(f"queue:{queue}" for queue in queues), f"number:{doc.get('number')}"}
        concrete = self.scope.concrete(direction)
        return [fact for fact in doc.get("facts", ()) if fact in concrete or fact in named]


def call(reach: Reach, doc: Doc, journey: Journey) -> Doc:
    """A call as its reader may see it: journey by scope, caller by ``caller_number``, contact by ``contacts`` too."""
    found = journey.redact(doc)
    direction = doc.get("direction", "inbound")
    hidden: list[str] = [] if reach.may("contacts") else ["contact"]
    if not reach.shows_number(direction, doc.get("facts")):
        # What an outbound call dialled is the other party's number.
        hidden = [*CALLER, "called"] if direction != "inbound" else list(CALLER)
    return _masked(found, hidden)


def kept_attempts(scope: Scope, doc: Doc) -> list[Doc]:
    """Attempts of a followup that are in scope."""
    fits = compiled(scope)
    return [one for one in doc.get("attempts", ()) if fits(one.get("direction", "inbound"), one.get("facts"))]


def shows_caller(reach: Reach, attempts: Iterable[Doc]) -> bool:
    """Whether the reader may know the caller of a followup of which they see these attempts."""
    return any(reach.shows_number(one.get("direction", "inbound"), one.get("facts")) for one in attempts)


def followup(reach: Reach, doc: Doc, key: str) -> Doc:
    """A missed opportunity by its attempts in scope. Its status stays what all calls made of it.

    Names of people and agents out of scope become empty; ``key`` is the key under which the reader knows it.
    """
    scope = reach.scope("reports.missed")
    kept = kept_attempts(scope, doc)
    found = only(doc, FOLLOWUP)
    found["attempts"] = [_attempt(scope, one) for one in kept]
    if kept:
        found["first_miss"], found["last_miss"] = min(one["at"] for one in kept), max(one["at"] for one in kept)
    if len(kept) < len(doc.get("attempts", ())):
        # The caller's name as the phone system had it may come from an attempt that is out of scope.
        found["caller_name"] = None
    facts = (fact for one in found["attempts"] for fact in one.get("facts", ()))
    found["facts"] = list(dict.fromkeys(facts))
    found["history"] = [
        {**only(step, STEP), "by": step["by"] if step["by"] == "hub" or reach.knows_person(step["by"]) else ""}
        for step in doc.get("history", ())
    ]
    owner, reached_by = doc.get("owner"), doc.get("reached_by")
    taken = []
    if owner and not reach.knows_person(owner):
        found["owner"] = None
        taken.append("owner")
    if reached_by and not _reaches(reach, reached_by):
        found["reached_by"] = None
        taken.append("reached_by")
    found["key"] = key
    hidden: list[str] = [] if reach.may("contacts") else ["contact"]
    if not shows_caller(reach, kept):
        hidden = list(CALLER)
        for step in found["history"]:
            if step.get("note"):
                step["note"] = without_callers(step["note"], doc.get("caller_name"))
    if "contact" in hidden:
        found.pop("vip", None)  # said of the saved contact
    found = _masked(found, hidden)
    if taken:
        found["masked"] = [*found.get("masked", ()), *taken]
    return found


def without_callers(text: str, *names: str | None) -> str:
    """What somebody typed, without what looks like a telephone number, and without the names of the caller."""
    for name in names:
        text = text.replace(name, HIDDEN) if name else text
    return _NUMBER.sub(HIDDEN, text)


def _parts(doc: Doc) -> Doc:
    parts = (("visits", VISIT), ("legs", LEG))
    return {name: [only(one, fields) for one in doc[name]] for name, fields in parts if name in doc}


def _nameless(visit: Doc) -> Doc:
    return {**only(visit, VISIT), "queue": None}


def _attempt(scope: Scope, attempt: Doc) -> Doc:
    found = only(attempt, ATTEMPT)
    direction = attempt.get("direction", "inbound")
    if not any(atom == ALL and way == direction for atom, way in scope.pairs):
        concrete = scope.concrete(direction)
        named = {f"queue:{attempt.get('queue')}", f"number:{attempt.get('number')}"}
        found["facts"] = [fact for fact in attempt.get("facts", ()) if fact in concrete or fact in named]
    return found


def _reaches(reach: Reach, agent_or_extension: str) -> bool:
    directory = reach.directory
    facts = (*directory.agent_facts(agent_or_extension), *directory.extension_facts(agent_or_extension))
    return bool(reach.missed.reason(facts))


def _masked(doc: Doc, hidden: Iterable[str]) -> Doc:
    # That there is a saved contact is the contact's, too: it is listed whether there is one or not.
    taken = [name for name in hidden if name == "contact" or doc.get(name) is not None]
    if not taken:
        return doc
    kept = {name: value for name, value in doc.items() if name not in taken}
    # ``caller`` has no default in a followup: it stays, as nothing.
    empty = {"caller": None} if "caller" in taken else {}
    return {**kept, **empty, "masked": [*doc.get("masked", ()), *taken]}


def only(doc: Doc, fields: frozenset[str]) -> Doc:
    """A document with some of its fields."""
    return {name: value for name, value in doc.items() if name in fields}
