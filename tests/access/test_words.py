"""Scopes and origins as people read them."""

from __future__ import annotations

import pytest

from wallboard_tui.access.words import a, called, listed


@pytest.mark.parametrize(
    ("kind", "name", "said"),
    [
        ("team", "North", "team North"),
        ("team", "Team Sales", "Team Sales"),
        ("role", "Role model", "Role model"),
        ("team", "Teamwork", "team Teamwork"),
        ("queue", "Sales queue", "queue Sales queue"),
    ],
)
def test_a_name_that_says_what_it_is_is_not_told_so_twice(kind: str, name: str, said: str) -> None:
    assert called(kind, name) == said


def test_kinds_have_their_article() -> None:
    assert [a(kind) for kind in ("person", "agent", "extension", "organisation", "queue", "role")] == [
        "a person", "an agent", "an extension", "an organisation", "a queue", "a role",
    ]  # fmt: skip


def test_the_last_one_of_a_long_row_stands_itself_where_it_is_the_only_one_more() -> None:
    assert listed("abc", 3) == "a, b, c"
    assert listed("abcd", 3) == "a, b, c, d"
    assert listed("abcde", 3) == "a, b, c and 2 more"
