"""Room ``access``: what is taken out of documents for one reader. Pure; a document is never changed, always copied.

Only fields named here travel. What a newer version or a mistake adds to a document stays in the hub until it has a
rule.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from wallboard_tui.access import boards
from wallboard_tui.access.call_redaction import only
from wallboard_tui.access.reach import Reach
from wallboard_tui.access.touch import Touch
from wallboard_tui.model.base import Doc
from wallboard_tui.model.kinds import KINDS

WHOLE: Final[Mapping[str, frozenset[str]]] = {kind: frozenset(model.model_fields) for kind, model in KINDS.items()}
"""All fields that a kind has, as its model knows them."""
PRESENCE: Final = frozenset({"key", "source", "agent", "queue", "at", "what", "reason"})
SOURCE: Final = frozenset(
    {
        "key",
        "system",
        "mode",
        "connected_since",
        "last_event",
        "lacks",
        "complete_since",
        "links",
        "gaps",
        "sees",
        "released",
    }
)
ORGANISATION: Final = frozenset(
    {
        "key", "name", "time_zone", "country", "service_level_s", "service_level_target", "service_level_variant",
        "short_abandon_s", "min_sample", "callback_window_s", "missed_window_s",
    }
)  # fmt: skip
QUEUE_NAME: Final = frozenset({"key", "source", "name", "title", "service_level_s", "wrap_up_s"})
"""What a queue is called, and what the figures of its visible calls are measured by."""
NUMBER_NAME: Final = frozenset({"key", "name"})


def presence(reach: Reach, doc: Doc) -> Doc:
    """What an agent did; why they paused only for ``supervisor`` or themselves. Facts stay in the hub."""
    # Who may not know the agent's document cannot tell by which other names they are spoken of.
    agent = reach.directory.agent_key(doc["agent"])
    found = only(doc, PRESENCE) | {"agent": agent}
    if not (reach.own_agent(agent) or in_team(reach.pauses, reach, doc)):
        found.pop("reason", None)
    return found


def in_team(touch: Touch, reach: Reach, doc: Doc) -> str:
    """The atom by which a presence is in a scope: one of its agent's, or the queue's that it is about."""
    return touch.reason(state_facts(reach, doc))


def state_facts(reach: Reach, doc: Doc) -> list[str]:
    """The facts of a presence by which it is in a scope."""
    directory, queue = reach.directory, doc.get("queue")
    agents = directory.agent_facts(doc["agent"])
    # A team that a queue routes to does not thereby see the agents of other teams who sit in it, and pausing in one
    # queue is nothing to those who only watch another.
    routed = {f"team:{team}" for team in directory.teams_of_queue(queue)} - set(agents) if queue else set()
    stamped = [fact for fact in doc.get("facts") or () if fact not in routed]
    about = [fact for fact in stamped if queue is None or not fact.startswith("queue:")]
    # What is said of the agent as a whole holds in every queue they sit in.
    queues = (queue,) if queue else directory.queues_of_agent(doc["agent"])
    return [*agents, *about, *(f"queue:{one}" for one in queues)]


def agent(reach: Reach, doc: Doc) -> Doc:
    """An agent, with the queues the reader may know, and without interfaces by which somebody else is spoken of whom
    the reader may not know: they would take that one's calls for this agent's.
    """
    found = only(doc, WHOLE["agent"])
    if foreign := reach.foreign.get(doc["key"]):
        found["interfaces"] = [one for one in doc.get("interfaces", ()) if one not in foreign]
    found["queues"] = [queue for queue in doc.get("queues", ()) if reach.knows_queue(queue)]
    for name in ("penalties", "wrap_ups"):
        if doc.get(name):
            found[name] = {queue: own for queue, own in doc[name].items() if reach.knows_queue(queue)}
    if doc.get("extension") and not reach.knows_extension(doc["extension"]):
        found["extension"] = None
    return found


def queue(reach: Reach, doc: Doc) -> Doc:
    """A queue, with the members the reader may know; one that visible rows only name, without any."""
    if not reach.holds_queue(doc["key"]):
        return only(doc, QUEUE_NAME)
    found = only(doc, WHOLE["queue"])
    found["members"] = [member for member in doc.get("members", ()) if reach.knows_agent(member)]
    return found


def number(reach: Reach, doc: Doc) -> Doc:
    """A business number; of one that visible rows only name, no more than the name."""
    return only(doc, WHOLE["number"] if reach.holds_number(doc["key"]) else NUMBER_NAME)


def team(reach: Reach, doc: Doc) -> Doc:
    """A team, with the people, queues and numbers the reader may know."""
    if reach.may("workgroups"):
        return only(doc, WHOLE["team"])
    found = only(doc, WHOLE["team"])
    known: dict[str, Callable[[str], str]] = {
        "members": reach.knows_person, "managers": reach.knows_person,
        "queues": reach.knows_queue, "numbers": reach.knows_number,
    }  # fmt: skip
    found.update({name: [one for one in doc.get(name, ()) if knows(one)] for name, knows in known.items()})
    return found


def person(reach: Reach, doc: Doc) -> Doc:
    """Somebody: for ``users`` all but what it names and they may not know, a name and the link to agents for others.
    What oneself is, one may know.
    """
    own = doc["key"] == reach.key
    if reach.may("users"):
        found = only(doc, WHOLE["person"])
        return found if own else reach.sight.doc("person", found)
    found = {"key": doc["key"], "name": doc["name"], "role": doc["role"] if own else ""}
    found["agents"] = [one for one in doc.get("agents", ()) if reach.knows_agent(one)]
    extension = doc.get("extension")
    return {**found, "extension": extension} if extension and reach.knows_extension(extension) else found


def board(reach: Reach, doc: Doc) -> Doc:
    """A board without names out of scope; as it is for those who lay boards out for everyone."""
    if reach.lays_out():
        return dict(doc)
    found = boards.redacted(doc, reach.directory, reach.holds_queue, reach.knows_team)
    return found or {"key": doc["key"], "name": doc["name"], "pages": []}


def plain(reach: Reach, kind: str, doc: Doc) -> Doc:
    """Documents that travel whole, or as a fixed public part."""
    public = {"organisation": ORGANISATION, "source": SOURCE}
    fields = WHOLE[kind] if reach.may("account") else public.get(kind, WHOLE[kind])
    return only(doc, fields)


REDACT: Final[Mapping[str, Callable[[Reach, Doc], Doc]]] = {
    "presence": presence, "agent": agent, "queue": queue, "number": number, "team": team, "person": person,
    "board": board,
}  # fmt: skip
PLAIN: Final = ("extension", "contact", "role", "audit", "notice", "organisation", "source")
