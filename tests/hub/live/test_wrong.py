"""What can be wrong with a live line, a sentence each."""

import socket
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.hub.settings import SourceSettings
from wallboard_tui.sources.asterisk.ami import AmiError, AmiSettings, probe
from wallboard_tui.sources.asterisk.ami.line import pause_after

from .following import Block, call, following, health, joined, settings, until


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
