"""Room ``hub``: missed opportunities, derived from all calls. Pure; reading and writing is ``followup_log``'s.

One document per caller (METRICS.md, "Missed opportunities"): open since a call that nobody answered, until somebody
spoke to the caller. It is a function of the caller's calls and of what people did (``history``), so deriving it twice
changes nothing.

A *miss* is an ended inbound call that nobody answered, other than one given up within the short-abandon time or turned
away out of hours. A *talk* is an answered inbound call, a connected outbound call to the caller, or somebody's word
that they reached the caller. Misses up to the next talk belong together: an *episode*.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from wallboard_tui.model.base import Doc
from wallboard_tui.model.call import missed
from wallboard_tui.model.followup import Status

HUB = "hub"
NOTE = "note"
"""The act that only writes something down."""
CLOSED = frozenset({Status.REACHED.value, Status.RESOLVED.value})
HUB_STEPS = 10
"""Closings by a later call that a history keeps, the newest."""
NOT_MISSED = frozenset({"closed"})
"""Outcomes of a visit after which nobody owes the caller a call: out of hours."""


@dataclass(frozen=True, slots=True)
class Talk:
    """Somebody spoke to the caller. ``by``: an agent's key, an extension or a person; ``by_call``: a call says so."""

    at: float
    by: str | None
    by_call: bool


@dataclass(frozen=True, slots=True)
class _Standing:
    """Where an episode stands: its status, whose it is, and the talk that closed it."""

    status: str
    owner: str | None
    talk: Talk | None


def is_miss(call: Doc, short_abandon_s: float) -> bool:
    """Whether a call leaves its caller owed a call."""
    if not missed(call):
        return False
    visits = call.get("visits") or ()
    if visits:
        outcome, wait = visits[-1].get("outcome"), visits[-1].get("wait_s")
    else:
        # Past the queues: nobody answered, so the caller gave up when the call ended.
        ended = call.get("ended")
        outcome, wait = "abandoned", None if ended is None else ended - call["started"]
    if outcome in ("abandoned", "gone"):
        return wait is None or wait >= short_abandon_s
    return outcome not in NOT_MISSED


def attempt_of(call: Doc) -> Doc:
    """The evidence of a miss, with the call's own facts, so that each reader sees only attempts in scope."""
    visits = call.get("visits") or ()
    last = visits[-1] if visits else {}
    found = {
        "call": call["key"],
        "at": call["started"],
        "queue": last.get("queue"),
        "number": call.get("number"),
        "wait_s": last.get("wait_s"),
        "reason": _reason(last.get("outcome")),
        "facts": call.get("facts") or [],
    }
    return {name: value for name, value in found.items() if value is not None}


def _reason(outcome: str | None) -> str:
    if outcome is None:
        return "no_answer"
    return "no_agent" if outcome == "exit_empty" else outcome


def talk_of(call: Doc) -> Talk | None:
    """The talk a call was, if it was one."""
    if call.get("answered") is None or call.get("direction", "inbound") == "internal":
        return None
    legs = [leg for leg in call.get("legs") or () if leg.get("answered") is not None and leg.get("agent") is not None]
    by = legs[0]["agent"] if legs else call.get("extension")
    return Talk(call["answered"], by, True)


def derive(calls: Sequence[Doc], old: Doc | None, short_abandon_s: float) -> Doc | None:
    """The followup of one caller: all their calls, oldest first, and the document as it stands.

    ``None``: never missed.
    """
    misses = [call for call in calls if is_miss(call, short_abandon_s)]
    if not misses:
        return None
    done = [step for step in (old or {}).get("history") or () if step["by"] != HUB]
    # A note says something and settles nothing: who writes one has not reached the caller, and takes it from nobody.
    acts = [step for step in done if step.get("act") != NOTE]
    talks = [talk for call in calls if (talk := talk_of(call))]
    talks += [Talk(step["at"], step["by"], False) for step in acts if step["status"] == Status.REACHED.value]
    talks.sort(key=lambda talk: talk.at)
    episodes = _episodes(misses, talks)
    episode, talk = episodes[-1]
    newest = episode[-1]
    standing = _standing(episode, talk, acts)
    history = sorted([*done, *_closings(episodes)], key=lambda step: (step["at"], step["by"] != HUB))
    first, last = episode[0]["started"], newest["started"]
    facts = dict.fromkeys((old or {}).get("facts") or ())
    for call in episode:
        facts.update(dict.fromkeys(call.get("facts") or ()))
    found = {
        "key": newest.get("caller") or newest["key"],
        "caller": newest.get("caller"),
        "caller_name": next((call["caller_name"] for call in reversed(episode) if call.get("caller_name")), None),
        "contact": newest.get("contact"),
        "attempts": [attempt_of(call) for call in episode],
        "first_miss": first,
        "last_miss": last,
        "status": standing.status,
        "owner": standing.owner,
        "history": history,
        "reached_by": standing.talk.by if standing.talk else None,
        "reached_after_s": max(0.0, standing.talk.at - last) if standing.talk else None,
        "facts": list(facts),
    }
    return {name: value for name, value in found.items() if name == "caller" or (value is not None and value != [])}


def _episodes(misses: Sequence[Doc], talks: Sequence[Talk]) -> list[tuple[list[Doc], Talk | None]]:
    """Misses that belong together, each with the talk that followed, if one did."""
    found: list[tuple[list[Doc], Talk | None]] = []
    at = 0
    for call in misses:
        while at < len(talks) and talks[at].at < call["started"]:
            at += 1
        talk = talks[at] if at < len(talks) else None
        if found and found[-1][1] is talk:
            found[-1][0].append(call)
        else:
            found.append(([call], talk))
    return found


def _closings(episodes: Sequence[tuple[list[Doc], Talk | None]]) -> list[Doc]:
    """Steps for episodes that a later call closed by itself."""
    closed = [talk for _, talk in episodes if talk is not None and talk.by_call]
    return [{"at": talk.at, "by": HUB, "status": Status.REACHED.value} for talk in closed[-HUB_STEPS:]]


def _standing(episode: Sequence[Doc], talk: Talk | None, done: Sequence[Doc]) -> _Standing:
    """The last word of people about this episode, unless a talk or another miss came after it."""
    last_miss = episode[-1]["started"]
    status, owner, said, talked = Status.OPEN.value, None, 0.0, talk
    for step in done:
        if step["at"] < episode[0]["started"]:
            continue
        if step["status"] == Status.CLAIMED.value:
            owner = step["by"] if status != Status.CLAIMED.value else owner
        elif step["status"] == Status.OPEN.value:
            owner, talked = None, None
        elif step["status"] == Status.REACHED.value:
            talked = talked or Talk(step["at"], step["by"], False)
        status, said = step["status"], step["at"]
    if talk is not None and talk.by_call and talk.at >= said:
        return _Standing(Status.REACHED.value, owner, talk)
    if last_miss > said and status in (Status.RESOLVED.value, Status.NOT_REACHED.value):
        # Whoever settled it could not know that the caller would try again.
        return _Standing(Status.OPEN.value, owner if status == Status.NOT_REACHED.value else None, None)
    return _Standing(status, owner, talked if status in CLOSED else None)


def allowed(followup: Doc, act: str, by: str) -> str:
    """Why an act makes no sense now; nothing when it does."""
    status, owner = followup.get("status", Status.OPEN.value), followup.get("owner")
    if act == "claim" and status == Status.CLAIMED.value:
        return "You have it already." if owner == by else "Somebody has it already."
    if act in ("claim", "reached", "not_reached") and status in CLOSED:
        return "The caller was reached already." if status == Status.REACHED.value else "It is settled already."
    if act == "resolve" and status == Status.RESOLVED.value:
        return "It is settled already."
    if act == "reopen" and status == Status.OPEN.value:
        return "It is open already."
    return ""
