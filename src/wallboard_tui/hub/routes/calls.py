"""Room ``hub``: calls and figures for scripts. Through the same gate as the feed."""

from typing import Annotated, cast

from fastapi import Query

from wallboard_tui.access.panes import PANE_NEEDS
from wallboard_tui.access.permissions import PERMISSIONS
from wallboard_tui.access.review import EVERYTHING
from wallboard_tui.hub import kpis as figures
from wallboard_tui.hub.call_list import Wanted, calls_of
from wallboard_tui.hub.caller import TheAccess, TheCaller, TheHub, TheRuntime
from wallboard_tui.hub.errors import not_permitted
from wallboard_tui.hub.reviewing import note_use
from wallboard_tui.hub.routes.signed_in import signed_in
from wallboard_tui.model.base import Doc
from wallboard_tui.view.queries import By

CALLS = "calls"
router = signed_in("calls and figures")


@router.get("/calls")
async def calls(
    who: TheCaller,
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
    """Calls that one may see, newest first, without what one may not know of them.

    403 for somebody who may see no calls whatever there are.
    """
    if CALLS not in access.me.panes:
        raise not_permitted("see calls", " or ".join(PERMISSIONS[name].title for name in PANE_NEEDS[CALLS]))
    wanted = Wanted(limit, before, text, queue, agent, direction, state, caller)
    await hub.read(note_use, hub, who.viewer or who.person, (EVERYTHING,))
    return await hub.read(calls_of, hub, access, wanted)


@router.get("/kpis")
async def kpis(
    who: TheCaller, hub: TheHub, access: TheAccess, runtime: TheRuntime, by: str = "queue", period: str = "today"
) -> list[Doc]:
    """Measures and KPIs by a dimension over a period: over the rows that one may see, with names that one may know."""
    lens = figures.lens_for(access, by)
    await hub.read(note_use, hub, who.viewer or who.person, (EVERYTHING,))
    source = await runtime.figures.source(access, lens)
    missed = await figures.missed(hub, source, access, cast(By, by), period)
    return await hub.read(figures.rows, hub, source, access, lens, cast(By, by), period, missed)
