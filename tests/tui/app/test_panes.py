"""Panes on a real view: asked off the program's thread, drawn by lines, never able to bring the board down."""

from dataclasses import replace

import pytest

from wallboard_tui.model.base import Doc
from wallboard_tui.model.change import Change, Entry
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.panes import PANES
from wallboard_tui.tui.screens.asking import COVERED_S
from wallboard_tui.tui.screens.caller import CallerDetail
from wallboard_tui.tui.screens.detail import CallDetail
from wallboard_tui.tui.screens.help import Help
from wallboard_tui.tui.screens.question import Question
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.pane import LinePane
from wallboard_tui.view.view import View

from .conftest import NOW, THEMES, StillTerminal, a_followup, somebody, wait_until


def words(widget: LineWidget) -> str:
    return "\n".join("".join(span.text for span in line) for line in widget.lines)


def pane_of(app: WallboardApp, name: str) -> LinePane:
    assert app.board is not None
    return next(pane for pane in app.board.panes if pane.kind.name == name)


def answered(app: WallboardApp, *names: str) -> bool:
    there = {pane.kind.name: pane for pane in app.board.panes} if app.board and app.board.leaf else {}
    return all(name in there and there[name].data is not None for name in names)


def put(view: View, kind: str, doc: Doc) -> frozenset[str]:
    return view.apply([Entry(view.seq + 1, Change(kind, str(doc["key"]), doc, NOW, "hub"))], seq=view.seq + 1).kinds


async def test_a_board_shows_what_the_view_holds(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: answered(app, "wallboard", "agents", "missed"))
        assert "Support" in words(pane_of(app, "wallboard"))
        assert "1 talking" in words(pane_of(app, "agents"))
        assert "5 open · 1 claimed" in words(pane_of(app, "missed"))


async def test_a_pane_stands_where_it_belongs_though_nobody_says_that_it_got_its_room(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Textual sends no ``Resize`` to a widget that the focus or the mouse looked for before its first layout."""
    monkeypatch.setattr(LinePane, "on_resize", lambda self, event: None)
    app = WallboardApp(StillTerminal(me=somebody(), view=None), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: app.board is not None and len(app.board.panes) > 1)
        assert app.board is not None
        panes = app.board.panes
        await wait_until(pilot, lambda: all(pane.lines and len(pane.lines) == pane.size.height for pane in panes))


async def test_a_change_redraws_only_the_panes_and_lines_it_touches(view: View) -> None:
    terminal = StillTerminal(me=somebody(), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(
            pilot, lambda: answered(app, "wallboard", "agents", "missed") and terminal.listener is not None
        )
        drawn: dict[str, list[int]] = {}
        for pane in app.board.panes if app.board else ():
            counts = drawn.setdefault(pane.kind.name, [])
            shown = pane.show

            def show(lines, theme, shown=shown, counts=counts):  # type: ignore[no-untyped-def]
                counts.append(shown(lines, theme))
                return counts[-1]

            pane.show = show  # type: ignore[method-assign]
        kinds = put(view, "followup", {**a_followup(0), "status": "claimed", "owner": "ann"})
        assert terminal.listener is not None
        terminal.listener.view_changed(kinds)
        await wait_until(pilot, lambda: "4 open · 2 claimed" in words(pane_of(app, "missed")))
        changed = sum(drawn["missed"])
        assert 0 < changed < pane_of(app, "missed").size.height / 2
        assert sum(drawn["wallboard"]) == 0


async def test_many_changes_make_few_frames(view: View) -> None:
    terminal = StillTerminal(me=somebody(), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: answered(app, "missed") and terminal.listener is not None)
        assert app.board is not None
        assert terminal.listener is not None
        before = app.board.frames.drawn
        for _ in range(300):
            terminal.listener.view_changed(frozenset({"followup"}))
        await wait_until(pilot, lambda: app.board is not None and app.board.frames.drawn > before)
        assert app.board.frames.drawn - before <= 3


async def test_a_board_under_a_dialog_is_painted_less_often_until_the_dialog_goes(view: View) -> None:
    terminal = StillTerminal(me=somebody(), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: answered(app, "missed") and terminal.listener is not None)
        assert app.board is not None
        assert terminal.listener is not None
        frames = app.board.frames
        assert frames.rest < COVERED_S
        await pilot.press("question_mark")
        await wait_until(pilot, lambda: isinstance(app.screen, Help))
        terminal.listener.view_changed(frozenset({"followup"}))
        await wait_until(pilot, lambda: frames.rest >= COVERED_S)
        await pilot.press("escape")
        await wait_until(pilot, lambda: not isinstance(app.screen, Help))
        terminal.listener.view_changed(frozenset({"followup"}))
        await wait_until(pilot, lambda: frames.rest < COVERED_S)


async def test_a_pane_that_fails_says_so_in_its_place_and_comes_back(
    view: View, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    terminal = StillTerminal(me=somebody(), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])

    def broken(*_: object, **__: object) -> object:
        raise ZeroDivisionError("by test")

    good = PANES["agents"]
    monkeypatch.setitem(PANES, "agents", replace(good, ask=broken))
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: answered(app, "wallboard", "missed"))
        await wait_until(pilot, lambda: "could not be asked" in words(pane_of(app, "agents")))
        assert "by test" in caplog.text
        pane_of(app, "agents").kind = good
        await wait_until(pilot, lambda: terminal.listener is not None)
        assert terminal.listener is not None
        terminal.listener.view_changed(frozenset({"presence"}))
        await wait_until(pilot, lambda: "1 talking" in words(pane_of(app, "agents")))


async def test_a_pane_that_cannot_be_drawn_says_so(view: View, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> list[Line]:
        raise ZeroDivisionError("by test")

    monkeypatch.setitem(PANES, "agents", replace(PANES["agents"], draw=broken))
    app = WallboardApp(StillTerminal(me=somebody(), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(
            pilot, lambda: answered(app, "missed") and "could not be drawn" in words(pane_of(app, "agents"))
        )


async def test_nothing_of_a_view_that_was_taken_away_stays_on_the_screen(view: View) -> None:
    terminal = StillTerminal(me=somebody(), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(
            pilot, lambda: answered(app, "wallboard", "agents", "missed") and terminal.listener is not None
        )
        terminal.view = None
        assert terminal.listener is not None
        terminal.listener.view_replaced()
        await wait_until(pilot, lambda: "+353" not in words(pane_of(app, "missed")))
        assert "Alice" not in words(pane_of(app, "agents"))
        terminal.view = view
        terminal.listener.view_replaced()
        await wait_until(pilot, lambda: "+353" in words(pane_of(app, "missed")))


async def test_rows_are_selected_acted_on_and_opened_with_the_keyboard(view: View) -> None:
    terminal = StillTerminal(me=somebody(panes=("missed",)), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: answered(app, "missed") and pane_of(app, "missed").has_focus)
        pane = pane_of(app, "missed")
        assert pane.choice.selected is None
        await pilot.press("down", "down", "down")
        assert pane.choice.selected == pane.rows[2]
        await pilot.press("end", "home", "j", "c")
        await wait_until(pilot, lambda: terminal.acts == [(pane.rows[1], "claim", "")])
        await pilot.press("o")
        await wait_until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press(*"back", "enter")
        await wait_until(pilot, lambda: terminal.acts[-1] == (pane.rows[1], "note", "back"))
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, CallerDetail))
        await wait_until(pilot, lambda: "Attempts" in words(app.screen.query_one("#page-lines", LineWidget)))
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.screen is app.board)


async def test_calls_are_searched_as_one_types(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(panes=("calls",)), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: answered(app, "calls") and pane_of(app, "calls").has_focus)
        everything = len(pane_of(app, "calls").rows)
        await pilot.press("slash")
        await wait_until(pilot, lambda: isinstance(app.screen, Question))
        await pilot.press(*"860000009")
        await wait_until(pilot, lambda: len(pane_of(app, "calls").rows) == 1)
        await pilot.press("enter")
        await wait_until(pilot, lambda: app.screen is app.board)
        assert len(pane_of(app, "calls").rows) == 1
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, CallDetail))
        await wait_until(pilot, lambda: "Alice Morgan" in words(app.screen.query_one("#page-lines", LineWidget)))
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.screen is app.board)
        await pilot.press("escape")
        await wait_until(pilot, lambda: len(pane_of(app, "calls").rows) == everything)


async def test_rollups_are_sorted_grouped_and_moved_in_time(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(panes=("rollups",)), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: answered(app, "rollups") and pane_of(app, "rollups").has_focus)
        await pilot.press("p")
        await wait_until(pilot, lambda: "yesterday" in words(pane_of(app, "rollups")))
        await pilot.press("p", "p", "p", "g", "g")
        await wait_until(pilot, lambda: " Agents ─ today " in words(pane_of(app, "rollups")))
        before = pane_of(app, "rollups").rows
        await pilot.press("s", "S")
        await wait_until(pilot, lambda: set(pane_of(app, "rollups").rows) == set(before))


async def test_choices_are_still_there_when_the_page_comes_round_again(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: answered(app, "wallboard"))
        await pilot.press("right")
        await wait_until(pilot, lambda: answered(app, "rollups") and pane_of(app, "rollups").has_focus)
        await pilot.press("p")
        await wait_until(pilot, lambda: "yesterday" in words(pane_of(app, "rollups")))
        await pilot.press("left")
        await wait_until(pilot, lambda: answered(app, "wallboard"))
        await pilot.press("right")
        await wait_until(pilot, lambda: answered(app, "rollups") and "yesterday" in words(pane_of(app, "rollups")))


async def test_help_explains_the_focused_pane_and_its_keys(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: answered(app, "wallboard") and pane_of(app, "wallboard").has_focus)
        await pilot.press("question_mark")
        await wait_until(pilot, lambda: isinstance(app.screen, Help))
        await wait_until(pilot, lambda: "Keys of the board" in words(app.screen.query_one("#page-lines", LineWidget)))
        assert "could not be drawn" not in words(app.screen.query_one("#page-lines", LineWidget))


async def test_durations_tick_by_the_hubs_clock_without_asking_again(view: View) -> None:
    terminal = StillTerminal(me=somebody(), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: answered(app, "agents") and "06:02" in words(pane_of(app, "agents")))
        terminal.at = terminal.heard = NOW + 1
        await wait_until(pilot, lambda: "06:03" in words(pane_of(app, "agents")))
