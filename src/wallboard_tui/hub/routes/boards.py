"""Room ``hub``: boards: what an admin arranged."""

from typing import Any

from pydantic import ValidationError

from wallboard_tui.access.boards import DEFAULT_KEY, default_board
from wallboard_tui.hub.caller import TheAccess, TheCaller, TheHub
from wallboard_tui.hub.errors import HubError, not_found, not_permitted
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.hub.refusals import refuse
from wallboard_tui.hub.routes.signed_in import signed_in
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Board
from wallboard_tui.model.unfit import unfit
from wallboard_tui.view import queries

router = signed_in("boards")


@router.get("/boards")
async def boards(hub: TheHub, access: TheAccess) -> list[Doc]:
    """The boards that one lays out, or is offered."""

    def found() -> list[Doc]:
        each = queries.documents(hub.view, "board").values()
        return [access.gate.redact("board", doc, bits) for doc in each if (bits := access.gate.admit("board", doc))]

    return await hub.read(found) or _arranged(access)


def _arranged(access: Access) -> list[Doc]:
    """What somebody is shown whom no board is offered: something to begin with."""
    return [default_board(access.me.panes)] if access.me.panes else []


@router.get("/boards/{key}")
async def board(key: str, hub: TheHub, access: TheAccess) -> Doc:
    """A board document. ``default`` is there from the beginning, as long as nobody wrote another one.

    With ``partial`` where something was taken out of it for this reader.
    """
    doc = await hub.read(hub.document, "board", key)
    if doc is None and key == DEFAULT_KEY and (arranged := _arranged(access)):
        return arranged[0]
    bits = 0 if doc is None else access.gate.admit("board", doc)
    if doc is None or not bits:
        raise not_found("board", key, "See “wallboard board list” for those there are.")
    found = access.gate.redact("board", doc, bits)
    whole = Board.load(found).dump() == Board.load(doc).dump()
    return found if whole else {**found, "partial": True}


@router.put("/boards/{key}")
async def put_board(
    key: str, body: dict[str, Any], who: TheCaller, hub: TheHub, access: TheAccess, revision: int | None = None
) -> Doc:
    """Write a board. ``revision``: the seq of the board one began with; 409 when somebody wrote it since."""
    # A board is everybody's: who manages the wallboard of one queue reads boards redacted and must not write that back.
    if not access.gate.reach.lays_out():
        await refuse(hub, who.person, "board.saved", key, not_permitted("lay out boards", "wallboard (manage)"))
    try:
        doc = Board.load({**body, "key": key}).dump()
    except ValidationError as error:
        where, said = unfit(error)
        reason = f"Board “{key}”: {where or 'the board'}: {said}."
        raise HubError(422, "wrong-board", reason, "Mend it, then save it again.") from error
    return await hub.run(_save, hub, access, who.person, doc, revision)


def _save(hub: Hub, access: Access, by: str, doc: Doc, revision: int | None) -> Doc:
    old = hub.journal.get("board", doc["key"])
    if old is not None and old.change.doc == doc:
        return doc
    expect = None if revision is None else {("board", doc["key"]): revision or None}
    before = old.change.doc if old else None
    audit = hub.audit(by, "board.saved", doc["key"], before=before, after=doc)
    hub.commit([hub.put("board", doc, by), audit], expect)
    return doc
