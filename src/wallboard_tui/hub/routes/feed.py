"""Room ``hub``: the stream of everything one may see."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from fastapi import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from wallboard_tui.access.review import EVERYTHING
from wallboard_tui.hub.caller import TheRuntime, identify
from wallboard_tui.hub.reviewing import note_use
from wallboard_tui.hub.routes.signed_in import signed_in
from wallboard_tui.hub.sessions import Ended

router = signed_in("feed")
log = logging.getLogger(__name__)

UNREAD_S = 60.0
"""A terminal that takes nothing for so long is given up."""
TOGETHER = 256_000
"""Bytes of frames that are written at once, at most."""
BYE = b"event: bye"


class FeedResponse(Response):
    """Server-Sent Events. Ends with the stream, when the terminal hangs up, or when it takes nothing any more."""

    media_type = "text/event-stream"

    def __init__(self, frames: AsyncGenerator[bytes, None], status_code: int = 200) -> None:
        super().__init__(status_code=status_code)
        self._frames = frames
        self.raw_headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.create_task(self._send(send))
        gone = asyncio.create_task(_hung_up(receive))
        try:
            await asyncio.wait((sending, gone), return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (sending, gone):
                task.cancel()
            await asyncio.gather(sending, gone, return_exceptions=True)
        if sending.done() and not sending.cancelled() and (error := sending.exception()) is not None:
            log.error("A feed broke off.", exc_info=error)

    async def _send(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        try:
            async with aclosing(together(self._frames)) as frames:
                async for some in frames:
                    async with asyncio.timeout(UNREAD_S):
                        await send({"type": "http.response.body", "body": some, "more_body": True})
            await send({"type": "http.response.body", "body": b"", "more_body": False})
        except TimeoutError:
            log.info("A terminal took nothing for %.0f s; its feed was ended.", UNREAD_S)


async def together(frames: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The same bytes; frames that come without waiting for anything are one piece: each piece costs a write.

    Nobody is asked for what comes after a ``bye`` before that was taken: then somebody is known to have been told.
    """
    waiting: list[bytes] = []
    came, taken = asyncio.Event(), asyncio.Event()

    async def read() -> None:
        size = 0
        async with aclosing(frames):
            async for frame in frames:
                size = size + len(frame) if waiting else len(frame)
                waiting.append(frame)
                taken.clear()
                came.set()
                if size >= TOGETHER or frame.startswith(BYE):
                    await taken.wait()

    reader = asyncio.create_task(read())
    reader.add_done_callback(lambda _: came.set())
    try:
        while waiting or not reader.done():
            await came.wait()
            came.clear()
            if waiting:
                some = b"".join(waiting)
                waiting.clear()
                yield some
                if not waiting:
                    taken.set()
        await reader
    finally:
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)


async def _hung_up(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


@router.get("/feed", response_class=FeedResponse)
async def feed(request: Request, runtime: TheRuntime, cursor: str | None = None) -> Response:
    """Everything one may see, and every change of it, as Server-Sent Events.

    ``cursor``: the id of the last frame one has.
    """
    who = await identify(request)
    if isinstance(who, Ended):
        return FeedResponse(_once(runtime.feed.sign_in(who)))
    # Whoever holds anything for the whole account uses that by looking.
    await runtime.hub.read(note_use, runtime.hub, who.viewer or who.person, (EVERYTHING,))
    wanted = cursor or request.headers.get("Last-Event-ID")
    return FeedResponse(runtime.feed.stream(who.person, who.session, wanted, who.viewer))


async def _once(frame: bytes) -> AsyncGenerator[bytes, None]:
    yield frame
