"""Room ``cli``: what is done behind the screen on a thread of its own: starting this machine's hub, and keeping it.

A thread and not a task: the screen must not wait for what is imported here, and the command ends when the screen does.
"""

import asyncio
import socket
import threading
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wallboard_tui.client.home import Home


class Behind:
    """Does ``work`` on a thread, once; then keeps the hub of a home from ending until ``end``.

    ``work`` starts the hub, and whatever else has to be there before somebody signs in.
    """

    def __init__(self, home: "Home", work: Callable[[], Awaitable[object]], after_s: float = 0.0) -> None:
        self._home = home
        self._work = work
        self._done: Future[None] = Future()
        self._ended = False
        self._line: socket.socket | None = None
        self._thread = threading.Timer(after_s, self._run)
        self._thread.daemon = True

    def begin(self) -> None:
        """Start the thread."""
        self._thread.start()

    async def ready(self) -> None:
        """Wait until the work is done. Raises what it raised."""
        await asyncio.shield(asyncio.wrap_future(self._done))

    def end(self) -> None:
        """Let the hub go. Work that is going on ends with the process."""
        self._ended = True
        self._thread.cancel()
        if self._line is not None:
            self._line.close()

    def _run(self) -> None:
        from wallboard_tui.cli.reach import hold

        async def work() -> None:
            await self._work()

        try:
            asyncio.run(work())
            self._line = hold(self._home)
            if self._ended and self._line is not None:
                self._line.close()
            self._done.set_result(None)
        except Exception as error:  # for whoever waits for it
            self._done.set_exception(error)
