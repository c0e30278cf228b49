"""Pictures of every screen at two sizes, with a clock that stands still."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.board import BoardScreen
from wallboard_tui.tui.screens.password import NewPassword
from wallboard_tui.tui.terminal import DemoPerson
from wallboard_tui.view.view import View

from .conftest import NOW, THEMES, StillTerminal, agent_key, come_to_rest, somebody, wait_until

SIZES = [(80, 24), (160, 48)]
PEOPLE = (
    DemoPerson("ann", "Ann", "Supervisor", "x", "sees her teams"),
    DemoPerson("ben", "Ben", "Agent", "x", "sees himself"),
    DemoPerson("cat", "Cat", "Receptionist", "x", "sees missed opportunities"),
)
Compare = Callable[..., bool]


def settled(app: WallboardApp) -> bool:
    """Whether every pane on the screen has its answer, and has drawn it in the room it was given."""
    panes = app.board.panes if app.board is not None else []
    return bool(panes) and all(pane.data is not None and 0 < len(pane.lines) == pane.size.height for pane in panes)


def selected(app: WallboardApp) -> bool:
    """Whether a row of a pane is selected."""
    return app.board is not None and any(pane.choice.selected for pane in app.board.panes)


def steps(
    *keys: str, until: Callable[[WallboardApp], object] | None = None
) -> Callable[[Pilot[None]], Awaitable[None]]:
    """Waits for the board, presses keys, and waits again."""

    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, WallboardApp)
        await wait_until(pilot, lambda: settled(app))
        for key in keys:
            await pilot.press(key)
            await wait_until(pilot, lambda: settled(app))
        if until is not None:
            await wait_until(pilot, lambda: until(app))
        await wait_until(pilot, lambda: settled(app))
        await come_to_rest(pilot)

    return run


def program(view: View, **changes: Any) -> WallboardApp:
    me = changes.pop("me", None) or somebody(agents=(agent_key("Alice Morgan"),))
    return WallboardApp(StillTerminal(me=me, view=view, person=me.person, **changes), theme_folders=[THEMES])


def board_of(pilot: Pilot[None]) -> BoardScreen:
    assert isinstance(pilot.app, WallboardApp)
    assert pilot.app.board is not None
    return pilot.app.board


def named(*names: str) -> Callable[[WallboardApp], bool]:
    """Whether one of these screens is in front and has been drawn."""

    def there(app: WallboardApp) -> bool:
        screen = app.screen
        if type(screen).__name__ not in names:
            return False
        lines = [getattr(widget, "lines", None) for widget in screen.query("#page-lines")]
        return all(lines) if lines else True

    return there


@pytest.mark.parametrize("size", SIZES)
def test_sign_in(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await wait_until(pilot, lambda: pilot.app.screen.focused is not None)
        for field in pilot.app.screen.query("Input"):
            field.cursor_blink = False  # type: ignore[attr-defined]

    app = WallboardApp(StillTerminal(address="https://hub.example:8443", person="ann"), theme_folders=[THEMES])
    assert snap_compare(app, terminal_size=size, run_before=ready)


@pytest.mark.parametrize("size", SIZES)
def test_sign_in_of_the_demo(snap_compare: Compare, size: tuple[int, int]) -> None:
    async def ready(pilot: Pilot[None]) -> None:
        await wait_until(pilot, lambda: pilot.app.screen.focused is not None)

    app = WallboardApp(StillTerminal(), theme_folders=[THEMES], people=PEOPLE, fixed_hub=True)
    assert snap_compare(app, terminal_size=size, run_before=ready)


@pytest.mark.parametrize("size", SIZES)
def test_board(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    assert snap_compare(program(view), terminal_size=size, run_before=steps())


@pytest.mark.parametrize("size", SIZES)
def test_second_page(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    run = steps("right", until=lambda app: app.board is not None and app.board.number == 1)
    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_board_without_the_hub(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    app = program(view, state="stale", at=NOW + 42, heard=NOW, reason="No hub runs there.")
    assert snap_compare(app, terminal_size=size, run_before=steps(until=lambda app: app.look.stale_s == 42))


@pytest.mark.parametrize("size", SIZES)
def test_missed_opportunities_of_a_receptionist(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    app = program(view, me=somebody("cat", ("missed",), role_name="Receptionist"))
    assert snap_compare(app, terminal_size=size, run_before=steps("down", until=selected))


@pytest.mark.parametrize("size", SIZES)
def test_call(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    app = program(view, me=somebody(panes=("calls",)))
    run = steps("end", "enter", until=named("CallDetail"))
    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_caller(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    app = program(view, me=somebody(panes=("missed",)))
    run = steps("down", "enter", until=named("CallerDetail"))
    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_calls_behind_a_figure(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    app = program(view, me=somebody(panes=("rollups", "calls")))
    run = steps("down", "enter", until=named("Behind"))
    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_search_as_one_types(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await steps("slash", until=named("Question"))(pilot)
        pilot.app.screen.query_one(Input).cursor_blink = False
        await pilot.press(*"+35387123450")
        await wait_until(pilot, lambda: len(board_of(pilot).panes[0].rows) < 50)

    app = program(view, me=somebody(panes=("calls",)))
    assert snap_compare(app, terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_new_password(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await steps()(pilot)
        await pilot.app.run_action("app_password")
        await wait_until(pilot, lambda: isinstance(pilot.app.screen, NewPassword))
        for field in pilot.app.screen.query(Input):
            field.cursor_blink = False
        await pilot.press(*"short")

    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_help(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    assert snap_compare(program(view), terminal_size=size, run_before=steps("question_mark", until=named("Help")))


@pytest.mark.parametrize("size", SIZES)
def test_palette(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    def listed(app: WallboardApp) -> bool:
        from textual.command import CommandList

        return named("Palette")(app) and app.screen.query_one(CommandList).option_count > 5

    async def run(pilot: Pilot[None]) -> None:
        await steps("ctrl+p", until=listed)(pilot)
        for field in pilot.app.screen.query("CommandInput"):
            field.cursor_blink = False  # type: ignore[attr-defined]

    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_themes(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    assert snap_compare(program(view), terminal_size=size, run_before=steps("t", until=named("ThemePicker")))


@pytest.mark.parametrize("theme", ["daylight", "high-contrast", "colour-blind-safe", "terminal"])
def test_board_in_each_theme(snap_compare: Compare, theme: str, view: View) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await steps()(pilot)
        assert isinstance(pilot.app, WallboardApp)
        pilot.app.dress(theme)
        await come_to_rest(pilot)

    assert snap_compare(program(view), terminal_size=(160, 48), run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_nothing_to_open(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    async def run(pilot: Pilot[None]) -> None:
        await wait_until(pilot, lambda: bool(pilot.app.screen.query("Landing")))
        await come_to_rest(pilot)

    me = somebody(panes=(), boards=(), sees="Your role opens nothing here. Ask an administrator of Acme for a role.")
    assert snap_compare(program(view, me=me), terminal_size=size, run_before=run)
