"""Room ``hub``: people: one-time codes."""

from functools import partial
from typing import Any

from pydantic import BaseModel, Field

from wallboard_tui.access.effects import as_enabled
from wallboard_tui.access.order import leq
from wallboard_tui.access.permissions import PERMISSIONS
from wallboard_tui.access.words import listed
from wallboard_tui.hub.caller import TheCaller, TheHub, TheRuntime
from wallboard_tui.hub.errors import HubError, not_found, not_permitted
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.refusals import write_down
from wallboard_tui.hub.reviewing import note_use
from wallboard_tui.hub.routes.signed_in import signed_in
from wallboard_tui.hub.runtime import Runtime

router = signed_in("people")


class CodeBody(BaseModel):
    """How long a code is good, in minutes: from a quarter of an hour to a day."""

    minutes: int = Field(24 * 60, ge=15, le=24 * 60)


@router.post("/people/{key}/code")
async def code(
    key: str, who: TheCaller, hub: TheHub, runtime: TheRuntime, body: CodeBody | None = None
) -> dict[str, Any]:
    """A one-time code for somebody's new or forgotten password.

    It is shown once, and only lets them choose a password.
    """
    minutes = (body or CodeBody(minutes=24 * 60)).minutes
    check = partial(_check, hub, runtime, who.person, key)
    made, until = await runtime.sign_in.give_code(key, who.person, minutes * 60, check)
    await hub.read(note_use, hub, who.person, ("users",))
    return {"code": made, "until": until}


def _check(hub: Hub, runtime: Runtime, by: str, key: str) -> None:
    """Whoever has a code can become that person: it must be nobody who may do more than oneself (``not-higher``), and
    somebody who may sign in (``no-access``). To give codes takes ``users`` to manage.
    """
    actor, directory = runtime.administration.actor(by), hub.directory
    if not actor.resolved.holds("users", "manage"):
        refused = not_permitted("give out one-time codes", "People (manage)")
        write_down(hub, by, "code.given", key, refused)
        raise refused
    person = directory.people.get(key)
    if person is None:
        raise not_found("person", key, "See “wallboard people” for those the organisation has.")
    more = leq(as_enabled(key, directory), actor.resolved)
    role = directory.roles.get(person.role)
    error = None
    if more:
        titles = listed(PERMISSIONS[name].title for name in more)
        reason = f"{person.name} may do what you may not: {titles}."
        error = HubError(403, "not-higher", reason, "Ask somebody who may do that, too.", missing=more)
    elif role is not None and not role.login:
        reason = f"{person.name} has the role {role.name}, which cannot sign in."
        error = HubError(422, "no-access", reason, "Give another role first.")
    if error is not None:
        write_down(hub, by, "code.given", key, error)
        raise error
