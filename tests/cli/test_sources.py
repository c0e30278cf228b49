"""``wallboard source add|remove``, ``sources`` and ``doctor``: a hub as a service, a phone system on a real port."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.cli.source_words import print_sources, when

from .conftest import START_S, Said, Site

SECRET = "sesame-4711-open"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A home with an organisation, and a service in it that was started with the secret's variable."""
    empty = Site(tmp_path_factory.mktemp("service") / "home")
    empty.home.mkdir()
    log = (empty.home / "hub.log").open("wb")
    environ = {**os.environ, "WALLBOARD_HOME": str(empty.home), "PBX1_SECRET": SECRET}
    hub = subprocess.Popen([sys.executable, "-m", "wallboard_tui.cli", "hub"], env=environ, stdout=log, stderr=log)
    deadline = time.monotonic() + START_S
    while not (empty.home / "hub.sock").exists():
        assert hub.poll() is None, (empty.home / "hub.log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    empty.json("init", "--name", "Corrib Telecom", "--time-zone", "Europe/Dublin", "--pack", "standard")
    yield empty
    hub.terminate()
    hub.wait(20)
    log.close()


@pytest.fixture
def served(service: Site) -> Iterator[Site]:
    """The service, which follows nothing before and after."""
    yield service
    service.run("source", "remove", "pbx1")


def office(block: Callable[..., bytes], word: str) -> dict[str, list[bytes]]:
    """One queue of fifteen members: Member A, Member B …"""
    members = [
        block(Event="QueueMember", Queue="sales", Name=f"{word} {chr(65 + n)}", Location=f"PJSIP/{200 + n}",
              Membership="static", Paused="0")
        for n in range(15)
    ]  # fmt: skip
    queue = block(Event="QueueParams", Queue="sales", Strategy="ringall", Calls="0", ServiceLevel="30")
    return {"queuestatus": [queue, *members], "coreshowchannels": [], "agents": []}


@pytest.fixture
async def pbx(new_pbx: Callable[..., Any], ami_block: Callable[..., bytes]) -> Any:
    """A phone system that is up."""
    found = new_pbx(lists=office(ami_block, "Member"), secret=SECRET)
    await found.start()
    return found


def adding(pbx: Any, *more: str) -> tuple[str, ...]:
    host = ("--host", "127.0.0.1", "--port", str(pbx.port))
    return ("source", "add", "asterisk", "--name", "pbx1", *host, "--login", "wallboard", *more)


async def run(site: Site, *arguments: str) -> Said:
    """A command beside the phone system, which goes on answering."""
    return await asyncio.to_thread(site.run, *arguments)


async def once(site: Site, condition: Callable[[Said], object], *arguments: str) -> Said:
    """What a command says, once something holds of it: what a line tells comes when it comes."""
    deadline = time.monotonic() + 30
    while not condition(said := await run(site, *arguments)):
        assert time.monotonic() < deadline, said
        await asyncio.sleep(0.1)
    return said


async def sources(site: Site, condition: Callable[[Any], object]) -> Any:
    """The source's health once something holds of it."""
    (found,) = (await once(site, lambda said: condition(said.json[0]), "sources", "--json")).json
    return found


async def test_a_phone_system_is_added_watched_examined_and_removed(served: Site, pbx: Any) -> None:
    began = time.monotonic()
    said = await run(served, *adding(pbx, "--secret-env", "PBX1_SECRET", "--yes", "--json"))
    assert said.status == 0, said.err
    assert time.monotonic() - began < 60
    assert (said.json["source"], said.json["health"]["links"]) == ("pbx1", {"ami": "up"})
    assert len(said.json["proposal"]["people"]) == 15
    assert said.json["lasting"] is True, "this hub is a service"

    table = (await run(served, "sources")).out
    assert "✓ pbx1" in table
    assert "line up" in table
    assert "extension 200" not in table
    assert (await run(served, "doctor")).status == 0
    figures = (await once(served, lambda said: "sales" in said.out, "kpis")).out.splitlines()
    assert figures[1].split()[:5] == ["sales", "0", "0", "n/a", "–"], "the service level is not known, and not nothing"
    people = (await run(served, "people", "list", "--json")).json
    assert {"member.a", "member.o"} <= {person["key"] for person in people}

    live = await run(served, "show", "agents", "--json")
    assert (live.json["stale_since"], live.err) == (None, "")

    followed = await run(served, "source", "queues", "pbx1", "--queue", "sales", "--queue", "night")
    assert (followed.status, followed.out.splitlines()[0]) == (
        0, "! No queue “night” is seen there; it is followed as soon as there is one."
    )  # fmt: skip
    assert (await sources(served, lambda found: bool(found["follows"])))["follows"] == ["sales", "night"]
    assert (await run(served, "source", "queues", "pbx1")).status == 2
    assert (await run(served, "source", "queues", "pbx1", "--all-queues")).status == 0

    await pbx.stop()
    down = await sources(served, lambda found: found["links"]["ami"] == "down")
    assert f"127.0.0.1:{pbx.port}" in down["errors"]["ami"]
    table = (await run(served, "sources")).out
    assert "✗ pbx1" in table
    assert "line down" in table
    assert "to now: it goes on." in table
    examined = await run(served, "doctor")
    assert examined.status == 1
    assert f"✗ pbx1 ami: 127.0.0.1:{pbx.port}" in examined.out
    shown = await run(served, "show", "agents", "--size", "120x20")
    assert " s old" in shown.out.splitlines()[-1], "as a screen draws it"
    assert "PHONE SYSTEM  No word from pbx1 since " in shown.err
    plain = (await run(served, "show", "agents", "--json")).json
    assert plain["now"] == plain["stale_since"] == down["gaps"][-1]["start"], "durations stand still"
    states = {(one["of"], one["what"]): one["state"] for one in (await run(served, "doctor", "--json")).json}
    assert states["pbx1", "ami"] == "bad"

    removed = await run(served, "source", "remove", "pbx1")
    assert (removed.status, removed.out) == (0, "pbx1 is followed no more. What was learned from it stays.\n")
    gone = await run(served, "show", "agents", "--json")
    assert (gone.json["rows"], gone.err) == ([], ""), "nobody knows any more who is signed in there"
    again = await run(served, "source", "remove", "pbx1")
    assert again.status == 1
    assert "No source is followed." in again.err
    held = [file for file in served.home.rglob("*") if file.is_file() and SECRET.encode() in file.read_bytes()]
    assert held == []


async def test_long_lists_are_cut_and_counted(
    served: Site, new_pbx: Callable[..., Any], ami_block: Callable[..., bytes]
) -> None:
    pbx = new_pbx(lists=office(ami_block, "Newcomer"), secret=SECRET)
    await pbx.start()
    said = await run(served, *adding(pbx, "--secret-env", "PBX1_SECRET", "--yes"))
    assert said.status == 0, said.err
    assert "15 new people, role standard:agent:" in said.out
    assert "+ Newcomer A (newcomer.a)" in said.out
    assert "  and 3 more" in said.out
    assert "Newcomer O" not in said.out
    assert "pbx1 is followed: 1 queue." in said.out
    shown = (await run(served, "show", "agents", "--json")).json["rows"]
    assert "Newcomer A" in {row["name"] for row in shown}, "also after it was removed and came again"


@pytest.mark.parametrize(
    ("options", "status", "words"),
    [
        (("--secret-env", "NOBODY_SET_IT", "--yes"), 1, ("NOBODY_SET_IT is not set", "start the hub again")),
        (("--secret-env", "PBX1_SECRET", "--login", "eve", "--yes"), 1, ("eve", "manager.conf")),
        (("--secret-env", "PBX1_SECRET", "--queue-log", "/nowhere/queue_log", "--yes"), 1, ("/nowhere/queue_log",)),
        (("--yes",), 2, ("secret", "--secret-env")),
        (("--secret-env", "PBX1_SECRET"), 2, ("--yes",)),
        (("--port", "0", "--secret-env", "PBX1_SECRET", "--yes"), 2, ("port",)),
    ],
)
async def test_a_failure_is_a_sentence_and_as_json_an_error(
    served: Site, pbx: Any, options: tuple[str, ...], status: int, words: tuple[str, ...]
) -> None:
    said = await run(served, *adding(pbx, *options, "--json"))
    assert said.status == status
    assert SECRET not in said.out + said.err
    for word in words:
        assert word in said.err
    assert said.json["error"]["next"]
    assert not (served.home / "hub.toml").exists() or "[[source]]" not in (served.home / "hub.toml").read_text("utf-8")


async def test_a_secret_of_the_command_alone_is_not_taken_for_the_hubs(
    served: Site, pbx: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The hub could not come back with it after the first interruption."""
    monkeypatch.setenv("ONLY_HERE", SECRET)
    said = await run(served, *adding(pbx, "--secret-env", "ONLY_HERE", "--yes"))
    assert said.status == 1
    assert "ONLY_HERE is not set" in said.err


async def test_a_hub_that_an_earlier_command_left_makes_way_for_one_that_has_the_secret(
    tmp_path: Path, pbx: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    site = Site(tmp_path / "home")
    monkeypatch.delenv("LATE_SECRET", raising=False)
    await run(site, "init", "--name", "Corrib Telecom", "--time-zone", "Europe/Dublin", "--pack", "standard")
    refused = await run(site, *adding(pbx, "--secret-env", "LATE_SECRET", "--yes"))
    assert (refused.status, "LATE_SECRET is not set" in refused.err) == (1, True)
    monkeypatch.setenv("LATE_SECRET", SECRET)
    said = await run(site, *adding(pbx, "--secret-env", "LATE_SECRET", "--yes", "--json"))
    assert said.status == 0, said.err
    assert said.json["health"]["links"]["ami"] == "up"
    await run(site, "source", "remove", "pbx1")


async def test_a_secret_file_that_others_may_read_is_refused(served: Site, pbx: Any, tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRET + "\n", "utf-8")
    file.chmod(0o644)
    said = await run(served, *adding(pbx, "--secret-file", str(file), "--yes"))
    assert said.status == 1
    assert f"chmod 600 {file}" in said.err
    file.chmod(0o600)
    assert (await run(served, *adding(pbx, "--secret-file", str(file), "--yes"))).status == 0


def test_gaps_are_explained_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    now = 1_763_733_600.0
    gaps = [
        {"start": now - 900, "end": now - 800, "closed_by": ["queue_log"]},
        {"start": now - 700, "end": now - 600},
        {"start": now - 99.8, "end": now - 99.3},
    ]
    doc = {"key": "pbx1", "system": "asterisk", "mode": "followed", "links": {"ami": "up"}, "gaps": gaps, "lag_s": 0.2}
    print_sources([doc], now)
    said = capsys.readouterr().out
    assert "what happened then was told by queue_log." in said
    assert "figures of that time are incomplete; queue_log or CDR would close it." in said
    assert "0.2 s" in said
    assert f"pbx1 was not heard from {when(now - 700)} to {when(now - 600)}: " in said
    assert f"pbx1 was not heard for less than a second at {when(now - 99.8)}: " in said


def test_a_recording_that_nothing_plays_is_said_with_what_plays_it_and_not_with_the_doctor(
    capsys: pytest.CaptureFixture[str],
) -> None:
    doc = {"key": "pbx1", "system": "asterisk", "mode": "replayed", "last_event": 90.0, "links": {"recording": "down"}}
    print_sources([doc], 100.0)
    said = capsys.readouterr().out
    assert "✗ pbx1" in said
    assert "not played" in said
    assert said.endswith("Nothing plays the recording of pbx1 any more. To play it anew: wallboard demo\n")
