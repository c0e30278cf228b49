"""Room ``hub``: administering access: lists to edit, change sets, PINs, the organisation as a whole."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import Query
from pydantic import BaseModel, Field

from wallboard_tui.access import listing
from wallboard_tui.access.permissions import NEEDS, PERMISSIONS
from wallboard_tui.access.saving_form import Actor
from wallboard_tui.access.sight import WHOLE
from wallboard_tui.hub import pins, reviewing
from wallboard_tui.hub.caller import Caller, TheAccess, TheCaller, TheHub, TheRuntime
from wallboard_tui.hub.errors import HubError, not_found, not_permitted
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import DIRECTORY_KINDS, Access
from wallboard_tui.hub.refusals import refuse
from wallboard_tui.hub.routes.signed_in import signed_in
from wallboard_tui.model.administration import (
    Assignable,
    Catalogue,
    Edit,
    EffectiveAccess,
    PersonRow,
    RoleRow,
    Row,
    Saved,
)
from wallboard_tui.model.base import Doc

router = signed_in("administration")
Key = Annotated[str, Field(max_length=200)]


class ChangesBody(BaseModel):
    """Edits that are saved together or not at all. ``dry_run``: only say what they would mean."""

    changes: list[Edit] = Field(min_length=1, max_length=20_000)
    dry_run: bool = False
    note: str = Field("", max_length=2000)


class PinBody(BaseModel):
    """``None`` takes the PIN away."""

    pin: str | None = Field(max_length=40)


@router.get("/catalogue")
async def catalogue(_who: TheCaller) -> Catalogue:
    """Permissions, levels, presets of scopes, toggles and rules: everything there is to choose from."""
    return listing.catalogue()


@router.get("/people")
async def people(who: TheCaller, hub: TheHub, access: TheAccess, runtime: TheRuntime) -> list[PersonRow]:
    """Everybody, with role, teams, and whether one may edit them."""
    _need(access, "users", "see people")

    def found() -> list[PersonRow]:
        # Through somebody's eyes one sees no more names than both may know.
        actor = replace(runtime.administration.actor(who.person), sight=access.gate.reach.sight)
        reviewing.note_use(hub, who.viewer or who.person, ["users"])
        return listing.people(_documents(hub, "person"), hub.directory, actor, pins.pins(hub).keys())

    return await hub.read(found)


@router.get("/people/{key}/access")
async def access_of(key: str, who: TheCaller, hub: TheHub, access: TheAccess) -> EffectiveAccess:
    """What somebody may do, and where each part of it comes from. One's own anybody may ask for."""
    if key != who.person:
        _need(access, "users", "see what others may do")

    def found() -> EffectiveAccess:
        directory = hub.directory_for(key)
        if key != who.person:
            reviewing.note_use(hub, who.viewer or who.person, ["users"])
        if key not in directory.people:
            raise not_found("person", key, "See “wallboard people” for those the organisation has.")
        own = key == who.person and not who.viewer
        return listing.access_of(key, directory, WHOLE if own else access.gate.reach.sight)

    return await hub.read(found)


@router.get("/roles")
async def roles(who: TheCaller, hub: TheHub, access: TheAccess, runtime: TheRuntime) -> list[RoleRow]:
    """Every role with what it allows, who has it, and whether one may edit it or hand it out."""
    _need(access, "roles", "see roles")

    def found() -> list[RoleRow]:
        actor = runtime.administration.actor(who.person)
        reviewing.note_use(hub, who.viewer or who.person, ["roles"])
        return listing.roles(_documents(hub, "role"), hub.directory, actor)

    return await hub.read(found)


@router.get("/assignable")
async def assignable(who: TheCaller, hub: TheHub, access: TheAccess, runtime: TheRuntime) -> list[Assignable]:
    """Roles by name, for those who hand them out."""
    if not any(access.gate.may(name, "manage") for name in ("users", "roles.assign", "roles")):
        raise not_permitted("hand out roles", "users or roles.assign (manage)")
    return await hub.read(lambda: listing.assignable(hub.directory, runtime.administration.actor(who.person)))


@router.get("/teams")
async def teams(who: TheCaller, hub: TheHub, access: TheAccess, runtime: TheRuntime) -> list[Row]:
    """Teams with their members, managers, queues and numbers."""
    return await _rows("team", "workgroups", "see teams", who, hub, access, runtime.administration.actor)


@router.get("/numbers")
async def numbers(who: TheCaller, hub: TheHub, access: TheAccess, runtime: TheRuntime) -> list[Row]:
    """Business numbers."""
    return await _rows("number", "numbers", "see business numbers", who, hub, access, runtime.administration.actor)


@router.get("/queues")
async def queues(who: TheCaller, hub: TheHub, access: TheAccess, runtime: TheRuntime) -> list[Row]:
    """Queues with their titles and members."""
    return await _rows("queue", "call_flow", "see all queues", who, hub, access, runtime.administration.actor)


@router.post("/changes")
async def changes(body: ChangesBody, who: TheCaller, hub: TheHub, runtime: TheRuntime) -> Saved:
    """Save edits: all or none. When it answers, every open feed has the new access.

    403 or 422 name the rule that forbids it, 409 says what somebody else changed meanwhile.
    """
    work = runtime.administration

    def saved() -> Saved:
        found = work.save(who.person, body.changes, dry_run=body.dry_run, note=body.note)
        if not body.dry_run:
            reviewing.note_use(hub, who.person, reviewing.used_by(who.person, found))
        return found

    return await hub.run(saved)


@router.get("/people/{key}/pin")
async def pin(key: str, hub: TheHub, access: TheAccess) -> dict[str, Any]:
    """Somebody's PIN for outbound calls."""
    _need(access, "pins", "see PINs")
    return await hub.read(pins.pin_of, hub, access.gate, key)


@router.put("/people/{key}/pin")
async def put_pin(key: str, body: PinBody, who: TheCaller, hub: TheHub, access: TheAccess) -> dict[str, Any]:
    """Give somebody a PIN for outbound calls, or take it away."""
    try:
        _need(access, "pins", "set PINs", "manage")
        return await hub.run(pins.set_pin, hub, access.gate, who.person, key, body.pin)
    except HubError as error:
        await refuse(hub, who.person, "pin.set", key, error)


@router.get("/organisation")
async def organisation(
    who: TheCaller, hub: TheHub, access: TheAccess, kinds: Annotated[list[str] | None, Query()] = None
) -> dict[str, Any]:
    """Every document of the organisation, to be kept and applied elsewhere. Never passwords, PINs or calls.

    422 for a kind that is none: nothing would look like an organisation without any.
    """
    unknown = sorted(set(kinds or ()) - DIRECTORY_KINDS)
    if unknown:
        raise HubError(
            422,
            "wrong-call",
            f"“{unknown[0]}” is no kind to take out.",
            f"There are: {', '.join(sorted(DIRECTORY_KINDS))}.",
        )
    wanted = sorted(set(kinds or DIRECTORY_KINDS))
    lacking = {kind: lacks for kind in wanted if (lacks := _lacking(access, kind))}
    if lacking:
        left = ",".join(kind for kind in wanted if kind not in lacking)
        what = f"take out {', '.join(lacking)}" if kinds else "take the whole organisation out"
        instead = f", or take out what you may read: wallboard org export --only {left}" if left else ""
        raise not_permitted(what, *dict.fromkeys(one for each in lacking.values() for one in each), instead=instead)

    def found() -> dict[str, Any]:
        used = {NEEDS[kind] for kind in wanted}
        reviewing.note_use(hub, who.viewer or who.person, sorted(used))
        sight = access.gate.reach.sight
        return {"documents": [[kind, sight.doc(kind, doc)] for kind in wanted for _, doc in _documents(hub, kind)]}

    return await hub.read(found)


def _lacking(access: Access, kind: str) -> list[str]:
    """What somebody lacks to take out the documents of a kind. Nothing: they may."""
    lacks = [] if access.gate.may(NEEDS[kind]) else [f"{PERMISSIONS[NEEDS[kind]].title} (view)"]
    # A contact's key is a caller's number.
    if kind == "contact" and not access.gate.reach.scope("caller_number").everything:
        lacks.append(f"{PERMISSIONS['caller_number'].title} (everything)")
    return lacks


async def _rows(
    kind: str, permission: str, what: str, who: Caller, hub: Hub, access: Access, actor: Callable[[str], Actor]
) -> list[Row]:
    _need(access, permission, what)
    return await hub.read(lambda: listing.rows(kind, _documents(hub, kind), actor(who.person)))


def _documents(hub: Hub, kind: str) -> Sequence[tuple[int, Doc]]:
    """Documents of a kind with their revisions, by key."""
    found = [(entry.seq, entry.change.doc) for entry in hub.journal.read_kind(kind) if entry.change.doc is not None]
    return sorted(found, key=lambda pair: str(pair[1]["key"]))


def _need(access: Access, permission: str, what: str, level: str = "view") -> None:
    if not access.gate.may(permission, level):
        raise not_permitted(what, f"{PERMISSIONS[permission].title} ({level})")
