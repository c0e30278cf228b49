"""Keys of *Team* that come faster than screens open: all are in the program's queue before it does the first."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar, cast

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import DataTable, Input, Select

from wallboard_tui.client.administration import Administration
from wallboard_tui.model.administration import Applied, Edit, Saved
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.messages import AccessChanged
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.choosing import Chooser
from wallboard_tui.tui.screens.admin.form import OTHER_ACCESS
from wallboard_tui.tui.screens.admin.give import Give
from wallboard_tui.tui.screens.admin.paged import Pages
from wallboard_tui.tui.screens.admin.person_form import PersonForm
from wallboard_tui.tui.screens.admin.removing import Remove
from wallboard_tui.tui.screens.admin.role_form import RoleForm
from wallboard_tui.tui.screens.admin.saving import ASKING as FIRST_ASKED
from wallboard_tui.tui.screens.admin.saving import NOT_TAKEN, SAVING, UNREAD
from wallboard_tui.tui.screens.admin.team_form import TeamForm
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.view.view import View

from .conftest import footer_of, wait_until
from .team import foreseen, lines, select
from .test_admin_snapshots import StillOffice, TeamTerminal, program
from .test_snapshots import settled

T = TypeVar("T")
KEYS = {"enter": "\r", "tab": "\t", "slash": "/", "space": " "}


def typed(app: WallboardApp, *keys: str) -> None:
    """Keys as a terminal hands them over that had no time to do anything between them."""
    for key in keys:
        app.post_message(events.Key(key, KEYS.get(key, key if len(key) == 1 else None)))


async def on_board(app: WallboardApp, pilot: Pilot[None]) -> None:
    await wait_until(pilot, lambda: settled(app))


async def on_list(app: WallboardApp, pilot: Pilot[None], key: str) -> None:
    await on_board(app, pilot)
    await pilot.press(key)
    await wait_until(pilot, lambda: isinstance(app.screen, Section) and app.screen.query_one(DataTable).row_count)


def value(app: WallboardApp, field: str) -> str:
    return app.screen.query_one(f"#{field}", Input).value


async def test_what_is_searched_for_is_typed_right_behind_the_key_that_opens_the_section(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_board(app, pilot)
        typed(app, "f4", "slash", *"eve")
        await wait_until(pilot, lambda: isinstance(app.screen, Section) and value(app, "search") == "eve")
        await wait_until(pilot, lambda: app.screen.query_one(DataTable).row_count == 1)


async def test_down_leads_from_the_search_into_what_it_found_as_enter_does(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, "f4")
        await pilot.press("slash", *"e")
        await pilot.press("down")
        await wait_until(pilot, lambda: app.screen.query_one(DataTable).has_focus)
        assert value(app, "search") == "e"
        assert app.screen.query_one(DataTable).cursor_row == 0
        await pilot.press("down")
        await wait_until(pilot, lambda: app.screen.query_one(DataTable).cursor_row == 1)


async def test_escape_shows_all_again_before_it_leads_back_to_the_board(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(160, 48)) as pilot:
        await on_list(app, pilot, "f4")
        await pilot.press("slash", *"eve", "enter")
        await wait_until(pilot, lambda: shown(app) == ["eve"])
        assert "Esc Show all" in footer_of(app)
        await pilot.press("escape")
        await wait_until(pilot, lambda: len(shown(app)) == 3)
        assert value(app, "search") == ""
        assert "Esc Board" in footer_of(app)
        await pilot.press("escape")
        await wait_until(pilot, lambda: not isinstance(app.screen, Section))


@pytest.mark.parametrize(
    ("section", "kind", "name"), [("f3", RoleForm, "Axe"), ("f4", PersonForm, "Xara"), ("f8", TeamForm, "xenon")]
)
async def test_a_name_typed_right_behind_the_key_of_the_form_does_nothing_to_the_list(
    view: View, section: str, kind: type, name: str
) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, section)
        typed(app, "n", *name)
        await wait_until(pilot, lambda: isinstance(app.screen, kind) and value(app, "name") == name)


async def test_enter_and_tab_part_fields_however_fast_one_types(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, "f3")
        typed(app, "n", *"Ab", "enter", *"what", "tab", "tab", "space")
        await wait_until(pilot, lambda: isinstance(app.screen, RoleForm) and value(app, "description") == "what")
        assert value(app, "name") == "Ab"
        await wait_until(pilot, lambda: "Opens" in lines(app, "form-lines"))


async def test_names_typed_one_after_the_other_are_all_chosen(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, "f3")
        select(app, "standard:manager")
        await pilot.press("g")
        await wait_until(pilot, lambda: isinstance(app.screen, Give) and app.screen.focused is not None)
        typed(app, *"eve", "enter", *"dan", "enter", *"nob", "enter")
        await wait_until(pilot, lambda: chosen(app) == {"eve", "dan"})
        await wait_until(pilot, lambda: value(app, "search") == "nob")  # nobody is called so: it stays to be mended


def chosen(app: WallboardApp) -> set[str]:
    assert isinstance(app.screen, Give)
    return app.screen.picked


async def test_members_typed_one_after_the_other_are_all_in_the_team(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, "f8")
        typed(app, "n", *"Two", "enter", *"dan", "enter", *"eve", "enter")
        await wait_until(pilot, lambda: isinstance(app.screen, TeamForm))
        await wait_until(pilot, lambda: app.screen.query_one("#members", Chooser).chosen == ["dan", "eve"])


async def test_a_role_is_found_by_its_letters_in_a_list_that_is_open(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, "f4")
        await pilot.press("f", *"sup", "enter")
        await wait_until(pilot, lambda: shown(app) == ["dan"])
        await wait_until(pilot, lambda: app.screen.focused is app.screen.query_one(DataTable))
        assert app.screen.query_one("#filter-role", Select).value == "standard:supervisor"
        await pilot.press("f", "home", "enter")
        await wait_until(pilot, lambda: len(shown(app)) == 3)


def shown(app: WallboardApp) -> list[str | None]:
    return [key.value for key in app.screen.query_one(DataTable).rows]


@pytest.mark.parametrize("modal", ["ctrl+p", "e"])
async def test_no_section_opens_over_something_that_asks(view: View, modal: str) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, "f4")
        await pilot.press(modal)
        await wait_until(pilot, over(app))
        there = app.screen
        await pilot.press("f3", "question_mark", "f2")
        assert app.screen is there


def over(app: WallboardApp) -> Callable[[], bool]:
    return lambda: app.screen.is_modal and app.screen.focused is not None


async def test_pages_of_a_form_turn_as_often_as_the_key_was_pressed_however_fast(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, "f4")
        select(app, "eve")
        typed(app, "e", "ctrl+pagedown", *"77")
        await wait_until(pilot, lambda: isinstance(app.screen, PersonForm) and value(app, "extension") == "77")
        pages = app.screen.query_one(Pages)
        for pause in (0.0, 0.002, 0.01):
            for _ in range(pages.tab_count):
                typed(app, "ctrl+pagedown")
                await asyncio.sleep(pause)
        typed(app, "ctrl+pagedown", "space", "end")
        await wait_until(pilot, lambda: app.screen.focused is not None and app.screen.focused.id == "manage_queues")
        await pilot.pause()
        assert pages.active == "page-lists"


@pytest.mark.parametrize("meanwhile", [("escape",), ("enter",), ("escape", "y"), ("ctrl+s", "escape")])
async def test_a_form_that_is_being_saved_goes_once_it_is_whatever_is_pressed_meanwhile(
    view: View, meanwhile: tuple[str, ...]
) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()
    saved: list[str] = []

    class SlowOffice(StillOffice):
        async def change(self, edits: Sequence[Edit], *, dry_run: bool = False, note: str = "") -> Saved:
            if dry_run:
                return await super().change(edits, dry_run=True)
            asked.set()
            await answer.wait()
            saved.extend(edit.key for edit in edits)
            return Saved(policy=2, applied=tuple(Applied(kind=one.kind, key=one.key, revision=9) for one in edits))

    class FarAway(TeamTerminal):
        async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
            return await question(cast(Administration, SlowOffice()))

    app = program(view, kind=FarAway)
    async with app.run_test(size=(80, 24)) as pilot:
        await on_list(app, pilot, "f3")
        select(app, "standard:agent")
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(app.screen, RoleForm) and app.screen.focused is not None)
        await pilot.press("space")
        await foreseen(app, pilot)
        await pilot.press("ctrl+s")
        await wait_until(pilot, asked.is_set)
        await pilot.press(*meanwhile)
        await pilot.pause()
        answer.set()
        await wait_until(pilot, lambda: isinstance(app.screen, Section))
        assert saved == ["standard:agent"]
        assert [type(screen).__name__ for screen in app.screen_stack[-1:]] == ["Roles"]
        assert not any(isinstance(screen, RoleForm) for screen in app.screen_stack)


class Watched(StillOffice):
    """An office whose hub takes its time to say what saving would mean, and to save."""

    def __init__(self) -> None:
        super().__init__()
        self.said, self.answer, self.saved = asyncio.Event(), asyncio.Event(), 0
        self.refuses = False

    def times(self) -> int:
        """How often something was saved."""
        return self.saved

    async def change(self, edits: Sequence[Edit], *, dry_run: bool = False, note: str = "") -> Saved:
        if dry_run:
            await self.said.wait()
            return await super().change(edits, dry_run=True)
        self.saved += 1
        await self.answer.wait()
        if self.refuses:
            raise TerminalError("busy", "The hub is busy. Try again.")
        return Saved(policy=2, applied=tuple(Applied(kind=one.kind, key=one.key, revision=9) for one in edits))


def slow(view: View) -> tuple[WallboardApp, Watched]:
    office = Watched()

    class Slow(TeamTerminal):
        async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
            return await question(cast(Administration, office))

    return program(view, kind=Slow), office


def form_says(app: WallboardApp, words: str) -> Callable[[], bool]:
    return lambda: words in " ".join(lines(app, "form-lines").split())


async def test_nobody_removes_anything_before_who_loses_what_was_to_be_read(view: View) -> None:
    app, office = slow(view)
    async with app.run_test(size=(110, 36)) as pilot:
        await on_list(app, pilot, "f4")
        select(app, "eve")
        await pilot.press("x")
        await wait_until(pilot, lambda: isinstance(app.screen, Remove) and lines(app, "form-lines"))
        await pilot.press("ctrl+s")
        await pilot.press("ctrl+s", "k")
        await wait_until(pilot, form_says(app, f"{FIRST_ASKED} {NOT_TAKEN}"))
        office.said.set()
        await wait_until(pilot, form_says(app, UNREAD))
        assert form_says(app, "Who is affected")()
        assert not office.times()
        office.answer.set()
        await pilot.press("ctrl+s")
        await wait_until(pilot, lambda: isinstance(app.screen, Section))
        assert office.times() == 1


async def test_what_takes_nothing_from_anybody_is_saved_as_soon_as_the_hub_has_said_so(view: View) -> None:
    app, office = slow(view)
    office.answer.set()
    async with app.run_test(size=(110, 36)) as pilot:
        await on_list(app, pilot, "f8")
        await pilot.press("n")
        await wait_until(pilot, lambda: isinstance(app.screen, TeamForm) and app.screen.focused is not None)
        await pilot.press(*"West", "ctrl+s")
        await pilot.pause()
        assert not office.times()
        office.said.set()
        await wait_until(pilot, lambda: isinstance(app.screen, Section))
        assert office.times() == 1


async def test_what_is_typed_while_a_form_is_being_saved_is_refused_where_one_sees_it(view: View) -> None:
    app, office = slow(view)
    office.said.set()
    office.refuses = True
    async with app.run_test(size=(110, 36)) as pilot:
        await on_list(app, pilot, "f8")
        await pilot.press("n")
        await wait_until(pilot, lambda: isinstance(app.screen, TeamForm) and app.screen.focused is not None)
        await pilot.press(*"West", "ctrl+s")
        await wait_until(pilot, office.times)
        assert app.screen.query_one("#name").is_disabled, "it looks like what takes no keys"
        await pilot.press("x")
        await wait_until(pilot, form_says(app, f"{SAVING} {NOT_TAKEN}"))
        assert value(app, "name") == "West"
        office.answer.set()
        await wait_until(pilot, form_says(app, "The hub is busy. Try again."))
        await pilot.press("x")
        assert value(app, "name") == "Westx", "the cursor is where it was"


async def test_a_form_says_at_once_that_the_access_of_whoever_fills_it_in_was_changed(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(110, 36)) as pilot:
        await on_list(app, pilot, "f8")
        await pilot.press("n")
        await wait_until(pilot, lambda: isinstance(app.screen, TeamForm) and lines(app, "form-lines"))
        await pilot.press(*"West")
        without(app, "analytics")
        await wait_until(pilot, form_says(app, OTHER_ACCESS))
        assert value(app, "name") == "West", "nothing typed is lost while one may stay"
        without(app, "workgroups")
        await wait_until(pilot, lambda: app.screen is app.board)
        await wait_until(pilot, lambda: CLOSED in [one.message for one in app._notifications])


CLOSED = "You may not see Teams any more. What you had open over it was not saved."


def without(app: WallboardApp, permission: str) -> None:
    """The hub says that whoever is signed in lost a permission."""
    assert app.me is not None
    held = {name: one for name, one in app.me.permissions.items() if name != permission}
    assert held != app.me.permissions
    app.post_message(AccessChanged(app.me.model_copy(update={"permissions": held}), app.terminal))
