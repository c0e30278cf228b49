"""Room ``hub``: calls and figures for scripts, and why somebody may see a call. Through the same gate as the feed."""

from dataclasses import asdict
from typing import Annotated, Any, cast

from fastapi import APIRouter, Query

from wallboard_tui.access.explain import explain
from wallboard_tui.hub import kpis as figures
from wallboard_tui.hub.call_list import Wanted, calls_of
from wallboard_tui.hub.caller import TheAccess, TheCaller, TheHub, TheRuntime
from wallboard_tui.hub.errors import not_found, not_permitted
from wallboard_tui.hub.hub import Access, Hub
from wallboard_tui.model.base import Doc
from wallboard_tui.view.queries import By

router = APIRouter(tags=["calls and figures"])


@router.get("/calls")
async def calls(
    hub: TheHub,
    access: TheAccess,
    limit: Annotated[int, Query(ge=1, le=100_000)] = 100,
    before: float | None = None,
    text: str = "",
    queue: str | None = None,
    agent: str | None = None,
    direction: str | None = None,
    state: str | None = None,
    caller: str | None = None,
) -> list[Doc]:
    """Calls that one may see, newest first, without what one may not know of them."""
    wanted = Wanted(limit, before, text, queue, agent, direction, state, caller)
    return await hub.read(calls_of, hub, access, wanted)


@router.get("/kpis")
async def kpis(
    hub: TheHub, access: TheAccess, runtime: TheRuntime, by: str = "queue", period: str = "today"
) -> list[Doc]:
    """Measures and KPIs by a dimension over a period: over the rows that one may see, with names that one may know."""
    lens = figures.lens_for(access, by)
    view = await runtime.figures.view(access, lens)
    return await hub.read(figures.rows, hub, view, access, lens, cast(By, by), period)


@router.get("/why/{person}/{call:path}")
async def why(person: str, call: str, who: TheCaller, access: TheAccess, hub: TheHub) -> dict[str, Any]:
    """Which clauses let a person see a call, or which are missing.

    About others: needs ``users``, and the call in sight.
    """
    return await hub.read(_why, hub, access, who, person, call)


def _why(hub: Hub, access: Access, who: TheCaller, person: str, call: str) -> dict[str, Any]:
    doc = hub.document("call", call)
    if person != who.person and not access.gate.may("users"):
        raise not_permitted("ask what others may see", "users")
    if person not in hub.directory.people:
        raise not_found("person", person, "See “wallboard people” for those the organisation has.")
    if doc is None or (person != who.person and not who.operator and not access.gate.admit("call", doc)):
        raise not_found("call", call, "See “wallboard calls” for those there are.")
    return {"call": call, **asdict(explain(person, "call", doc, hub.directory, secret=hub.secret))}
