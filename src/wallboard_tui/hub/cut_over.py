"""Room ``hub``: the directory or a board changed: every open feed goes on as its person may see now, or begins anew.

Whoever lost something is told before anything else is done: their terminal stops drawing at once.
"""

import asyncio
from collections.abc import Iterable

from wallboard_tui.access.derive import Effective
from wallboard_tui.access.reach import decides_otherwise
from wallboard_tui.hub.audience import Audience
from wallboard_tui.hub.encoder import Encoder
from wallboard_tui.hub.ending import Ending
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.known import Access
from wallboard_tui.hub.sessions import Ended
from wallboard_tui.hub.terminal import ANEW, Terminal
from wallboard_tui.model.me import Me

TOLD_S = 0.5
"""An answer waits so long at most for terminals that lost access to be told: one may be stopped, or cut off."""
LOOKED_AT = 20
"""Terminals whose access is looked at in one piece of work."""


class CutOver:
    """Brings an audience in line with a directory that has just become another."""

    def __init__(self, hub: Hub, audience: Audience, ending: Ending, encode: Encoder) -> None:
        self._hub = hub
        self._audience = audience
        self._ending = ending
        self._encode = encode

    async def review(self, seq: int, *, sight: bool) -> None:
        """Everybody gets what is theirs now, or is told to begin anew; returns once those have been told.

        ``sight``: whether documents may have come into sight or gone out of it that did not change themselves.
        """
        # First, at once, whoever plainly lost or gained something; then everybody is looked at in full.
        served = [(one, one.access) for one in self._audience.terminals if one.access is not None and one.over is None]
        for terminal in await self._hub.read(plainly_changed, self._hub, served):
            self._begins_anew(terminal)
        left = [(terminal, access) for terminal, access in served if terminal.over is None]
        for begin in range(0, len(left), LOOKED_AT):
            part = left[begin : begin + LOOKED_AT]
            for (terminal, old), new in zip(part, await self._hub.read(self._accesses, part), strict=True):
                if terminal.over is None:
                    await self._look_at(terminal, old, new)
        await _all_told([terminal for terminal, _ in served if terminal.over is not None])
        if sight:
            await self._audience.review(seq)

    def _accesses(self, served: Iterable[tuple[Terminal, Access]]) -> list[Access | None]:
        return [self._hub.access_or_none(terminal.person, terminal.viewer) for terminal, _ in served]

    async def _look_at(self, terminal: Terminal, old: Access, access: Access | None) -> None:
        if access is None and terminal.viewer:
            self._begins_anew(terminal)
        elif access is None or (terminal.session is not None and "login" not in access.me.capabilities):
            terminal.stop(Ended.DISABLED.value)
            self._audience.leave(terminal)
            await self._ending.end_within([terminal.session] if terminal.session else [], Ended.DISABLED)
        elif access.gate.fingerprint != old.gate.fingerprint:
            self._begins_anew(terminal)
        else:
            self._audience.stays(terminal, access)
            if _differs(old.me, access.me):
                terminal.send(self._encode.frame("me", me=access.me.model_dump(mode="json")))

    def _begins_anew(self, terminal: Terminal) -> None:
        terminal.stop(ANEW)
        self._audience.leave(terminal)


def plainly_changed(hub: Hub, served: Iterable[tuple[Terminal, Access]]) -> list[Terminal]:
    """Terminals of people whose scopes are others now, so that what they have cannot be what is theirs.

    Belongs on the hub's thread. This is much less work than looking in full at what everybody may know.
    """
    known: dict[tuple[str, str], Effective] = {}
    found = []
    for terminal, access in served:
        who = (terminal.person, terminal.viewer)
        if who not in known:
            known[who] = hub.effective(*who)
        held = known[who]
        if "login" in held.capabilities and decides_otherwise(access.gate.reach.effective, held):
            found.append(terminal)
    return found


async def _all_told(cut: Iterable[Terminal]) -> None:
    """Wait until those who were cut have been told; who takes nothing from the line is not waited for long."""
    waiting = [asyncio.create_task(terminal.told.wait()) for terminal in cut]
    if waiting:
        _, late = await asyncio.wait(waiting, timeout=TOLD_S)
        for task in late:
            task.cancel()


def _differs(old: Me, new: Me) -> bool:
    """Whether a terminal has something to recompose."""
    always = {"policy", "server_time"}
    return old.model_dump(exclude=always) != new.model_dump(exclude=always)
