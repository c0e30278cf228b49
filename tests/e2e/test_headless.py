"""The demo without a screen: what scripts and checks start, ask and end."""

import json
import os
import re
import shlex
import signal
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.xdist_group("headless"), pytest.mark.timeout(240)]

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = [sys.executable, "-m", "wallboard_tui.cli"]
SCRIPTS = (
    (ROOT / "README.md").read_text("utf-8").split("## For scripts", 1)[1].split("```sh\n", 1)[1].split("```", 1)[0]
)


class Demo:
    """A running headless demo."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.environ = {**os.environ, "WALLBOARD_HOME": str(home)}
        self.process = subprocess.Popen(
            [*PROGRAM, "demo", "--headless"],
            env=self.environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.process.stdout is not None
        self.said = self.process.stdout.readline()

    def run(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """A command in the demo's home."""
        return subprocess.run([*PROGRAM, *arguments], env=self.environ, capture_output=True, text=True, timeout=120)

    def json(self, *arguments: str) -> Any:
        """A command that has to succeed, as JSON."""
        done = self.run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """One demo for all tests here; it is ended by the last of them, or at the end."""
    found = Demo(tmp_path_factory.mktemp("headless") / "home")
    yield found
    found.process.kill()
    found.process.wait(20)


def wait_until(what: str, holds: Any, within_s: float = 60.0) -> None:
    """Wait until something holds."""
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


def test_it_says_when_it_is_ready_and_where(demo: Demo) -> None:
    assert demo.said == f"The demo is ready: WALLBOARD_HOME={demo.home}\n"


def test_callers_wait_and_agents_talk_from_the_first_moment_on(demo: Demo) -> None:
    states = {call["state"] for call in demo.json("calls", "--limit", "2000")}
    assert {"ended", "talking"} <= states or {"ended", "waiting"} <= states
    offered = demo.json("kpis", "--by", "all", "--period", "today")[0]["measures"]["offered"]
    assert offered > 100, "the recording began some minutes before the demo did"
    wait_until(
        "the recording goes on",
        lambda: demo.json("kpis", "--by", "all", "--period", "today")[0]["measures"]["offered"] > offered,
    )


@pytest.mark.parametrize("line", [line for line in SCRIPTS.splitlines() if line.startswith("wallboard ")])
def test_what_the_readme_tells_scripts_to_run_runs(demo: Demo, line: str) -> None:
    done = demo.run(*shlex.split(line)[1:])
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip()
    if "--json" in line:
        json.loads(done.stdout)


def test_a_receptionist_gets_missed_opportunities_and_nothing_else(demo: Demo) -> None:
    assert demo.json("me", "--as", "ct-reception")["panes"] == ["missed"]
    for person in ("ct-reception", "ct-none"):
        refused = demo.run("calls", "--as", person)
        assert (refused.returncode, refused.stdout) == (1, "")
        assert "You may not see calls" in refused.stderr
    for pane in ("wallboard", "agents", "rollups", "metrics", "calls"):
        assert demo.run("show", pane, "--as", "ct-reception").returncode == 1
    assert demo.json("show", "missed", "--as", "ct-reception")["rows"]


def test_a_second_one_in_the_same_home_is_refused(demo: Demo) -> None:
    done = demo.run("demo", "--headless")
    assert done.returncode == 1
    assert "running" in done.stderr


def test_the_weeks_behind_today_come_in_by_themselves(demo: Demo) -> None:
    def yesterday() -> bool:
        rows = demo.json("kpis", "--by", "all", "--period", "week")
        return bool(rows) and rows[0]["measures"].get("offered", 0) > 1000

    wait_until("a week's calls", yesterday, within_s=150)


def hub_of(demo: Demo) -> int:
    """The process that listens on the demo's socket; 0: there is none."""
    with socket.socket(socket.AF_UNIX) as line:
        try:
            line.connect(str(demo.home / "hub.sock"))
        except OSError:
            return 0
        return int(
            struct.unpack("3i", line.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i")))[0]
        )


@pytest.mark.skipif(not hasattr(socket, "SO_PEERCRED"), reason="only Linux tells whose socket it is")
def test_a_hub_that_is_killed_comes_back_and_plays_on(demo: Demo) -> None:
    def newest() -> float:
        return float(next(row["last_event"] for row in demo.json("sources") if row["key"] == "pbx1"))

    killed = hub_of(demo)
    os.kill(killed, signal.SIGKILL)
    wait_until("a hub again", lambda: hub_of(demo) not in (0, killed))
    then = newest()
    wait_until("the recording to go on", lambda: newest() > then)
    assert demo.process.poll() is None


def test_it_ends_when_it_is_asked_to_and_its_hub_with_it(demo: Demo) -> None:
    demo.process.send_signal(signal.SIGTERM)
    assert demo.process.wait(30) == 0
    wait_until("its hub to end", lambda: not (demo.home / "hub.sock").exists())
    assert re.search(r'"began": \d+', (demo.home / "demo").read_text("utf-8"))
