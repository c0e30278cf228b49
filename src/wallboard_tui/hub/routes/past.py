"""Room ``hub``: giving a team the calls that were taken in before they were the team's."""

from collections.abc import AsyncIterator

from pydantic import BaseModel, Field
from starlette.responses import StreamingResponse

from wallboard_tui.hub.caller import TheCaller, TheHub, TheRuntime
from wallboard_tui.hub.past import Adoption, Wanted
from wallboard_tui.hub.routes.operating import ndjson
from wallboard_tui.hub.routes.signed_in import signed_in
from wallboard_tui.model.base import Doc

router = signed_in("administration")


class PastBody(BaseModel):
    """``since``: a day or a moment in the organisation's zone; empty: everything. ``dry_run``: only count."""

    since: str = Field("", max_length=40)
    dry_run: bool = False
    note: str = Field("", max_length=2000)


@router.post("/teams/{key}/past")
async def past(key: str, body: PastBody, who: TheCaller, hub: TheHub, runtime: TheRuntime) -> StreamingResponse:
    """Add a team to the calls and presences of its queues, numbers and members that are known already.

    Lines of NDJSON say how far it is, the last one what came of it. Judged as giving the team all that is its own:
    403 names the rule. When it answers, every open feed has what it gained.
    """
    wanted = Wanted(key, body.since, body.dry_run, body.note)
    pieces = Adoption(hub, runtime.administration, who.person, wanted).pieces()
    # The first piece is what may be refused: it is answered before anything is sent.
    first = await hub.run(next, pieces)

    async def lines() -> AsyncIterator[Doc]:
        line: Doc | None = first
        while line is not None:
            following = await hub.run(next, pieces, None)
            if following is None:
                await runtime.catch_up()
            yield line
            line = following

    return ndjson(runtime, lines())
