"""Starting a hub of one's own: once, with a deadline, and with a reason when it does not work."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import JSONResponse

from wallboard_tui.client.child import PROGRAM, reach
from wallboard_tui.client.errors import HubError
from wallboard_tui.client.home import Home, HomeError
from wallboard_tui.client.hub import HubClient

HUB = """
import asyncio, json, os, sys
from pathlib import Path
from wallboard_tui.client.home import Home

home = Home.find()
with open(home.data / "pids", "a") as pids:
    pids.write(f"{os.getpid()} {os.getsid(0)}\\n")
print("this hub begins")

async def answer(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    body = json.dumps({"protocol": 1, "status": "ok"}).encode()
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: %d\\r\\n\\r\\n%s" % (len(body), body))
    await writer.drain()
    writer.close()

async def main():
    home.socket.unlink(missing_ok=True)
    async with await asyncio.start_unix_server(answer, home.socket):
        await asyncio.sleep(60)

asyncio.run(main())
"""


def command(program: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program)


def started(home: Home) -> list[tuple[int, int]]:
    """Process and session of each hub that was started."""
    file = home.data / "pids"
    lines = file.read_text().splitlines() if file.exists() else []
    return [(int(pid), int(session)) for pid, session in (line.split() for line in lines)]


def kill(pid: int) -> None:
    """End a process and see it gone; it may have been waited for already."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(pid, 0)


@pytest.fixture(autouse=True)
def ended(home: Home) -> Iterator[None]:
    """No hub outlives its test."""
    yield
    for pid, _ in started(home):
        kill(pid)


def test_files_of_the_directory_in_which_somebody_is_are_no_part_of_the_program(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("raise SystemExit('imported from where somebody is')")
    said = subprocess.run([*PROGRAM, "--version"], cwd=tmp_path, capture_output=True, text=True, timeout=60)
    assert (said.returncode, said.stderr) == (0, "")


async def test_a_hub_is_started_where_none_runs_and_then_used(home: Home) -> None:
    assert await reach(home, command=command(HUB)) == home.address
    assert await reach(home, command=command(HUB)) == home.address
    assert len(started(home)) == 1


async def test_terminals_that_open_at_the_same_time_start_one_hub(home: Home) -> None:
    addresses = await asyncio.gather(*(reach(home, command=command(HUB)) for _ in range(5)))
    assert addresses == [home.address] * 5
    assert len(started(home)) == 1


async def test_a_killed_hub_is_started_again_over_the_socket_it_left(home: Home) -> None:
    await reach(home, command=command(HUB))
    pid, _ = started(home)[0]
    kill(pid)
    assert home.socket.exists()
    await reach(home, command=command(HUB))
    assert len(started(home)) == 2


async def test_ctrl_c_in_the_terminal_does_not_reach_the_hub(home: Home) -> None:
    await reach(home, command=command(HUB))
    pid, session = started(home)[0]
    assert session == pid != os.getsid(0)


async def test_a_hub_that_ends_at_once_says_why_in_its_last_lines(home: Home) -> None:
    home.hub_log.write_text("an older line\n")
    program = "import sys; print('the journal is damaged'); sys.exit(3)"
    with pytest.raises(HubError) as caught:
        await reach(home, command=command(program))
    assert caught.value.name == "hub-did-not-start"
    assert "ended with status 3" in str(caught.value)
    assert "the journal is damaged" in str(caught.value)
    assert str(home.hub_log) in str(caught.value)
    assert "an older line" not in str(caught.value)


async def test_a_hub_that_a_signal_ends_is_said_to_have_been_ended_so(home: Home) -> None:
    with pytest.raises(HubError, match=r"a signal ended it \(Killed\)"):
        await reach(home, command=command("import os; os.kill(os.getpid(), 9)"))


async def test_a_hub_that_does_not_get_done_is_given_up_and_ended(home: Home, tmp_path: Path) -> None:
    program = f"import os, time; open({str(tmp_path / 'pid')!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    with pytest.raises(HubError, match="within 1 s"):
        await reach(home, command=command(program), start_s=1)
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_what_the_hub_said_of_itself_is_the_reason(home: Home) -> None:
    said = "wallboard: journal /x: the disk is full. Make room, then try again."
    with pytest.raises(HubError) as caught:
        await reach(home, command=command(f"import sys; sys.exit({said!r})"))
    assert str(caught.value) == (
        "The hub could not be started: journal /x: the disk is full. Make room, then try again."
    )


FIRST_NOT_NEEDED = """
from pathlib import Path
from wallboard_tui.client.home import Home
mark = Home.find().data / "not-needed"
if not mark.exists():
    mark.touch()
    raise SystemExit(0)
"""


async def test_a_hub_that_was_not_needed_is_started_again_where_the_other_has_gone(home: Home) -> None:
    assert await reach(home, command=command(FIRST_NOT_NEEDED + HUB)) == home.address
    assert len(started(home)) == 1


async def test_a_hub_that_says_how_far_it_is_is_waited_for(home: Home) -> None:
    telling = "import sys, time\nfor n in range(8):\n    print(n, flush=True)\n    time.sleep(0.25)\n"
    assert await reach(home, command=command(telling + HUB), start_s=1.5) == home.address


async def test_a_question_that_finds_its_hub_gone_is_asked_again_at_the_next_one(home: Home) -> None:
    revive = partial(reach, home, command=command(HUB))
    async with HubClient(await revive(), revive=revive) as client:
        await client.health()
        for number in (1, 2):
            kill(started(home)[-1][0])
            assert (await client.health())["status"] == "ok"
            assert len(started(home)) == number + 1


async def test_without_a_way_to_bring_the_hub_back_it_is_said_to_be_gone(home: Home) -> None:
    async with HubClient(await reach(home, command=command(HUB))) as client:
        kill(started(home)[0][0])
        with pytest.raises(HubError) as caught:
            await client.health()
        assert caught.value.lost


async def test_a_home_in_which_nothing_may_be_written_is_named(home: Home) -> None:
    (home.data / "hub.start.lock").mkdir()
    with pytest.raises(HomeError, match=rf"directory {home.data}: is a directory. Set WALLBOARD_HOME"):
        await reach(home, command=command(HUB))


async def test_a_hub_of_another_version_is_left_running_and_named(hub: Any) -> None:
    hub.answers["/health"] = lambda: JSONResponse({"protocol": 2})
    with pytest.raises(HubError) as caught:
        await reach(hub.home, command=command(HUB))
    assert caught.value.name == "other-protocol"
    assert started(hub.home) == []


async def test_the_log_is_for_its_owner_alone_and_does_not_grow_for_ever(home: Home) -> None:
    home.hub_log.write_text("x" * 2_000_000)
    await reach(home, command=command(HUB))
    assert home.hub_log.stat().st_size < 1000
    assert home.hub_log.stat().st_mode & 0o777 == 0o600
