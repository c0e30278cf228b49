"""The board: composed from what a person may see, driven by keys, honest about the hub."""

import gc
import warnings
from pathlib import Path

import pytest
from textual.pilot import Pilot

from wallboard_tui.model.change import Change, Entry
from wallboard_tui.tui.actions import BY_ID
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.drawing.units import phone
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.panes.seen import Progress
from wallboard_tui.tui.panes.tiles import Tile
from wallboard_tui.tui.panes.wallboard import WallboardData
from wallboard_tui.tui.screens.board import BoardScreen
from wallboard_tui.tui.settings import Settings
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.footer import Footer
from wallboard_tui.tui.widgets.header import Header
from wallboard_tui.tui.widgets.landing import Landing
from wallboard_tui.view.view import View

from .conftest import (
    BOARD,
    EVERYTHING,
    NOW,
    THEMES,
    StillTerminal,
    a_call,
    a_followup,
    come_to_rest,
    somebody,
    wait_until,
)


def words(lines: list[Line]) -> str:
    return "\n".join("".join(span.text for span in line) for line in lines)


class Stage:
    """A running program with its board open."""

    def __init__(self, app: WallboardApp, pilot: Pilot[None], terminal: StillTerminal) -> None:
        self.app, self.pilot, self.terminal = app, pilot, terminal

    @property
    def board(self) -> BoardScreen:
        assert self.app.board is not None
        return self.app.board

    @property
    def panes(self) -> list[str]:
        return [pane.kind.name for pane in self.board.panes]

    @property
    def header(self) -> str:
        return words(self.board.query_one(Header).lines)

    @property
    def footer(self) -> str:
        return words(self.board.query_one(Footer).lines)

    async def until(self, *panes: str) -> None:
        await wait_until(self.pilot, lambda: self.panes == list(panes))


async def opened(app: WallboardApp, pilot: Pilot[None], terminal: StillTerminal) -> Stage:
    await wait_until(pilot, lambda: app.board is not None and app.board.is_mounted and bool(app.board.leaf))
    await wait_until(pilot, lambda: terminal.listener is not None)
    return Stage(app, pilot, terminal)


async def test_a_supervisor_sees_the_whole_page() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard", "agents", "missed")
        assert "OPERATIONS ▸ Now 1/2" in stage.header


@pytest.mark.parametrize(
    ("panes", "there"),
    [(("missed",), ["missed"]), (("metrics", "calls"), ["metrics", "calls"]), (("wallboard",), ["wallboard"])],
)
async def test_only_what_is_permitted_is_composed_and_fills_the_board(panes: tuple[str, ...], there: list[str]) -> None:
    terminal = StillTerminal(me=somebody(panes=panes))
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until(*there)
        assert sum(pane.region.area for pane in stage.board.panes) == 160 * 46


async def test_somebody_who_may_open_nothing_reads_whom_to_ask() -> None:
    me = somebody(panes=(), boards=(), sees="You may not open anything yet. Ask an administrator for a role.")
    terminal = StillTerminal(me=me)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: app.board is not None and bool(app.board.query(Landing)))
        assert app.board is not None
        assert "Ask an administrator" in str(app.board.query_one(Landing).content)
        await pilot.press("z", "right", "question_mark", "tab", "enter", "c")


async def test_somebody_without_a_board_gets_a_plain_one() -> None:
    terminal = StillTerminal(me=somebody(panes=("metrics", "calls"), boards=()))
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("metrics", "calls")


async def test_on_a_small_screen_a_page_becomes_several() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(60, 16)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard")
        await pilot.press("right")
        await stage.until("agents", "missed") if len(stage.board.leaves) == 2 else None
        assert stage.board.number == 1


async def test_resizing_lays_the_board_out_again_and_keeps_the_widgets() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard", "agents", "missed")
        before = stage.board.panes
        await pilot.resize_terminal(120, 40)
        await wait_until(pilot, lambda: sum(pane.region.area for pane in stage.board.panes) == 120 * 38)
        assert stage.board.panes == before


async def test_a_walk_with_the_keyboard_only() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard", "agents", "missed")
        await wait_until(pilot, lambda: stage.board.focused_pane is not None)
        seen = []
        for _ in range(4):
            assert stage.board.focused_pane is not None
            seen.append(stage.board.focused_pane.kind.name)
            await pilot.press("tab")
        assert seen == ["wallboard", "agents", "missed", "wallboard"]
        await pilot.press("z")
        await stage.until("agents")
        assert "zoomed" in stage.header
        await pilot.press("z")
        await stage.until("wallboard", "agents", "missed")
        await pilot.press("right")
        await stage.until("rollups", "metrics", "calls")
        assert "Today 2/2" in stage.header
        await pilot.press("left")
        await stage.until("wallboard", "agents", "missed")
        await pilot.press("space")
        assert "held" in stage.header


async def test_escape_gives_a_zoomed_pane_its_own_place_again() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard", "agents", "missed")
        assert "Back" not in stage.footer
        await pilot.press("tab", "z")
        await stage.until("agents")
        assert "Esc Back" in stage.footer
        await pilot.press("escape")
        await stage.until("wallboard", "agents", "missed")
        await pilot.press("escape")
        assert isinstance(app.screen, BoardScreen)


async def test_pages_turn_by_themselves_until_they_are_held() -> None:
    pages = [{**page, "seconds": 1} for page in BOARD["pages"]]
    terminal = StillTerminal(me=somebody(boards=({**BOARD, "pages": pages},)))
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("rollups", "metrics", "calls")
        await pilot.press("space")
        assert stage.board._turn is None
        await pilot.press("space")
        await stage.until("wallboard", "agents", "missed")


async def test_pages_rest_for_two_minutes_after_a_key() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard", "agents", "missed")
        await wait_until(pilot, lambda: stage.board.focused_pane is not None)
        await pilot.press("tab")
        terminal.at = NOW + 119
        stage.board._turned()
        assert stage.board.number == 0
        terminal.at = NOW + 121
        stage.board._turned()
        assert stage.board.number == 1


async def test_a_page_with_an_alert_does_not_turn_by_itself() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard", "agents", "missed")
        pane = stage.board.panes[0]
        for level, page in (("alert", 0), ("warn", 1)):
            tile = Tile("q:1", "Support", 0, None, 0, None, None, (), level, ())
            pane.data = WallboardData(NOW, "", (tile,), Progress(), "today")
            stage.board._turned()
            assert stage.board.number == page


async def test_the_footer_shows_what_holds_for_the_focused_pane_and_this_person() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard", "agents", "missed")
        await wait_until(pilot, lambda: stage.board.focused_pane is not None)
        assert "Claim" not in stage.footer
        await pilot.press("tab", "tab")
        await wait_until(pilot, lambda: "c Claim" in stage.footer)


async def test_who_may_only_view_missed_opportunities_cannot_claim_them() -> None:
    terminal = StillTerminal(me=somebody(panes=("missed",), level="view"))
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("missed")
        await wait_until(pilot, lambda: stage.board.focused_pane is not None)
        assert "Claim" not in stage.footer
        assert BY_ID["missed.claim"] not in list(app.open_actions())
        await pilot.press("c")
        assert terminal.acts == []


async def test_the_palette_holds_only_what_is_permitted_here() -> None:
    terminal = StillTerminal(me=somebody(panes=("wallboard",)))
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard")
        await wait_until(pilot, lambda: stage.board.focused_pane is not None)
        ids = {action.id for action in app.open_actions()}
        assert "board.zoom" in ids
        assert not ids & {"missed.claim", "calls.search", "board.next_page", "board.next_board"}
        await pilot.press("ctrl+p")
        await wait_until(pilot, lambda: type(app.screen).__name__ == "Palette")
        await pilot.press("escape")


async def test_a_lost_hub_is_said_within_15_seconds_and_the_board_stays() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard", "agents", "missed")
        assert "● live" in stage.header
        terminal.state, terminal.at = "stale", NOW + 14
        await wait_until(pilot, lambda: "STALE" in stage.header)
        assert "stale 14 s" in stage.header
        assert app.look.stale_s == 14
        await wait_until(pilot, lambda: stage.board.query_one(Header).size.height == 2)
        assert stage.panes == ["wallboard", "agents", "missed"]
        terminal.state, terminal.heard = "live", terminal.at
        await wait_until(pilot, lambda: "STALE" not in stage.header and "● live" in stage.header)
        assert app.look.stale_s is None


async def test_lost_access_recomposes_the_board_and_says_so() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard", "agents", "missed")
        assert terminal.listener is not None
        terminal.listener.access_changed(somebody(panes=("missed", "calls"), fingerprint="other"))
        await stage.until("missed")
        assert [toast.message for toast in app._notifications] == [
            "No longer shown: Real-time wallboard, Agents, Team rollups, My metrics."
        ]


async def test_the_same_answer_of_the_hub_changes_nothing() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("wallboard", "agents", "missed")
        before = stage.board.panes
        assert terminal.listener is not None
        terminal.listener.access_changed(somebody(server_time=NOW + 60, policy=9))
        await pilot.pause(0.05)
        assert stage.board.panes == before
        assert len(app._notifications) == 0


async def test_signing_out_purges_and_leads_to_the_sign_in_screen() -> None:
    terminal = StillTerminal(me=somebody(), person="ann")
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await opened(app, pilot, terminal)
        await pilot.press("f10")
        await wait_until(pilot, lambda: terminal.signed_out and app.board is None)


async def test_a_theme_is_looked_at_live_and_left_as_it_was() -> None:
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await opened(app, pilot, terminal)
        assert app.theme_name == "night"
        await pilot.press("t")
        await wait_until(pilot, lambda: type(app.screen).__name__ == "ThemePicker")
        await pilot.press("up")
        await wait_until(pilot, lambda: app.theme_name == "high-contrast")
        await pilot.press("escape")
        await wait_until(pilot, lambda: app.theme_name == "night")


async def test_a_board_has_a_theme_of_its_own_for_those_who_chose_none() -> None:
    terminal = StillTerminal(me=somebody(boards=({**BOARD, "theme": "daylight"},)))
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: app.theme_name == "daylight")
    chosen = WallboardApp(terminal, theme_folders=[THEMES], settings=Settings(theme="high-contrast"))
    async with chosen.run_test(size=(160, 48)) as pilot:
        await opened(chosen, pilot, terminal)
        assert chosen.theme_name == "high-contrast"


async def test_a_theme_file_that_changes_is_seen_while_running(tmp_path: Path) -> None:
    own = tmp_path / "night.toml"
    own.write_text((THEMES / "night.toml").read_text())
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES, tmp_path])
    async with app.run_test(size=(160, 48)) as pilot:
        await opened(app, pilot, terminal)
        await wait_until(pilot, lambda: bool(app._stamp))
        own.write_text(own.read_text().replace("#0e1116", "#102030"))
        await wait_until(pilot, lambda: app.look.theme.style("text").bg == "#102030")
        own.write_text("title = 3")
        await wait_until(pilot, lambda: any("night.toml" in toast.message for toast in app._notifications))
        assert app.look.theme.style("text").bg == "#102030"


async def test_a_board_that_cannot_be_read_is_left_out() -> None:
    terminal = StillTerminal(me=somebody(boards=({"key": "newer", "name": "Newer", "pages": []}, BOARD)))
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        assert [board.key for board in stage.board.boards] == ["operations"]


async def test_a_refusal_of_the_hub_is_read_and_the_board_goes_on() -> None:
    terminal = StillTerminal(me=somebody(panes=("missed",)))
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("missed")
        await wait_until(pilot, lambda: stage.board.focused_pane is not None)
        pane = stage.board.focused_pane
        assert pane is not None
        pane.choice.selected = "+353871234567"
        terminal.refuse = TerminalError("conflict", "Ben was first. Look again before you call.")
        await pilot.press("c")
        await wait_until(pilot, lambda: any("Ben was first" in toast.message for toast in app._notifications))
        terminal.refuse = None
        await pilot.press("r")
        await wait_until(pilot, lambda: terminal.acts == [("+353871234567", "reached", "")])


async def test_a_list_that_nobody_touched_stays_on_top_when_calls_come_in(view: View) -> None:
    terminal = StillTerminal(me=somebody(panes=("calls",)), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(120, 20)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("calls")
        pane = stage.board.panes[0]
        await wait_until(pilot, lambda: pane.rows and pane.has_focus)
        assert pane.choice.selected is None
        newer = {
            **a_call(0),
            "key": "asterisk:pbx1:newest",
            "started": NOW - 1,
            "ended": NOW,
            "caller": "+353860001234",
        }
        view.apply([Entry(100_000, Change("call", newer["key"], newer, NOW, "source:pbx1"))])
        stage.board.view_changed(frozenset({"call"}))
        await wait_until(pilot, lambda: pane.rows[0] == newer["key"])
        assert pane.choice.selected is None
        await pilot.press("down")
        assert pane.choice.selected == newer["key"]


async def test_undo_goes_to_the_caller_who_was_resolved_and_the_cursor_stays_in_its_place(view: View) -> None:
    terminal = StillTerminal(me=somebody(panes=("missed",)), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("missed")
        pane = stage.board.panes[0]
        await wait_until(pilot, lambda: len(pane.rows) > 3 and pane.has_focus)
        await pilot.press("down", "down")
        resolved, neighbour = pane.rows[1], pane.rows[2]
        assert pane.choice.selected == resolved
        await pilot.press("x")
        await wait_until(pilot, lambda: terminal.acts == [(resolved, "resolve", "")])
        done = {**a_followup(int(resolved[-2:])), "status": "resolved"}
        view.apply([Entry(100_000, Change("followup", resolved, done, NOW, "person:ann"))])
        stage.board.view_changed(frozenset({"followup"}))
        await wait_until(pilot, lambda: resolved not in pane.rows)
        assert pane.choice.selected == neighbour
        await pilot.press("u")
        await wait_until(pilot, lambda: terminal.acts[1:] == [(resolved, "reopen", "")])
        await wait_until(pilot, lambda: len(app._notifications) == 2)
        said = [toast.message for toast in app._notifications]
        assert said == [f"Resolved {phone(resolved)}. u opens it again.", f"Open again: {phone(resolved)}."]
        await pilot.press("u")
        await wait_until(pilot, lambda: terminal.acts[2:] == [(neighbour, "reopen", "")])


async def test_undo_goes_to_the_row_that_the_person_went_to_after_acting(view: View) -> None:
    terminal = StillTerminal(me=somebody(panes=("missed",)), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        stage = await opened(app, pilot, terminal)
        await stage.until("missed")
        pane = stage.board.panes[0]
        await wait_until(pilot, lambda: len(pane.rows) > 3 and pane.has_focus)
        await pilot.press("down", "c")
        await wait_until(pilot, lambda: terminal.acts == [(pane.rows[0], "claim", "")])
        await pilot.press("down", "u")
        await wait_until(pilot, lambda: terminal.acts[1:] == [(pane.rows[1], "reopen", "")])


def test_everything_is_a_pane_somewhere_on_the_test_board() -> None:
    there = {pane["pane"] for page in BOARD["pages"] for row in page["rows"] for pane in row["panes"]}
    assert there == set(EVERYTHING)


async def test_a_feed_that_is_taken_back_before_it_begins_leaves_nothing_that_was_never_awaited(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(), view=view), theme_folders=[THEMES])
    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: app.board is not None and app.board.panes)
        with warnings.catch_warnings(record=True) as said:
            warnings.simplefilter("always")
            app.follow(app.own, "feed").cancel()
            await come_to_rest(pilot)
            gc.collect()
        assert not [str(one.message) for one in said if "never awaited" in str(one.message)]
