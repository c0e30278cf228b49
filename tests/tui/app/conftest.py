"""A terminal that stands still: a real view filled through ``View.apply``, a clock that the test sets, and no hub."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

import pytest
from textual.pilot import Pilot

from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Grant
from wallboard_tui.model.me import Lens, Me
from wallboard_tui.tui.standing import Standing
from wallboard_tui.tui.terminal import Listener, TerminalError
from wallboard_tui.view.view import View

T = TypeVar("T")
NOW = 1_763_733_600.0
"""Friday 21 November 2025, 14:00:00 in Dublin."""
THEMES = Path(__file__).parents[3] / "themes"


@dataclass
class StillTerminal:
    """What the app is given in these tests. ``password`` is the one that everybody has."""

    me: Me | None = None
    view: View | None = None
    address: str = "unix:/run/hub.sock"
    person: str = ""
    at: float = NOW
    heard: float | None = NOW
    state: str = "live"
    reason: str = ""
    done: int = 0
    total: int = 0
    password: str = "correct horse"
    knows: dict[str, Me] = field(default_factory=dict)
    refuse: TerminalError | None = None
    acts: list[tuple[str, str, str]] = field(default_factory=list)
    listener: Listener | None = None
    signed_out: bool = False

    async def resume(self) -> Me | None:
        return self.me

    async def sign_in(self, address: str, person: str, password: str) -> Me:
        if self.refuse is not None:
            raise self.refuse
        if person not in self.knows or password != self.password:
            raise TerminalError("sign-in-failed", "Person or password are not right. Try again, or ask for a code.")
        self.me, self.address, self.person = self.knows[person], address, person
        return self.me

    async def set_password(self, address: str, person: str, old: str, new: str) -> Me:
        self.password = new
        return await self.sign_in(address, person, new)

    async def sign_out(self) -> None:
        self.me, self.signed_out = None, True

    async def run(self, listener: Listener) -> None:
        self.listener = listener

    def now(self) -> float:
        return self.at

    def standing(self) -> Standing:
        return Standing(self.state, self.at, self.heard, self.reason, self.done, self.total)

    async def ask(self, question: Callable[[View], T]) -> T:
        assert self.view is not None
        return question(self.view)

    async def followup(self, key: str, act: str, note: str = "", revision: int | None = None) -> Doc:
        if self.refuse is not None:
            raise self.refuse
        self.acts.append((key, act, note))
        return {}

    async def active(self) -> None:
        return

    async def close(self) -> None:
        return


EVERYTHING = ("wallboard", "agents", "rollups", "metrics", "missed", "calls")
BOARD: Doc = {
    "key": "operations",
    "name": "OPERATIONS",
    "pages": [
        {
            "name": "Now",
            "rows": [
                {"height": 3, "panes": [{"pane": "wallboard"}]},
                {"height": 2, "panes": [{"pane": "agents", "width": 3}, {"pane": "missed", "width": 2}]},
            ],
        },
        {
            "name": "Today",
            "rows": [
                {"panes": [{"pane": "rollups", "width": 2}, {"pane": "metrics"}]},
                {"panes": [{"pane": "calls"}]},
            ],
        },
    ],
}


def somebody(person: str = "ann", panes: tuple[str, ...] = EVERYTHING, level: str = "manage", **changes: object) -> Me:
    """A person with these panes, who may see everything in them."""
    permissions = ("calls", "recents", "analytics", "analytics.rollup", "reports.missed", "wallboard", "supervisor")
    fields: dict[str, object] = {
        "person": person,
        "name": person.title(),
        "role": "standard:supervisor",
        "role_name": "Supervisor",
        "permissions": {name: Grant(level=level, scope=("ALL",)) for name in permissions},
        "panes": panes,
        "lenses": (Lens(name="all", permissions=permissions, rows=True, everything=True),),
        "boards": (BOARD,),
        "organisation": {"key": "organisation", "name": "Acme", "time_zone": "Europe/Dublin"},
        "policy": 1,
        "fingerprint": "f",
        "lease_s": 3600,
        "server_time": NOW,
    }
    return Me.model_validate({**fields, **changes})


async def wait_until(pilot: Pilot[None], predicate: Callable[[], object], seconds: float = 10.0) -> None:
    """Waits until something holds; fails when it never does."""
    deadline = time.monotonic() + seconds
    while not predicate():
        if time.monotonic() > deadline:
            pytest.fail(f"it never came true: {getattr(predicate, '__name__', predicate)}")
        await pilot.pause(0.01)


Run = Callable[[], Awaitable[None]]
