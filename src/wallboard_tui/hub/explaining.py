"""Room ``hub``: what somebody asks “why” about: documents, what agents do now, rows of figures; and what of it they see
themselves. Knows ``access``; changes nothing.
"""

from collections.abc import Callable
from typing import Final

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.explain import Explanation, explain
from wallboard_tui.access.explain_rows import explain_figures, explain_state
from wallboard_tui.access.gate import Gate
from wallboard_tui.access.sight import Sight
from wallboard_tui.hub.errors import HubError, not_found
from wallboard_tui.hub.followup_log import real_key
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import DIMENSIONS
from wallboard_tui.view import queries

Answer = Callable[[str, Directory, Gate, Sight], Explanation]
"""Of a person, in a directory, by their gate, for whoever knows so much by name."""
_LISTS: Final = {"call": "wallboard calls", "followup": "wallboard show missed"}
_SUBJECTS: Final = frozenset({"queue", "agent", "team", "number"})
"""Breakdowns by things that have a document."""
LOOKED_AT: Final = 200
"""Newest calls of a queue by which it is known who was rung there without sitting in it."""


def asked(hub: Hub, access: Access, kind: str, key: str, *, anything: bool) -> Answer:
    """The question about one thing. ``kind``: one of documents, ``state`` (``key``: the agent) or ``figures`` (the
    breakdown and the subject: ``queue:KEY``, ``all``). ``anything``: whoever sits at the hub's own socket may ask about
    all there is; everybody else about what they see.

    Raises ``HubError``: 404 also for what somebody does not see, so that the question does not tell that it is there.
    """
    if kind == "state":
        return _of_state(hub, access, key, anything)
    if kind == "figures":
        return _of_figures(hub, access, key, anything)
    doc = _seen(hub, access, kind, real_key(hub, access, key) if kind == "followup" else key, anything)
    if doc is None:
        raise _unseen(kind, key)
    found = doc
    return lambda person, directory, gate, sight: explain(person, kind, found, directory, gate=gate, sight=sight)


def _of_state(hub: Hub, access: Access, key: str, anything: bool) -> Answer:
    agent = hub.directory.agent_key(key)
    now = hub.clock()
    queues: list[str] = []
    for live in queries.live_agents(hub.view, 0, now):
        if live.agent == agent:
            said = ((queue, {"key": "", "agent": agent, "queue": queue}) for queue in live.queues)
            queues = [queue for queue, doc in said if anything or access.gate.sends("presence", doc)]
    every = [call for call in queries.calls(hub.view, 1, limit=10, agent=agent) if call.get("ended") is None]
    calls = [call for call in every if anything or _names(_as_seen(access.gate, call), "agent", agent)]
    if not (queues or calls) and _seen(hub, access, "agent", agent, anything) is None:
        raise _unseen("agent", key)
    return lambda person, directory, gate, sight: explain_state(
        person, agent, directory, gate=gate, sight=sight, queues=queues, calls=calls
    )


def _of_figures(hub: Hub, access: Access, key: str, anything: bool) -> Answer:
    by, _, subject = key.partition(":")
    if by not in DIMENSIONS:
        named = ", ".join(DIMENSIONS)
        raise HubError(422, "wrong-call", f"“{by}” is no breakdown of figures.", f"There are: {named}.")
    calls = _calls_of(hub, access, by, subject, anything)
    if subject and by in _SUBJECTS and not calls and _seen(hub, access, by, subject, anything) is None:
        raise _unseen(by, subject)
    legs = (leg for call in calls for leg in call.get("legs", ()) if by == "queue" and leg.get("queue") == subject)
    agents = sorted({leg["agent"] for leg in legs if leg.get("agent")})
    return lambda person, directory, gate, sight: explain_figures(
        person, by, subject, directory, gate=gate, sight=sight, agents=agents
    )


def _calls_of(hub: Hub, access: Access, by: str, subject: str, anything: bool) -> list[Doc]:
    """The newest calls of a queue or number, as they count in whoever asks' own figures."""
    if by not in ("queue", "number") or not subject:
        return []
    queue, fact = (subject, None) if by == "queue" else (None, f"number:{subject}")
    every = queries.calls(hub.view, 1, limit=LOOKED_AT, queue=queue, fact=fact)
    if anything:
        return every
    index = access.me.lens_by(by)
    if index is None:
        return []
    lens = access.gate.lens_gate(index)
    seen = (lens.call(call) for call in every)
    return [call for call in seen if call is not None and (by == "number" or _names(call, "queue", subject))]


def _as_seen(gate: Gate, call: Doc) -> Doc:
    """A call as it shows somebody what agents do: as sent, or through the lenses of live states."""
    if bits := gate.admit("call", call):
        return gate.redact("call", call, bits)
    for permission in ("supervisor", "wallboard"):
        index = gate.reach.lens_of(permission)
        if index is not None and (found := gate.lens_gate(index).call(call)) is not None:
            return found
    return {}


def _names(call: Doc, what: str, key: str) -> bool:
    parts = (*call.get("visits", ()), *call.get("legs", ()))
    return any(part.get(what) == key for part in parts)


def _seen(hub: Hub, access: Access, kind: str, key: str, anything: bool) -> Doc | None:
    doc = hub.document(kind, key)
    return doc if doc is not None and (anything or access.gate.admit(kind, doc)) else None


def _unseen(kind: str, key: str) -> HubError:
    return not_found(kind, key, f"See “{_LISTS.get(kind, 'wallboard me')}” for what there is.")
