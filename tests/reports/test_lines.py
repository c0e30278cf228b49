"""Where each key of a TOML file stands."""

from typing import Any

import pytest
import tomlkit
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.reports.lines import line_numbers, line_of

TEXT = '''\
# a comment with [brackets] = and "quotes"
key = "a # that is no comment"
"quoted.key" = 'x'
dotted . name = 1

[audience]  # of whom
roles = [ "a", "b",
  "c", # last
]
[[pages]]
name = """
[not a table]
still = "text" \\"""
"""
[[pages.rows]]
panes = [
  { pane = "wallboard", width = 3 },

  # the agents
  { pane = "agents",
    queues = ["x", "y"] },
]
[[pages.rows]]
height = 2
[[pages]]
name = 'second'
[[pages.rows]]
when = 1979-05-27 07:32:00
height = 4
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("key",), 2),
        (("quoted.key",), 3),
        (("dotted", "name"), 4),
        (("audience",), 6),
        (("audience", "roles"), 7),
        (("audience", "roles", 1), 7),
        (("audience", "roles", 2), 8),
        (("pages", 0), 10),
        (("pages", 0, "name"), 11),
        (("pages", 0, "rows", 0), 15),
        (("pages", 0, "rows", 0, "panes", 0, "width"), 17),
        (("pages", 0, "rows", 0, "panes", 1, "pane"), 20),
        (("pages", 0, "rows", 0, "panes", 1, "queues", 1), 21),
        (("pages", 0, "rows", 1, "height"), 24),
        (("pages", 1), 25),
        (("pages", 1, "rows", 0, "height"), 29),
    ],
)
def test_every_key_is_found_on_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert line_numbers(TEXT)[path] == line


def test_a_key_that_is_not_written_stands_where_its_table_begins() -> None:
    assert line_of(line_numbers(TEXT), ("pages", 1, "rows", 0, "panes")) == 27
    assert line_of(line_numbers(TEXT), ("nothing",)) == 1


def test_windows_line_ends_count_once() -> None:
    assert line_numbers(TEXT.replace("\n", "\r\n")) == line_numbers(TEXT)


words = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=8)
keys = st.text("abcé-_ .\"'#=[]", min_size=1, max_size=4)
values = st.recursive(
    words | st.integers(-(2**60), 2**60) | st.booleans() | st.floats(allow_nan=False, allow_infinity=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=12,
)


def _leaves(value: Any, path: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return {path} | {leaf for key, child in children for leaf in _leaves(child, (*path, key))}


@given(st.dictionaries(keys, values, max_size=4))
def test_whatever_tomlkit_writes_has_a_line_for_every_value(document: dict[str, Any]) -> None:
    text = tomlkit.dumps(document)
    found = line_numbers(text)
    tables = {path for path in _leaves(tomlkit.parse(text).unwrap()) if path}
    # An array of tables has no line of its own, only its elements have.
    missing = {p for p in tables - set(found) if not any(other[: len(p)] == p for other in found)}
    assert not missing, (text, missing)
    assert all(1 <= line <= text.count("\n") + 1 for line in found.values())
