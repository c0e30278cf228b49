"""A hub on a live line to a phone system: what it shows, how it comes back, what it says when something is wrong."""

import asyncio
import socket
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub import intake, live, tails, witnesses
from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.settings import SourceSettings, read_settings
from wallboard_tui.hub.tails import Tails
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import SourceHealth
from wallboard_tui.sources.asterisk.ami import AmiError, AmiSettings, devices, probe, rights
from wallboard_tui.sources.asterisk.ami import line as lines
from wallboard_tui.sources.asterisk.ami.line import connect_for, pause_after
from wallboard_tui.sources.asterisk.tail import tail_queue_log
from wallboard_tui.sources.base import Batch
from wallboard_tui.view import figures, queries
from wallboard_tui.view.health import begins

Block = Callable[..., bytes]
QUEUE = "asterisk:pbx1:sales"
ANN = "asterisk:pbx1:Ann"


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """The line comes back at once, and tells what it hears at once."""
    monkeypatch.setattr(live, "pause_after", lambda *_: 0.05)
    monkeypatch.setattr(witnesses, "TOLD_BY_FILE_S", 1.2)
    monkeypatch.setattr(live, "SETTLE_S", 0.05)
    monkeypatch.setattr(lines, "FLUSH_S", 0.01)
    monkeypatch.setattr(lines, "QUIET_S", 0.1)
    monkeypatch.setattr(lines, "LEAVING_S", 0.0)
    monkeypatch.setenv("PBX1_SECRET", "sesame")


def settings(pbx: Any, **given: Any) -> AmiSettings:
    """The account on a phone system."""
    return AmiSettings("127.0.0.1", "wallboard", port=pbx.port, secret_env="PBX1_SECRET", timeout_s=2.0, **given)


@asynccontextmanager
async def following(home: Path, source: SourceSettings) -> AsyncIterator[Hub]:
    """A hub that follows one phone system."""
    hub = Hub.open(home)
    tails = Tails(hub, [source])
    try:
        tails.start()
        yield hub
    finally:
        await tails.stop()
        hub.close()


async def until(hub: Hub, condition: Callable[[], object]) -> None:
    """Wait until something holds in the hub."""
    async with asyncio.timeout(20):
        while not await hub.read(condition):  # noqa: ASYNC110 - it is looked at from outside
            await asyncio.sleep(0.02)


def health(hub: Hub) -> Doc:
    """The health of the source."""
    doc = hub.document("source", "pbx1") or {"key": "pbx1", "system": "asterisk"}
    SourceHealth.load(doc)
    return doc


def call(hub: Hub, ident: str = "1.1") -> Doc:
    """A call, empty where there is none."""
    return hub.document("call", f"asterisk:pbx1:{ident}") or {}


def waits(hub: Hub, ident: str) -> Callable[[], bool]:
    """Whether a caller waits, for ``until``."""
    return lambda: call(hub, ident).get("state") == "waiting"


def joined(block: Block, ident: str = "1.1", queue: str = "sales") -> bytes:
    return block(Event="QueueCallerJoin", Uniqueid=ident, Queue=queue, CallerIDNum="+353861234567", Exten="5001")


def member(block: Block, event: str, **fields: str) -> bytes:
    known = {"Queue": "sales", "MemberName": "Ann", "Interface": "PJSIP/101", "Membership": "static", "Paused": "0"}
    return block(Event=event, **{**known, **fields})


def empty_lists(block: Block) -> dict[str, list[bytes]]:
    """A phone system with one queue, one member, and nothing going on."""
    return {
        "queuestatus": [
            block(Event="QueueParams", Queue="sales", Strategy="ringall", Calls="0", ServiceLevel="30"),
            block(
                Event="QueueMember", Queue="sales", Name="Ann", Location="PJSIP/101", Membership="static", Paused="0"
            ),
        ],
        "coreshowchannels": [],
        "agents": [],
    }


@pytest.fixture
async def pbx(new_pbx: Callable[..., Any], ami_block: Block) -> Any:
    """A phone system that is up."""
    found = new_pbx(lists=empty_lists(ami_block))
    await found.start()
    return found


async def test_what_is_said_on_the_line_is_what_the_hub_shows(pbx: Any, home: Path, ami_block: Block) -> None:
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        await pbx.say([joined(ami_block)])
        await until(hub, lambda: call(hub).get("state") == "waiting")
        known = await hub.read(queries.live_queues, hub.view, 0, hub.clock())
        assert len(known[QUEUE].waiting_since) == 1
        assert hub.document("queue", QUEUE)["service_level_s"] == 30  # type: ignore[index]
        assert hub.document("agent", ANN)["interfaces"] == ["PJSIP/101"]  # type: ignore[index]
        told = health(hub)
        assert (told["version"], told["error"], told["gaps"]) == ("Asterisk 22.10.1", "", [])
        assert "abandoned" in told["lacks"], "the line alone cannot say why callers leave"
        assert pbx.asked.count("Login") == 1
        assert "Secret" not in str(pbx.asked)


@pytest.mark.parametrize("challenge", [True, False])
async def test_it_signs_in_by_challenge_and_in_plain_where_there_is_none(
    new_pbx: Callable[..., Any], ami_block: Block, challenge: bool, home: Path
) -> None:
    pbx = new_pbx(lists=empty_lists(ami_block), knows_challenge=challenge)
    await pbx.start()
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
    assert pbx.logins == 1


async def test_members_pause_come_and_go_as_said(pbx: Any, home: Path, ami_block: Block) -> None:
    def state(hub: Hub) -> tuple[str, str]:
        found = {agent.agent: agent for agent in queries.live_agents(hub.view, 0, hub.clock())}
        return (found[ANN].state, found[ANN].reason) if ANN in found else ("", "")

    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: state(hub) == ("available", ""))
        await pbx.say([member(ami_block, "QueueMemberPause", Paused="1", PausedReason="Lunch")])
        await until(hub, lambda: state(hub) == ("paused", "Lunch"))
        await pbx.say([member(ami_block, "QueueMemberPenalty", Penalty="3", Paused="1")])
        await until(hub, lambda: (hub.document("agent", ANN) or {}).get("penalties") == {QUEUE: 3})


async def test_what_a_members_phone_does_shows_in_the_agents_state(
    pbx: Any, home: Path, ami_block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(devices, "OUTSIDE_S", 0.0)

    def state(hub: Hub) -> tuple[str, str]:
        (found,) = queries.live_agents(hub.view, 0, hub.clock())
        return found.state, found.reason

    def shows(hub: Hub, *what: str) -> Callable[[], bool]:
        return lambda: state(hub) == what

    log = tmp_path / "queue_log"
    log.write_text("")  # which says nothing of phones, and need not be waited for
    source = SourceSettings("pbx1", log, ami=settings(pbx))
    async with following(home, source) as hub:
        await until(hub, lambda: queries.live_agents(hub.view, 0, hub.clock()))
        for status, what in (
            ("5", ("out", "device unavailable")), ("1", ("available", "")), ("2", ("talking", "on another call")),
            ("1", ("available", "")), ("6", ("ringing", "")), ("4", ("out", "device unavailable")),
        ):  # fmt: skip
            await pbx.say([member(ami_block, "QueueMemberStatus", Status=status)])
            await until(hub, shows(hub, *what))
    async with following(home, source) as hub:
        await until(hub, shows(hub, "out", "device unavailable"))
        await until(hub, lambda: len(health(hub).get("gaps", ())) == 1)
    pbx.lists["queuestatus"][1] += b"\r\nStatus: 1"
    async with following(home, source) as hub:
        await until(hub, shows(hub, "available", ""))


async def test_a_caller_on_hold_shows_in_the_agents_state_and_takes_nothing_from_the_talk(
    pbx: Any, home: Path, ami_block: Block
) -> None:
    def does(hub: Hub, reason: str) -> Callable[[], bool]:
        def holds() -> bool:
            (found,) = queries.live_agents(hub.view, 0, hub.clock())
            return (found.state, found.reason) == ("talking", reason)

        return holds

    about = {"Uniqueid": "1.1", "Queue": "sales", "MemberName": "Ann", "Interface": "PJSIP/101", "DestUniqueid": "2.1"}
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        await pbx.say([joined(ami_block), ami_block(Event="AgentCalled", **about)])
        await pbx.say([ami_block(Event="AgentConnect", HoldTime="4", RingTime="2", **about)])
        await until(hub, does(hub, ""))
        await pbx.say([ami_block(Event="Hold", Uniqueid="2.1")])
        await until(hub, does(hub, "on hold"))
        assert (await hub.read(queries.live_queues, hub.view, 0, hub.clock()))[QUEUE].talking == 1
        await pbx.say([ami_block(Event="Unhold", Uniqueid="2.1")])
        await until(hub, does(hub, ""))


async def test_a_members_own_wrap_up_time_is_taken_from_the_snapshot(pbx: Any, home: Path, ami_block: Block) -> None:
    fields = {"Name": "Ann", "Location": "PJSIP/101", "Membership": "static", "Paused": "0", "Wrapuptime": "25"}
    pbx.lists["queuestatus"] += [
        ami_block(Event="QueueParams", Queue="vip", ServiceLevel="30"),
        ami_block(Event="QueueMember", Queue="vip", **fields),
    ]
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: (hub.document("agent", ANN) or {}).get("wrap_ups") == {"asterisk:pbx1:vip": 25})


async def test_a_queues_wrap_up_time_is_taken_from_its_configuration_where_the_account_may_see_it(
    new_pbx: Callable[..., Any], home: Path, ami_block: Block
) -> None:
    pbx = new_pbx(lists=empty_lists(ami_block))
    said = {"Category_000000": "general", "Category_000001": "sales", "Line_000001_000000": "wrapuptime=25"}
    pbx.answers["getconfig"] = ami_block(Response="Success", **said)
    await pbx.start()
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: (hub.document("queue", QUEUE) or {}).get("wrap_up_s") == 25)
        await until(hub, lambda: health(hub).get("error") == "")


async def test_settings_of_a_queue_that_are_changed_there_later_are_followed_and_what_people_made_stays(
    new_pbx: Callable[..., Any], home: Path, ami_block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "RECONCILE_S", 0.1)
    pbx = new_pbx(lists=empty_lists(ami_block))

    def set_up(service_level: int, wrap_up: int) -> None:
        pbx.lists["queuestatus"][0] = ami_block(Event="QueueParams", Queue="sales", ServiceLevel=str(service_level))
        said = {"Category_000001": "sales", "Line_000001_000000": f"wrapuptime={wrap_up}"}
        pbx.answers["getconfig"] = ami_block(Response="Success", **said)

    def has(service_level: int, wrap_up: int) -> Callable[[], bool]:
        def found() -> bool:
            doc = hub.document("queue", QUEUE) or {}
            return (doc.get("service_level_s"), doc.get("wrap_up_s")) == (service_level, wrap_up)

        return found

    set_up(30, 25)
    await pbx.start()
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, has(30, 25))
        set_up(20, 10)
        await pbx.say([ami_block(Event="Reload", Module="chan_sip.so", Status="0")])
        await until(hub, has(20, 25))
        assert pbx.asked.count("GetConfig") == 1, "nothing said that queues were loaded anew"
        await pbx.say([ami_block(Event="Reload", Module="app_queue.so", Status="0")])
        await until(hub, has(20, 10))
        known = await hub.read(hub.document, "queue", QUEUE) or {}
        await hub.run(hub.commit, [hub.put("queue", {**known, "service_level_s": 45}, "ann")])
        set_up(60, 5)
        await pbx.say([ami_block(Event="Reload", Module="All", Status="0")])
        await until(hub, has(45, 5))
        assert pbx.asked.count("GetConfig") == 3


async def test_who_moves_on_while_a_snapshot_is_taken_is_not_put_back_by_it(
    pbx: Any, home: Path, ami_block: Block
) -> None:
    on_bridge = {"BridgeId": "b1", "Application": "Queue", "ApplicationData": "sales,t"}
    talk = {"Uniqueid": "1.1", "Queue": "sales", "MemberName": "Ann", "HoldTime": "4", "TalkTime": "30"}
    pbx.lists["coreshowchannels"] = [
        ami_block(Event="CoreShowChannel", Uniqueid="1.1", Channel="PJSIP/t-1", **on_bridge),
        ami_block(Event="CoreShowChannel", Uniqueid="1.9", Channel="PJSIP/101-2", BridgeId="b1"),
    ]
    pbx.meanwhile["coreshowchannels"] = [
        ami_block(Event="AgentComplete", Reason="caller", **talk),
        ami_block(Event="Hangup", Uniqueid="1.1"),
    ]
    pbx.lists["queuestatus"].append(ami_block(Event="QueueEntry", Queue="sales", Uniqueid="1.2", Wait="40"))
    pbx.meanwhile["queuestatus"] = [
        ami_block(Event="QueueCallerAbandon", Uniqueid="1.2", Queue="sales", HoldTime="40"),
        ami_block(Event="QueueCallerLeave", Uniqueid="1.2", Queue="sales"),
        ami_block(Event="Hangup", Uniqueid="1.2"),
    ]
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        await pbx.say([joined(ami_block, "1.3")])
        await until(hub, lambda: call(hub, "1.3").get("state") == "waiting")
        for ident in ("1.1", "1.2"):
            known = call(hub, ident)
            assert (known["state"], len(known["visits"])) == ("ended", 1), ident
        assert [leg.get("talk_s") for leg in call(hub, "1.1")["legs"]] == [30]


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


async def test_an_account_that_sees_no_events_is_said_and_signs_in_anew(
    pbx: Any, home: Path, ami_block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "RECONCILE_S", 0.2)
    monkeypatch.setattr(rights, "ANEW_S", 2.0)
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        assert health(hub)["sees"].get("agent") is None, "nothing has happened yet"
        entry = ami_block(Event="QueueEntry", Queue="sales", Uniqueid="1.3", Wait="4", Position="1")
        pbx.lists["queuestatus"].append(entry)  # a caller waits, and nothing was said of it
        await until(hub, lambda: health(hub).get("sees", {}).get("agent") is False)
        assert "write “read = system,call,agent,cdr” into its section of manager.conf" in health(hub)["error"]
        since = health(hub)["connected_since"]
        await pbx.until(lambda one: one.logins == 2)  # rights hold from a login on
        await until(hub, lambda: health(hub).get("connected_since") != since)
        assert health(hub)["links"] == {"ami": "up"}
        assert not health(hub)["gaps"], "the new line is there before the old one goes: nobody missed anything"
        assert health(hub)["sees"]["agent"] is False, "a login proves nothing"
        await pbx.say([joined(ami_block)])
        await until(hub, lambda: health(hub)["sees"].get("agent") is True)
        assert health(hub)["error"] == ""


async def test_an_account_that_may_not_ask_signs_in_anew_and_asks_again(
    pbx: Any, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "ANEW_S", 0.3)
    pbx.refused = {"coreshowchannels"}
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: "may not ask CoreShowChannels" in health(hub).get("error", ""))
        pbx.refused = set()
        logins = pbx.logins
        await until(hub, lambda: health(hub).get("error") == "")
        assert pbx.logins > logins, "what is written into manager.conf holds from the next login on"
        assert not health(hub)["gaps"]


async def test_a_line_that_nobody_takes_over_from_leaves_a_gap_as_any_other(
    pbx: Any, home: Path, ami_block: Block, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rights, "ANEW_S", 0.3)
    monkeypatch.setattr(lines, "RECONCILE_S", 0.1)
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        monkeypatch.setattr(live, "connect_for", partial(_refuses, AmiError("login-refused", "Only once.", "")))
        pbx.refused = {"coreshowchannels"}
        await until(hub, lambda: bool(health(hub).get("gaps")) and health(hub)["gaps"][-1].get("end"))
        assert health(hub)["links"] == {"ami": "up"}


async def _refuses(error: AmiError, *_: Any) -> None:
    raise error


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


def said(hub: Hub) -> list[str]:
    """What presence documents say."""
    with hub.view.reading() as db:
        return [what for (what,) in db.execute("SELECT what FROM presence")]


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


async def test_it_looks_once_at_the_beginning_and_again_when_the_phone_system_has_started_up(
    new_pbx: Callable[..., Any], home: Path, ami_block: Block
) -> None:
    pbx = new_pbx(lists=empty_lists(ami_block), uptime=86400)
    await pbx.start()
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        for number in range(20):
            await pbx.say([joined(ami_block, f"1.{number}")])
            await until(hub, waits(hub, f"1.{number}"))
        assert [pbx.asked.count(name) for name in ("QueueStatus", "CoreShowChannels", "Ping")] == [1, 1, 1]
        await pbx.say([ami_block(Event="FullyBooted", Uptime="0")])
        await pbx.until(lambda one: one.asked.count("CoreShowChannels") == 2)


async def test_only_chosen_queues_are_asked_for(pbx: Any, home: Path, ami_block: Block) -> None:
    chosen = settings(pbx, queues=("sales",))
    async with following(home, SourceSettings("pbx1", ami=chosen)) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        await pbx.say([joined(ami_block, "1.1", "other"), joined(ami_block, "1.2")])
        await until(hub, lambda: call(hub, "1.2").get("state") == "waiting")
        assert call(hub, "1.1") == {}


# -- what can be wrong, a sentence each


async def _closed_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@pytest.mark.parametrize(
    ("given", "name", "words"),
    [
        ({"secret": "other"}, "login-refused", "refused the login wallboard: Authentication failed"),
        ({"banner": b"SSH-2.0-OpenSSH_9.6\r\n"}, "not-asterisk", "is not Asterisk"),
        ({"banner": b"\x00\xff\xfe\x80" * 9 + b"\n"}, "not-asterisk", "is not Asterisk"),
        ({"banner": b"x" * 10_000_000}, "not-asterisk", "is not Asterisk"),
        (
            {"banner": b"Asterisk Call Manager/11.0.0\r\n" + b"x" * 10_000_000},
            "not-asterisk",
            "what follows is not its manager interface",
        ),
        ({"banner": b""}, "silent", "did not greet within"),
        ({"silent": {"challenge"}}, "silent", "did not answer Challenge"),
    ],
)
async def test_each_thing_that_is_wrong_with_a_peer_has_its_sentence(
    new_pbx: Callable[..., Any], home: Path, given: dict[str, Any], name: str, words: str
) -> None:
    pbx = new_pbx(**given)
    await pbx.start()
    account = replace(settings(pbx), timeout_s=0.5)
    with pytest.raises(AmiError, match=words) as raised:
        await probe(account, "sesame")
    assert raised.value.name == name
    assert raised.value.next.endswith((".", "?"))
    async with following(home, SourceSettings("pbx1", ami=account)) as hub:
        await until(hub, lambda: words in health(hub).get("error", ""))
        told = health(hub)
        assert (told["links"], list(told["errors"])) == ({"ami": "down"}, ["ami"])
        assert told["connected_since"] is None
        assert "sesame" not in str(told)


async def test_nobody_there_and_no_secret_have_theirs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    account = AmiSettings("127.0.0.1", "wallboard", port=await _closed_port(), secret_env="PBX1_SECRET", timeout_s=1)
    async with following(home, SourceSettings("pbx1", ami=account)) as hub:
        await until(hub, lambda: "cannot be reached" in health(hub).get("error", ""))
        monkeypatch.delenv("PBX1_SECRET")
        await until(hub, lambda: "PBX1_SECRET is not set" in health(hub).get("error", ""))


async def test_tls_with_a_plain_port_is_said_as_such(pbx: Any) -> None:
    with pytest.raises(AmiError) as raised:
        await probe(replace(settings(pbx), tls=True, timeout_s=2), "sesame")
    assert raised.value.name in ("tls-failed", "unreachable")
    assert "does not speak TLS" in raised.value.reason or "hung up" in raised.value.reason


async def test_a_refused_permission_is_said_and_the_rest_goes_on(pbx: Any, home: Path, ami_block: Block) -> None:
    pbx.refused.add("coreshowchannels")
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: "may not ask CoreShowChannels" in health(hub).get("error", ""))
        assert health(hub)["links"] == {"ami": "up"}
        await pbx.say([joined(ami_block)])
        await until(hub, lambda: call(hub).get("state") == "waiting")


async def test_garbage_long_lines_and_empty_events_are_counted_and_said_and_the_rest_is_heard(
    pbx: Any, home: Path, ami_block: Block
) -> None:
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        nameless = ami_block(Event="QueueCallerJoin", Queue="sales")
        huge = ami_block(Event="QueueCallerJoin", Uniqueid="x" * 10_000_000)
        await pbx.say(
            [b"\x00\x01 what is this", huge, nameless, ami_block(Event="NobodyKnows", X="1"), joined(ami_block)]
        )
        await until(hub, lambda: call(hub).get("state") == "waiting")
        words = "2 messages could not be read: not as Asterisk writes them, or longer than 1,048,576 bytes."
        await until(hub, lambda: "QueueCallerJoin without Uniqueid" in health(hub).get("error", ""))
        assert health(hub)["error"] == f"{words} 1 event could not be used: QueueCallerJoin without Uniqueid."
        assert health(hub)["malformed"] == 3
        assert health(hub)["links"] == {"ami": "up"}


async def test_one_line_of_ten_megabytes_is_said_and_the_source_is_not_called_well(
    pbx: Any, home: Path, ami_block: Block
) -> None:
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        await pbx.say([ami_block(Event="Foo", X="a" * 10_000_000)])
        await until(hub, lambda: "1 message could not be read" in health(hub).get("errors", {}).get("ami", ""))


async def test_nothing_but_garbage_ends_the_line_which_comes_back(pbx: Any, home: Path, ami_block: Block) -> None:
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        await pbx.say([b"%d garbage" % n for n in range(60)])
        await pbx.until(lambda one: one.asked.count("Agents") == 2)
        await pbx.say([joined(ami_block)])
        await until(hub, lambda: call(hub).get("state") == "waiting")


def test_each_attempt_waits_longer_up_to_a_minute_and_not_all_hubs_the_same() -> None:
    lost = AmiError("lost", "", "")
    assert [pause_after(lost, attempt, 0.0) for attempt in (0, 1, 2, 9)] == [1, 2, 4, 60]
    assert pause_after(lost, 0, 1.0) == 0.5
    assert pause_after(AmiError("login-refused", "", ""), 0, 0.0) == 30, "phone systems ban whoever guesses"


async def test_a_probe_says_what_the_account_may_see_and_what_is_there(
    new_pbx: Callable[..., Any], ami_block: Block
) -> None:
    pbx = new_pbx(lists=empty_lists(ami_block), refused={"coreshowchannels"}, uptime=100)
    await pbx.start()
    pbx.lists["queuestatus"].insert(0, ami_block(Event="QueueParams", Queue="Support"))
    found = await probe(settings(pbx), "sesame", listen_s=0.1)
    assert (found.version, found.system_name) == ("Asterisk 22.10.1", "pbx1")
    assert [(queue.name, queue.service_level_s) for queue in found.queues] == [("sales", 30), ("Support", None)], (
        "by name"
    )
    assert [one.name for one in found.queues[0].members] == ["Ann"]
    assert (found.reads["system"], found.reads["agent"]) == (True, None)
    assert found.actions["QueueStatus"] is True
    assert [(advice.what, advice.line) for advice in found.advice] == [("write=system", "write = system,reporting")]
    kinds = [(kind, doc["key"]) for kind, doc in found.documents("pbx1")]
    assert kinds == [("queue", "asterisk:pbx1:Support"), ("queue", QUEUE), ("agent", ANN)]
    assert "Login" in pbx.asked
    assert set(pbx.asked) <= {
        "Challenge", "Login", "CoreSettings", "CoreStatus", "ListCommands", "Ping", "QueueStatus", "CoreShowChannels",
        "Logoff",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ('host = "h"\nsecret_env = "S"', "has no usable login"),
        ('login = "w"\nqueue_log = "/q"', "but no host"),
        ('host = "h"\nlogin = "w"', "in no one place where its secret lies"),
        ('host = "h"\nlogin = "w"\nsecret_env = "S"\nport = 70000', "which is no port"),
        ('host = "h"\nlogin = "w"\nsecret_env = "S"\ntls = "yes"', "neither true nor false"),
        ('name2 = "x"', "which is no setting"),
    ],
)
def test_wrong_settings_of_a_line_are_named(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "hub.toml").write_text(f'[[source]]\nname = "pbx1"\n{text}\n')
    with pytest.raises(Exception, match=words):
        read_settings(tmp_path)


def test_the_settings_of_a_line_are_read(tmp_path: Path) -> None:
    (tmp_path / "hub.toml").write_text(
        '[[source]]\nname = "pbx1"\nhost = "10.0.0.20"\nlogin = "w"\nsecret_file = "/s"\ntls = true\nqueues = ["a"]\n'
    )
    (source,) = read_settings(tmp_path).sources
    assert source.ami == AmiSettings("10.0.0.20", "w", 5039, True, secret_file=Path("/s"), queues=("a",))


async def test_a_full_disk_ends_no_line_for_good_and_no_call_is_left_behind(
    pbx: Any, home: Path, ami_block: Block, caplog: pytest.LogCaptureFixture
) -> None:
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: health(hub).get("links") == {"ami": "up"})
        writer = hub.view._connections.writer
        pages = writer.execute("PRAGMA page_count").fetchone()[0]
        await hub.run(writer.execute, f"PRAGMA max_page_count = {pages}")
        await pbx.say([joined(ami_block) + b"\r\nCallerIDName: " + b"x" * 60_000])
        await until(hub, lambda: caplog.text.count("The line to pbx1 failed.") > 2)
        assert hub.behind
        await hub.run(writer.execute, "PRAGMA max_page_count = 1000000")
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
