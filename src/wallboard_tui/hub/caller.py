"""Room ``hub``: who makes a request: a person with a session, or the operator on the hub's own socket.

Knows FastAPI.
"""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import Depends, Request

from wallboard_tui.hub import operator
from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.hub.protocol import AS, OPERATOR, VIEW_AS
from wallboard_tui.hub.refusals import refuse
from wallboard_tui.hub.runtime import VIEWED, Runtime
from wallboard_tui.hub.sessions import SENTENCES, Ended

ON_SOCKET = "wallboard.on_socket"
"""Stands in the ASGI scope of what came in over the Unix socket."""


@dataclass(frozen=True, slots=True)
class Caller:
    """Whoever makes a request. ``session`` is a session's key; the operator, also when acting as somebody, has none.

    ``viewer``: who really asks, when they look through ``person``'s eyes.
    """

    person: str
    session: str | None
    on_socket: bool
    viewer: str = ""

    @property
    def operator(self) -> bool:
        """Whether this is the operator, as nobody but themselves."""
        return self.person == operator.KEY and self.session is None


def runtime_of(request: Request) -> Runtime:
    """The running hub behind the app."""
    found: Runtime = request.app.state.runtime
    return found


def address_of(request: Request) -> str:
    """Where a request comes from, for throttling and the audit trail."""
    if request.scope.get(ON_SOCKET):
        return "socket"
    return request.client.host if request.client else "unknown"


def token_of(request: Request) -> str | None:
    """The session token of a request."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" and token.strip() else None


def signed_out(why: Ended) -> HubError:
    """What somebody is told who is not, or no longer, signed in."""
    return HubError(401, why.value, SENTENCES[why], "Sign in again.")


async def identify(request: Request) -> Caller | Ended:
    """Who makes a request and through whose eyes they look, or why nobody known does.

    Raises 403 for anything but looking through somebody else's eyes.
    """
    hub = hub_of(request)
    if hub.behind and request.method != "GET":
        await hub.run(hub.whole)
    found = await _identified(request)
    seen = request.headers.get(VIEW_AS)
    if isinstance(found, Ended) or not seen or seen == found.person:
        return found
    if request.method != "GET":
        error = HubError(
            403, "read-only", "Whoever views as somebody else only looks.", "Leave that view to change anything."
        )
        await refuse(hub, found.person, VIEWED, seen, error)
    runtime = runtime_of(request)
    try:
        await hub.read(hub.access, seen, found.person)
    except HubError as error:
        await refuse(hub, found.person, VIEWED, seen, error)
    await runtime.viewed(found.session or found.person, found.person, seen)
    return replace(found, person=seen, viewer=found.person)


async def _identified(request: Request) -> Caller | Ended:
    """Who makes a request, or why nobody known does.

    Raises 403 for the operator's headers where they may not be used.
    """
    runtime = runtime_of(request)
    on_socket = bool(request.scope.get(ON_SOCKET))
    if OPERATOR in request.headers or AS in request.headers:
        if not on_socket or request.headers.get(OPERATOR) != "1":
            raise HubError(
                403,
                "not-the-operator",
                "Only on the hub's own socket is somebody the operator.",
                "Sign in as a person.",
            )
        person = request.headers.get(AS) or operator.KEY
        if person != operator.KEY:
            await runtime.hub.read(runtime.hub.access, person)
        return Caller(person, None, on_socket)
    token = token_of(request)
    if token is None:
        return Ended.UNKNOWN
    session = runtime.sessions.of_token(token)
    if isinstance(session, Ended):
        return session
    access = await runtime.hub.read(runtime.hub.access_or_none, session.person)
    if access is None or "login" not in access.me.capabilities:
        await runtime.feed.end_session(session.key, Ended.DISABLED)
        return Ended.DISABLED
    return Caller(session.person, session.key, on_socket)


async def caller(request: Request) -> Caller:
    """Whoever makes a request. Raises 401 when nobody known does."""
    found = await identify(request)
    if isinstance(found, Ended):
        raise signed_out(found)
    return found


async def only_operator(request: Request) -> Caller:
    """The operator. Raises 403 for anybody else; somebody's attempt to change something is written down."""
    found = await identify(request)
    if not isinstance(found, Ended) and found.operator:
        return found
    error = HubError(
        403, "only-operator", "Only the operator may do this.", "Run the command on the hub's machine, as its account."
    )
    if not isinstance(found, Ended) and request.method != "GET":
        act, _, target = request.url.path.strip("/").partition("/")
        await refuse(hub_of(request), found.person, f"hub.{act}", target, error)
    raise error


async def access_of(request: Request, who: Annotated[Caller, Depends(caller)]) -> Access:
    """What the caller may see and do now."""
    hub = hub_of(request)
    return await hub.read(hub.access, who.person, who.viewer)


def hub_of(request: Request) -> Hub:
    """The hub behind the app."""
    return runtime_of(request).hub


async def _runtime(request: Request) -> Runtime:
    return runtime_of(request)


async def _hub(request: Request) -> Hub:
    return hub_of(request)


# Coroutines, because FastAPI asks a thread of its pool for everything else that a request needs.
TheCaller = Annotated[Caller, Depends(caller)]
TheOperator = Annotated[Caller, Depends(only_operator)]
TheAccess = Annotated[Access, Depends(access_of)]
TheRuntime = Annotated[Runtime, Depends(_runtime)]
TheHub = Annotated[Hub, Depends(_hub)]
