"""Room ``access``: what is taken out of calls and missed opportunities for one reader. Pure.

A document is never changed, always copied, and only fields named here travel.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Set
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

    A visit is named when its queue, or a leg of it, is in scope; a leg when its agent is, or its queue is granted as
    such. A call of a number that is granted as such is theirs whole, and counts so; its queues and people are named
    only where the reader may know them anyway. Several that are not named have numbers within the call, by which they
    are told apart, and nothing that is the same in another call.
    """

    def __init__(self, scope: Scope, reach: Reach) -> None:
        self.scope = scope
        self.reach = reach
        self._fits = compiled(scope)
        self._everything = frozenset(way.value for atom, way in scope.pairs if atom == ALL)
        self._concrete: dict[str, frozenset[str]] = {}
        self._agents: dict[tuple[str, str], bool] = {}
        self._queues: dict[tuple[str, str], bool] = {}
        self._known: dict[tuple[str, str], bool] = {}

    def everything(self, direction: str) -> bool:
        """Whether the scope holds all calls of a direction: nothing is taken out of these."""
        return direction in self._everything

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
        if whole := number is not None and self._fits(direction, (f"number:{number}",)):
            found["whole"] = True
        legs = [(leg, self._leg_within(direction, leg)) for leg in doc.get("legs", ())]
        rung = {leg["visit"] for leg, within in legs if within and leg.get("visit") is not None}
        hidden: dict[str, int] = {}
        found["visits"] = visits = [
            only(visit, VISIT)
            if index in rung or self._names(direction, visit.get("queue"), whole)
            else _nameless(only(visit, VISIT), "queue", hidden)
            for index, visit in enumerate(doc.get("visits", ()))
        ]
        told = {visit["queue"] for visit in visits if visit.get("queue")}
        found["legs"] = self._legs(direction, legs, told, whole)
        told.update(leg["queue"] for leg in found["legs"] if leg["queue"])
        found["facts"] = self._facts(direction, doc, told)
        extension = doc.get("extension")
        if extension and not self._names_extension(direction, extension, whole):
            found["extension"] = None
        return found

    def _legs(self, direction: str, legs: Iterable[tuple[Doc, bool]], told: Set[str], whole: bool) -> list[Doc]:
        found, hidden = [], dict[str, int]()
        for leg, within in legs:
            queue, agent = leg.get("queue"), leg.get("agent")
            shown = only(leg, LEG)
            if not (within or queue in told or self._names(direction, queue, whole)):
                shown["queue"] = None
            if not (within or (whole and agent is not None and self._knows("agent", agent))):
                shown = _nameless(shown, "agent", hidden)
            found.append({"queue": None, "agent": None, **shown})
        return found

    def _leg_within(self, direction: str, leg: Doc) -> bool:
        agent, queue = leg.get("agent"), leg.get("queue")
        if agent is not None and self.names_agent(direction, agent):
            return True
        return queue is not None and self._fits(direction, (f"queue:{queue}",))

    def _names(self, direction: str, queue: str | None, whole: bool) -> bool:
        if queue is None:
            return False
        return self.names_queue(direction, queue) or (whole and self._knows("queue", queue))

    def _names_extension(self, direction: str, extension: str, whole: bool) -> bool:
        if self._fits(direction, self.reach.directory.extension_facts(extension)):
            return True
        return whole and self._knows("extension", extension)

    def hides_called(self, doc: Doc) -> bool:
        """Whether what a caller dialled is somebody's extension that the reader may not know."""
        direction, called = doc.get("direction", "inbound"), doc.get("called")
        if called is None or self.everything(direction) or f"ext:{called}" not in doc.get("facts", ()):
            return False
        return not self._names_extension(direction, called, True)

    def _knows(self, kind: str, key: str) -> bool:
        """Whether the reader may know by name what is not in the scope of the call: the directory tells them then."""
        if (kind, key) not in self._known:
            reach = self.reach
            asked = {"queue": reach.knows_queue, "agent": reach.knows_agent, "extension": reach.knows_extension}
            self._known[kind, key] = bool(asked[kind](key))
        return self._known[kind, key]

    def _facts(self, direction: str, doc: Doc, queues: Iterable[str]) -> list[str]:
        named = {*(f"queue:{queue}" for queue in queues), f"number:{doc.get('number')}"}
        concrete = self._concrete.get(direction)
        if concrete is None:
            concrete = self._concrete[direction] = self.scope.concrete(direction)
        return [fact for fact in doc.get("facts", ()) if fact in concrete or fact in named]


def call(reach: Reach, doc: Doc, journey: Journey) -> Doc:
    """A call as its reader may see it: journey by scope, caller by ``caller_number``, contact by ``contacts`` too."""
    found = journey.redact(doc)
    direction = doc.get("direction", "inbound")
    hidden: list[str] = [] if reach.may("contacts") else ["contact"]
    if not reach.shows_number(direction, doc.get("facts")):
        # What an outbound call dialled is the other party's number.
        hidden = [*CALLER, "called"] if direction != "inbound" else list(CALLER)
    if direction != "outbound" and journey.hides_called(doc):
        # Within the house the other party is whoever's extension was dialled: their number says the same.
        hidden = [*hidden, *(CALLER if direction == "internal" else ()), "called"]
    return _masked(found, dict.fromkeys(hidden))


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
    found["attempts"] = [_attempt(reach, scope, one) for one in kept]
    if kept:
        found["first_miss"], found["last_miss"] = min(one["at"] for one in kept), max(one["at"] for one in kept)
        if found.get("reached_after_s") is not None:
            # Counted from the last miss that the reader sees: else it would tell when another one was.
            found["reached_after_s"] += doc["last_miss"] - found["last_miss"]
    if len(kept) < len(doc.get("attempts", ())):
        # The caller's name as the phone system had it may come from an attempt that is out of scope. It is not there,
        # as with callers who have none: else it would tell that there are other attempts.
        found.pop("caller_name", None)
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


def _nameless(part: Doc, name: str, hidden: dict[str, int]) -> Doc:
    """A visit without its queue, or a leg without its agent, with its number among those hidden in the call."""
    if part.get(name) is None:
        return part
    return {**part, name: None, "hidden": hidden.setdefault(part[name], len(hidden) + 1)}


def _attempt(reach: Reach, scope: Scope, attempt: Doc) -> Doc:
    found = only(attempt, ATTEMPT)
    direction = attempt.get("direction", "inbound")
    if not any(atom == ALL and way == direction for atom, way in scope.pairs):
        if not _attempt_named(reach, scope, direction, attempt):
            found |= {"queue": None, "hidden": True}
        concrete = scope.concrete(direction)
        named = {f"queue:{found.get('queue')}", f"number:{attempt.get('number')}"}
        found["facts"] = [fact for fact in attempt.get("facts", ()) if fact in concrete or fact in named]
    return found


def _attempt_named(reach: Reach, scope: Scope, direction: str, attempt: Doc) -> bool:
    """Whether the reader may know the queue in which an attempt ended. An attempt tells of no legs: where it came
    through one queue alone, whoever in scope it rang was rung there.
    """
    queue, facts = attempt.get("queue"), attempt.get("facts") or ()
    if queue is None or reach.knows_queue(queue):
        return True
    if compiled(scope)(direction, reach.directory.queue_facts(queue)):
        return True
    by_number = reach.directory.number_facts(attempt.get("number") or "")
    elsewhere = any(fact.startswith("queue:") and fact != f"queue:{queue}" for fact in facts)
    return not elsewhere and compiled(scope)(direction, [fact for fact in facts if fact not in by_number])


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
