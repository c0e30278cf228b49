"""Files of text that somebody names on the command line."""

import io
import sys
from pathlib import Path

import pytest

from wallboard_tui.cli.failures import Failure
from wallboard_tui.cli.reading import text_of


def test_a_file_in_another_encoding_is_named_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "org.toml"
    file.write_text("# Zoë\nname = 1\n", encoding="utf-8")
    assert text_of(file) == "# Zoë\nname = 1\n"
    file.write_text("name = 1\n# Zoë\n", encoding="latin-1")
    with pytest.raises(Failure, match=r"org\.toml:2: this is not UTF-8"):
        text_of(file)


def test_a_dash_stands_for_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("name = 1\n"))
    assert text_of(Path("-")) == "name = 1\n"
