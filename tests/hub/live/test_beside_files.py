"""A live line beside the files of the same phone system: each says what it knows best, and nothing twice."""

import asyncio
import time
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub import intake, live, tails, witnesses
from wallboard_tui.hub.settings import SourceSettings
from wallboard_tui.sources.asterisk.tail import tail_queue_log
from wallboard_tui.sources.base import Batch
from wallboard_tui.view import figures

from .following import QUEUE, Block, call, following, health, joined, member, said, settings, until, waits


async def test_a_gap_begins_where_the_line_was_last_heard_though_queue_log_told_of_later_things(
    pbx: Any, home: Path, ami_block: Block, tmp_path: Path
) -> None:
    log = tmp_path / "queue_log"
    log.write_text("")
    pbx.clock = lambda: time.time() - 60  # as if nothing had come for a minute: the connection is half open
    async with following(home, SourceSettings("pbx1", log, ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up", "queue_log": "up"})
        await pbx.say([joined(ami_block)])
        await until(hub, lambda: call(hub).get("state") == "waiting")
        later = int(hub.clock()) - 30
        with log.open("a") as file:
            file.write(f"{later}|1.1|sales|NONE|ABANDON|1|1|20\n")
        await until(hub, lambda: (health(hub).get("last_event") or 0.0) >= later)
        pbx.hang_up()
        await until(hub, lambda: bool(health(hub).get("gaps")) and health(hub)["gaps"][-1].get("end"))
        assert health(hub)["gaps"][-1]["start"] < later


async def test_the_newest_thing_a_source_told_is_said_though_it_is_silent_from_then_on(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (intake, tails):
        monkeypatch.setattr(module, "HEALTH_EVERY_S", 1.0)
    log = tmp_path / "queue_log"
    log.write_text("1795290000|NONE|NONE|NONE|QUEUESTART|\n")
    async with following(home, SourceSettings("pbx1", log)) as hub:
        await until(hub, lambda: health(hub).get("last_event") == 1795290000)
        for at in (1795290001, 1795290002):
            with log.open("a") as file:
                file.write(f"{at}|1.{at}|sales|NONE|ENTERQUEUE||+353861234567|1\n")
            await until(hub, partial(call, hub, f"1.{at}"))
        await until(hub, lambda: health(hub)["last_event"] == 1795290002)


async def test_the_files_close_a_gap_and_say_how_calls_ended(
    pbx: Any, home: Path, ami_block: Block, tmp_path: Path
) -> None:
    log = tmp_path / "queue_log"
    log.write_text("")
    source = SourceSettings("pbx1", log, ami=settings(pbx))
    async with following(home, source) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up", "queue_log": "up"})
        at = int(hub.clock())
        await pbx.say([joined(ami_block)])
        await until(hub, lambda: call(hub).get("state") == "waiting")
        with log.open("a") as file:
            file.write(f"{at}|1.1|sales|NONE|ENTERQUEUE||+353861234567|1\n{at + 9}|1.1|sales|NONE|ABANDON|1|1|9\n")
        pbx.hang_up()
        await until(hub, lambda: [gap.get("closed_by") for gap in health(hub).get("gaps", ())] == [["queue_log"]])
        await until(hub, lambda: [v["outcome"] for v in call(hub).get("visits", ())] == ["abandoned"])
        assert set(call(hub)["parts"]) == {"ami", "queue_log"}
        assert "abandoned" not in health(hub)["lacks"]


async def test_why_callers_leave_is_not_known_while_queue_log_cannot_be_read(
    pbx: Any, home: Path, ami_block: Block, tmp_path: Path
) -> None:
    log = tmp_path / "queue_log"
    async with following(home, SourceSettings("pbx1", log, ami=settings(pbx))) as hub:
        await until(hub, lambda: "abandoned" in health(hub).get("lacks", ()))
        assert health(hub)["links"]["queue_log"] == "down"
        log.write_text(f"{int(hub.clock()) - 60}|NONE|NONE|NONE|QUEUESTART|\n")
        await until(hub, lambda: "abandoned" not in health(hub)["lacks"])
        assert health(hub)["links"] == {"ami": "up", "queue_log": "up"}


async def test_what_members_do_is_said_once_whoever_tells_it(
    pbx: Any, home: Path, ami_block: Block, tmp_path: Path
) -> None:
    log = tmp_path / "queue_log"
    log.write_text("")
    async with following(home, SourceSettings("pbx1", log, ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up", "queue_log": "up"})
        at = int(hub.clock()) - 7
        with log.open("a") as file:
            file.write(f"{at}|NONE|sales|Ann|PAUSE|Lunch\n")
        await pbx.say([member(ami_block, "QueueMemberPause", Paused="1", PausedReason="Lunch")])

        def pauses() -> list[float]:
            with hub.view.reading() as db:
                return [row[0] for row in db.execute("SELECT at FROM presence WHERE what = 'pause'")]

        await until(hub, pauses)
        log.rename(tmp_path / "away")
        async with asyncio.timeout(20):
            while "leave" not in await hub.read(said, hub):  # the file does not say it any more
                await pbx.say([member(ami_block, "QueueMemberRemoved")])
                await asyncio.sleep(0.2)
        assert await hub.read(pauses) == [at], "queue_log said it, a few seconds off"


async def test_the_line_waits_with_what_members_did_while_queue_log_is_still_being_read(
    pbx: Any, home: Path, ami_block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnesses, "TOLD_BY_FILE_S", 0.0)
    readable = asyncio.Event()

    async def slow(*arguments: Any, **given: Any) -> AsyncIterator[Batch]:
        await readable.wait()
        async for batch in tail_queue_log(*arguments, **given):
            yield batch

    monkeypatch.setattr(tails, "tail_queue_log", slow)
    looked: list[float] = []
    say_due = live.Live._say_due

    async def watched(line: live.Live, now: float) -> None:
        await say_due(line, now)
        looked.append(now)

    monkeypatch.setattr(live.Live, "_say_due", watched)
    log = tmp_path / "queue_log"
    async with following(home, SourceSettings("pbx1", log, ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links", {}).get("ami") == "up")
        at = int(hub.clock()) - 60
        log.write_text(
            f"{at}|NONE|sales|Ann|UNPAUSE|\n{at}|NONE|sales|Ann|PAUSE|Lunch\n{at + 9}|NONE|sales|Ann|UNPAUSE|\n"
        )
        for paused in ("0", "1"):
            await pbx.say([member(ami_block, "QueueMemberPause", Paused=paused, Timestamp=f"{at}.{paused}00000")])
        await pbx.say([joined(ami_block)])
        await until(hub, waits(hub, "1.1"))
        looks = len(looked)
        await until(hub, lambda: len(looked) > looks + 2)
        readable.set()
        await until(hub, lambda: said(hub).count("unpause") > 1)
        with hub.view.reading() as db:
            assert [row[0] for row in db.execute("SELECT at FROM presence WHERE what = 'pause'")] == [at]


async def test_what_queue_log_has_told_already_is_not_said_again_by_the_line(
    pbx: Any, home: Path, ami_block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnesses, "GROWN_BEFORE_S", -1000.0)  # it grew long ago
    log = tmp_path / "queue_log"
    async with following(home, SourceSettings("pbx1", log, ami=settings(pbx))) as hub:
        at = int(hub.clock()) - 60
        log.write_text(f"{at}|NONE|sales|Ann|PAUSE|Lunch\n{at + 9}|NONE|sales|Ann|UNPAUSE|\n")
        await until(hub, lambda: said(hub).count("unpause") > 0)
        await until(hub, lambda: health(hub).get("links") == {"ami": "up", "queue_log": "up"})
        for stamp, paused in ((at + 0.2, "1"), (at + 0.4, "0"), (at + 0.6, "1"), (at + 30.5, "1")):
            await pbx.say([member(ami_block, "QueueMemberPause", Paused=paused, Timestamp=f"{stamp:.6f}")])
        await until(hub, lambda: said(hub).count("pause") == 2)
        with hub.view.reading() as db:
            assert [row[0] for row in db.execute("SELECT at FROM presence WHERE what = 'pause'")] == [at, at + 30]
        before = health(hub)["connected_since"]
    async with following(home, SourceSettings("pbx1", log, ami=settings(pbx))) as hub:  # which reads no line of it
        await until(hub, lambda: health(hub)["connected_since"] not in (before, None))
        for stamp in (at + 5.2, at + 40.5):
            await pbx.say([member(ami_block, "QueueMemberPause", Paused="1", Timestamp=f"{stamp:.6f}")])
        await until(hub, lambda: said(hub).count("pause") > 2)
        with hub.view.reading() as db:
            pauses = [row[0] for row in db.execute("SELECT at FROM presence WHERE what = 'pause'")]
        assert pauses == [at, at + 30, at + 40]


async def test_a_crash_that_queue_log_tells_of_after_the_snapshot_took_the_calls_with_it(
    pbx: Any, home: Path, ami_block: Block, tmp_path: Path
) -> None:
    log = tmp_path / "queue_log"
    log.write_text("")
    rung = ami_block(Event="AgentCalled", Uniqueid="1.1", Queue="sales", MemberName="Ann", DestUniqueid="2.1")
    async with following(home, SourceSettings("pbx1", log, ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up", "queue_log": "up"})
        began = int(hub.clock()) - 20
        with log.open("a") as growing:
            growing.write(f"{began}|1.1|sales|NONE|ENTERQUEUE||+353861234567|1\n")
        await until(hub, waits(hub, "1.1"))
        await pbx.say([joined(ami_block), rung])
        await until(hub, lambda: call(hub).get("state") == "ringing")
        pbx.hang_up()
        await until(hub, lambda: call(hub).get("state") == "ended")
        with log.open("a") as growing:
            growing.write(f"{began + 10}|NONE|NONE|NONE|QUEUESTART|\n")
        await until(hub, lambda: call(hub).get("state") == "lost")
        known = call(hub)
        assert [visit["outcome"] for visit in known["visits"]] == ["unknown"]
        assert [leg["outcome"] for leg in known["legs"]] == ["unknown"], "nobody cancelled that ring"
        now = hub.clock()
        measured = partial(figures.measures, hub.view, 0, by="queue", start=began - 900, end=now + 900, now=now)
        of = (await hub.read(measured))[QUEUE]
    assert (of["offered"], of["answered"], of["handled"], of["ring_canceled"], of["waiting"]) == (1, 0, 0, 0, 0)
