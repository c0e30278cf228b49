"""Panes, landing, boards and the answer of ``GET /me``."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING

import pytest

from wallboard_tui.access.boards import compose, default_board
from wallboard_tui.access.packs import NAMES, PackError, load, read, roles_of
from wallboard_tui.access.panes import PANE_NEEDS, landing, panes
from wallboard_tui.model.base import Doc
from wallboard_tui.model.board import Board
from wallboard_tui.model.me import Me

if TYPE_CHECKING:
    from tests.access.conftest import OfficeOf

PANES = tuple(PANE_NEEDS)
SUBSETS = [set(some) for some in chain.from_iterable(combinations(PANES, n) for n in range(1, len(PANES) + 1))]


def board_of(key: str, *panes: str, **fields: object) -> Doc:
    rows = [{"panes": [{"pane": pane} for pane in panes]}]
    return {"key": key, "name": key.title(), "pages": [{"name": "Live", "rows": rows}], **fields}


def names_of(board: Doc) -> list[str]:
    return [pane["pane"] for page in board["pages"] for row in page["rows"] for pane in row["panes"]]


@pytest.mark.parametrize("some", SUBSETS, ids=lambda some: "+".join(sorted(some)))
def test_a_default_board_shows_each_permitted_pane_once_and_nothing_else(some: set[str]) -> None:
    board = default_board(some)
    assert sorted(names_of(board)) == sorted(some)
    Board.load(board)


def test_default_boards_suit_who_reads_them(office: OfficeOf) -> None:
    shop = office(rex={"role": "calltracks:receptionist"})
    wall = shop.me("sue").boards[0]
    assert names_of({"pages": wall["pages"][:1]}) == ["wallboard", "agents", "missed"]
    assert [names_of(board) for board in shop.me("ann").boards] == [["metrics", "calls"]]
    assert [names_of(board) for board in shop.me("rex").boards] == [["missed"]]


@pytest.mark.parametrize("some", SUBSETS[:20], ids=lambda some: "+".join(sorted(some)))
def test_a_composed_board_holds_only_what_is_permitted(some: set[str]) -> None:
    board = compose(board_of("all", *PANES, "text", "clock"), some)
    assert board is not None
    assert set(names_of(board)) == some | {"text", "clock"}


def test_a_page_of_which_only_the_clock_is_left_goes_with_it() -> None:
    assert compose(board_of("wall", "wallboard", "clock"), {"calls"}) is None
    message = compose(board_of("message", "text", "clock"), {"calls"})
    assert message is not None
    assert names_of(message) == ["text", "clock"]


def test_boards_are_offered_by_audience_and_priority(office: OfficeOf) -> None:
    boards = [
        board_of("everyone", "calls", "metrics"), board_of("first", "metrics", priority=5),
        board_of("agents", "metrics", audience={"roles": ["justcall:agent"]}, priority=3),
        board_of("south", "metrics", audience={"teams": ["south"]}, priority=9),
        board_of("bobs", "metrics", audience={"people": ["bob"]}, priority=8),
        board_of("wall", "wallboard", priority=99), {"key": "broken", "name": "Broken"},
    ]  # fmt: skip
    shop = office(boards=boards, bob={"board": "everyone"})

    def offered(me: Me) -> list[str]:
        return [board["key"] for board in me.boards]

    assert offered(shop.me("ann")) == ["first", "agents", "everyone"]
    assert offered(shop.me("bob")) == ["everyone", "bobs", "first", "agents"]
    assert offered(shop.me("cat")) == ["south", "first", "agents", "everyone"]
    # Who manages a team is its audience, too.
    assert offered(shop.me("sam")) == ["wall", "south", "first", "everyone"]


def test_a_board_names_no_queue_that_its_reader_may_not_know(office: OfficeOf) -> None:
    pages = [
        {
            "name": "Live",
            "rows": [
                {"panes": [{"pane": "wallboard", "queues": ["sales", "asterisk:pbx1:support"]}]},
                {
                    "panes": [
                        {"pane": "wallboard", "queues": ["support"]},
                        {"pane": "agents", "teams": ["South", "north"]},
                    ]
                },
            ],
        },
        {"name": "South", "rows": [{"panes": [{"pane": "rollups", "teams": ["south"]}]}]},
    ]
    thresholds = [{"kpi": "sl", "subject": s} for s in ("*", "board", "queue:sales", "queue:support", "team:south")]
    board = {
        "key": "wall",
        "name": "Wall",
        "pages": pages,
        "thresholds": thresholds,
        "audience": {"people": ["sue", "ada"]},
    }
    shop = office(boards=[board])
    (seen,) = shop.me("sue").boards
    assert seen["pages"] == [
        {
            "name": "Live",
            "rows": [
                {"panes": [{"pane": "wallboard", "queues": ["sales"]}]},
                {"panes": [{"pane": "agents", "teams": ["north"]}]},
            ],
        }
    ]
    assert [one["subject"] for one in seen["thresholds"]] == ["*", "board", "queue:sales"]
    assert "audience" not in seen
    gate = shop.gate("sue")
    assert gate.redact("board", board, gate.admit("board", board)) == {**seen, "key": "wall"}
    # Those who lay boards out get the document itself, to edit it.
    admin = shop.gate("ada")
    assert admin.redact("board", board, admin.admit("board", board)) == board
    assert not shop.gate("ann").admit("board", board)


def test_people_land_on_the_first_thing_they_may_open(office: OfficeOf) -> None:
    shop = office(rex={"role": "calltracks:receptionist"}, nox={"role": "calltracks:no-access"})
    found = {}
    for person in ("sue", "ann", "rex", "nox"):
        held = shop.effective(person).resolved(shop.directory)
        found[person] = landing(held)
        assert (landing(held),) == (panes(held) or (None,))[:1]
    assert found == {"sue": "wallboard", "ann": "metrics", "rex": "missed", "nox": None}


def test_figures_break_down_by_what_is_permitted(office: OfficeOf) -> None:
    shop = office(wil={"role": "standard:wall-device", "grants": {"reports.queues": {"scope": ["ALL"]}}})
    assert shop.me("sue").breakdowns() == ("queue", "agent", "team", "number", "campaign", "all")
    assert shop.me("wil").breakdowns() == ("queue", "all")
    # Figures of oneself, by oneself.
    assert shop.me("ann").breakdowns() == ("agent",)


def test_figures_are_computed_in_the_scope_of_the_permissions_that_break_them_down(office: OfficeOf) -> None:
    grants = {"reports.queues": {"scope": ["ALL"]}, "reports.productivity": {"scope": ["team:north"]}}
    me = office(wil={"role": "standard:wall-device", "grants": grants}).me("wil")
    scopes = {by: me.lens_by(by) for by in me.breakdowns()}
    assert scopes["queue"] == scopes["all"] != scopes["team"] == scopes["agent"]
    assert me.lenses[scopes["queue"] or 0].everything
    assert not me.lenses[scopes["team"] or 0].everything


def test_me_is_the_whole_answer(office: OfficeOf) -> None:
    me = office().me("ann")
    assert (me.person, me.name, me.role, me.role_name) == ("ann", "Ann", "justcall:agent", "Agent")
    assert (me.agents, me.extension, me.teams, me.managed_teams) == (("asterisk:pbx1:Ann",), "101", ("north",), ())
    assert (me.policy, me.server_time, me.lease_s) == (7, 1000.0, 43200)
    assert me.organisation["time_zone"] == "Europe/Dublin"
    assert me.organisation["service_level_s"] == 20
    assert "packs" not in me.organisation
    assert Me.model_validate_json(me.model_dump_json()) == me


def test_whoever_sees_nothing_is_told_whom_to_ask(office: OfficeOf) -> None:
    shop = office(nia={"role": "nuacom:non-admin"})
    assert shop.me("nia").sees == (
        "Your role opens nothing on this terminal, or nothing is in its scope yet. Ask Ada for access."
    )
    assert shop.me("nia").boards == ()
    assert shop.me("ann").sees == ""


def test_an_unreadable_document_gives_no_access_and_is_named(office: OfficeOf) -> None:
    from wallboard_tui.access.directory import Directory

    directory = Directory.from_documents([("person", {"key": "ann"}), ("role", {"name": "x"}), ("call", {"key": "c"})])
    assert directory.unreadable == ("person ann", "role ?")
    assert directory.people == {}


def test_packs_are_data_and_mistakes_in_them_are_named() -> None:
    assert NAMES == ("standard", "justcall", "nuacom", "calltracks", "mightycall")
    assert [role.key for role in roles_of("justcall")] == ["justcall:admin", "justcall:supervisor", "justcall:agent"]
    assert load("standard").toggles == load("justcall").toggles
    with pytest.raises(PackError, match="there is no pack 'voip'; choose from standard, justcall"):
        roles_of("voip")
    head = 'name = "X"\ntext = ""\n[roles.r]\nname = "R"\n'
    wrong = {
        'grants = [{ scope = ["ALL"], view = ["cals"] }]': "pack x, role r: there is no permission 'cals'",
        'grants = [{ scope = ["ALL"], view = ["calls"], manage = ["calls"] }]': "'calls' is granted twice",
        'grants = [{ scope = [], view = ["calls"] }]': "'calls' needs scope",
        'grants = [{ scope = ["ALL"], view = ["users"] }]': "'users' takes no scope",
    }
    for text, message in wrong.items():
        with pytest.raises(PackError, match=message):
            read("x", head + text)
