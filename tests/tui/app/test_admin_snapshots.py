"""Pictures of *Team → Roles*, *Members* and *Teams* and of their forms at two sizes. What a hub would answer is worked
out by the functions that a hub asks, from documents that stand still.
"""

from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TypeVar, cast

import pytest
from textual.pilot import Pilot
from textual.widgets import DataTable, Input

from wallboard_tui.access import listing
from wallboard_tui.access.derive import effective
from wallboard_tui.access.directory import Directory
from wallboard_tui.access.packs import roles_of
from wallboard_tui.access.proposal import propose
from wallboard_tui.access.saving import judge
from wallboard_tui.access.saving_form import Actor
from wallboard_tui.client.administration import Administration
from wallboard_tui.model.administration import (
    Assignable,
    Catalogue,
    Edit,
    EffectiveAccess,
    PersonRow,
    RoleRow,
    Row,
    Saved,
)
from wallboard_tui.model.base import Doc
from wallboard_tui.model.directory import Grant
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.form import Form
from wallboard_tui.tui.settings import Settings
from wallboard_tui.tui.widgets.permissions import PermissionTable
from wallboard_tui.view.view import View

from .conftest import THEMES, StillTerminal, come_to_rest, somebody, wait_until
from .team import lines
from .test_snapshots import SIZES, Compare, settled

T = TypeVar("T")
DOCUMENTS: list[tuple[str, Doc]] = [
    ("organisation", {"key": "organisation", "name": "Acme", "time_zone": "Europe/Dublin", "packs": ["standard"]}),
    *(("role", role.dump()) for role in roles_of("standard")),
    ("person", {"key": "ann", "name": "Ann Kelly", "role": "standard:admin"}),
    ("person", {"key": "eve", "name": "Eve Nolan", "role": "standard:agent", "extension": "120",
                "toggles": {"view_wallboard": True}, "email": "eve@example.org"}),
    ("person", {"key": "dan", "name": "Dan Walsh", "role": "standard:supervisor", "disabled": True}),
    ("team", {"key": "north", "name": "North", "members": ["eve"], "managers": ["dan"]}),
    ("number", {"key": "+35318001", "name": "Sales line"}),
]  # fmt: skip


class StillOffice:
    """What Ann is told about an office in which nothing happens."""

    def __init__(self) -> None:
        self._directory = Directory.from_documents(DOCUMENTS)
        held = effective("ann", self._directory)
        self._actor = Actor("ann", "Ann Kelly", held, held.resolved(self._directory))

    def _of(self, kind: str) -> list[tuple[int, Doc]]:
        return [(number, doc) for number, (of, doc) in enumerate(DOCUMENTS, 1) if of == kind]

    async def catalogue(self) -> Catalogue:
        return listing.catalogue()

    async def roles(self) -> list[RoleRow]:
        return listing.roles(self._of("role"), self._directory, self._actor)

    async def assignable(self) -> list[Assignable]:
        return listing.assignable(self._directory, self._actor)

    async def people(self) -> list[PersonRow]:
        return listing.people(self._of("person"), self._directory, self._actor, ())

    async def person_access(self, person: str) -> EffectiveAccess:
        return listing.access_of(person, self._directory)

    async def teams(self) -> list[Row]:
        return listing.rows("team", self._of("team"), self._actor)

    async def numbers(self) -> list[Row]:
        return listing.rows("number", self._of("number"), self._actor)

    async def queues(self) -> list[Row]:
        return []

    async def change(self, edits: Sequence[Edit], *, dry_run: bool = False, note: str = "") -> Saved:
        known = {(kind, str(doc["key"])): doc for kind, doc in DOCUMENTS}
        verdict = judge(propose(edits, lambda kind, key: known.get((kind, key)), self._directory), self._actor)
        return Saved(
            policy=1, refused=verdict.refused, warnings=verdict.warnings, effects=verdict.effects, dry_run=True
        )


class TeamTerminal(StillTerminal):
    """A terminal whose hub has the still office."""

    async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
        return await question(cast(Administration, StillOffice()))


def program(view: View, settings: Settings | None = None, kind: type[TeamTerminal] = TeamTerminal) -> WallboardApp:
    names = ("roles", "roles.assign", "users", "workgroups", "numbers", "call_flow", "pins", "audit", "access_review")
    me = somebody("ann")
    me = me.model_copy(update={"permissions": me.permissions | {name: Grant(level="manage") for name in names}})
    return WallboardApp(kind(me=me, view=view, person="ann"), settings=settings, theme_folders=[THEMES])


def steps(*keys: str, key: str = "", form: bool = False, shows: str = "") -> Callable[[Pilot[None]], Awaitable[None]]:
    """Opens a section by the first key, selects a row, presses the others, and waits for what is to be seen."""

    async def run(pilot: Pilot[None]) -> None:
        app = pilot.app
        assert isinstance(app, WallboardApp)
        await wait_until(pilot, lambda: settled(app))
        await pilot.press(keys[0])
        await wait_until(pilot, lambda: isinstance(app.screen, Section))
        await wait_until(pilot, lambda: app.screen.query_one("#rows", DataTable).row_count)
        screen = app.screen
        assert isinstance(screen, Section)
        screen.select(key)
        for pressed in keys[1:]:
            await pilot.press(pressed)
            await wait_until(
                pilot, lambda: not form or (isinstance(app.screen, Form) and app.screen.focused is not None)
            )
            await come_to_rest(pilot)
        if form:
            await wait_until(pilot, lambda: isinstance(app.screen, Form) and app.screen.focused is not None)
            for field in app.screen.query(Input):
                field.cursor_blink = False
            for table in app.screen.query("#permissions").results(PermissionTable):
                if table.display and shows == "Advice":
                    table.set("export", {"level": "view", "scope": ["ALL"]})
        await wait_until(pilot, lambda: shows in lines(app, "form-lines" if form else "detail"))
        await come_to_rest(pilot)

    return run


@pytest.mark.parametrize("size", SIZES)
def test_roles(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    run = steps("f3", key="standard:supervisor", shows="Dan Walsh")
    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_a_role_with_advice_while_it_is_edited(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    run = steps("f3", "e", key="standard:agent", form=True, shows="Advice")
    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_members(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    run = steps("f4", key="eve", shows="from toggle View Wallboard")
    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_a_person(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    run = steps("f4", "e", key="eve", form=True, shows="Nothing is changed yet.")
    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_the_personal_floor_of_a_role(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    run = steps("f3", "e", "ctrl+pagedown", key="standard:agent", form=True, shows="Nothing is changed yet.")
    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_the_toggles_of_a_role(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    turns = ("ctrl+pagedown", "ctrl+pagedown")
    run = steps("f3", "e", *turns, key="standard:agent", form=True, shows="Nothing is changed yet.")
    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_teams(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    run = steps("f8", key="north", shows="Dan Walsh")
    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("size", SIZES)
def test_a_team(snap_compare: Compare, size: tuple[int, int], view: View) -> None:
    run = steps("f8", "e", key="north", form=True, shows="Nothing is changed yet.")
    assert snap_compare(program(view), terminal_size=size, run_before=run)


@pytest.mark.parametrize("keys", [("f3",), ("f3", "e"), ("f3", "e", "ctrl+pagedown"), ("f4",), ("f4", "e")])
async def test_a_terminal_that_has_ascii_only_gets_nothing_else(keys: tuple[str, ...], view: View) -> None:
    app = program(view, Settings(glyphs="ascii"))
    key, form = ("standard:agent" if keys[0] == "f3" else "eve"), len(keys) > 1
    async with app.run_test(size=(80, 24)) as pilot:
        await steps(*keys, key=key, form=form, shows="Nothing is changed" if form else "Agent")(pilot)
        screen = "\n".join(
            "".join(segment.text for segment in strip) for strip in app.screen._compositor.render_strips()
        )
    odd = {sign for sign in screen if not sign.isascii()}
    assert not odd, screen


@pytest.mark.parametrize("keys", [("f3", "e", "ctrl+pagedown"), ("f4", "space")])
async def test_a_linux_console_gets_no_parts_of_cells(keys: tuple[str, ...], view: View) -> None:
    app = program(view, Settings(glyphs="plain"))
    key, form = ("standard:agent" if keys[0] == "f3" else "eve"), len(keys) > 2
    async with app.run_test(size=(80, 24)) as pilot:
        await steps(*keys, key=key, form=form, shows="Nothing is changed" if form else "Agent")(pilot)
        screen = "".join(segment.text for strip in app.screen._compositor.render_strips() for segment in strip)
    assert not set("▁▂▃▄▅▆▇▉▊▋▌▍▎▏▐▀▓✓╭╮╰╯").intersection(screen)


@pytest.mark.parametrize("size", SIZES)
async def test_every_page_is_turned_to_by_keys_whatever_has_the_focus(size: tuple[int, int], view: View) -> None:
    app = program(view)
    async with app.run_test(size=size) as pilot:
        await steps("f3", "e", key="standard:agent", form=True)(pilot)
        for field in ("floor", "offered", "login", "name", "floor", "offered"):
            await pilot.press("ctrl+pagedown")
            await wait_until(pilot, partial(_in, app, field))
            if field != "name":
                await pilot.press("tab")


def _in(app: WallboardApp, field: str) -> bool:
    return app.screen.focused is not None and app.screen.focused.id == field


async def test_a_key_typed_right_behind_the_one_that_opens_a_section_finds_its_list(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(160, 48)) as pilot:
        await wait_until(pilot, lambda: settled(app))
        await app.action_admin_roles()
        screen = app.screen
        assert isinstance(screen, Section)
        assert screen.query_one("#rows", DataTable).row_count
        assert "roles.new" in {one.id for one in app.open_actions()}
