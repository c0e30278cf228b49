"""Every theme the program brings can be started with and switched to; one mistake costs no other theme."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from textual.css import stylesheet
from textual.css.model import RuleSet
from textual.css.parse import parse
from textual.css.types import CSSLocation

from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.signin import SignIn
from wallboard_tui.tui.settings import Settings
from wallboard_tui.tui.themes import readable_themes
from wallboard_tui.view.view import View

from .conftest import THEMES, StillTerminal, somebody, wait_until

NAMES = sorted(path.stem for path in THEMES.glob("*.toml"))


@pytest.mark.parametrize("ansi", [False, True])
@pytest.mark.parametrize("name", NAMES)
async def test_the_program_starts_in_each_theme_and_switches_to_every_other(
    name: str, ansi: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = WallboardApp(StillTerminal(), theme_folders=[THEMES], settings=Settings(theme=name))
    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, SignIn))
        # A real terminal lets a theme of the terminal's own colours through as they are; the pilot's does not.
        app.ansi_color = ansi
        for other in [*NAMES, name]:
            app.dress(other)
            await wait_until(pilot, lambda other=other: app.theme_name == other)  # type: ignore[misc]
            await pilot.pause()
        assert app.is_running


async def test_a_theme_that_is_not_there_is_said_and_the_usual_one_is_put_on() -> None:
    app = WallboardApp(StillTerminal(), theme_folders=[THEMES], settings=Settings(theme="dayligt"))
    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: len(app._notifications) == 1)
        assert app.theme_name == "night"
        assert 'no theme "dayligt"; there are colour-blind-safe, daylight' in next(iter(app._notifications)).message


async def test_a_theme_chosen_now_holds_against_the_one_that_was_kept() -> None:
    app = WallboardApp(StillTerminal(), theme_folders=[THEMES], settings=Settings(theme="daylight"))
    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: app.theme_name == "daylight")
        app.dress("high-contrast", keep=True)
        app.board_opened("night")
        assert app.theme_name == "high-contrast"


def test_one_mistake_in_a_persons_theme_costs_no_other_theme(tmp_path: Path) -> None:
    (tmp_path / "night.toml").write_text("title = 3")
    (tmp_path / "mine.toml").write_text('[roles]\ntext = { fg = "#ffffff" }\n')
    themes, mistakes = readable_themes([THEMES, tmp_path, tmp_path / "later"])
    assert set(themes) == {*NAMES, "mine"}
    assert themes["night"].title == "Night"
    assert set(mistakes) == {"night"}
    assert str(tmp_path / "night.toml") in str(mistakes["night"])


async def test_the_style_sheet_is_read_once_for_each_theme(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []

    def reading(scope: str, css: str, read_from: CSSLocation, **options: Any) -> Iterable[RuleSet]:
        read.append(Path(read_from[0]).name)
        return parse(scope, css, read_from, **options)

    monkeypatch.setattr(stylesheet, "parse", reading)
    terminal = StillTerminal(me=somebody())
    app = WallboardApp(terminal, theme_folders=[THEMES], settings=Settings(theme="daylight"))
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: app.board is not None and bool(app.board.panes))
        assert read.count("wallboard.tcss") == 1
        ground = app.themes["daylight"].style("text").bg
        assert ground is not None
        assert app.theme_variables["background"] == ground.upper()
        app.dress("night")
        await wait_until(pilot, lambda: read.count("wallboard.tcss") == 2)
        await pilot.press("question_mark")
        await wait_until(pilot, lambda: type(app.screen).__name__ == "Help")
        assert read.count("wallboard.tcss") == 2


@pytest.mark.parametrize(
    ("first", "card", "role"),
    [
        ("ctrl+p", "Palette > Vertical", "surface"),
        ("question_mark", ".card.page", "text"),
        ("slash", "#question", "surface"),
        ("f10", "#form", "surface"),
    ],
)
async def test_dialogs_look_as_they_should_whichever_is_first_and_in_another_theme_and_after_signing_out(
    view: View, first: str, card: str, role: str
) -> None:
    terminal = StillTerminal(me=somebody(panes=("calls",)), view=view, knows={"ann": somebody(panes=("calls",))})
    app = WallboardApp(terminal, theme_folders=[THEMES], settings=Settings(theme="night"))

    def wears(selector: str, role: str) -> bool:
        """Whether what is in front has the background that the theme gives that role."""
        found = app.screen.query(selector)
        ground = app.themes[app.theme_name].style(role).bg
        return bool(found) and ground is not None and found.first().styles.background.hex.lower() == ground.lower()

    async with app.run_test(size=(120, 36)) as pilot:
        await wait_until(pilot, lambda: app.board is not None and app.board.panes and app.board.panes[0].rows)
        await pilot.press(first)
        await wait_until(pilot, lambda: wears(card, role))
        if first != "f10":
            await pilot.press("escape")
            await wait_until(pilot, lambda: app.screen is app.board)
        app.dress("daylight")
        await pilot.press(first)  # in the form of the sign-in it is another key of a field
        await wait_until(pilot, lambda: wears(card, role))
        if first != "f10":
            await pilot.press("escape")
            await wait_until(pilot, lambda: app.screen is app.board)
            await pilot.press("f10")
        await wait_until(pilot, lambda: isinstance(app.screen, SignIn) and wears("#form", "surface"))
        assert wears("#word", "panel")
        app.dress("night")
        await wait_until(pilot, lambda: wears("#form", "surface") and wears("#word", "panel"))
