"""A real hub with a recorded day in it, and the commands as a person at its machine runs them."""

import asyncio
import io
import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from wallboard_tui.cli.main import run
from wallboard_tui.client.home import Home

from ..real_hub import begin

RECORDED = Path(__file__).resolve().parents[2] / "sample_data" / "recorded"
START_S = 60.0


@dataclass(frozen=True)
class Said:
    """What a command answered."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Standard output as JSON."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Site:
    """A home, and the program run in it."""

    home: Path

    def run(self, *arguments: str, stdin: str = "") -> Said:
        """Run a command, whatever comes of it. In this process, but all the way from arguments to exit status."""
        out, err = io.StringIO(), io.StringIO()
        with pytest.MonkeyPatch.context() as patch, redirect_stdout(out), redirect_stderr(err):
            patch.setenv("WALLBOARD_HOME", str(self.home))
            # Output goes into a pipe, which is as wide as it takes; pytest-xdist tells its workers another width.
            patch.delenv("COLUMNS", raising=False)
            patch.setattr(sys, "stdin", io.StringIO(stdin))
            with pytest.raises(SystemExit) as ended:
                run(arguments)
        assert "Traceback" not in err.getvalue()
        return Said(int(ended.value.code or 0), out.getvalue(), err.getvalue())

    def ok(self, *arguments: str, stdin: str = "") -> Said:
        """Run a command that has to succeed."""
        said = self.run(*arguments, stdin=stdin)
        assert said.status == 0, said.err
        return said

    def json(self, *arguments: str) -> Any:
        """Run a command that has to succeed, with ``--json``."""
        return self.ok(*arguments, "--json").json


@pytest.fixture
def empty(tmp_path: Path) -> Site:
    """A home in which nothing is."""
    return Site(tmp_path / "home")


@pytest.fixture
def office(empty: Site) -> Iterator[Site]:
    """A new organisation with a queue and its agents, and nobody in it but the first admin; and the hub that a command
    before has started. (Its start costs a second of a core; ``empty`` is for the tests of that.)
    """
    hub = asyncio.run(begin(Home.at(empty.home).prepare()))
    empty.ok("init", "--name", "Corrib", "--time-zone", "Europe/Dublin", "--pack", "standard", "--pack", "justcall")
    conf = empty.home / "queues.conf"
    conf.write_text("[sales]\nmember => SIP/101,0,Ann\n[support]\nmember => SIP/102,0,Bob\n", encoding="utf-8")
    empty.ok("import", "queues-conf", str(conf), "--source", "pbx1")
    yield empty
    hub.terminate()
    hub.join(20)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A running hub: an organisation, a recorded day of a real Asterisk, a supervisor, an agent, a receptionist.

    Tests share it: they may add to it, and change back what they changed.
    """
    found = Site(tmp_path_factory.mktemp("site") / "home")
    found.home.mkdir()
    environ = {**os.environ, "WALLBOARD_HOME": str(found.home)}
    log = (found.home.parent / "hub.log").open("wb")
    hub = subprocess.Popen(
        [sys.executable, "-m", "wallboard_tui.cli", "hub"],
        env=environ,
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
    )
    deadline = time.monotonic() + START_S
    while not (found.home / "hub.sock").exists():
        assert hub.poll() is None, (found.home.parent / "hub.log").read_text()
        assert time.monotonic() < deadline
        time.sleep(0.05)
    packs = ["--pack", "standard", "--pack", "calltracks"]
    found.json("init", "--name", "Corrib Telecom", "--time-zone", "Europe/Dublin", *packs)
    for kind, file in (("queues-conf", "queues.conf"), ("queue-log", "queue_log.xz"), ("cdr", "Master.csv.xz")):
        found.json("import", kind, str(RECORDED / file), "--source", "pbx1")
    found.ok("people", "add", "Ann Kelly", "--key", "ann", "--role", "standard:supervisor", "--extension", "120")
    found.ok("people", "add", "Alice Morgan", "--key", "alice", "--role", "standard:agent", "--agent", "alice")
    found.ok("people", "add", "Rita Farrell", "--key", "rita", "--role", "calltracks:receptionist")
    yield found
    hub.terminate()
    hub.wait(20)
    log.close()
