"""Room ``tui``, screens: work beside a screen's own. Knows only Textual."""

from collections.abc import Callable, Coroutine
from typing import ParamSpec

from textual.dom import DOMNode
from textual.worker import Worker

P = ParamSpec("P")


def work(
    where: DOMNode, group: str, job: Callable[P, Coroutine[None, None, None]], *args: P.args, **named: P.kwargs
) -> Worker[None]:
    """Begins a job of which only the last of its group goes on.

    The coroutine is made when its turn comes: one that is overtaken before would never be awaited. What it did not
    expect the screen logs and says, and goes on.
    """

    async def turn() -> None:
        await job(*args, **named)

    worker: Worker[None] = where.run_worker(turn, name=group, group=group, exclusive=True, exit_on_error=False)
    return worker
