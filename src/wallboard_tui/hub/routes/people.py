"""Room ``hub``: people: one-time codes."""

from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from wallboard_tui.access.effective import effective
from wallboard_tui.access.order import leq
from wallboard_tui.hub.caller import TheAccess, TheCaller, TheHub, TheRuntime
from wallboard_tui.hub.errors import HubError, not_permitted
from wallboard_tui.hub.hub import Hub

router = APIRouter(tags=["people"])


class CodeBody(BaseModel):
    """How long a code is good, in minutes: from a quarter of an hour to a day."""

    minutes: int = Field(24 * 60, ge=15, le=24 * 60)


@router.post("/people/{key}/code")
async def code(
    key: str, who: TheCaller, access: TheAccess, hub: TheHub, runtime: TheRuntime, body: CodeBody | None = None
) -> dict[str, Any]:
    """A one-time code for somebody's new or forgotten password.

    It is shown once, and only lets them choose a password.
    """
    if not access.gate.may("users", "manage"):
        raise not_permitted("give out one-time codes", "users (manage)")
    if not who.operator:
        await hub.read(_not_higher, hub, who.person, key)
    minutes = (body or CodeBody(minutes=24 * 60)).minutes
    made, until = await runtime.sign_in.give_code(key, who.person, minutes * 60)
    return {"code": made, "until": until}


def _not_higher(hub: Hub, mine: str, theirs: str) -> None:
    """Whoever has a code can become that person: it must not be somebody who may do more than oneself."""
    directory = hub.directory
    more = leq(effective(theirs, directory).resolved(directory), effective(mine, directory).resolved(directory))
    if more:
        raise HubError(
            403,
            "higher-than-you",
            f"“{theirs}” may do what you may not: {', '.join(more[:5])}.",
            "Ask somebody who may do that, too.",
        )
