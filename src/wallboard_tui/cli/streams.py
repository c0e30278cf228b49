"""Room ``cli``: the standard streams, where they are closed or cannot be written. Knows nothing else."""

import os
import sys
from contextlib import suppress
from typing import TextIO


def open_streams() -> None:
    """Give standard streams that are closed (``1>&-``) a place: else the next file opened would stand in for them.

    What is written to a closed standard output fails, as it would without Python.
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


def silence(stream: TextIO) -> None:
    """Let what is left in a stream's buffer go nowhere: it must not raise once more when the program ends."""
    with suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
