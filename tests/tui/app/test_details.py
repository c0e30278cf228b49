"""Pages over the board: what stands behind a figure, and one missed opportunity with its keys."""

from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.look import Look
from wallboard_tui.tui.messages import ViewChanged, ViewReplaced
from wallboard_tui.tui.screens.behind import NEITHER, Behind, Found, found_lines
from wallboard_tui.tui.screens.caller import Caller, CallerDetail, caller_lines
from wallboard_tui.tui.screens.followups import NOT_WRITTEN
from wallboard_tui.tui.screens.pages import Page
from wallboard_tui.tui.screens.question import Question
from wallboard_tui.tui.widgets.lines import LineWidget
from wallboard_tui.tui.widgets.pane import LinePane
from wallboard_tui.view.view import View

from .conftest import THEMES, StillTerminal, a_followup, footer_of, somebody, wait_until


def page(app: WallboardApp) -> str:
    lines = app.screen.query_one("#page-lines", LineWidget).lines if isinstance(app.screen, Page) else []
    return "\n".join("".join(span.text for span in line) for line in lines)


def the_pane(app: WallboardApp) -> LinePane | None:
    return app.board.panes[0] if app.board is not None and app.board.is_mounted and app.board.leaf else None


def ready(app: WallboardApp) -> bool:
    pane = the_pane(app)
    return pane is not None and bool(pane.rows) and pane.has_focus


async def test_a_figure_opens_to_the_agents_and_calls_behind_it(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(panes=("rollups",)), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: ready(app))
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, Behind) and "Calls" in page(app))
        pane = the_pane(app)
        assert pane is not None
        (row, *_) = pane.data.rows
        assert app.screen.title_text == row.name  # type: ignore[attr-defined]
        assert "Agents" in page(app)
        body = page(app).partition("Calls")[2].splitlines()[2:]
        calls = [line for line in body if "+353" in line]
        assert calls
        assert all(row.name in line for line in calls)


def test_who_may_see_figures_alone_reads_that_there_is_nothing_to_open() -> None:
    lines = found_lines(Found(), 200, Look())
    assert "".join(span.text for line in lines for span in line) == NEITHER


async def test_sorting_starts_with_the_largest_figure_and_the_title_says_what_is_shown(view: View) -> None:
    app = WallboardApp(StillTerminal(me=somebody(panes=("rollups",)), view=view), theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: ready(app))
        pane = the_pane(app)
        assert pane is not None
        pane.choice.given = pane.choice.pane = pane.choice.pane.model_copy(update={"title": "Queues today"})
        await pilot.press("s")
        await wait_until(pilot, lambda: pane.data.sort == "offered")
        offered = [next(each.value for each in row.figures if each.kpi == "offered") for row in pane.data.rows]
        assert offered == sorted(offered, reverse=True)
        await pilot.press("p")
        await wait_until(pilot, lambda: (pane.data.title, pane.data.period) == ("Queues", "yesterday"))
        await pilot.press("p", "p", "p")
        await wait_until(pilot, lambda: pane.data.title == "Queues today")


async def test_the_page_of_a_missed_opportunity_has_the_keys_that_act_on_it(view: View) -> None:
    terminal = StillTerminal(me=somebody(panes=("missed",)), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: ready(app))
        pane = the_pane(app)
        assert pane is not None
        key = pane.rows[0]
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, CallerDetail) and "Attempts" in page(app))
        await wait_until(pilot, lambda: footer_of(app).startswith(" c Claim") and "Esc Close" in footer_of(app))
        await pilot.press("c")
        await wait_until(pilot, lambda: terminal.acts == [(key, "claim", "")])
        await pilot.press("o")
        await wait_until(pilot, lambda: isinstance(app.screen, Question))
        heading = str(app.screen.query_one(".heading").render())
        assert heading.startswith("Note to ")
        assert "+353" in heading
        await pilot.press("escape", "u")
        await wait_until(pilot, lambda: terminal.acts[1:] == [(key, "reopen", "")])


async def test_pages_go_when_what_was_drawn_may_not_be_shown_any_more(view: View) -> None:
    """At the end of the lease, or when access changed: rows stand on pages as on the board."""
    terminal = StillTerminal(me=somebody(panes=("missed",)), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        for asked in (False, True):
            await wait_until(pilot, lambda: ready(app))
            await pilot.press("down", "enter")
            await wait_until(pilot, lambda: isinstance(app.screen, CallerDetail) and "Attempts" in page(app))
            if asked:
                await pilot.press("o")
                await wait_until(pilot, lambda: isinstance(app.screen, Question))
            terminal.view = None
            app.post_message(ViewReplaced())
            await wait_until(pilot, lambda: app.screen is app.board)
            terminal.view = view
            app.post_message(ViewChanged(frozenset({"followup"})))


async def test_a_note_begun_on_the_board_goes_with_the_row_that_it_names(view: View) -> None:
    terminal = StillTerminal(me=somebody(panes=("missed",)), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: ready(app))
        await pilot.press("down", "o")
        await wait_until(pilot, lambda: isinstance(app.screen, Question))
        terminal.view = None
        app.post_message(ViewReplaced())
        await wait_until(pilot, lambda: app.screen is app.board)
        await wait_until(pilot, lambda: [one.message for one in app._notifications] == [NOT_WRITTEN])
        assert not terminal.acts


async def test_who_may_only_look_at_missed_opportunities_is_offered_no_keys_to_act(view: View) -> None:
    terminal = StillTerminal(me=somebody(panes=("missed",), level="view"), view=view)
    app = WallboardApp(terminal, theme_folders=[THEMES])
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: ready(app))
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, CallerDetail) and "Attempts" in page(app))
        await wait_until(pilot, lambda: footer_of(app) == " ↑ ↓ Scroll  Esc Close")
        await pilot.press("c", "x")
        await pilot.pause()
        assert terminal.acts == []


def test_nobody_is_called_by_an_id() -> None:
    step = {"at": 2.0, "by": "person-17", "status": "claimed", "note": "rings at noon"}
    followup = {**a_followup(0), "history": [step, {**step, "by": "ann"}, {**step, "by": "hub"}], "owner": "person-17"}
    lines = caller_lines(Caller(followup, me="ann"), 80, "UTC", Look())
    said = "\n".join("".join(span.text for span in line) for line in lines)
    assert "person-17" not in said
    assert [word in said for word in ("by a colleague", "by you", "by a later call", "rings at noon")] == [True] * 4


def test_a_note_is_called_a_note_and_an_undo_reopened() -> None:
    steps = [
        {"at": 2.0, "by": "ann", "status": "open", "act": "note", "note": "hello"},
        {"at": 3.0, "by": "ann", "status": "resolved", "act": "resolve"},
        {"at": 4.0, "by": "ann", "status": "open", "act": "reopen", "note": "too early"},
        {"at": 5.0, "by": "ann", "status": "not_reached", "act": "not_reached"},
        {"at": 6.0, "by": "ann", "status": "not_reached", "act": "note", "note": "engaged"},
        {"at": 7.0, "by": "hub", "status": "reached"},
        {"at": 8.0, "by": "ann", "status": "open", "note": "from before acts were kept"},
    ]
    lines = caller_lines(Caller({**a_followup(0), "history": steps}, me="ann"), 80, "UTC", Look())
    said = ["".join(span.text for span in line) for line in lines]
    assert [line.split("  ")[-1] for line in said if ", by " in line] == [
        "note, by you", "resolved, by you", "reopened, by you", "not reached, by you", "note, by you",
        "reached, by a later call", "note, by you",
    ]  # fmt: skip
