"""Room ``hub``: who can see what and why, the access review, and the audit trail."""

from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from dataclasses import asdict
from typing import Annotated, Final, Literal

from fastapi import Query
from pydantic import BaseModel, Field, TypeAdapter
from starlette.responses import Response, StreamingResponse

from wallboard_tui.access.explain import Explanation, who_can_see
from wallboard_tui.access.permissions import PERMISSIONS
from wallboard_tui.access.sight import WHOLE, Sight
from wallboard_tui.hub import audit_trail, reviewing
from wallboard_tui.hub.caller import Caller, TheAccess, TheCaller, TheHub
from wallboard_tui.hub.errors import HubError, not_found, not_permitted
from wallboard_tui.hub.explaining import asked
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.hub.one_thread import Unwanted
from wallboard_tui.hub.refusals import refuse
from wallboard_tui.hub.routes.signed_in import signed_in
from wallboard_tui.model.administration import ExplanationOf, Review, ReviewRow
from wallboard_tui.model.security import Audit

router = signed_in("who may see what")
ExplainedKind = Literal[
    "call", "followup", "presence", "agent", "queue", "team", "number", "extension", "contact", "person", "board",
    "state", "figures",
]  # fmt: skip
Kind = Annotated[ExplainedKind, Query()]
ENTRIES: Final = TypeAdapter(list[Audit])


class DecisionBody(BaseModel):
    """Whether somebody keeps a sensitive permission."""

    person: str = Field(max_length=200)
    permission: str = Field(max_length=80)
    decision: Literal["keep", "remove"]
    note: str = Field("", max_length=2000)


@router.get("/why/{person}/{key:path}")
async def why(
    person: str, key: str, who: TheCaller, access: TheAccess, hub: TheHub, kind: Kind = "call"
) -> ExplanationOf:
    """Which clauses let a person see a document, or which are missing.

    ``kind`` ``state``: what an agent does now, by the agent's key. ``figures``: a row of figures, by breakdown and key
    (``queue:KEY``, ``all``), with what of it counts. About others: needs ``users``, and what is asked about in sight.
    """

    def found() -> ExplanationOf:
        if person != who.person:
            if not access.gate.may("users"):
                raise not_permitted("ask what others may see", "People (view)")
            reviewing.note_use(hub, who.viewer or who.person, ["users"])
        if person not in hub.directory_for(person).people:
            raise not_found("person", person, "See “wallboard people” for those the organisation has.")
        answer = asked(hub, access, kind, key, anything=who.session is None)
        gate, sight = hub.access(person).gate, _sight(access, who, person)
        return _explained(answer(person, hub.directory_for(person), gate, sight), kind, key)

    return await hub.read(found)


@router.get("/who-can-see/{key:path}")
async def who_sees(
    key: str, who: TheCaller, access: TheAccess, hub: TheHub, kind: Kind = "call"
) -> list[ExplanationOf]:
    """Everybody who gets a document, an agent's state or a row of figures, each with the clauses by which they do.
    Needs ``users``, and it in sight.
    """

    def found() -> list[ExplanationOf]:
        if not access.gate.may("users"):
            raise not_permitted("ask what others may see", "People (view)")
        reviewing.note_use(hub, who.viewer or who.person, ["users"])
        answer, sight = asked(hub, access, kind, key, anything=who.session is None), _sight(access, who)
        everybody = who_can_see(lambda one: answer(one, hub.directory, hub.access(one).gate, sight), hub.directory)
        return [_explained(one, kind, key) for one in everybody]

    return await hub.read(found)


@router.get("/access-review")
async def access_review(hub: TheHub, access: TheAccess, overdue: bool = False) -> Review:
    """Who holds each sensitive permission, through what, since when, given by whom, and what was decided about it."""
    _need(access, "access_review", "see the access review")
    return await hub.read(lambda: reviewing.access_review(hub, access.gate.reach.sight, overdue=overdue))


@router.post("/access-review")
async def decide(body: DecisionBody, who: TheCaller, hub: TheHub, access: TheAccess) -> ReviewRow:
    """Record that somebody keeps a sensitive permission, or is to lose it."""
    try:
        _need(access, "access_review", "decide in the access review", "manage")
        sight = access.gate.reach.sight
        decided = (body.person, body.permission, body.decision, body.note)
        return await hub.run(reviewing.decide, hub, who.person, *decided, sight)
    except HubError as error:
        await refuse(hub, who.person, f"review.{body.decision}", f"{body.person}/{body.permission}", error)


@router.get("/audit", response_model=list[Audit])
async def audit(
    who: TheCaller,
    hub: TheHub,
    access: TheAccess,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 100,
    before: float | None = None,
    older_than: Annotated[str, Query(max_length=80)] = "",
    by: str = "",
    target: str = "",
    act: str = "",
    text: Annotated[str, Query(max_length=200)] = "",
    allowed: bool | None = None,
) -> Response:
    """Who did what, newest first, with the fields that differ before and after; refused attempts as well.

    It is sent as it is read. ``older_than``: the key of the last entry one has; what follows is the next page.
    """
    _need(access, "audit", "read the audit trail")
    await _used(hub, who, "audit")
    wanted = audit_trail.Wanted(limit, before, by, target, act, allowed, text, older_than)
    pages = audit_trail.pages(hub, wanted, audit_trail.readable_by(access.gate))
    return StreamingResponse(_listed(hub, who, pages), media_type="application/json")


async def _listed(hub: Hub, who: Caller, pages: Iterator[list[Audit]]) -> AsyncIterator[bytes]:
    """Entries as one JSON list, a turn on the hub's thread at a time. It breaks off, and is no list, where whoever
    reads may read it no longer: to take it slowly gets nobody more of it.
    """

    def following() -> list[Audit] | None:
        now = hub.access_or_none(who.person, who.viewer)
        if now is None or not now.gate.may("audit"):
            raise Unwanted
        return next(pages, None)

    yield b"["
    between = b""
    with suppress(Unwanted):
        while (page := await hub.later(_still, following)) is not None:
            if page:
                yield between + ENTRIES.dump_json(page)[1:-1]
                between = b","
        yield b"]"


def _still() -> bool:
    return True


async def _used(hub: Hub, who: Caller, *permissions: str) -> None:
    await hub.read(reviewing.note_use, hub, who.viewer or who.person, permissions)


def _sight(access: Access, who: Caller, person: str = "") -> Sight:
    """What an explanation may name: everything of what is one's own; looking through somebody's eyes, no more than
    both may know.
    """
    return WHOLE if person == who.person and not who.viewer else access.gate.reach.sight


def _explained(one: Explanation, kind: str, key: str) -> ExplanationOf:
    named = {"kind": kind, "key": key, "call": key if kind == "call" else None}
    return ExplanationOf.model_validate({**asdict(one), **named})


def _need(access: Access, permission: str, what: str, level: str = "view") -> None:
    if not access.gate.may(permission, level):
        raise not_permitted(what, f"{PERMISSIONS[permission].title} ({level})")
