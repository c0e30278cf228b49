"""What is wrong with a text that is no TOML: the line, and a reason for whoever wrote it."""

import tomllib

import pytest

from wallboard_tui.reports.boards import BoardMistakes, from_toml
from wallboard_tui.reports.not_toml import not_toml

TWICE = [
    ("a = 1\na = 2\n", 2, "a"),
    ("[x]\na = 1\na = 2\n", 3, "a"),
    ('[[x]]\nkpi = "asa"\n\nkpi = "aht"\n', 4, "kpi"),
    ("[[p]]\n[p.r]\na = 1\n[p.r]\nb = 1\n", 4, "[p.r]"),
    ("[x]\n[x]\n", 2, "[x]"),
    ("x = {a = 1, a = 2}\n", 1, "a"),
    ("a.b = 1\na = 2\n", 2, "a"),
    ("[a]\nb.c = 1\n[a.b]\nd = 1\n", 3, "[a.b]"),
]


@pytest.mark.parametrize(("text", "line", "name"), TWICE)
def test_what_stands_there_twice_is_named_with_its_line(text: str, line: int, name: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as error:
        tomllib.loads(text)
    assert not_toml(error.value, text) == (line, f"“{name}” stands there twice")
    with pytest.raises(BoardMistakes) as refused:
        from_toml(text, "board.toml")
    assert str(refused.value) == f"board.toml:{line}: this is not TOML: “{name}” stands there twice"


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a = 1\nb = \n", 2, "invalid value"),
        ('a = 1\nb = "x', 2, "unterminated string"),
        ("[x\n", 1, "expected ']' at the end of a table declaration"),
    ],
)
def test_anything_else_is_said_as_it_is_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(tomllib.TOMLDecodeError) as error:
        tomllib.loads(text)
    assert not_toml(error.value, text) == (line, reason)
