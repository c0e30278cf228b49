"""Room ``cli``: reads a file of text that somebody names, or standard input. Input only."""

import sys
from pathlib import Path

from wallboard_tui.cli.failures import Failure


def text_of(file: Path) -> str:
    """A file's text; of ``-`` standard input's. Raises ``Failure`` where it is not UTF-8, and ``OSError``."""
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Failure("not-utf-8", f"{file}:{line}: this is not UTF-8.", "Save the file as UTF-8.") from error
