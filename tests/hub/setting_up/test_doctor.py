"""What doctor says of sources that are followed."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub import live, source_setup
from wallboard_tui.sources.asterisk.ami import line as lines
from wallboard_tui.sources.asterisk.ami import probe

from ..conftest import Clock, House
from .saying import SECRET, Block, added, checks, given, health, office, until


async def test_doctor_does_not_take_for_granted_what_nothing_showed_and_says_it_once_it_is_known(
    house: House, pbx: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(source_setup, "probe", partial(probe, listen_s=1.0))  # long enough for a member to leave in
    pbx.uptime = 1000
    await added(house, given(pbx))
    state, said = (await checks(house))["pbx1", "rights"]
    assert state == "unsure", "a quiet account is no wrong one"
    assert said.startswith("Whether the account sees events of the classes call and agent cannot be told")

    before = pbx.asked.count("ListCommands")
    checking = asyncio.create_task(rights(house))
    await pbx.until(lambda pbx: pbx.asked.count("ListCommands") > before)
    before = pbx.asked.count("QueueStatus")
    await pbx.until(lambda pbx: pbx.asked.count("QueueStatus") > before)
    pbx.lists["queuestatus"] = [block for block in pbx.lists["queuestatus"] if b"Dana" not in block]
    missing, unsure = await checking
    assert missing.startswith("read=agent: Without it"), "a member left, and no event told of it"
    assert "In manager.conf, section [wallboard]: read = system,call,agent,cdr" in missing
    assert "events of the class call cannot be told" in unsure


async def test_doctor_says_what_to_write_where_only_the_line_that_is_followed_has_found_it_out(
    house: House, pbx: Any, ami_block: Block, clock: Clock
) -> None:
    pbx.uptime = 1000
    await added(house, given(pbx))
    pbx.lists["queuestatus"] = [block for block in pbx.lists["queuestatus"] if b"Dana" not in block]
    clock.now += lines.RECONCILE_S
    await until(lambda: health(house).get("sees", {}).get("agent") is False)
    missing, _ = await rights(house)
    assert missing.startswith("read=agent: Without it callers and agents are seen once a minute only")
    assert "In manager.conf, section [wallboard]: read = system,call,agent,cdr (then: manager reload)" in missing
    assert "Where that is done: The hub signs in anew within 5 minutes." in missing
    assert ("pbx1", "health") not in await checks(house), "it is said once"

    # As to an account that was given the right since, by another line than the one that is followed.
    pbx.meanwhile["queuestatus"] = [ami_block(Event="QueueCallerJoin", Uniqueid="7.1", Queue="sales")]
    assert not any(said.startswith("read=agent") for said in await rights(house))


async def test_a_queue_log_of_queues_that_the_phone_system_does_not_have_is_asked_about(
    house: House, pbx: Any, tmp_path: Path
) -> None:
    log = tmp_path / "queue_log"
    line = "1795262000|1.1|{}|NONE|ENTERQUEUE||0861234567|1\n"
    log.write_text("".join(line.format(queue) for queue in ("billing", "claims", "night", "west")), "utf-8")
    (file,) = (await added(house, given(pbx, queue_log=str(log))))["files"]
    assert file["ok"], "it may be an old one"
    assert file["notes"] == [
        "It tells of the queues billing, claims, night and 1 more, and this phone system has none of them:"
        " is it another one's?"
    ]
    assert (await checks(house))["pbx1", "queue_log"][0] == "warn"
    log.write_text(log.read_text("utf-8") + line.format("sales"), "utf-8")
    assert (await checks(house))["pbx1", "queue_log"][0] == "ok"


async def rights(house: House) -> list[str]:
    """What doctor says of the account's rights."""
    async with house.operator() as client:
        found = (await client.get("/doctor")).json()
    return [f"{one['says']} {one['next']}" for one in found if one["what"] == "rights"]


async def test_doctor_finds_a_source_well(house: House, pbx: Any, tmp_path: Path) -> None:
    log = tmp_path / "queue_log"
    log.write_text("1795262000|1.1|sales|NONE|ENTERQUEUE||0861234567|1\n", "utf-8")
    assert (await checks(house))["hub", "sources"][0] == "warn", "nothing is followed yet"
    await added(house, given(pbx, queue_log=str(log)))
    found = await checks(house)
    states = {key: state for key, (state, _) in found.items()}
    assert states["hub", "organisation"] == states["pbx1", "ami"] == states["pbx1", "queue_log"] == "ok"
    assert found["pbx1", "ami"][1].startswith(f"Asterisk 22.10.1 at 127.0.0.1:{pbx.port}, 1 queue.")


async def test_doctor_says_what_is_broken_and_what_to_do(
    house: House, pbx: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log = tmp_path / "logs" / "queue_log"
    log.parent.mkdir()
    log.write_text("1795262000|1.1|sales|NONE|ENTERQUEUE||0861234567|1\n", "utf-8")
    await added(house, given(pbx, queue_log=str(log)))

    log.write_text("what is this\n" * 3, "utf-8")
    monkeypatch.delenv("PBX1_SECRET")
    found = await checks(house)
    assert found["pbx1", "ami"][0] == "bad"
    assert "PBX1_SECRET is not set" in found["pbx1", "ami"][1]
    assert found["pbx1", "queue_log"][0] == "bad"
    assert "logger.conf" in found["pbx1", "queue_log"][1]

    monkeypatch.setenv("PBX1_SECRET", SECRET)
    await pbx.stop()
    await until(lambda: (house.hub.document("source", "pbx1") or {}).get("links", {}).get("ami") == "down")
    found = await checks(house)
    assert found["pbx1", "ami"][0] == "bad"
    assert f"127.0.0.1:{pbx.port}" in found["pbx1", "ami"][1]
    assert found["pbx1", "health"][0] == "bad"


async def test_a_line_that_doctor_finds_well_is_not_waited_for_after_a_refused_login(
    house: House, pbx: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "pause_after", lambda *_: 600.0)
    await added(house, given(pbx))
    pbx.secret = "changed-4713"
    pbx.hang_up()
    await until(lambda: health(house)["links"] == {"ami": "down"})
    house.runtime.tails.try_now("pbx1")
    await until(lambda: "refused the login" in health(house)["error"])
    assert "by itself, within 10 minutes" in (await checks(house))["pbx1", "health"][1]

    pbx.secret = SECRET
    found = await checks(house)
    assert found["pbx1", "ami"][0] == "ok"
    assert found["pbx1", "health"][1].endswith("The hub tries it again now.")
    await until(lambda: health(house)["links"] == {"ami": "up"})
    assert ("pbx1", "health") not in await checks(house)


async def test_doctor_warns_of_rights_that_are_missing_and_of_clocks_apart(
    house: House, new_pbx: Callable[..., Any], ami_block: Block
) -> None:
    pbx = new_pbx(
        lists={name: found for name, found in office(ami_block).items() if name != "coreshowchannels"},
        secret=SECRET,
        clock=lambda: 1_000_000_000.0,
    )
    await pbx.start()
    await added(house, given(pbx))
    found = await checks(house)
    assert found["pbx1", "rights"][0] == "unsure"
    assert "cannot be told" in found["pbx1", "rights"][1], "nobody calls: Asterisk does not say what an account may see"
    assert "read = system,call,agent" in found["pbx1", "rights"][1]
    assert found["pbx1", "clock"][0] == "warn"
    assert "NTP" in found["pbx1", "clock"][1]
