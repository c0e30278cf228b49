"""Room ``hub``: what all calls have in common that only people who are signed in may make."""

from fastapi import APIRouter, Security
from fastapi.security import HTTPBearer

from wallboard_tui.hub.errors import REFUSALS

SESSION = HTTPBearer(auto_error=False, description="The session's token, as sign-in gave it.")


def signed_in(group: str) -> APIRouter:
    """A router for such calls; ``group`` is the heading under which the hub's own description lists them."""
    return APIRouter(tags=[group], dependencies=[Security(SESSION)], responses=REFUSALS)
