"""Room ``hub``: runs a hub: one ``Hub``, served by uvicorn over TCP and over a Unix socket that only its owner may
open.

Who may open the socket could read the hub's files anyway: they are the operator. ``--child``: the hub of one terminal,
which ends a few seconds after the last client has gone.
"""

import asyncio
import contextlib
import gc
import logging
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from pathlib import Path

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from wallboard_tui.hub import store
from wallboard_tui.hub.app import create_app
from wallboard_tui.hub.caller import ON_SOCKET
from wallboard_tui.hub.errors import HubError
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.passwords import Passwords
from wallboard_tui.hub.runtime import Runtime
from wallboard_tui.hub.settings import Settings
from wallboard_tui.hub.succession import take_home

log = logging.getLogger(__name__)

ALONE_S = 5.0
"""A child hub without a client ends after so many seconds."""
FIRST_S = 20.0
"""A child hub waits so long for its first client."""
LOOK_S = 0.5
"""A child hub looks this often whether somebody is there."""
PAUSE_S = 0.05
GRACE_S = 3
"""Requests in progress get so many seconds when the hub ends; feeds are told at once."""
KEEP_ALIVE_S = 30
"""A line that is not used stays open so long: well beyond the 5 s for which a terminal uses one again, or what somebody
does five seconds after the last thing would meet a line that is just being closed, and fail."""

COLLECT = (50_000, 20, 100)
"""Thresholds of Python's search for reference cycles. Documents are plain dicts without cycles; looking as often as
Python does by default costs a tenth of a large import."""


class OnSocket:
    """Marks what comes in over the Unix socket. Nobody can claim it: it does not come from the request."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app({**scope, ON_SOCKET: True}, receive, send)


class _Server(uvicorn.Server):
    """A uvicorn server that leaves the signals to us: there are two of them in one process."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def serve(
    settings: Settings,
    *,
    child: bool = False,
    alone_s: float = ALONE_S,
    reread: Callable[[], Settings] | None = None,
    passwords: Passwords | None = None,
) -> None:
    """Run a hub until SIGTERM, SIGINT, or, as a child, until nobody has used it for ``alone_s`` seconds.

    A child gives way to a service, and ends at once where another hub serves the home. ``reread`` gives the settings
    anew once the home is had: the hub before may have written a source into them while this one waited for it.
    ``passwords`` is given by tests that need hundreds of sign-ins. Raises ``JournalError`` when a service has the home,
    ``HubError`` when the socket or the port cannot be had.
    """
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    # What is served where is said once, below; of the servers only what goes wrong.
    logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
    os.umask(0o077)
    gc.set_threshold(*COLLECT)
    hub = take_home(lambda: Hub.open(settings.home, progress=_logged()), settings.socket, child=child)
    if hub is None:
        log.info("Another hub serves %s; this one is not needed.", settings.home)
        return
    try:
        settings = settings if reread is None else reread()
        asyncio.run(_serve(hub, settings, passwords, alone_s if child else None))
    finally:
        hub.close()


async def _serve(hub: Hub, settings: Settings, passwords: Passwords | None, alone_s: float | None) -> None:
    """``alone_s``: of a child; ``None``: a service."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)

    def end() -> None:
        loop.call_soon_threadsafe(stop.set)

    hub.on_damaged = end
    runtime = Runtime(hub, settings, passwords)
    async with serving(runtime) as servers:
        watching: list[asyncio.Task[None]] = []
        if alone_s is not None:
            watching.append(asyncio.create_task(_watch_clients(servers, settings.socket, stop, alone_s)))
            watching.append(asyncio.create_task(_give_way(runtime, stop)))
        log.info("The hub serves %s on %s (process %d).", settings.home, _places(settings, servers), os.getpid())
        if settings.in_the_clear:
            log.warning(
                "Without TLS, passwords and calls cross the network in the clear: give tls_cert and tls_key in %s,"
                " or put the hub behind a proxy that has a certificate.",
                settings.file,
            )
        await stop.wait()
        for watch in watching:
            watch.cancel()
    log.info("The hub has ended.")
    if hub.damaged:
        raise HubError(
            500,
            "view-damaged",
            "The hub's view was damaged and is set aside.",
            "Start the hub again: it makes it anew.",
        )


@contextlib.asynccontextmanager
async def serving(runtime: Runtime) -> AsyncIterator[Sequence[uvicorn.Server]]:
    """A hub at work behind its socket and, where settings say so, its port. At the end every terminal is told.

    Raises ``HubError`` when the socket or the port cannot be had.
    """
    settings = runtime.settings
    app = create_app(runtime.hub, runtime)
    listening: list[tuple[ASGIApp, socket.socket]] = (
        [(app, _listen(*settings.listen))] if settings.listen is not None else []
    )
    listening.append((OnSocket(app), _bind(settings.socket)))
    servers = [_server(each, settings, tls=each is app) for each, _ in listening]
    await runtime.start()
    running = [
        asyncio.create_task(server.serve(sockets=[opened]))
        for server, (_, opened) in zip(servers, listening, strict=True)
    ]
    try:
        while not all(server.started for server in servers):
            if any(task.done() for task in running):
                raise HubError(
                    500, "not-started", "The hub could not begin to serve; its log says why.", "See the log."
                )
            await asyncio.sleep(0.01)
        yield servers
    finally:
        # Who comes now shall find nobody and look for the next hub, and not be let in and broken off.
        _withdraw(settings.socket)
        for server in servers:
            server.should_exit = True
        await runtime.stop()
        await asyncio.gather(*running, return_exceptions=True)
        for _, opened in listening:
            opened.close()


def _server(app: ASGIApp, settings: Settings, *, tls: bool) -> _Server:
    cert = settings.tls_cert if tls else None
    config = uvicorn.Config(
        app,
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=KEEP_ALIVE_S,
        proxy_headers=bool(settings.trusted_proxies) and tls,
        forwarded_allow_ips=list(settings.trusted_proxies) or None,
        ssl_certfile=cert,
        ssl_keyfile=settings.tls_key if cert else None,
        ws="none",
    )
    return _Server(config)


def _bind(path: Path) -> socket.socket:
    """The Unix socket, mode 0600 from its first moment.

    One that a dead hub left is taken away: the journal's lock is ours.
    """
    found = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    old = os.umask(0o177)
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        found.bind(str(path))
    except OSError as error:
        found.close()
        raise HubError(
            500, "no-socket", f"The socket {path} cannot be opened: {(error.strerror or str(error)).lower()}.",
            "Move away what lies there." if path.is_dir() else "Choose a place that you may write to (WALLBOARD_HOME).",
        ) from error  # fmt: skip
    finally:
        os.umask(old)
    return found


def _listen(host: str, port: int) -> socket.socket:
    """A listening TCP socket."""
    try:
        family, kind, proto, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
        found = socket.socket(family, kind, proto)
        found.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        found.bind(address)
    except OSError as error:
        raise HubError(
            500, "no-address", f"{host}:{port} cannot be listened on: {(error.strerror or str(error)).lower()}.",
            "Choose another port, or end what uses it.",
        ) from error  # fmt: skip
    return found


async def _watch_clients(servers: Sequence[uvicorn.Server], path: Path, stop: asyncio.Event, alone_s: float) -> None:
    """End a child hub when nobody has been connected, and nothing was asked, for a while."""
    alone, patience, answered = 0.0, FIRST_S, 0
    while alone < patience:
        await asyncio.sleep(LOOK_S)
        # A command may come and go between two looks: what it asked counts.
        before, answered = answered, sum(server.server_state.total_requests for server in servers)
        if answered != before or any(server.server_state.connections for server in servers):
            alone, patience = 0.0, alone_s
        else:
            alone += LOOK_S
    log.info("Nobody uses this hub any more; it ends.")
    # First nobody new can come; then whoever came in the last moment is served to the end.
    _withdraw(path)
    await asyncio.sleep(LOOK_S)
    while any(server.server_state.connections for server in servers):  # noqa: ASYNC110 - uvicorn signals no end
        await asyncio.sleep(PAUSE_S)
    stop.set()


async def _give_way(runtime: Runtime, stop: asyncio.Event) -> None:
    """End a child hub when it is asked to make room for a service, once the work in progress is done."""
    runtime.giving_way = asyncio.Event()
    await runtime.giving_way.wait()
    log.info("A service takes this home over; this hub ends.")
    await runtime.idle.wait()
    stop.set()


def _withdraw(path: Path) -> None:
    """Take the socket's name away: nobody new comes, and the home looks as if nobody served it."""
    path.unlink(missing_ok=True)


def _places(settings: Settings, servers: Sequence[uvicorn.Server]) -> str:
    if settings.listen is None:
        return str(settings.socket)
    # The port is asked for: the one in the settings may be 0, any that is free.
    port = servers[0].servers[0].sockets[0].getsockname()[1]
    host = f"[{settings.listen[0]}]" if ":" in settings.listen[0] else settings.listen[0]
    return f"{settings.socket} and {'https' if settings.tls_cert else 'http'}://{host}:{port}"


def _logged() -> store.Progress:
    """Progress of opening, in the log: every tenth."""
    said: list[int] = []

    def tell(what: str, done: int, total: int) -> None:
        tenth = 10 * done // max(total, 1)
        if tenth not in said:
            said.append(tenth)
            log.info("%s: %d of %d", what, done, total)

    return tell
