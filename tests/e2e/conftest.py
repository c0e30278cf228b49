"""The real program in a real terminal: tmux holds the screen, the test types and reads."""

import json
import os
import shlex
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

WALLBOARD = f"{sys.executable} -m wallboard_tui.cli"
PATIENCE_S = 30.0


class Terminal:
    """One tmux server with one window that runs a command. Everything waits on what the screen says, never on time."""

    def __init__(self, command: str, environ: dict[str, str], size: tuple[int, int], place: Path) -> None:
        self._server = f"wb-{uuid.uuid4().hex[:12]}"
        self._conf = place / f"{self._server}.conf"
        width, height = size
        self._conf.write_text("set -g status off\n", "utf-8")
        given = [part for name, value in environ.items() for part in ("-e", f"{name}={value}")]
        self.began = time.monotonic()
        self._tmux("new-session", "-d", "-x", str(width), "-y", str(height), *given, f"{command}; sleep 3600")

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self._server, "-f", str(self._conf), *arguments]
        # A test runner's idea of the size must not reach the program: it would believe it more than its terminal.
        environ = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        done = subprocess.run(command, env=environ, capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def screen(self) -> str:
        """What the screen shows now, as text."""
        return self._tmux("capture-pane", "-p")

    def settings(self) -> str:
        """What ``stty`` says of the terminal, in one line."""
        tty = self._tmux("display-message", "-p", "#{pane_tty}").strip()
        done = subprocess.run(["stty", "-a", "-F", tty], capture_output=True, text=True, timeout=20, check=True)
        return " ".join(done.stdout.split())

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: ``Enter``, ``C-q``, ``Tab``, ``a``."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text as it stands."""
        self._tmux("send-keys", "-l", text)

    def sign_in(self, person: str, password: str = "demo") -> None:
        """Sign in on the screen that asks who is there."""
        self.wait("your short name")
        self.type(person)
        self.wait(lambda screen: "your short name" not in screen)
        self.next_field()
        self.type(password)
        self.wait("•" * len(password))
        self.press("Enter")

    def choose_password(self, secret: str) -> None:
        """Choose a password after signing in with a one-time code."""
        self.wait("Choose a new password")
        self.type(secret)
        self.wait("•" * len(secret))
        self.next_field()
        self.type(secret)
        self.wait(lambda screen: len([line for line in screen.splitlines() if "•" * len(secret) in line]) == 2)
        self.press("Enter")

    def next_field(self) -> None:
        """Press Tab, and wait until the cursor stands in another line."""
        before = self._cursor_line()
        self.press("Tab")
        deadline = time.monotonic() + PATIENCE_S
        while self._cursor_line() == before:
            assert time.monotonic() < deadline, self.screen()
            time.sleep(0.02)

    def _cursor_line(self) -> str:
        return self._tmux("display-message", "-p", "#{cursor_y}").strip()

    def resize(self, width: int, height: int) -> None:
        """Make the window another size."""
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def wait(self, *wanted: str | Callable[[str], bool], within_s: float = PATIENCE_S) -> str:
        """The first screen that holds every wanted text (or satisfies every condition). Fails with the last screen."""
        deadline = time.monotonic() + within_s
        while True:
            screen = self.screen()
            missing = [w for w in wanted if not (w in screen if isinstance(w, str) else w(screen))]
            if not missing:
                return screen
            if time.monotonic() > deadline:
                size = self._tmux("display-message", "-p", "#{window_width} x #{window_height}").strip()
                raise AssertionError(f"not on the screen ({size}) within {within_s:.0f} s: {missing}\n{screen}")
            time.sleep(0.05)

    def record(self, file: Path) -> Path:
        """Write all that the program prints from now on into a file."""
        self._tmux("pipe-pane", f"cat >> {shlex.quote(str(file))}")
        file.touch()
        return file

    def close(self) -> None:
        """End the program as a closed window would, and the tmux server with it."""
        subprocess.run(["tmux", "-L", self._server, "kill-server"], capture_output=True, timeout=20)


Start = Callable[..., Terminal]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home of the program's own."""
    return tmp_path / "home"


@pytest.fixture
def start(home: Path, tmp_path: Path) -> Iterator[Start]:
    """Start the program in a terminal: ``start("demo", size=(120, 40))``. All are closed at the end of the test."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed: apt-get install tmux (it drives the real program in a real terminal)")
    open_ones: list[Terminal] = []

    def started(arguments: str = "", size: tuple[int, int] = (120, 40), **environ: str) -> Terminal:
        settings = {"WALLBOARD_HOME": str(home), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "tmux-256color"}
        terminal = Terminal(
            f"{WALLBOARD} {arguments}", {**settings, "PATH": os.environ["PATH"], **environ}, size, tmp_path
        )
        open_ones.append(terminal)
        return terminal

    yield started
    for terminal in open_ones:
        terminal.close()


class Hub:
    """A hub process of its own (``wallboard hub``) on a TCP port, that a test may kill and start again."""

    def __init__(self, home: Path, port: int) -> None:
        self.home = home
        self.address = f"http://127.0.0.1:{port}"
        self.environ = {**os.environ, "WALLBOARD_HOME": str(home)}
        self._listen = f"127.0.0.1:{port}"
        self._log = home.parent / "hub.log"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with self._log.open("ab") as log:
            command = [sys.executable, "-m", "wallboard_tui.cli", "hub", "--listen", self._listen]
            self.process = subprocess.Popen(command, env=self.environ, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        deadline = time.monotonic() + PATIENCE_S
        while not self._answers():
            assert self.process.poll() is None, self._log.read_text("utf-8")
            assert time.monotonic() < deadline, self._log.read_text("utf-8")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.address}/health", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def kill(self) -> None:
        """``kill -9``: it has no time for anything."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(20)

    def stop(self) -> None:
        """End it as a service manager would."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(20)

    def wallboard(self, *arguments: str) -> Any:
        """Run a command on the hub's machine with ``--json``; its answer."""
        command = [sys.executable, "-m", "wallboard_tui.cli", *arguments, "--json"]
        done = subprocess.run(command, env=self.environ, capture_output=True, text=True, timeout=120)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    """A running hub with an organisation and a recorded day of a real Asterisk in it."""
    recorded = Path(__file__).resolve().parents[2] / "sample_data" / "recorded"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    found = Hub(tmp_path / "hub", port)
    found.home.mkdir()
    found.start()
    found.wallboard(
        "init", "--name", "Corrib", "--time-zone", "Europe/Dublin", "--pack", "standard", "--pack", "calltracks"
    )
    found.wallboard("import", "queues-conf", str(recorded / "queues.conf"), "--source", "pbx1")
    found.wallboard("import", "queue-log", str(recorded / "queue_log.xz"), "--source", "pbx1")
    yield found
    found.stop()
