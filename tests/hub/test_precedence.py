"""Work behind gives way to whoever waits for a board, and still gets done."""

import asyncio
import time

import pytest

from wallboard_tui.hub import precedence
from wallboard_tui.hub.precedence import Precedence


async def test_work_behind_goes_on_at_once_where_nobody_waits() -> None:
    async with asyncio.timeout(1):
        await Precedence().turn()


async def test_work_behind_waits_until_the_last_of_those_who_wait_has_their_board(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(precedence, "NEXT_S", 0.0)
    order, both = Precedence(), []

    async def behind() -> None:
        await order.turn()
        both.append("behind")

    with order.first():
        with order.first():
            work = asyncio.create_task(behind())
            await asyncio.sleep(0)
        await asyncio.sleep(0)
        both.append("board")
    await work
    assert both == ["board", "behind"]


async def test_work_behind_gets_its_turn_however_long_people_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(precedence, "PATIENCE_S", 0.05)
    order, began = Precedence(), time.monotonic()
    with order.first():
        await order.turn()
    assert time.monotonic() - began >= 0.05
