"""What a hub on a live line to a phone system shows of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub.hub import Hub
from wallboard_tui.hub.settings import SourceSettings
from wallboard_tui.sources.asterisk.ami import devices
from wallboard_tui.sources.asterisk.ami import line as lines
from wallboard_tui.view import queries

from .following import ANN, QUEUE, Block, call, empty_lists, following, health, joined, member, settings, until, waits


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
