"""Room ``hub``: everything that runs in a hub beside its requests, started and stopped together."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from wallboard_tui.hub.administration import Administration
from wallboard_tui.hub.every import every
from wallboard_tui.hub.feed import Feed
from wallboard_tui.hub.figures import Figures
from wallboard_tui.hub.followup_log import FollowupLog
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.passwords import Passwords
from wallboard_tui.hub.released import release
from wallboard_tui.hub.replays import Replays
from wallboard_tui.hub.reviewing import note_use
from wallboard_tui.hub.sessions import Sessions
from wallboard_tui.hub.settings import Settings
from wallboard_tui.hub.signin import SignIn
from wallboard_tui.hub.tails import Tails

VIEWED = "viewed-as"
"""The act of looking through somebody else's eyes, in the audit trail."""
VIEWED_EVERY_S = 600.0
"""How often it is written down that somebody still looks through another's eyes."""
VIEW_S = 1.0
"""How often a view that a full disk held up is tried again."""
FOLLOWUPS_S = 0.2
"""How often missed opportunities are brought in step with the calls."""


class Runtime:
    """A hub at work: sessions, sign-in, feed, missed opportunities, and the sources it follows."""

    def __init__(self, hub: Hub, settings: Settings | None = None, passwords: Passwords | None = None) -> None:
        self.hub = hub
        self.settings = settings or Settings(hub.home, hub.home / "hub.sock")
        self.sessions = Sessions(hub)
        self.administration = Administration(hub, self.sessions)
        self.sign_in = SignIn(hub, self.sessions, passwords)
        self.figures = Figures(hub)
        self.feed = Feed(hub, self.sessions, self.figures)
        self.followups = FollowupLog(hub)
        self.replays = Replays(hub)
        self.tails = Tails(hub, self.settings.sources)
        self.giving_way: asyncio.Event | None = None
        """Set when a child hub is asked to make room for a service; a hub that is a service has none, and stays."""
        self.at_work = 0
        """Long works of the operator in progress: imports, rebuilding, setting a source up."""
        self.idle = asyncio.Event()
        """Set while there are none."""
        self.idle.set()
        self._tasks: list[asyncio.Task[None]] = []
        self._viewed: dict[tuple[str, str], float] = {}

    async def start(self) -> None:
        """Begin. Missed opportunities that a crash left behind are caught up at once."""
        self.feed.start()
        await self.catch_up()
        self._tasks = [
            asyncio.create_task(every(VIEW_S, self.bring_along, "view")),
            asyncio.create_task(every(FOLLOWUPS_S, self.catch_up, "missed opportunities")),
        ]
        await self.hub.run(release, self.hub, [source.name for source in self.settings.sources])
        self.tails.start()

    async def stop(self) -> None:
        """End. Every terminal is told; what was begun of a batch is finished."""
        await self.tails.stop()
        await self.replays.stop()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.feed.stop()
        await self.figures.close()

    @contextmanager
    def working(self) -> Iterator[None]:
        """Long work, which a hub that is to give way finishes first."""
        self.at_work += 1
        self.idle.clear()
        try:
            yield
        finally:
            self.at_work -= 1
            if not self.at_work:
                self.idle.set()

    async def bring_along(self) -> None:
        """Try the view again where the disk had no room for it."""
        if self.hub.behind:
            await self.hub.run(self.hub.bring_along)

    async def viewed(self, terminal: str, viewer: str, person: str) -> None:
        """Somebody looks through another's eyes: written down when they begin, and again while it goes on."""
        now, key = self.hub.clock(), (terminal, person)
        if now - self._viewed.get(key, float("-inf")) >= VIEWED_EVERY_S:
            self._viewed = {**{one: at for one, at in self._viewed.items() if now - at < VIEWED_EVERY_S}, key: now}
            await self.hub.run(self.hub.commit, [self.hub.audit(viewer, VIEWED, person)])
            await self.hub.read(note_use, self.hub, viewer, ("roles", "users"))

    async def catch_up(self) -> None:
        """Bring missed opportunities in step with the calls, in pieces, so that others get their turn."""
        if not self.followups.behind:
            return
        pieces = self.followups.pieces()
        while await self.hub.run(next, pieces, None) is not None:
            pass
