"""Signing in, by keyboard only; every refusal says what to do."""

import pytest
from textual.events import Key, ScreenResume
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import Button, Input, OptionList, Static

from wallboard_tui.cli.sample import people_to_try
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.messages import UNEXPECTED, SignedOut
from wallboard_tui.tui.screens.board import BoardScreen
from wallboard_tui.tui.screens.password import NewPassword
from wallboard_tui.tui.screens.signin import SignIn, refusal
from wallboard_tui.tui.terminal import DemoPerson, TerminalError
from wallboard_tui.tui.widgets.people import PeopleToTry

from .conftest import NOW, THEMES, StillTerminal, somebody, wait_until


def program(terminal: StillTerminal, people: tuple[DemoPerson, ...] = ()) -> WallboardApp:
    return WallboardApp(terminal, theme_folders=[THEMES], people=people)


async def on_sign_in(app: WallboardApp, pilot: Pilot[None]) -> None:
    await wait_until(pilot, lambda: isinstance(app.screen, SignIn) and app.screen.focused is not None)


def error_of(app: WallboardApp) -> str:
    return str(app.screen.query_one("#error", Static).content)


async def test_a_person_signs_in_with_the_keyboard_and_lands_on_the_board() -> None:
    terminal = StillTerminal(knows={"ann": somebody()})
    app = program(terminal)
    async with app.run_test() as pilot:
        await on_sign_in(app, pilot)
        await pilot.press(*"ann", "enter", *"correct", "space", *"horse", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen))
        assert terminal.person == "ann"


async def test_the_hub_is_remembered_and_the_cursor_stands_where_something_is_missing() -> None:
    app = program(StillTerminal(address="https://hub.example:8443", person="ann"))
    async with app.run_test() as pilot:
        await on_sign_in(app, pilot)
        assert app.screen.query_one("#address", Input).value == "https://hub.example:8443"
        assert app.screen.focused is app.screen.query_one("#word", Input)


async def test_who_would_send_a_password_unencrypted_is_told_before_typing_it() -> None:
    app = program(StillTerminal(address="http://10.0.0.7:8000"))
    async with app.run_test() as pilot:
        await on_sign_in(app, pilot)
        warning = app.screen.query_one("#clear", Static)
        assert warning.display
        assert "Not encrypted" in str(warning.content)
        for address, warned in (("https://hub.example", False), ("http://hub.example", True), ("", False)):
            app.screen.query_one("#address", Input).value = address
            await wait_until(pilot, lambda warned=warned: warning.display is warned)  # type: ignore[misc]


async def test_a_wrong_password_says_what_to_do_and_clears_the_field() -> None:
    app = program(StillTerminal(knows={"ann": somebody()}, person="ann"))
    async with app.run_test() as pilot:
        await on_sign_in(app, pilot)
        await pilot.press(*"wrong", "enter")
        await wait_until(pilot, lambda: "not right" in error_of(app))
        assert app.screen.query_one("#word", Input).value == ""
        assert app.screen.focused is app.screen.query_one("#word", Input)


async def test_an_empty_field_is_named_before_the_hub_is_asked() -> None:
    app = program(StillTerminal(person="ann"))
    async with app.run_test() as pilot:
        await on_sign_in(app, pilot)
        await pilot.press("enter")
        await wait_until(pilot, lambda: error_of(app) == "Type a password first.")


def test_a_lock_out_says_until_when() -> None:
    error = TerminalError("locked-until", "Too many tries.", until=NOW + 90)
    assert refusal(error, "Europe/Dublin").startswith("Too many tries. Wait until 14:01:30")


async def test_a_one_time_code_leads_to_a_new_password() -> None:
    terminal = StillTerminal(knows={"ann": somebody()}, person="ann")
    terminal.refuse = TerminalError("new-password-needed", "Choose a new password.")
    app = program(terminal)
    async with app.run_test() as pilot:
        await on_sign_in(app, pilot)
        await pilot.press(*"123456", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, NewPassword) and app.screen.focused is not None)
        await pilot.press(*"short", "enter", *"short", "enter")
        await wait_until(pilot, lambda: "at least 10" in error_of(app))
        terminal.refuse = None
        for field in ("#new", "#again"):
            app.screen.query_one(field, Input).value = "a long enough one"
        await pilot.press("enter")
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen))
        assert terminal.password == "a long enough one"


async def test_in_the_demo_people_are_offered_and_one_key_signs_in() -> None:
    people = (
        DemoPerson("ann", "Ann", "Supervisor", "correct horse"),
        DemoPerson("ben", "Ben", "Agent", "correct horse"),
    )
    terminal = StillTerminal(knows={"ann": somebody(), "ben": somebody("ben", ("metrics",))})
    app = program(terminal, people)
    async with app.run_test() as pilot:
        await on_sign_in(app, pilot)
        assert app.screen.focused is app.screen.query_one("#person", Input)
        await pilot.press("down")
        await wait_until(pilot, lambda: isinstance(app.screen.focused, OptionList))
        await pilot.press("down", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen))
        assert terminal.person == "ben"


@pytest.mark.parametrize("width", [80, 100, 120])
async def test_what_is_said_of_people_to_try_is_cut_at_no_width(width: int) -> None:
    people = tuple(people_to_try())
    app = program(StillTerminal(), people)
    async with app.run_test(size=(240, 67)) as pilot:
        await on_sign_in(app, pilot)
        listed = app.screen.query_one(PeopleToTry)
        await pilot.resize_terminal(width, 36)
        await wait_until(pilot, lambda: app.screen.size.width == width and listed.outer_size.width < width)
        room = listed.scrollable_content_region.width - 2
        for person, option in zip(people, listed.options, strict=True):
            said = str(option.prompt).splitlines()
            assert max(len(line) for line in said) <= room
            assert person.role.partition(" (")[0] in said[0]
            assert said[1].endswith(person.note)


async def test_in_the_demo_nobody_is_remembered_for_the_next_one_at_the_desk() -> None:
    app = program(StillTerminal(person="ben"), (DemoPerson("ann", "Ann", "Supervisor", "demo"),))
    async with app.run_test() as pilot:
        await on_sign_in(app, pilot)
        field = app.screen.query_one("#person", Input)
        assert (field.value, app.screen.focused) == ("", field)


async def test_a_session_that_ended_leads_back_with_the_reason() -> None:
    terminal = StillTerminal(me=somebody(), person="ann")
    app = program(terminal)
    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: terminal.listener is not None)
        assert terminal.listener is not None
        terminal.listener.signed_out("This terminal was not used for a while. Sign in again.")
        await on_sign_in(app, pilot)
        assert "not used for a while" in error_of(app)
        assert app.me is None


async def test_one_screen_takes_the_others_place_and_none_without_anything_is_shown_between(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = program(StillTerminal(me=somebody(), person="ann"))
    resumed: list[str] = []
    resume = Screen._on_screen_resume

    def noted(screen: Screen[object], event: ScreenResume) -> None:
        resumed.append(type(screen).__name__)
        resume(screen, event)

    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen))
        monkeypatch.setattr(Screen, "_on_screen_resume", noted)
        app.post_message(SignedOut("Your session has ended."))
        await on_sign_in(app, pilot)
    assert resumed == ["SignIn"]


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_all_fields_fit_on_the_screen(size: tuple[int, int]) -> None:
    people = tuple(DemoPerson(f"p{i}", f"P {i}", "Agent", "x") for i in range(12))
    app = program(StillTerminal(), people)
    async with app.run_test(size=size) as pilot:
        await on_sign_in(app, pilot)

        def shown(field: str) -> bool:
            return app.screen.region.contains_region(app.screen.query_one(field).region)

        await wait_until(
            pilot, lambda: all(shown(field) for field in ("#address", "#person", "#word", "#go", "#people"))
        )


@pytest.mark.parametrize("move", ["tab", "enter"])
async def test_what_is_typed_right_behind_a_key_that_moves_on_lands_in_the_next_field(move: str) -> None:
    app = program(StillTerminal(address="https://hub.example"))
    async with app.run_test() as pilot:
        await on_sign_in(app, pilot)
        person, word = app.screen.query_one("#person", Input), app.screen.query_one("#word", Input)
        await wait_until(pilot, lambda: app.screen.focused is person)
        for key in ("a", "n", "n", move, "s", "e", "c"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        await wait_until(pilot, lambda: len(person.value + word.value) == 6)
        assert (person.value, word.value) == ("ann", "sec")


@pytest.mark.parametrize("move", ["tab", "enter"])
async def test_a_new_password_typed_right_behind_such_a_key_never_lands_in_the_field_before(move: str) -> None:
    app = program(StillTerminal(me=somebody(), person="ann"))
    async with app.run_test() as pilot:
        await wait_until(pilot, lambda: isinstance(app.screen, BoardScreen))
        await app.run_action("app_password")
        await wait_until(pilot, lambda: isinstance(app.screen, NewPassword) and app.screen.focused is not None)
        for key in ("o", "l", "d", move, "n", "e", "w", move, "n", "e", "w"):
            app.post_message(Key(key, key if len(key) == 1 else None))
        fields = [app.screen.query_one(field, Input) for field in ("#old", "#new", "#again")]
        await wait_until(pilot, lambda: sum(len(field.value) for field in fields) == 9)
        assert [field.value for field in fields] == ["old", "new", "new"]


async def test_what_nobody_expected_is_said_and_one_may_try_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a screen's worker raises, Textual tells that screen alone: nothing stays at “Signing in …” for ever."""
    terminal = StillTerminal(knows={"ann": somebody()})

    async def sign_in(address: str, person: str, password: str) -> None:
        raise RuntimeError("a mistake in the program")

    monkeypatch.setattr(terminal, "sign_in", sign_in)
    app = program(terminal)
    async with app.run_test() as pilot:
        await on_sign_in(app, pilot)
        await pilot.press(*"ann", "enter", *"demo", "enter")
        await wait_until(pilot, lambda: [toast.message for toast in app._notifications] == [UNEXPECTED])
        assert error_of(app) == ""
        assert not app.screen.query_one("#go", Button).disabled
