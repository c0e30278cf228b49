"""The real program with a terminal that needs no hub: run by ``board_redraw.py`` in a pseudo-terminal.

``python _board_child.py RATE``: the board of an admin with 20 queues and 60 agents, whose answers change RATE times a
second, each time in every cell. The answers come from the panes' own questions to ten real views in different states,
and are given in turn; so what is measured is drawing, and not the questions.
"""

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from _made import QUEUE_SHIFTS, moment, organisation, person_at

from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.panes import PANES
from wallboard_tui.tui.panes.base import Context
from wallboard_tui.tui.standing import Standing
from wallboard_tui.tui.terminal import Listener, T
from wallboard_tui.tui.themes import folders
from wallboard_tui.view.view import View

BOARD: Doc = {
    "key": "operations",
    "name": "Operations",
    "pages": [
        {
            "name": "Now",
            "rows": [
                {"height": 3, "panes": [{"pane": "wallboard"}]},
                {"height": 2, "panes": [{"pane": "agents"}]},
            ],
        }
    ],
}


class Still:
    """A terminal that is always live and whose view says ``RATE`` times a second that everything changed."""

    address, person = "made", "admin"

    def __init__(self, me: Me, view: View, rate: float) -> None:
        self.me: Me | None = me
        self.view: View | None = view
        self.ticks = count()
        self.tick = 0
        self._rate = rate

    async def resume(self) -> Me | None:
        return self.me

    async def sign_in(self, address: str, person: str, password: str) -> Me:
        raise NotImplementedError

    async def set_password(self, address: str, person: str, old: str, new: str) -> Me:
        raise NotImplementedError

    async def sign_out(self) -> None: ...

    async def run(self, listener: Listener) -> None:
        due = time.monotonic()
        while True:
            if self._rate:
                self.tick = next(self.ticks)
                listener.view_changed(frozenset({"call", "presence"}))
                due += 1 / self._rate
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            else:
                await asyncio.sleep(3600)

    def now(self) -> float:
        return time.time()

    def standing(self) -> Standing:
        return Standing("live", time.time(), time.time())

    async def ask(self, question: Callable[[View], T]) -> T:
        assert self.view is not None
        return question(self.view)

    async def followup(self, key: str, act: str, note: str = "", revision: int | None = None) -> Doc:
        raise NotImplementedError

    async def prepare(self) -> None: ...

    async def active(self) -> None: ...

    async def close(self) -> None: ...


def main() -> None:
    """Run until killed."""
    now = time.time()
    documents = [*organisation(queues=20, agents=60), ("board", BOARD)]
    me, gate = person_at(documents, "admin", now)
    views = [moment(documents, gate, me, now, shift) for shift in range(QUEUE_SHIFTS)]
    terminal = Still(me, views[0], float(sys.argv[1]))
    for name in ("wallboard", "agents"):
        kind = PANES[name]
        answers = [kind.ask(view, me, Pane.model_validate({"pane": name}), now) for view in views]

        def given(
            view: View, me: Me, pane: Pane, now: float, context: Context | None = None, answers: list[Any] = answers
        ) -> Any:
            return replace(answers[terminal.tick % len(answers)], now=now)

        PANES[name] = replace(kind, ask=given)
    WallboardApp(terminal, theme_folders=folders()).start()


if __name__ == "__main__":
    main()
