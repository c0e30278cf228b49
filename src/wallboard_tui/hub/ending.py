"""Room ``hub``: how sessions end, and with them the feeds of their terminals: signed out, overdue, or closed by an
admin.
"""

from collections.abc import Sequence

from wallboard_tui.hub.audience import Audience
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.sessions import Ended, Sessions


class Ending:
    """Ends sessions: they are taken out of the journal, and their terminals are told."""

    def __init__(self, hub: Hub, sessions: Sessions, audience: Audience) -> None:
        self._hub = hub
        self._sessions = sessions
        self._audience = audience

    async def end(self, keys: Sequence[str], why: Ended) -> None:
        """Sessions are over. Not for listeners."""
        await self._hub.run(self._hub.commit, self._sessions.removals(keys))
        self._over(keys, why)

    async def end_within(self, keys: Sequence[str], why: Ended) -> None:
        """The same for listeners, who are not to wait for themselves."""
        await self._hub.read(self._hub.commit, self._sessions.removals(keys))
        self._over(keys, why)

    async def look(self) -> None:
        """End the sessions that are overdue, and the feeds of those that ended elsewhere."""
        overdue = self._sessions.overdue()
        for why in {why for _, why in overdue}:
            await self.end([key for key, reason in overdue if reason is why], why)
        # A session that ended elsewhere (a new password) takes its feeds along.
        for terminal in list(self._audience.terminals):
            if terminal.session is not None and isinstance(state := self._sessions.check(terminal.session), Ended):
                terminal.stop(state.value)

    def _over(self, keys: Sequence[str], why: Ended) -> None:
        self._sessions.ended(keys, why)
        for terminal in self._audience.terminals:
            if terminal.session in keys:
                terminal.stop(why.value)
