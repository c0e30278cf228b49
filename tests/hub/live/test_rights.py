"""Accounts that may not see or ask everything: said, and tried again by a line beside the one that stands."""

from functools import partial
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub import live
from wallboard_tui.hub.settings import SourceSettings
from wallboard_tui.sources.asterisk.ami import AmiError, rights
from wallboard_tui.sources.asterisk.ami import line as lines

from .following import Block, call, following, health, joined, settings, until


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


async def test_a_refused_permission_is_said_and_the_rest_goes_on(pbx: Any, home: Path, ami_block: Block) -> None:
    pbx.refused.add("coreshowchannels")
    async with following(home, SourceSettings("pbx1", ami=settings(pbx))) as hub:
        await until(hub, lambda: "may not ask CoreShowChannels" in health(hub).get("error", ""))
        assert health(hub)["links"] == {"ami": "up"}
        await pbx.say([joined(ami_block)])
        await until(hub, lambda: call(hub).get("state") == "waiting")
