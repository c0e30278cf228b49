"""A phone system that is not well, on the screen: the header, and the page *Sources* of who keeps the account."""

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.model.directory import Grant
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.sources import Sources
from wallboard_tui.tui.widgets.header import Header
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.view.view import View

from .conftest import NOW, THEMES, StillTerminal, somebody, wait_until

SIZES = [(80, 24), (160, 48)]
KEEPER = somebody("adm")
KEEPER = KEEPER.model_copy(
    update={"permissions": {**KEEPER.permissions, "account": Grant(level="manage", scope=("ALL",))}}
)
WELL: Doc = {
    "key": "pbx1", "system": "asterisk", "mode": "followed", "version": "Asterisk 22.10.1", "error": "", "errors": {},
    "connected_since": NOW - 18000, "last_event": NOW - 1, "links": {"ami": "up", "queue_log": "up", "cdr": "up"},
    "lag_s": 0.2, "events_per_s": 14.6, "malformed": 0, "lacks": ["hold_s", "wrap_s"],
    "gaps": [{"start": NOW - 9000, "end": NOW - 8900, "closed_by": ["queue_log"]}],
}  # fmt: skip
DOWN: Doc = {
    "key": "pbx2", "system": "asterisk", "mode": "followed", "version": "Asterisk 18.9", "connected_since": None,
    "last_event": NOW - 190, "links": {"ami": "down"}, "events_per_s": None, "lag_s": None, "malformed": 2,
    "error": "10.0.0.5:5038 refused the connection. Check that manager.conf has enabled = yes.",
    "errors": {"ami": "10.0.0.5:5038 refused the connection. Check that manager.conf has enabled = yes."},
    "gaps": [{"start": NOW - 30000, "end": NOW - 29000}, {"start": NOW - 190}],
    "lacks": ["abandoned", "abandoned_in_sl", "short_abandoned", "timed_out"],
}  # fmt: skip


def told(view: View, *documents: Doc) -> None:
    """Let the view hear of sources."""
    top = view.seq
    view.apply(
        [Entry(top + n, Change("source", str(doc["key"]), doc, NOW, "source")) for n, doc in enumerate(documents, 1)]
    )


def program(view: View, me: Any = KEEPER) -> WallboardApp:
    return WallboardApp(StillTerminal(me=me, view=view, person=me.person), theme_folders=[THEMES])


def text_of(widget: LineWidget) -> str:
    return "\n".join("".join(span.text for span in line) for line in widget.lines)


def header_of(app: WallboardApp) -> str:
    assert app.board is not None
    return text_of(app.board.query_one(Header))


def page_of(app: WallboardApp) -> str:
    return text_of(app.screen.query_one("#page-lines", LineWidget)) if isinstance(app.screen, Sources) else ""


async def test_a_line_that_goes_down_and_comes_back_is_said_at_once(view: View) -> None:
    told(view, WELL)
    app = program(view, somebody())
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: app.board is not None and "live" in header_of(app))
        assert "pbx1" not in header_of(app)
        down = {**WELL, "links": {"ami": "down", "queue_log": "down"}, "gaps": [{"start": NOW - 30}]}
        told(view, down)
        assert app.board is not None
        app.board.view_changed(frozenset({"source"}))
        await wait_until(pilot, lambda: "pbx1 line down" in header_of(app))
        assert "No word from pbx1 since" in header_of(app)
        told(view, WELL)
        app.board.view_changed(frozenset({"source"}))
        await wait_until(pilot, lambda: "pbx1" not in header_of(app))


async def test_while_the_only_line_is_cut_its_panes_are_dimmed_with_their_age_and_stand_still(view: View) -> None:
    told(view, WELL)
    app = program(view, somebody())
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: app.board is not None and bool(app.board.panes) and bool(app.board.sources))
        board = app.board
        assert board is not None
        of_phones = [pane for pane in board.panes if pane.kind.depends & {"call", "presence"}]
        others = [pane for pane in board.panes if pane not in of_phones]
        assert of_phones
        assert others
        await wait_until(pilot, lambda: all(pane.data is not None for pane in board.panes))

        told(view, {**WELL, "links": {"ami": "down"}, "gaps": [{"start": NOW - 30}]})
        board.view_changed(frozenset({"source"}))
        await wait_until(pilot, lambda: all(pane.look.stale_s == 30 for pane in of_phones))
        await wait_until(pilot, lambda: all(pane.data.now == NOW - 30 for pane in of_phones))
        assert "30 s old" in text_of(of_phones[0])
        assert all(pane.look.stale_s is None and pane.data.now == NOW for pane in others), "what the hub knows goes on"

        told(view, WELL)
        board.view_changed(frozenset({"source"}))
        await wait_until(pilot, lambda: all(pane.look.stale_s is None for pane in of_phones))
        await wait_until(pilot, lambda: all(pane.data.now == NOW for pane in of_phones))


async def test_the_page_follows_what_happens(view: View) -> None:
    told(view, WELL)
    app = program(view)
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: app.board is not None and bool(app.board.sources))
        await pilot.press("h")
        await wait_until(pilot, lambda: "pbx1  live since" in page_of(app))
        told(view, DOWN)
        app.screen.view_changed(frozenset({"source"}))  # type: ignore[attr-defined]
        await wait_until(pilot, lambda: "refused the connection" in page_of(app))
        assert page_of(app).startswith("■ pbx2"), "the worst comes first"
        await pilot.press("question_mark")
        await wait_until(pilot, lambda: "wallboard doctor" in page_of(app))
        await pilot.press("question_mark")
        await wait_until(pilot, lambda: page_of(app).startswith("■ pbx2"))
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.screen is app.board)


async def test_who_does_not_keep_the_account_has_no_such_page(view: View) -> None:
    told(view, WELL, DOWN)
    app = program(view, somebody())
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: app.board is not None and bool(app.board.sources))
        await pilot.press("h")
        await pilot.pause()
        assert app.screen is app.board
        assert "app.sources" not in {action.id for action in app.open_actions()}


def answered(app: WallboardApp) -> bool:
    """Whether every pane has its answer, and both phone systems are known."""
    board = app.board
    return (
        board is not None
        and len(board.sources) == 2
        and bool(board.panes)
        and all(pane.data is not None for pane in board.panes)
    )


def shown(*keys: str, until: Callable[[WallboardApp], object]) -> Callable[[Pilot[None]], Any]:
    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, WallboardApp)
        await wait_until(pilot, lambda: answered(app))
        for key in keys:
            await pilot.press(key)
        await wait_until(pilot, lambda: until(app))
        await pilot.pause()

    return run


@pytest.mark.parametrize("size", SIZES)
def test_sources(snap_compare: Callable[..., bool], size: tuple[int, int], view: View) -> None:
    told(view, WELL, DOWN)
    assert snap_compare(program(view), terminal_size=size, run_before=shown("h", until=page_of))


@pytest.mark.parametrize("size", SIZES)
def test_board_without_a_phone_system(snap_compare: Callable[..., bool], size: tuple[int, int], view: View) -> None:
    told(view, WELL, DOWN)
    run = shown(until=lambda app: "PHONE SYSTEM" in header_of(app))
    assert snap_compare(program(view, somebody()), terminal_size=size, run_before=run)
