"""Room ``hub``: is it there, and how are its sources."""

from typing import Any

from fastapi import APIRouter

from wallboard_tui import PROTOCOL, __version__
from wallboard_tui.hub.caller import TheAccess, TheHub
from wallboard_tui.model.base import Doc
from wallboard_tui.view import queries

router = APIRouter(tags=["hub"])


@router.get("/health")
async def health(hub: TheHub) -> dict[str, Any]:
    """Whether the hub answers, and which version it is. Needs no sign-in, so it says nothing of how much goes on.

    ``status`` is ``view-behind`` while the disk has no room for the view: what was acknowledged is safe, and will show.
    """
    organisation = hub.directory_name
    return {
        "status": "view-behind" if hub.behind else "ok",
        "protocol": PROTOCOL,
        "version": __version__,
        "epoch": hub.journal.epoch,
        "organisation": organisation,
    }


@router.get("/sources")
async def sources(hub: TheHub, access: TheAccess) -> list[Doc]:
    """How the phone systems are doing, as far as the caller may know."""

    def found() -> list[Doc]:
        each = queries.documents(hub.view, "source").values()
        return [access.gate.redact("source", doc, bits) for doc in each if (bits := access.gate.admit("source", doc))]

    return await hub.read(found)
