"""Runs a command in a real pseudo-terminal and measures from outside what it writes and the processor time it takes."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import termios
import time
from collections.abc import Mapping, Sequence

from _proc import cpu_s

_ESCAPES = re.compile(rb"\x1b\[[0-9;?<>=]*[A-Za-z]|\x1b[()][A-Z0-9]|\x1b[=>]|\x1b\][^\x07]*\x07")
_QUERIES = ((b"\x1b[?2026$p", b"\x1b[?2026;2$y"), (b"\x1b[6n", b"\x1b[1;1R"), (b"\x1b[c", b"\x1b[?62c"))
"""What a program asks a terminal on start, and what a plain one answers."""


def plain(data: bytes) -> bytes:
    """What stands in some output, without its escape sequences."""
    return _ESCAPES.sub(b"", data)


class Program:
    """A running program and its screen's other end."""

    def __init__(self, command: Sequence[str], environ: Mapping[str, str], size: tuple[int, int]) -> None:
        self.began = time.perf_counter()
        self.pid, self.fd = pty.fork()
        if self.pid == 0:
            os.execvpe(command[0], list(command), {**os.environ, **environ})
        width, height = size
        fcntl.ioctl(self.fd, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))
        self.written = 0
        self.text = b""

    def read(self, wait_s: float) -> bytes:
        """What it wrote, waiting at most so long. Empty when there was nothing; raises ``EOFError`` at its end."""
        ready, _, _ = select.select([self.fd], [], [], wait_s)
        if not ready:
            return b""
        try:
            data = os.read(self.fd, 65536)
        except OSError as error:  # Linux's way to say that the other end is closed
            raise EOFError from error
        for asked, answer in _QUERIES:
            if asked in data:
                os.write(self.fd, answer)
        self.written += len(data)
        return data

    def until(self, marker: str, within_s: float = 60.0) -> float:
        """Seconds from the start until the marker stood in what it wrote. Raises ``TimeoutError``."""
        wanted = marker.encode()
        deadline = time.perf_counter() + within_s
        while time.perf_counter() < deadline:
            self.text = (self.text + self.read(0.2))[-400_000:]
            if wanted in plain(self.text):
                return time.perf_counter() - self.began
        raise TimeoutError(f"“{marker}” did not appear within {within_s:.0f} s; the end: {self.text[-2000:]!r}")

    def drain(self, seconds: float) -> int:
        """Read for so long; how many bytes came."""
        before, deadline = self.written, time.perf_counter() + seconds
        while (left := deadline - time.perf_counter()) > 0:
            self.read(left)
        return self.written - before

    def settle(self, quiet_s: float = 0.3, within_s: float = 5.0) -> None:
        """Read until nothing came for so long, or there is no end of it."""
        deadline = time.perf_counter() + within_s
        while self.drain(quiet_s) and time.perf_counter() < deadline:
            pass

    def press(self, keys: bytes) -> None:
        """Type."""
        os.write(self.fd, keys)

    def cpu_s(self) -> float:
        """Seconds of processor time of the process and all its threads so far."""
        return cpu_s(self.pid)

    def end(self) -> None:
        """End it, whatever it does."""
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self.fd)
