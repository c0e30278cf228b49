"""Room ``cli``: the standard streams, where they are closed, cannot be written, or cannot say a letter, and what must
not be said on them.
"""

import errno
import io
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""What a terminal obeys instead of showing it, but for the ends of lines and tabs; and what turns the writing round."""


def harmless(text: str) -> str:
    """Text in which nothing is an order to the terminal: names and notes are other people's, and the trail keeps what
    was refused. Written as JSON would, so that JSON keeps its meaning.
    """
    return _OBEYED.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Unheard(OSError):
    """What was to be said on standard output could not be written. ``str()`` is the reason."""

    def __init__(self, error: OSError) -> None:
        closed = error.errno == errno.EBADF
        super().__init__("it is closed" if closed else (error.strerror or str(error)).lower())


class _Output:
    """Standard output whose errors are told from those of other files (the system gives them no name), and on which
    nothing is an order to the terminal. The program on the screen does not write here.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> int:
        with _telling():
            return self._stream.write(harmless(text))

    def flush(self) -> None:
        with _telling():
            self._stream.flush()


@contextmanager
def _telling() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise Unheard(error) from error


@contextmanager
def standard_streams() -> Iterator[None]:
    """Let errors of standard output be ``Unheard``, and give streams that are closed (``1>&-``) a place: else the next
    file opened would stand in for them. What is written to a closed standard output still fails.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is not None:
            continue
        found = os.open(os.devnull, os.O_WRONLY if name == "stderr" else os.O_RDONLY)
        if found != number:
            os.dup2(found, number)
            os.close(found)
        mode = "r" if name == "stdin" else "w"
        setattr(sys, name, os.fdopen(number, mode, encoding="utf-8", closefd=False))
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # An odd name of a file, or a locale without é, must not end a command. JSON keeps its meaning like that.
            stream.reconfigure(errors="backslashreplace" if has_every_letter(stream) else "replace")
    before = sys.stdout
    sys.stdout = cast(TextIO, _Output(before))
    try:
        yield
    finally:
        sys.stdout = before


def has_every_letter(stream: TextIO) -> bool:
    """Whether a stream's encoding can say everything, and not only ASCII or the letters of a few languages."""
    return (stream.encoding or "utf-8").lower().startswith("utf")


def silence() -> None:
    """Let what is left in standard output's buffer go nowhere: it must not raise once more when the program ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
