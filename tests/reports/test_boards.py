"""Boards as TOML files: written, read with every mistake named, changed in place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import PANE_NAMES, Board
from wallboard_tui.reports.board_rules import Known
from wallboard_tui.reports.boards import BoardMistakes, Mistake, edited, from_toml, to_toml

KNOWN = Known(
    queues={"asterisk:pbx1:sales": "Sales", "asterisk:pbx1:support": "Support"},
    teams={"north": "North"},
    roles={"justcall:agent": "Agent"},
    people={"ann": "Ann Byrne"},
    themes=("night", "daylight"),
)

FILE = """\
# The board in the big room.
key = "floor"   # short
name = "Floor"
theme = "night"

[audience]
teams = ["north"]

[[pages]]
name = "All"

  [[pages.rows]]
  height = 3   # most of the page
  panes = [
    { pane = "wallboard", queues = ["sales", "support"] },  # the tiles
    # agents stand beside them
    { pane = "agents", width = 2 },
  ]

[[thresholds]]
kpi = "service_level"
warn = 80
alert = 60
"""


def mistakes(text: str, known: Known | None = KNOWN) -> tuple[Mistake, ...]:
    with pytest.raises(BoardMistakes) as caught:
        from_toml(text, "floor.toml", known)
    return caught.value.mistakes


def test_a_file_in_order_is_read() -> None:
    board = from_toml(FILE, "floor.toml", KNOWN)
    assert board.key == "floor"
    assert board.pages[0].rows[0].panes[0].queues == ("sales", "support")
    assert board.thresholds[0].alert == 60


@pytest.mark.parametrize(
    ("old", "new", "line", "words"),
    [
        (
            'pane = "wallboard"',
            'pane = "wallbord"',
            15,
            ['"wallbord" is no pane', 'did you mean "wallboard"?', "missed"],
        ),
        ("height = 3", "heigth = 3", 13, ['a row has no "heigth"', 'did you mean "height"?']),
        ("height = 3", "height = 30", 13, ['"height" is 30', "at most 12"]),
        ("height = 3", "height = 0", 13, ["at least 1"]),
        ("height = 3", 'height = "tall"', 13, ['"height" is "tall"', "a number without quotes"]),
        ("width = 2", "width = [2]", 17, ["a number without quotes"]),
        ('name = "All"', "seconds = 20", 9, ['"name" is missing']),
        ('name = "Floor"', "name = 7", 3, ["a text in quotes"]),
        ('theme = "night"', 'theme = "nigth"', 4, ['there is no theme "nigth"', 'did you mean "night"?', "daylight"]),
        ('theme = "night"', 'colour = "red"', 4, ['a board has no "colour"', "allowed: key, name"]),
        ('"support"]', '"suport"]', 15, ['there is no queue "suport"', 'did you mean "Support"?']),
        ('teams = ["north"]', 'teams = ["north", "south"]', 7, ['there is no team "south"']),
        ('kpi = "service_level"', 'kpi = "sla"', 21, ['there is no KPI "sla"', "service_level"]),
        ("warn = 80", 'subject = "kitchen"', 22, ['"kitchen" is no subject', '"queue:NAME"']),
        ("warn = 80", 'subject = "queue:kitchen"', 22, ['there is no queue "kitchen"']),
        ("alert = 60", "alert = 90", 23, ["would alert before it warns", "below"]),
        ("warn = 80\nalert = 60\n", "", 20, ["never warns and never alerts"]),
        ("# most of the page", "[", 13, ["this is not TOML"]),
    ],
)
def test_a_mistake_is_named_with_its_line_and_what_is_allowed(old: str, new: str, line: int, words: list[str]) -> None:
    assert old in FILE
    found = mistakes(FILE.replace(old, new, 1))
    assert len(found) == 1, found
    assert found[0].line == line
    assert str(found[0]).startswith(f"floor.toml:{line}: ")
    for word in words:
        assert word in str(found[0])


def test_all_mistakes_are_named_at_once_in_the_order_of_the_file() -> None:
    text = FILE.replace('"wallboard"', '"x"').replace("width = 2", "width = 99").replace('"service_level"', '"y"')
    assert [mistake.line for mistake in mistakes(text)] == [15, 17, 21]


def test_names_are_not_judged_when_nobody_knows_them() -> None:
    assert from_toml(FILE.replace("support", "kitchen").replace("night", "dusk"), "floor.toml").theme == "dusk"


def test_an_empty_file_says_what_is_missing() -> None:
    assert {mistake.reason for mistake in mistakes("")} == {
        '"key" is missing',
        '"name" is missing',
        '"pages" is missing',
    }


def test_comments_and_order_survive_editing() -> None:
    board = from_toml(FILE, "floor.toml", KNOWN).dump()
    board["name"] = "Ground floor"
    board["pages"][0]["rows"][0]["height"] = 4
    board["pages"][0]["rows"][0]["panes"][1]["only_signed_in"] = True
    board["thresholds"].append({"kpi": "asa", "warn": 20.0})
    after = edited(FILE, board)
    assert from_toml(after, "floor.toml", KNOWN).dump() == board
    for kept in (
        "# The board in the big room.",
        "# short",
        "# most of the page",
        "# the tiles",
        "# agents stand beside them",
    ):
        assert kept in after
    changed = [line for line in FILE.splitlines() if line not in after.splitlines()]
    assert len(changed) <= 4, "only what changed is written anew"


def test_editing_to_the_same_board_changes_nothing() -> None:
    assert edited(FILE, from_toml(FILE, "floor.toml").dump()) == FILE


def test_what_was_taken_away_leaves_the_file() -> None:
    board = from_toml(FILE, "floor.toml").dump()
    del board["thresholds"], board["audience"], board["theme"]
    board["pages"][0]["rows"][0]["panes"].pop(0)
    after = edited(FILE, board)
    assert from_toml(after, "floor.toml").dump() == board
    assert "# The board in the big room." in after


names = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), min_size=1, max_size=6)


def _dict(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Doc]:
    return st.fixed_dictionaries({}, optional=fields)


panes = st.builds(
    lambda pane, more: {"pane": pane, **more},
    st.sampled_from(PANE_NAMES),
    _dict(width=st.integers(1, 12), title=names, queues=st.lists(names, max_size=2), only_signed_in=st.booleans()),
)
rows = st.builds(
    lambda panes, more: {"panes": panes, **more},
    st.lists(panes, min_size=1, max_size=3),
    _dict(height=st.integers(1, 12)),
)
pages = st.builds(lambda name, rows: {"name": name, "rows": rows}, names, st.lists(rows, min_size=1, max_size=3))
thresholds = st.builds(
    lambda more: {"kpi": "asa", "warn": 5.0, **more},
    _dict(min_s=st.floats(0, 99), subject=st.sampled_from(["*", "board"])),
)
boards = st.builds(
    lambda pages, more: Board.load({"key": "b", "name": "B", "pages": pages, **more}).dump(),
    st.lists(pages, min_size=1, max_size=3),
    _dict(
        priority=st.integers(-5, 5),
        audience=_dict(roles=st.lists(names, max_size=2), people=st.lists(names, max_size=1)),
        thresholds=st.lists(thresholds, max_size=3),
    ),
)


@given(boards)
def test_a_board_that_was_written_is_read_back_the_same(board: Doc) -> None:
    assert from_toml(to_toml(board), "b.toml").dump() == board


@given(boards, boards)
def test_a_file_edited_to_another_board_holds_that_board(before: Doc, after: Doc) -> None:
    assert from_toml(edited(to_toml(before), after), "b.toml").dump() == after


def test_a_file_that_holds_a_part_of_a_board_is_refused_by_name() -> None:
    board = from_toml(FILE, "floor.toml")
    text = to_toml(board.dump(), partial=True)
    assert "hidden" in text.splitlines()[2]
    with pytest.raises(BoardMistakes) as refused:
        from_toml(text, "part.toml")
    (mistake,) = refused.value.mistakes
    assert text.splitlines()[mistake.line - 1] == "partial = true"
    assert from_toml(text.replace("partial = true\n", ""), "part.toml") == board


def test_goals_are_for_my_metrics_and_for_kpis_there_are() -> None:
    goals = '{ pane = "metrics", goals = [{ kpi = "handled", value = 40 }] }'
    board = from_toml(FILE.replace('{ pane = "agents", width = 2 }', goals), "floor.toml")
    assert from_toml(to_toml(board.dump()), "floor.toml") == board
    for wrong, reason in (
        (goals.replace("handled", "handeld"), "no KPI"),
        (goals.replace("metrics", "calls"), "no goals"),
    ):
        with pytest.raises(BoardMistakes, match=reason):
            from_toml(FILE.replace('{ pane = "agents", width = 2 }', wrong), "floor.toml")
