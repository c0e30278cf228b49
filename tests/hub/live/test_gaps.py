"""A live line that breaks, is cut, or was never there: what is missing is said, and nothing is left behind."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.settings import SourceSettings
from wallboard_tui.hub.tails import Tails
from wallboard_tui.sources.asterisk.ami.line import connect_for
from wallboard_tui.view.health import begins

from ..test_full_disk import fill, free
from .following import Block, call, empty_lists, following, health, joined, settings, until


async def test_after_the_line_was_down_what_ended_is_closed_and_the_gap_is_shown(
    pbx: Any, home: Path, ami_block: Block
) -> None:
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        await pbx.say([joined(ami_block, "1.1"), joined(ami_block, "1.2")])
        await until(hub, lambda: call(hub, "1.2").get("state") == "waiting")
        pbx.lists["coreshowchannels"] = [ami_block(Event="CoreShowChannel", Uniqueid="1.2", Channel="PJSIP/t-2")]
        sent = {"CallerIDNum": "+353867654321", "CallerIDName": "unknown"}
        entry = ami_block(Event="QueueEntry", Queue="sales", Uniqueid="1.3", Wait="40", Position="1", **sent)
        pbx.lists["queuestatus"].append(entry)
        pbx.lists["coreshowchannels"].append(ami_block(Event="CoreShowChannel", Uniqueid="1.3", Channel="PJSIP/t-3"))
        pbx.hang_up()
        await until(hub, lambda: call(hub, "1.1").get("state") == "ended")
        await until(hub, lambda: call(hub, "1.3").get("state") == "waiting")
        assert call(hub, "1.2")["state"] == "waiting", "it is still there"
        assert call(hub, "1.1")["visits"][0]["outcome"] == "unknown"
        (gap,) = health(hub)["gaps"]
        assert gap["end"] >= gap["start"]
        assert "closed_by" not in gap, "nobody told what happened meanwhile"
        assert hub.clock() - call(hub, "1.3")["visits"][0]["entered"] > 35
        assert call(hub, "1.3")["caller"] == "+353867654321", "nobody else will say who has waited since before"
        assert "caller_name" not in call(hub, "1.3")


async def test_when_a_line_first_stood_is_known_for_good(pbx: Any, home: Path, ami_block: Block) -> None:
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        first = health(hub)["first_heard"]
        assert begins(health(hub)) == first == health(hub)["connected_since"]
        pbx.hang_up()
        await until(hub, lambda: health(hub).get("connected_since") not in (None, first))
        assert begins(health(hub)) == first
        assert begins({**health(hub), "links": {"ami": "up", "queue_log": "up"}}) is None, "the file tells it"


async def test_a_line_that_breaks_during_its_first_snapshot_was_never_up(
    pbx: Any, home: Path, ami_block: Block
) -> None:
    pbx.silent = {"queuestatus"}
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await pbx.until(lambda one: "QueueStatus" in one.asked)
        await pbx.say([joined(ami_block)])
        pbx.hang_up()
        await until(hub, lambda: health(hub).get("links") == {"ami": "down"})
        assert call(hub)["state"] == "waiting", "what it said is not lost"
        assert not health(hub)["gaps"], "nobody had been told that it was there"
        assert health(hub)["connected_since"] is None
        pbx.silent.clear()
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        await until(hub, lambda: call(hub)["state"] == "ended")


async def test_a_gap_begins_where_the_line_was_last_heard_though_nothing_had_happened_for_long(
    pbx: Any, home: Path, ami_block: Block
) -> None:
    pbx.clock = time.time
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        long_ago = f"\r\nTimestamp: {hub.clock() - 3600:.6f}".encode()
        await pbx.say([joined(ami_block, "1.1") + long_ago])
        await until(hub, lambda: call(hub, "1.1").get("state") == "waiting")
        pbx.hang_up()
        await until(hub, lambda: bool(health(hub)["gaps"]) and health(hub)["gaps"][-1].get("end"))
        (gap,) = health(hub)["gaps"]
        assert gap["end"] - gap["start"] < 60, "not from the last event on, an hour ago"


async def test_a_hub_that_was_down_takes_up_what_went_on(pbx: Any, home: Path, ami_block: Block) -> None:
    source = SourceSettings("pbx1", ami=settings(pbx))
    async with following(home, source) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        await pbx.say([joined(ami_block)])
        await until(hub, lambda: call(hub).get("state") == "waiting")
    async with following(home, source) as hub:
        await until(hub, lambda: call(hub).get("state") == "ended")
        await until(hub, lambda: len(health(hub).get("gaps", ())) == 1)


async def test_a_start_of_the_phone_system_is_noticed(
    new_pbx: Callable[..., Any], home: Path, ami_block: Block
) -> None:
    pbx = new_pbx(lists=empty_lists(ami_block), uptime=86400, clock=time.time)
    await pbx.start()
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("restarts"))
        await pbx.say([joined(ami_block)])
        await until(hub, lambda: call(hub).get("state") == "waiting")
        pbx.uptime = 0
        pbx.hang_up()
        await until(hub, lambda: call(hub).get("state") == "lost")
        await until(hub, lambda: len(health(hub)["restarts"]) == 2)
        pbx.uptime = 1
        pbx.hang_up()
        await pbx.until(lambda one: one.logins == 3)
        await until(hub, lambda: len(health(hub)["gaps"]) == 2)
        assert len(health(hub)["restarts"]) == 2, "the same start, told in whole seconds"


async def test_a_full_disk_ends_no_line_for_good_and_no_call_is_left_behind(
    pbx: Any, home: Path, ami_block: Block, caplog: pytest.LogCaptureFixture
) -> None:
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        writer = hub.view._connections.writer
        await hub.run(fill, writer)
        await pbx.say([joined(ami_block) + b"\r\nCallerIDName: " + b"x" * 60_000])
        await until(hub, lambda: caplog.text.count("The line to pbx1 failed.") > 2)
        assert hub.behind
        await hub.run(free, writer)
        await until(hub, lambda: call(hub).get("state") == "ended")
        await until(hub, lambda: [gap.get("end") is not None for gap in health(hub)["gaps"]] == [True])
        assert health(hub)["links"] == {"ami": "up"}


async def test_a_connection_that_is_not_taken_over_any_more_is_closed(pbx: Any, home: Path) -> None:
    """As when somebody takes the source away in the moment in which it signs in anew."""
    hub = Hub.open(home)
    source = SourceSettings("pbx1", ami=settings(pbx))
    following = Tails(hub, [])
    try:
        assert source.ami is not None
        following.begin(source, await connect_for(source.ami, "sesame"))
        await asyncio.sleep(0)  # it begins
        await following.end("pbx1")
        await pbx.until(lambda one: "Logoff" in one.asked)
    finally:
        hub.close()
