"""What ``wallboard show`` is fed, of a real hub: no more than the pane needs, and all of it whatever breaks off."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from wallboard_tui.cli.failures import Failure
from wallboard_tui.cli.snapshot import snapshot
from wallboard_tui.client.hub import HubClient
from wallboard_tui.hub.channel import Watched
from wallboard_tui.hub.frames import Reached
from wallboard_tui.hub.known import Access
from wallboard_tui.hub.snapshot import Page
from wallboard_tui.hub.stream import Stream
from wallboard_tui.hub.terminal import CUT
from wallboard_tui.model.board import Pane
from wallboard_tui.model.me import Me
from wallboard_tui.tui.panes import PANES
from wallboard_tui.view import queries
from wallboard_tui.view.view import View

NOON = 1_795_262_400.0
DAYS, A_DAY = 8, 80
BOB, CAT = "Bob", "Cat"


def days_of_calls() -> list[str]:
    """Many days, each of as many calls, answered by one agent or the other; both were members all the time."""
    lines = [f"{int(NOON) - DAYS * 86400}|NONE|{queue}|{agent}|ADDMEMBER|" for queue, agent in (
        ("support", BOB), ("sales", CAT)
    )]  # fmt: skip
    for day in range(DAYS):
        for n in range(A_DAY):
            at = int(NOON) - day * 86400 - 3600 - n * 60
            queue, agent, call = ("support", BOB, f"{at}.1") if n % 3 else ("sales", CAT, f"{at}.2")
            lines.append(f"{at}|{call}|{queue}|NONE|ENTERQUEUE||+35386{n:07}|1")
            if (n + day) % 7:
                lines.append(f"{at + 5 + n % 40}|{call}|{queue}|{agent}|CONNECT|{5 + n % 40}|{call}x|2")
                lines.append(f"{at + 55}|{call}|{queue}|{agent}|COMPLETECALLER|5|{50 - n % 40}|1")
            else:
                lines.append(f"{at + 20}|{call}|{queue}|NONE|ABANDON|1|1|20")
    return lines


def number_of_calls(view: View) -> int:
    """How many calls a view has."""
    with view.reading() as db:
        return int(db.execute("SELECT count(*) FROM call").fetchone()[0])


def operator(house: Any, person: str | None = None) -> HubClient:
    """The operator, or a person through the operator's socket."""
    return HubClient(f"unix:{house.socket}", operator=True, as_person=person)


@pytest.mark.parametrize("kind", ["wallboard", "agents", "rollups", "calls"])
@pytest.mark.parametrize("person", ["adm", "sue", "bob"])
async def test_a_pane_says_the_same_of_as_much_as_it_needs_as_of_everything(
    house: Any, kind: str, person: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallboard_tui.hub.snapshot.CALLS_PAGE", 30)
    await house.take(days_of_calls())
    pane, needs = Pane.model_validate({"pane": kind, "by": "agent"}), PANES[kind].enough
    assert needs is not None
    async with operator(house, person) as hub:
        async with snapshot(hub, lambda view, me, now: needs(view, me, pane, now)) as (view, me, now):
            some, few = PANES[kind].ask(view, me, pane, now), number_of_calls(view)
        async with snapshot(hub) as (view, me, now):
            whole, every = PANES[kind].ask(view, me, pane, now), number_of_calls(view)
    if hasattr(whole, "progress"):
        assert some.progress.complete
        some, whole = (replace(each, progress=whole.progress) for each in (some, whole))
    assert some == whole
    if every and kind != "calls":
        assert few < every / 2
    elif every > 501:  # who sees fewer than the pane lists has them all
        assert few < every


@pytest.mark.parametrize("period", ["yesterday", "week", "month"])
async def test_a_longer_period_waits_for_what_was_said_before_it(house: Any, period: str) -> None:
    await house.take(days_of_calls())
    async with operator(house) as hub, snapshot(hub, lambda view, me, now: True) as (view, me, now):
        for kind in ("rollups", "wallboard"):
            needs = PANES[kind].enough
            assert needs is not None
            assert not needs(view, me, Pane.model_validate({"pane": kind, "period": period}), now)


async def test_a_look_that_was_cut_half_way_goes_on_where_it_was_and_misses_nothing(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallboard_tui.hub.snapshot.CALLS_PAGE", 30)
    await house.take(days_of_calls())
    had: list[View] = []

    def cut(view: View, me: Me, now: float) -> bool:
        since = queries.complete_since(view) or 0.0
        if len(had) < 3 and since < NOON - 86400:
            had.append(view)
            for terminal in house.runtime.feed.terminals:
                terminal.stop(CUT)
        return False

    async with operator(house, "sue") as hub:
        async with snapshot(hub, cut) as (view, _, _):
            cut_off = number_of_calls(view)
        async with snapshot(hub) as (view, _, _):
            assert cut_off == number_of_calls(view) > 300
    assert len(had) == 3
    assert had[0] is had[1] is had[2], "it went on, and did not begin anew"


async def test_a_look_of_somebody_who_loses_everything_meanwhile_has_nothing(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallboard_tui.hub.snapshot.CALLS_PAGE", 30)
    await house.take(days_of_calls())
    nobodys = {"key": "north", "name": "North", "members": ["bob"], "managers": [], "queues": []}
    changing: list[asyncio.Future[None]] = []
    had: list[int] = []
    pages = Stream._pages

    async def after_the_change(stream: Stream, access: Access, reached: Reached) -> AsyncIterator[Page]:
        async for page in pages(stream, access, reached):
            yield page
            if changing:
                await changing[0]

    monkeypatch.setattr(Stream, "_pages", after_the_change)

    def change(view: View, me: Me, now: float) -> bool:
        had.append(number_of_calls(view))
        if had[-1] and not changing:
            changing.append(asyncio.ensure_future(house.put(("team", nobodys))))
        return False

    async with operator(house, "sue") as hub, snapshot(hub, change) as (view, me, _):
        assert me.person == "sue"
        assert changing
        assert number_of_calls(view) == 0
    await changing[0]


async def test_a_feed_that_brings_nothing_again_and_again_is_given_up_with_a_sentence(
    house: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def admitted(stream: Stream) -> tuple[Access, Watched]:
        stream._terminal.stop(CUT)
        return await original(stream)

    original = Stream._admitted
    monkeypatch.setattr(Stream, "_admitted", admitted)
    async with operator(house) as hub:
        with pytest.raises(Failure, match="ended the feed before it was complete"):
            async with snapshot(hub):
                pass


async def test_a_queue_of_ones_team_has_a_tile_on_a_day_without_calls(house: Any) -> None:
    async with operator(house, "sue") as hub, snapshot(hub) as (view, me, now):
        tiles = PANES["wallboard"].ask(view, me, Pane.model_validate({"pane": "wallboard"}), now).tiles
    assert [tile.name for tile in tiles if tile.key] == ["support"], "north's queue, and not south's"
