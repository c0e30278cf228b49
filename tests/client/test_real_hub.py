"""The terminal's side against the real hub, a child process on a Unix socket, which is
started again as a terminal starts it."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.client.child import reach
from wallboard_tui.client.errors import HubError
from wallboard_tui.client.home import Home
from wallboard_tui.client.hub import HubClient
from wallboard_tui.model.base import Doc
from wallboard_tui.view import queries

from ..real_hub import PASSWORD, RealHub
from .conftest import Open


def queue_log(path: Path, first: int, count: int, start: float) -> None:
    """Calls of one queue: every third abandoned, the others answered and completed."""
    lines = []
    for n in range(first, first + count):
        at = start + 7 * n
        who = f"{at:.0f}|{at:.0f}.{n}|sales"
        lines.append(f"{who}|NONE|ENTERQUEUE||+35318{n:06d}|1")
        if n % 3 == 0:
            lines.append(f"{at + 20:.0f}|{at:.0f}.{n}|sales|NONE|ABANDON|1|1|20")
        else:
            lines.append(f"{at + 5:.0f}|{at:.0f}.{n}|sales|Alice|CONNECT|5|x.{n}|3")
            lines.append(f"{at + 65:.0f}|{at:.0f}.{n}|sales|Alice|COMPLETEAGENT|5|60|1")
    path.write_text("\n".join(lines) + "\n")


@pytest.fixture
async def hub(home: Home) -> AsyncIterator[RealHub]:
    """A real hub that runs; ended with its test."""
    real = RealHub(home)
    await real.begin()
    yield real
    real.kill(signal.SIGTERM)


def calls_of(terminal: Any) -> list[Doc]:
    """All calls in a terminal's view."""
    return [] if terminal.cache.view is None else queries.calls(terminal.cache.view, -1, limit=1_000_000)


async def filled(terminal: Any, count: int) -> None:
    """Wait until a terminal has so many ended calls, and its back-fill is over."""
    await terminal.until(
        lambda: (
            terminal.state == "live"
            and queries.complete_since(terminal.cache.view) is None
            and len([call for call in calls_of(terminal) if call["state"] == "ended"]) >= count
        ),
        60,
    )


async def test_signing_in_and_following_a_real_hub(hub: RealHub, terminal: Open, tmp_path: Path) -> None:
    queue_log(tmp_path / "queue_log", 0, 50, time.time() - 3600)
    assert (await hub.take(tmp_path / "queue_log"))["refused"] == 0
    ann = terminal(token=await hub.token())
    await filled(ann, 50)
    assert ann.people[0].organisation["name"] == "Example Ltd"
    queue_log(tmp_path / "more", 50, 5, time.time() - 3000)
    await hub.take(tmp_path / "more")
    await filled(ann, 55)
    assert abs(ann.sync.now() - time.time()) < 5


@pytest.mark.parametrize("kills", [3, pytest.param(20, marks=pytest.mark.slow)])
async def test_a_hub_killed_during_import_comes_back_with_nothing_missing_and_nothing_twice(
    hub: RealHub, terminal: Open, tmp_path: Path, kills: int
) -> None:
    ann = terminal(token=await hub.token(), revive=lambda: reach(hub.home))
    await ann.until(lambda: ann.state == "live")
    start, per_file = time.time() - 200_000, 1200
    for n in range(kills):
        file = tmp_path / f"queue_log.{n}"
        queue_log(file, n * per_file, per_file, start)
        before = len(calls_of(ann))
        taking = asyncio.ensure_future(hub.take(file))
        await ann.until(lambda before=before: len(calls_of(ann)) > before)
        hub.kill()
        with suppress(HubError):
            await taking
        await ann.until(lambda: ann.state == "live", 30)
        await reach(hub.home)
        await hub.take(file)
    await filled(ann, kills * per_file)
    keys = [call["key"] for call in calls_of(ann)]
    assert len(keys) == len(set(keys)) == kills * per_file
    fresh = terminal(token=await hub.token())
    await filled(fresh, kills * per_file)
    by_key = {call["key"]: call for call in calls_of(fresh)}
    assert {call["key"]: call for call in calls_of(ann)} == by_key
    now, lens = time.time(), ann.cache.me.lens("calls")
    figures = [
        queries.measures(one.cache.view, lens, by="queue", start=start - 60, end=now + 60, now=now)
        for one in (ann, fresh)
    ]
    assert figures[0] == figures[1]
    assert figures[0]["asterisk:pbx1:sales"]["offered"] == kills * per_file
    assert ann.cache.view.path != fresh.cache.view.path


async def test_a_terminal_started_again_draws_from_its_cache_and_goes_on(
    hub: RealHub, terminal: Open, tmp_path: Path
) -> None:
    token = await hub.token()
    queue_log(tmp_path / "queue_log", 0, 30, time.time() - 3600)
    await hub.take(tmp_path / "queue_log")
    first = terminal(token=token)
    await filled(first, 30)
    await first.close()
    hub.kill()
    second = terminal(token=token, revive=lambda: reach(hub.home))
    assert len(calls_of(second)) == 30
    await filled(second, 30)
    assert second.views == [], "it went on from its cursor"


async def test_a_demoted_person_loses_the_rows_and_the_file(hub: RealHub, terminal: Open, tmp_path: Path) -> None:
    queue_log(tmp_path / "queue_log", 0, 9, time.time() - 3600)
    await hub.take(tmp_path / "queue_log")
    ann = terminal(token=await hub.token())
    await filled(ann, 9)
    old = ann.cache.view.path
    await hub.apply(("person", {"key": "ann", "name": "Ann", "role": "standard:agent"}))
    await ann.until(lambda: ann.people[-1].role == "standard:agent" and ann.state == "live")
    assert calls_of(ann) == []
    assert None in ann.views
    assert not old.exists()


async def test_signing_out_at_the_hub_ends_the_terminal_and_purges_it(hub: RealHub, terminal: Open) -> None:
    ann = terminal(token=await hub.token())
    await ann.until(lambda: ann.state == "live")
    async with HubClient(hub.address, token=ann.client.token) as elsewhere:
        await elsewhere.sign_out()
    await ann.until(lambda: ann.running.done())
    assert (ann.state, ann.sync.connection.why) == ("signed-out", "signed-out")
    assert not list(hub.home.cache.glob("*.db"))


async def test_a_token_the_hub_does_not_know_asks_to_sign_in(hub: RealHub, terminal: Open) -> None:
    ann = terminal(token="made up")
    await ann.until(lambda: ann.running.done(), 20)
    assert ann.state == "signed-out"
    async with HubClient(hub.address, token="made up") as client:
        with pytest.raises(HubError) as caught:
            await client.me()
    assert caught.value.signed_out


async def test_a_wrong_password_and_an_unknown_person_get_the_same_sentence(hub: RealHub) -> None:
    said = []
    async with HubClient(hub.address) as client:
        for person in ("ann", "nobody"):
            with pytest.raises(HubError) as caught:
                await client.sign_in(person, "wrong")
            said.append((caught.value.name, caught.value.status, str(caught.value)))
    assert said[0] == said[1]
    assert said[0][:2] == ("sign-in-failed", 401)


async def test_a_terminal_of_another_version_is_told_in_a_sentence(
    hub: RealHub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("wallboard_tui.client.hub.PROTOCOL", 99)
    async with HubClient(hub.address) as client:
        with pytest.raises(HubError) as caught:
            await client.sign_in("ann", PASSWORD)
    assert caught.value.status == 426
    assert "99" in str(caught.value)


async def test_a_damaged_cache_is_loaded_again_from_the_hub(hub: RealHub, terminal: Open, tmp_path: Path) -> None:
    token = await hub.token()
    queue_log(tmp_path / "queue_log", 0, 20, time.time() - 3600)
    await hub.take(tmp_path / "queue_log")
    first = terminal(token=token)
    await filled(first, 20)
    path = first.cache.view.path
    await first.close()
    path.write_bytes(os.urandom(path.stat().st_size))
    second = terminal(token=token)
    await filled(second, 20)
    assert any("was damaged" in notice for notice in second.notices)


async def test_a_child_hub_ends_by_itself_once_nobody_uses_it(hub: RealHub, terminal: Open) -> None:
    ann = terminal(token=await hub.token())
    await ann.until(lambda: ann.state == "live")
    watched, ended = os.pidfd_open(hub.pid), asyncio.Event()
    asyncio.get_running_loop().add_reader(watched, ended.set)
    await ann.close()
    await asyncio.wait_for(ended.wait(), 30)
    asyncio.get_running_loop().remove_reader(watched)
    os.close(watched)
    assert not hub.home.socket.exists()
