"""Room ``hub``: working on missed opportunities."""

from pydantic import BaseModel, Field

from wallboard_tui.hub.caller import TheAccess, TheCaller, TheHub, TheRuntime
from wallboard_tui.hub.routes.signed_in import signed_in
from wallboard_tui.model.base import Doc

router = signed_in("missed opportunities")


class ActBody(BaseModel):
    """``act``: claim, reached, not_reached, resolve, reopen or note. ``revision``: the seq of the row one looked at."""

    act: str
    note: str = Field("", max_length=2000)
    revision: int | None = None


@router.post("/followups/{key:path}")
async def act(key: str, body: ActBody, who: TheCaller, access: TheAccess, hub: TheHub, runtime: TheRuntime) -> Doc:
    """Do something about a missed opportunity; the answer is how it stands then. 409: somebody was first."""
    return await hub.run(runtime.followups.act, access, who.person, key, body.act, body.note, body.revision)
