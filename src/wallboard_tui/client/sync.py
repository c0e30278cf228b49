"""Room ``client``: keeps a terminal's own view fresh from a hub's feed, through every loss and return of the hub.

Network is read on the event loop; the view is written on one thread; callbacks run on the event loop. Knows the client,
the cache and nothing that draws.
"""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from math import inf
from random import Random
from typing import Any, TypeVar

from wallboard_tui.client.cache import HEARD, Cache, refused_by_disk
from wallboard_tui.client.connection import STALE_S, BackOff, Connection, HubClock, elapsed
from wallboard_tui.client.errors import HubError
from wallboard_tui.client.frames import Batch, gather
from wallboard_tui.client.hub import Frame, HubClient
from wallboard_tui.client.incoming import Incoming
from wallboard_tui.client.link import Link, watching
from wallboard_tui.client.memory import give_back
from wallboard_tui.client.over import ANEW, PURGED, SENTENCES, SIGNED_OUT, Over, signed_out_name
from wallboard_tui.model.me import Me
from wallboard_tui.view import queries
from wallboard_tui.view.view import LARGE, Touched, View, ViewCorrupt

log = logging.getLogger(__name__)
T = TypeVar("T")

CURSOR = "cursor"
LOOK_S = 1.0
"""How often the lease is looked at."""
LEASE_OVER = "What this terminal keeps may not be shown any longer without the hub."
RENEW_S = 300.0
"""The lease is written again so often while the hub is heard."""
COMPLETED = Touched(frozenset({"call", "cell", "presence", "followup"}))
"""What a ``ready`` touches: no row of these is new, but periods may be drawn now that could not before."""


def _ignore(_: Any) -> None:
    """A callback nobody asked for."""


class Sync:
    """Feed into view, until signed out.

    Callbacks, all on the event loop: ``on_state(Connection)``; ``on_change(Touched)`` after each transaction;
    ``on_me(Me)`` with what the person may see, first and whenever it changes; ``on_view(View | None)`` when the view is
    another one — ``None``: stop drawing at once, the person may no longer see what was there; the earlier view is
    closed on return — and ``on_notice(str)`` with a sentence for the person. ``revive`` is awaited when nobody answers
    at the address: it may start a hub again. ``random`` spreads the tries of many terminals.
    """

    def __init__(
        self,
        client: HubClient,
        cache: Cache,
        *,
        on_change: Callable[[Touched], None] = _ignore,
        on_state: Callable[[Connection], None] = _ignore,
        on_view: Callable[[View | None], None] = _ignore,
        on_me: Callable[[Me], None] = _ignore,
        on_notice: Callable[[str], None] = _ignore,
        revive: Callable[[], Awaitable[object]] | None = None,
        random: Random | None = None,
        clock: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = elapsed,
        stale_s: float = STALE_S,
    ) -> None:
        self.client = client
        self.cache = cache
        self._link = Link(on_state, clock, heard=cache.heard, stale_s=stale_s)
        self._on_change = on_change
        self._on_view = on_view
        self._on_me = on_me
        self._on_notice = on_notice
        self._revive = revive
        self._clock = clock
        self._monotonic = monotonic
        self._hub_clock = HubClock(clock(), monotonic())
        self._back_off = BackOff(random or Random())
        self._thread = ThreadPoolExecutor(1, "view")

    @property
    def connection(self) -> Connection:
        """How it stands with the hub."""
        return self._link.connection

    def now(self) -> float:
        """Epoch seconds on the hub's clock: what durations on the screen are measured with."""
        return self._hub_clock.now(self._monotonic())

    async def run(self) -> None:
        """Follow the hub until the person is signed out, or until cancelled. Errors are said and retried."""
        watches = [asyncio.create_task(self._link.watch()), asyncio.create_task(self._watch_lease())]
        self._link.tell()
        try:
            while self.connection.state != "signed-out":
                over = await self._once()
                if over.why in SIGNED_OUT or (over.error is not None and over.error.signed_out):
                    await self._signed_out(over)
                else:
                    self._link.lost(over.why, str(over.error or over.why))
                    await self._pause(over)
        finally:
            for watch in watches:
                watch.cancel()
            await asyncio.gather(*watches, return_exceptions=True)
            self._thread.shutdown(wait=True)
            self.cache.ended(self.connection.last_heard)

    # -- one stream

    async def _once(self) -> Over:
        try:
            view = self.cache.view
            cursor = await self._in_thread(view.get_meta, CURSOR) if view else None
            async with Incoming(self.client, self._heard).opened(cursor) as incoming:
                return await self._consume(incoming)
        except (ViewCorrupt, sqlite3.Error) as error:
            return await self._damaged(error)
        except Exception as error:
            # Whatever it is, the board lives on: it is logged, said, and tried again with back-off.
            log.exception("the feed of %s cannot be understood", self.client.address)
            return Over("broken-off", HubError("broken-off", f"the hub said what cannot be understood ({error!r})"))

    def _heard(self, frame: Frame) -> None:
        sent, now = frame.data.get("t"), self._monotonic()
        if not isinstance(sent, int | float):
            self._link.heard()
        elif self._link.heard(self._hub_clock.late(sent, now)):
            self._hub_clock.heard(sent, now)

    async def _consume(self, incoming: Incoming) -> Over:
        while True:
            together, other = await incoming.next()
            if together:
                await self._apply(together)
            if isinstance(other, Over):
                return other
            if other is not None and (over := await self._control(other)) is not None:
                return over

    async def _control(self, frame: Frame) -> Over | None:
        if frame.event == "hello":
            return await self._hello(frame)
        if frame.event == "me":
            return await self._new_me(Me.model_validate(frame.data["me"]))
        if frame.event == "bye":
            return await self._bye(str(frame.data.get("reason", "")))
        if frame.event == "notice":
            self._on_notice(str(frame.data["text"]))
        if self.cache.heard is None or self._link.last_heard - self.cache.heard > RENEW_S:
            await self._in_thread(self.cache.renew, self._link.last_heard)
        return None

    async def _hello(self, frame: Frame) -> Over | None:
        answer = frame.data["answer"]
        if answer == "sign-in":
            return Over(signed_out_name(str(frame.data.get("reason", ""))))
        me = Me.model_validate(frame.data["me"])
        if self.cache.fits(me) and answer == "continue":
            await self._in_thread(self.cache.confirm, me, self._link.last_heard)
        else:
            if self.cache.view is not None and not self.cache.fits(me):
                # Between this and the new view nothing is drawn that the person may have lost.
                self._on_view(None)
            view = await self._in_thread(self.cache.begin, me, self._link.last_heard)
            await self._in_thread(_begin, view, str(frame.data["epoch"]))
            self._changed_view(view)
            if answer == "continue":
                return Over("broken-off", HubError("broken-off", "the hub continued what this terminal does not have"))
        self._back_off.reset()
        self._on_me(me)
        self._link.turn("live", reason="", why="", backfill_done=0, backfill_total=0)
        return None

    async def _new_me(self, me: Me) -> Over | None:
        if not self.cache.fits(me):
            return await self._bye(ANEW) or Over.said(ANEW)
        await self._in_thread(self.cache.confirm, me, self._link.last_heard)
        self._on_me(me)
        return None

    async def _bye(self, reason: str) -> Over | None:
        if reason != ANEW:
            return Over.said(reason)
        # What was lost goes from the screen first, then from the disk. What changed is said once it is known. The
        # stream begins anew; should it end instead, it is asked for again.
        self._on_view(None)
        await self._in_thread(self.cache.drop)
        self._let_go()
        self._link.lost(ANEW, SENTENCES[ANEW])
        return None

    async def _apply(self, frames: list[Frame]) -> None:
        view = self.cache.view
        if view is None:
            raise ValueError(f"{frames[0].event} before hello")
        batch = gather(frames)
        touched = await self._in_thread(_write, view, batch, self._link.last_heard)
        self._link.busy()
        if batch.total is not None or batch.complete_since is not None:
            self._backfilled(batch)
        if batch.complete_since is not None:
            touched |= COMPLETED
        if touched:
            self._on_change(touched)

    def _backfilled(self, batch: Batch) -> None:
        done = self.connection.backfill_done if batch.done is None else batch.done
        total = self.connection.backfill_total if batch.total is None else batch.total
        if batch.complete_since == 0:
            done = total
        self._link.turn(backfill_done=done, backfill_total=total)

    # -- what can go wrong

    async def _damaged(self, error: sqlite3.Error | ViewCorrupt) -> Over:
        """The cache cannot be read or written any more: start anew, on the disk if it is only damaged."""
        log.warning("the cache failed: %s", error)
        self._on_view(None)
        if refused_by_disk(error):
            await self._in_thread(self.cache.give_up_disk, error)
        else:
            await self._in_thread(self.cache.set_aside, self._clock())
        self._changed_view(None)
        return Over("cache", HubError("cache", "the cache is loaded again from the hub"))

    async def _watch_lease(self) -> None:
        """Stop showing what is here once the hub has been away for longer than it allowed."""
        await watching(LOOK_S, self._look_at_lease, "the lease")

    async def _look_at_lease(self) -> None:
        until = self.cache.until
        if self.cache.view is None or self.connection.state == "live" or until is None or self._clock() < until:
            return
        self._on_view(None)
        await self._in_thread(self.cache.drop)
        self._changed_view(None)
        self._link.turn(reason=LEASE_OVER)
        self._on_notice(LEASE_OVER)

    async def _signed_out(self, over: Over) -> None:
        why = over.why if over.why in SIGNED_OUT else signed_out_name(over.why)
        if why in PURGED:
            self._on_view(None)
            await self._in_thread(self.cache.purge)
        reason = SENTENCES[why] if over.error is None or over.why in SENTENCES else str(over.error)
        self._link.turn("signed-out", reason=reason, why=why)

    async def _pause(self, over: Over) -> None:
        if self._revive is not None and over.error is not None and over.error.name == "unreachable":
            try:
                await self._revive()
            except Exception as error:
                # Whatever keeps the hub from starting is for the person to read; it is tried again.
                log.warning("the hub could not be started again: %s", error)
                self._link.turn(reason=str(error), why="hub-did-not-start")
            else:
                return
        await asyncio.sleep(self._back_off.next())

    def _changed_view(self, view: View | None) -> None:
        self._on_view(view)
        self._let_go()

    def _let_go(self) -> None:
        """Close views that are not drawn any more, and say what the cache has to say."""
        self.cache.release()
        while self.cache.notices:
            self._on_notice(self.cache.notices.pop(0))

    async def _in_thread(self, work: Callable[..., T], *args: Any) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, work, *args)


def _begin(view: View, epoch: str) -> None:
    view.epoch = epoch
    queries.set_complete_since(view, inf)


def _write(view: View, batch: Batch, heard: float) -> Touched:
    """Apply a batch, then its cursor and when the hub was last heard.

    A crash in between repeats the batch, which then changes nothing.
    """
    touched = view.apply(batch.entries, received=batch.received, seq=batch.seq)
    if batch.complete_since is not None:
        queries.set_complete_since(view, batch.complete_since)
    if batch.cursor is not None:
        view.remember({CURSOR: batch.cursor, HEARD: repr(heard)})
    if len(batch.entries) >= LARGE or batch.complete_since == 0:
        give_back()
    return touched
