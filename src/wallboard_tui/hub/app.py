"""Room ``hub``: the ASGI app: routers put together, one shape of errors, and the protocol's version on every answer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from fastapi_offline import FastAPIOffline
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from wallboard_tui import __version__
from wallboard_tui.hub import errors
from wallboard_tui.hub.caller import ON_SOCKET
from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.protocol import HEADER, HEADERS, mismatch
from wallboard_tui.hub.routes import (
    administration,
    boards,
    calls,
    feed,
    followups,
    health,
    operating,
    past,
    people,
    review,
    session,
    sources,
)
from wallboard_tui.hub.runtime import Runtime

MOST = 1_000_000
"""Bytes in the body of a request: a board, the largest thing a person writes, has a few thousand."""
MOST_ON_SOCKET = 100_000_000
"""The operator may put the documents of a whole organisation at once."""
DOCS = "/docs/files"
"""What the page of the hub's calls is made of. It comes from the hub: many a hub's network reaches nothing else."""
FREE = frozenset(
    {"/health", "/docs", "/openapi.json", "/docs/oauth2-redirect"}
    | {f"{DOCS}/{name}" for name in ("swagger-ui-bundle.js", "swagger-ui.css", "favicon.png")}
)
"""Addresses that answer whatever version is spoken: one must be able to ask which it is."""
ROUTERS = tuple(
    module.router
    for module in (
        health,
        session,
        feed,
        people,
        followups,
        calls,
        boards,
        administration,
        past,
        review,
        sources,
        operating,
    )
)


def create_app(hub: Hub, runtime: Runtime | None = None) -> FastAPI:
    """The app of a hub. Without a ``runtime`` it starts and stops one of its own."""
    own = runtime is None
    runtime = runtime or Runtime(hub)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        if own:
            await runtime.start()
        yield
        if own:
            await runtime.stop()

    app = FastAPIOffline(
        static_url=DOCS,
        title="wallboard hub",
        version=__version__,
        description="Signs people in, and feeds their terminals with what they may see.",
        lifespan=lifespan,
        redoc_url=None,
    )
    app.state.runtime = runtime
    for router in ROUTERS:
        # As they are: ``include_router`` would make each of the routes once more, which takes a tenth of a second of a
        # hub's start.
        app.router.routes.extend(router.routes)
    errors.install(app)
    app.add_middleware(Protocol)
    return app


def _limited(receive: Receive, most: int) -> Receive:
    """A request's body up to so many bytes: whoever sends more, without saying so first, is cut short."""
    taken = 0

    async def received() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise HTTPException(413)
        return message

    return received


class Protocol:
    """Refuses a terminal that speaks another version, and a body beyond all measure, in a sentence, and says our
    version on every answer.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def answered(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers[name] = value
                headers["Cache-Control"] = "no-store"
            await send(message)

        headers = Headers(scope=scope)
        wrong = None if scope["path"] in FREE else mismatch(headers.get(HEADER))
        most = MOST_ON_SOCKET if scope.get(ON_SOCKET) else MOST
        said = headers.get("Content-Length", "0")
        if wrong is None and said.isdigit() and int(said) > most:
            await errors.answer(errors.too_large())(scope, receive, answered)
            return
        if wrong is None:
            await self._app(scope, _limited(receive, most), answered)
            return
        reason, next_step = wrong
        response = errors.answer(HubError(426, "other-protocol", reason, next_step))
        response.headers["Upgrade"] = "wallboard"
        await response(scope, receive, answered)
