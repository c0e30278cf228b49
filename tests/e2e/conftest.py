"""The real program in a real terminal: tmux holds the screen, the test types and reads."""

import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

WALLBOARD = f"{sys.executable} -m wallboard_tui.cli"
PATIENCE_S = 30.0


class Terminal:
    """One tmux server with one window that runs a command. Everything waits on what the screen says, never on time."""

    def __init__(self, command: str, environ: dict[str, str], size: tuple[int, int]) -> None:
        self._server = f"wb-{uuid.uuid4().hex[:12]}"
        given = [part for name, value in environ.items() for part in ("-e", f"{name}={value}")]
        width, height = size
        self._tmux("new-session", "-d", "-x", str(width), "-y", str(height), *given, f"{command}; sleep 3600")
        self._tmux("set-option", "-g", "status", "off")
        self.began = time.monotonic()

    def _tmux(self, *arguments: str) -> str:
        command = ["tmux", "-L", self._server, "-f", "/dev/null", *arguments]
        done = subprocess.run(command, capture_output=True, text=True, timeout=20)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def screen(self) -> str:
        """What the screen shows now, as text."""
        return self._tmux("capture-pane", "-p")

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names: ``Enter``, ``C-q``, ``Tab``, ``a``."""
        self._tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text as it stands."""
        self._tmux("send-keys", "-l", text)

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
                raise AssertionError(f"not on the screen within {within_s:.0f} s: {missing}\n{screen}")
            time.sleep(0.05)

    def close(self) -> None:
        """End the program as a closed window would, and the tmux server with it."""
        subprocess.run(["tmux", "-L", self._server, "kill-server"], capture_output=True, timeout=20)


Start = Callable[..., Terminal]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """An empty home of the program's own."""
    return tmp_path / "home"


@pytest.fixture
def start(home: Path) -> Iterator[Start]:
    """Start the program in a terminal: ``start("demo", size=(120, 40))``. All are closed at the end of the test."""
    if shutil.which("tmux") is None:
        pytest.skip("tmux is not installed: apt-get install tmux (it drives the real program in a real terminal)")
    open_ones: list[Terminal] = []

    def started(arguments: str = "", size: tuple[int, int] = (120, 40), **environ: str) -> Terminal:
        settings = {"WALLBOARD_HOME": str(home), "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TERM": "tmux-256color"}
        terminal = Terminal(f"{WALLBOARD} {arguments}", {**settings, "PATH": os.environ["PATH"], **environ}, size)
        open_ones.append(terminal)
        return terminal

    yield started
    for terminal in open_ones:
        terminal.close()
