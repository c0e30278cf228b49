"""Lists of *Team* at any width, and what stands beside forms: pure, or without a hub."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.containers import VerticalScroll
from textual.geometry import Size
from textual.pilot import Pilot
from textual.screen import Screen
from textual.widgets import DataTable, Input

from wallboard_tui.access.directory import Directory
from wallboard_tui.access.listing import catalogue
from wallboard_tui.client.administration import Administration
from wallboard_tui.model.administration import Edit, Effect, Finding, PersonRow, RoleRow, Saved
from wallboard_tui.tui.app import WallboardApp
from wallboard_tui.tui.drawing.glyphs import GLYPHS
from wallboard_tui.tui.look import Line, Look
from wallboard_tui.tui.screens.admin import base
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.columns import BAR, PADS, Column, widths
from wallboard_tui.tui.screens.admin.form_lines import effect_lines, finding_lines
from wallboard_tui.tui.screens.admin.give import Give
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.role_form import RoleForm
from wallboard_tui.tui.screens.admin.saving import ASKING
from wallboard_tui.tui.screens.admin.wanted import WantedPeople
from wallboard_tui.tui.screens.admin.wording import fact_lines, titled
from wallboard_tui.tui.screens.question import Question
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.themes import PLAIN_THEME
from wallboard_tui.tui.widgets.footer import Footer
from wallboard_tui.tui.widgets.header import Header
from wallboard_tui.view.view import View

from .conftest import come_to_rest, footer_of, wait_until
from .team import lines, said, select
from .test_admin_snapshots import StillOffice, TeamTerminal, program
from .test_snapshots import settled

T = TypeVar("T")
LOOK = Look(PLAIN_THEME, GLYPHS["unicode"])
PEOPLE = {key: {"key": key, "name": name} for key, name in (("eve", "Eve Nolan"), ("dan", "Dan Walsh"))}
OFFICE = Office(catalogue(), {}, {}, {}, {}, {"person": PEOPLE}, Directory.from_documents([]))


@given(st.lists(st.tuples(st.integers(1, 12), st.integers(0, 3)), min_size=1, max_size=5), st.integers(1, 200))
def test_a_list_is_as_wide_as_its_room_and_never_scrolls_sideways(parts: list[tuple[int, int]], room: int) -> None:
    columns = [Column("x", 0 if share else width, share) for width, share in parts]
    found = widths(columns, room)
    taken = BAR + sum(found) + PADS * len(found)
    least = BAR + PADS * len(columns) + sum(one.width or 1 for one in columns)
    assert all(found)
    assert taken <= max(room, least)
    if any(one.share for one in columns) and room >= least:
        assert taken == room


@pytest.mark.parametrize("section", ["f3", "f4", "f8"])
@pytest.mark.parametrize("size", [(80, 24), (120, 36)])
async def test_no_section_scrolls_sideways_nor_after_the_terminal_got_smaller(
    view: View, section: str, size: tuple[int, int]
) -> None:
    app = program(view)
    async with app.run_test(size=size) as pilot:
        await wait_until(pilot, lambda: settled(app))
        await pilot.press(section)
        await wait_until(pilot, lambda: isinstance(app.screen, Section))
        await wait_until(pilot, lambda: in_its_room(app, size[0]))
        await pilot.resize_terminal(80, size[1])
        await wait_until(pilot, lambda: in_its_room(app, 80))


def in_its_room(app: WallboardApp, width: int) -> bool:
    table, room = app.screen.query_one(DataTable), app.screen.query_one("#list").content_size.width
    return app.size.width == width and len(table.ordered_columns) > 1 and 0 < table.virtual_size.width <= room


async def test_header_and_tabs_are_in_the_first_picture_of_a_section(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: settled(app))
        await app.action_admin_roles()
        said = "".join(span.text for line in app.screen.query_one(Header).lines for span in line)
        assert "Team" in said
        assert "Roles" in said


async def test_what_has_no_room_beside_a_form_is_read_with_the_arrow_keys(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 14)) as pilot:
        await wait_until(pilot, lambda: settled(app))
        await pilot.press("f3")
        await wait_until(pilot, lambda: isinstance(app.screen, Section) and app.screen.query_one(DataTable).row_count)
        select(app, "standard:admin")
        await pilot.press("g")
        await wait_until(pilot, lambda: isinstance(app.screen, Give) and app.screen.focused is not None)
        assert not app.screen.query_one("#form-said", VerticalScroll).can_focus
        await pilot.press(*"eve", "enter", *"dan", "enter")
        await wait_until(pilot, lambda: {"Dan Walsh", "Eve Nolan"} <= set(lines(app, "form-lines").split("\n")))
        said = app.screen.query_one("#form-said", VerticalScroll)
        await wait_until(pilot, lambda: said.can_focus)
        await pilot.press("tab", "tab")
        assert app.screen.focused is said
        await come_to_rest(pilot)  # the keys of what has the focus may take another line, and what is said has one less
        await pilot.press("end")
        await wait_until(pilot, lambda: said.scroll_offset.y == said.max_scroll_y > 0)


class AbsentAtFirst(TeamTerminal):
    """A terminal whose hub is away when it is asked first."""

    asked = 0

    async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
        self.asked += 1
        if self.asked == 1:
            raise TerminalError("unreachable", "The hub is away.")
        return await super().administer(question)


async def test_a_list_that_could_not_be_had_is_asked_for_again_by_itself(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "AGAIN_S", 0.1)
    app = program(view, kind=AbsentAtFirst)
    async with app.run_test(size=(80, 24)) as pilot:
        await wait_until(pilot, lambda: settled(app))
        await pilot.press("f3")
        await wait_until(pilot, lambda: isinstance(app.screen, Section) and app.screen.query_one(DataTable).row_count)
        await wait_until(pilot, lambda: not said(app))


async def test_a_list_and_a_form_are_laid_out_for_their_size_from_the_first_time_on(
    view: View, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid: set[tuple[str, bool]] = set()
    lay_out = Screen._refresh_layout

    def noting(screen: Screen[object], size: Size | None = None, scroll: bool = False) -> None:
        laid.add((type(screen).__name__, screen.has_class("-low") and screen.has_class("-narrow")))
        lay_out(screen, size, scroll)

    monkeypatch.setattr(Screen, "_refresh_layout", noting)
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "f3")
        await pilot.press("n")
        await wait_until(pilot, lambda: isinstance(app.screen, RoleForm) and lines(app, "form-lines"))
    assert {("Roles", True), ("RoleForm", True)} <= laid
    assert not {("Roles", False), ("RoleForm", False)} & laid


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_what_is_typed_at_the_foot_of_a_list_stands_above_the_keys(view: View, size: tuple[int, int]) -> None:
    app = program(view)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, "f3")
        select(app, "standard:agent")
        rows = app.screen.query_one(Footer).size.height
        await pilot.press("r")
        await wait_until(pilot, lambda: isinstance(app.screen, Question) and "Done" in footer_of(app))
        await come_to_rest(pilot)
        footer = app.screen.query_one(Footer)
        assert footer.region.height == rows
        assert app.screen.query_one(Input).region.bottom == footer.region.y == size[1] - rows


AWAY = "The hub at https://hub.example:8443 does not answer: the connection was refused. Try again in a moment."


class LostOnSaving(TeamTerminal):
    """A terminal whose hub is away whenever something is to be saved."""

    async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
        class Office(StillOffice):
            async def change(self, edits: Sequence[Edit], *, dry_run: bool = False, note: str = "") -> Saved:
                raise TerminalError("unreachable", AWAY)

        return await question(cast(Administration, Office()))


@pytest.mark.parametrize("size", [(80, 24), (160, 48)])
async def test_why_something_could_not_be_saved_is_said_whole(view: View, size: tuple[int, int]) -> None:
    app = program(view, kind=LostOnSaving)
    async with app.run_test(size=size) as pilot:
        await opened(app, pilot, "f3")
        select(app, "standard:agent")
        await pilot.press("e")
        await wait_until(pilot, lambda: isinstance(app.screen, RoleForm) and app.screen.focused is not None)
        await pilot.press("space", "ctrl+s")
        await wait_until(pilot, lambda: AWAY in " ".join(lines(app, "form-lines").split()))
        room = app.screen.query_one("#form-lines").size.width
        assert all(len(line) <= room for line in lines(app, "form-lines").splitlines())


class OfficeOfNothingToChange(StillOffice):
    """The roles of the still office, none of which may be changed."""

    async def roles(self) -> list[RoleRow]:
        fixed = {"editable": False, "why_not": "They are not yours."}
        return [row.model_copy(update=fixed) for row in await super().roles()]


class LookingOn(TeamTerminal):
    async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
        return await question(cast(Administration, OfficeOfNothingToChange()))


async def test_why_a_row_cannot_be_changed_goes_with_the_cursor_and_what_is_under_way_stays(view: View) -> None:
    app = program(view, kind=LookingOn)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "f3")
        await pilot.press("enter")
        await wait_until(pilot, lambda: "They are not yours." in said(app))
        await pilot.press("down")
        await wait_until(pilot, lambda: not said(app))
        await pilot.press("enter")
        await wait_until(pilot, lambda: "They are not yours." in said(app))
        await pilot.press("v")
        await wait_until(pilot, lambda: "and which other?" in said(app))
        await gone_on(app, pilot)
        assert "and which other?" in said(app)
        await pilot.press("escape")
        await wait_until(pilot, lambda: not said(app))


async def test_how_many_are_marked_is_said_again_after_a_form_that_changed_nothing(view: View) -> None:
    app = program(view)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(app, pilot, "f4")
        await pilot.press("space", "space")
        await wait_until(pilot, lambda: said(app).startswith("2 people are marked."))
        await pilot.press("r")
        await wait_until(pilot, lambda: isinstance(app.screen, Give) and app.screen.focused is not None)
        await pilot.press("escape")
        await wait_until(pilot, lambda: isinstance(app.screen, Section))
        assert said(app).startswith("2 people are marked.")
        assert app.screen.query_one("#said").has_class("-calm")
        await pilot.press("a", "a")
        await wait_until(pilot, lambda: not said(app))


async def opened(app: WallboardApp, pilot: Pilot[None], section: str) -> None:
    """Opens a section by its key; its list is there."""
    await wait_until(pilot, lambda: settled(app))
    await pilot.press(section)
    await wait_until(pilot, lambda: isinstance(app.screen, Section) and app.screen.query_one(DataTable).row_count)


async def gone_on(app: WallboardApp, pilot: Pilot[None]) -> None:
    """The cursor goes to the next row, and all that comes of it has been done."""
    table = app.screen.query_one(DataTable)
    before = table.cursor_row
    await pilot.press("down")
    await wait_until(pilot, lambda: table.cursor_row == before + 1)
    await come_to_rest(pilot)


def text(rows: list[Line]) -> list[str]:
    return ["".join(span.text for span in row) for row in rows]


def broad(key: str) -> Finding:
    name = PEOPLE[key]["name"]
    return Finding(rule="broad", about=f"person {key}", reason=f"{name} gets Export broadly.", next="Think.",
                   severity="advice")  # fmt: skip


def test_what_a_rule_says_of_several_people_is_said_once() -> None:
    other = Finding(rule="not-higher", about="person dan", reason="Dan Walsh may do more.", next="Ask.")
    assert text(finding_lines([broad("eve"), other, broad("dan")], 200, LOOK, OFFICE)) == [
        "Advice (broad): Eve Nolan gets Export broadly. The same goes for Dan Walsh. Think.",
        "Refused (not-higher): Dan Walsh may do more. Ask.",
    ]


def test_a_warning_whose_next_step_names_each_by_their_key_is_said_once() -> None:
    both = [
        Finding(rule="empty-grants", about=f"person {key}", reason=f"{PEOPLE[key]['name']} manages no team yet.",
                next=f"Let them manage one: wallboard teams add TEAM --manager {key}", severity="warning")
        for key in ("eve", "dan")
    ]  # fmt: skip
    assert text(finding_lines(both, 200, LOOK, OFFICE)) == [
        "Warning (empty-grants): Eve Nolan manages no team yet. The same goes for Dan Walsh. Let them manage one: "
        "wallboard teams add TEAM --manager eve"
    ]


def test_people_whom_a_change_means_the_same_to_stand_together() -> None:
    effects = [Effect(person=f"p{n}", name=f"P{n}", gained=("Calls",), sentence="") for n in range(8)]
    alone = Effect(person="eve", name="Eve Nolan", lost=("Calls",), sentence="")
    assert text(effect_lines([*effects, alone], 60, LOOK)) == [
        "P0, P1, P2, P3, P4, P5 and 2 more", "  + Calls", "Eve Nolan", "  - Calls",
    ]  # fmt: skip


def test_what_details_are_about_is_never_cut() -> None:
    assert text(titled("Customer Super Admin", "calltracks, as delivered", 50, LOOK)) == [
        "Customer Super Admin   calltracks, as delivered"
    ]
    assert text(titled("Customer Super Admin", "calltracks, as delivered", 43, LOOK)) == [
        "Customer Super Admin", "calltracks, as delivered",
    ]  # fmt: skip


@pytest.mark.parametrize("width", [20, 38, 39, 60])
def test_a_fact_never_touches_its_title(width: int) -> None:
    for title in ("Extension", "Default Caller ID"):
        assert text(fact_lines(title, "120", width, LOOK))[0].split() == [*title.split(), "120"]


def person(key: str, **doc: object) -> PersonRow:
    return PersonRow(key=key, revision=1, doc={"key": key, "name": key.title(), "role": "r", **doc}, role_name="Agent",
                     teams=("north",), manages=("south",))  # fmt: skip


def test_people_are_found_by_words_role_and_team_at_once() -> None:
    eve = person("eve", extension="120", email="e@example.org")
    for wanted in (WantedPeople(), WantedPeople("AGENT 120"), WantedPeople("example", "r", "north"),
                   WantedPeople(team="south")):  # fmt: skip
        assert wanted.fits(eve)
    for other in (WantedPeople("eve dan"), WantedPeople(role="s"), WantedPeople(team="west")):
        assert not other.fits(eve)
        assert "shows all again" in other.empty_words


@pytest.mark.parametrize(("section", "keys", "untrue"), [
    ("f3", ("g", *"dan", "enter"), "nobody's access changes"), ("f4", ("x",), "Nobody loses"),
    ("f8", ("x",), "Nobody loses"),
])  # fmt: skip
async def test_no_form_says_what_it_means_before_the_hub_has(
    view: View, section: str, keys: tuple[str, ...], untrue: str
) -> None:
    answer = asyncio.Event()

    class SlowOffice(StillOffice):
        async def change(self, edits: Sequence[Edit], *, dry_run: bool = False, note: str = "") -> Saved:
            await answer.wait()
            return Saved(policy=1, dry_run=True)

    class FarAway(TeamTerminal):
        async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
            return await question(cast(Administration, SlowOffice()))

    app = program(view, kind=FarAway)
    async with app.run_test(size=(110, 36)) as pilot:
        await opened(app, pilot, section)
        for key in keys:
            await pilot.press(key)
        await wait_until(pilot, lambda: ASKING in " ".join(lines(app, "form-lines").split()))
        assert untrue not in " ".join(lines(app, "form-lines").split())
        answer.set()
        await wait_until(pilot, lambda: untrue in " ".join(lines(app, "form-lines").split()))


async def test_a_filter_by_a_role_that_nobody_has_any_more_is_no_filter(view: View) -> None:
    moved: list[str] = []

    class Moving(StillOffice):
        async def people(self) -> list[PersonRow]:
            rows = await super().people()
            other = {"role": "standard:agent"}
            return [row.model_copy(update={"doc": {**row.doc, **other}}) if row.key in moved else row for row in rows]

    class Terminal(TeamTerminal):
        async def administer(self, question: Callable[[Administration], Awaitable[T]]) -> T:
            return await question(cast(Administration, Moving()))

    app = program(view, kind=Terminal)
    async with app.run_test(size=(110, 36)) as pilot:
        await opened(app, pilot, "f4")
        everybody = app.screen.query_one(DataTable).row_count
        await pilot.press("f", *"sup", "enter")
        await wait_until(pilot, lambda: [one.value for one in app.screen.query_one(DataTable).rows] == ["dan"])
        moved.append("dan")
        await pilot.press("ctrl+r")
        await wait_until(pilot, lambda: app.screen.query_one(DataTable).row_count == everybody)
