"""Room ``tui``, screens: *Team → Members*: everybody, with what each may do and where each part of it comes from."""

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widgets import Select

from wallboard_tui.model.administration import Edit, PersonRow, Saved
from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.panes.seen import zone_name
from wallboard_tui.tui.screens.admin.columns import Column
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.office_section import OfficeSection
from wallboard_tui.tui.screens.admin.sure import Sure
from wallboard_tui.tui.screens.admin.wanted import WantedPeople
from wallboard_tui.tui.screens.admin.wording import person_lines, saved_words, together, wrapped
from wallboard_tui.tui.screens.admin.working import work
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.bindings import bindings_of
from wallboard_tui.tui.widgets.one_of import OneOf

if TYPE_CHECKING:
    from wallboard_tui.tui.screens.admin.form import Form

ON_PEOPLE = frozenset({"members.mark", "members.mark_all", "members.role", "members.switch"})
ON_A_PERSON = frozenset({"members.edit", "members.code", "members.remove"})
WIDE = 110
"""From this many columns on it is said which of two roles of one name somebody has."""


class Members(OfficeSection[PersonRow]):
    """All people, found as one types, filtered by role and team; the selected one with what they may do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of("admin", only="admin."),
        *bindings_of("admin", only="members."),
    ]
    name_of = "members"
    kind_of = "person"
    search = "search people"

    def __init__(self) -> None:
        super().__init__()
        self.marked: set[str] = set()
        self._wanted = WantedPeople()
        self._alike: frozenset[str] = frozenset()
        """Names that several roles have."""

    def compose_above(self) -> ComposeResult:
        with Horizontal(id="filters"):
            yield OneOf([], prompt="any role", id="filter-role")
            yield OneOf([], prompt="any team", id="filter-team")

    def rows_of(self, office: Office) -> Mapping[str, PersonRow]:
        return office.people

    def loaded(self) -> None:
        office = self.office
        assert office is not None
        marked = len(self.marked)
        self.marked &= office.people.keys()
        named = Counter(name for name, _ in {(row.role_name, row.doc["role"]) for row in office.people.values()})
        self._alike = frozenset(name for name, count in named.items() if count > 1)
        roles = {(self._role_word(row), str(row.doc["role"])) for row in office.people.values()}
        teams = {key for row in office.people.values() for key in (*row.teams, *row.manages)}
        self._wanted = self._wanted.among({key for _, key in roles}, teams)
        self.query_one("#filter-role", OneOf).offer(sorted(roles), self._wanted.role)
        named_teams = sorted((office.called("team", key), key) for key in teams)
        self.query_one("#filter-team", OneOf).offer(named_teams, self._wanted.team)
        self.listed(office)
        if len(self.marked) != marked:
            self.say("")

    def _role_cell(self, row: PersonRow) -> str:
        """The role; where there is room, those that could be mistaken for another with where they come from."""
        return self._role_word(row) if self.size.width >= WIDE and row.role_name in self._alike else row.role_name

    def _role_word(self, row: PersonRow) -> str:
        pack = str(row.doc["role"]).partition(":")[0]
        return row.role_name if pack == "custom" else f"{row.role_name} ({pack})"

    def listed(self, office: Office) -> None:
        rows = [row for row in office.people.values() if self._wanted.fits(row)]
        rows.sort(key=lambda row: str(row.doc["name"]).casefold())
        cells = [(row.key, (self._mark(row), str(row.doc["name"]), self._role_cell(row))) for row in rows]
        self.fill([Column("", 1), Column("Person", share=1), Column("Role", share=1)], cells)
        self.show_empty("" if rows else self._wanted.empty_words)

    def _mark(self, row: PersonRow) -> str:
        glyphs = self.wallboard.look.glyphs
        if row.key in self.marked:
            return glyphs.tick
        return "-" if row.doc.get("disabled") or not row.can_sign_in else " "

    def underway(self) -> str:
        count = len(self.marked)
        words = "1 person is" if count == 1 else f"{count} people are"
        return f"{words} marked. r changes their role, d disables or enables them." if count else ""

    def searched(self, text: str) -> None:
        self._wanted = replace(self._wanted, text=text)
        super().searched(text)

    @on(Select.Changed)
    def _filtered(self, event: Select.Changed) -> None:
        chosen = None if event.value is Select.NULL else str(event.value)
        by_role = event.select.id == "filter-role"
        self._wanted = replace(self._wanted, role=chosen) if by_role else replace(self._wanted, team=chosen)
        self.relist()
        # After the filter has taken the focus back from its open list.
        self.app.call_later(self.set_focus, self.table)

    def chosen(self, key: str | None) -> None:
        if key is None or self.office is None or key not in self.office.people:
            self.show_detail(())
            return
        work(self, "access", self._look_up, key)

    async def _look_up(self, key: str) -> None:
        """A worker: what the selected person may do."""
        try:
            access = await self.ask(lambda admin: admin.person_access(key))
        except TerminalError as error:
            failure = str(error)
            self.show_detail(lambda width: wrapped(failure, width, self.wallboard.look, "alert"))
            return
        office, row, look = self.office, self.row, self.wallboard.look
        if office is not None and row is not None and row.key == key:
            self.show_detail(lambda width: person_lines(row, access, office, width, look))

    # What may be done

    @property
    def meant(self) -> list[PersonRow]:
        """Those who are marked; the selected one when nobody is."""
        if self.office is None:
            return []
        keys = sorted(self.marked) or ([self.selected] if self.selected else [])
        return [self.office.people[key] for key in keys if key in self.office.people]

    def acts(self, action: Action) -> bool:
        if self.office is None:
            return False
        if action.id in ON_PEOPLE:
            # Those who cannot be changed by this person are not marked; with nobody to mark, there is no such key.
            rows = self.office.people.values() if action.id.startswith("members.mark") else self.meant
            return any(row.editable for row in rows)
        if action.id in ON_A_PERSON:
            return self.row is not None and self.row.editable
        return True

    def action_members_filter(self) -> None:
        """Opens the filter by role; Tab goes on to the one by team."""
        self.set_focus(self.query_one("#filter-role"))
        self.query_one("#filter-role", OneOf).action_show_overlay()

    def action_members_mark(self) -> None:
        """Marks the selected person, or takes the mark away, and goes on to the next."""
        row = self.row
        if row is None or not row.editable:
            return
        self.marked ^= {row.key}
        here = self.table.cursor_row
        self.table.update_cell_at(self.table.cursor_coordinate._replace(column=0), self.cell(self._mark(row)))
        self.table.move_cursor(row=here + 1, animate=False)
        self.say("")

    def action_members_mark_all(self) -> None:
        """Marks everybody in the list; a second time, nobody."""
        assert self.office is not None
        keys = {row.value for row in self.table.rows if row.value is not None}
        able = {key for key in keys if self.office.people[key].editable}
        self.marked = self.marked - able if able <= self.marked else self.marked | able
        self.relist()
        self.say("")

    async def refreshed(self, saved: Saved) -> None:
        self.marked.clear()
        await super().refreshed(saved)

    def _said(self, saved: Saved | None) -> None:
        """What came of a form."""
        if saved is not None:
            self.say(saved_words(saved), wrong=False)

    def action_members_new(self) -> Awaitable[None]:
        from wallboard_tui.tui.screens.admin.person_form import PersonForm

        assert self.office is not None

        def done(saved: Saved | None) -> None:
            self._said(saved)
            people = self.office.people if self.office is not None else {}
            for key in _people(saved) & people.keys() if saved is not None else ():
                if people[key].can_sign_in:
                    self._give_code(key)

        return self.over(PersonForm(self.office, self._me), done)

    @property
    def _me(self) -> "Callable[[str, str], bool]":
        me = self.wallboard.me
        return me.may if me is not None else lambda permission, level: False

    def form_of(self, row: PersonRow, office: Office) -> "Form":
        from wallboard_tui.tui.screens.admin.person_form import PersonForm

        return PersonForm(office, self._me, row)

    def action_members_edit(self) -> Awaitable[None] | None:
        return self.edit_row()

    def action_members_role(self) -> Awaitable[None]:
        from wallboard_tui.tui.screens.admin.give import Give

        assert self.office is not None
        people = [row.key for row in self.meant if row.editable]
        return self.over(Give(self.office, None, people), self._said)

    def action_members_remove(self) -> Awaitable[None] | None:
        return self.remove_row()

    def action_members_switch(self) -> None:
        """Disables those who are meant; when all of them are disabled, enables them again."""
        people = [row for row in self.meant if row.editable]
        off = not all(row.doc.get("disabled") for row in people)
        names = together([str(row.doc["name"]) for row in people])
        said = f"Disable {names}? Their terminals are signed out at once." if off else f"Let {names} sign in again?"

        def done(yes: bool | None) -> None:
            if yes:
                self.run_worker(self._switch(people, off), group="switch", exit_on_error=False)

        self.app.push_screen(Sure(said, "disable" if off else "enable"), done)

    async def _switch(self, people: list[PersonRow], off: bool) -> None:
        edits = [Edit(kind="person", key=row.key, set={"disabled": off}, revision=row.revision) for row in people]
        try:
            saved = await self.ask(lambda admin: admin.change(edits))
            await self.refreshed(saved)
            self._said(saved)
        except TerminalError as error:
            self.say(f"{error.name}: {error}")
            self.reload()

    def action_members_code(self) -> None:
        if self.row is not None:
            self._give_code(self.row.key)

    def _give_code(self, key: str) -> None:
        self.run_worker(self._code(key), group="code", exit_on_error=False)

    async def _code(self, key: str) -> None:
        """A worker: a one-time code, shown once."""
        try:
            found = await self.ask(lambda admin: admin.code(key))
        except TerminalError as error:
            self.say(f"{error.name}: {error}")
            return
        me, name = self.wallboard.me, self.office.called("person", key) if self.office else key
        until = datetime.fromtimestamp(float(found["until"]), ZoneInfo(zone_name(me) if me else "UTC"))
        said = f"One-time code for {name} (signs in as {key}):  {found['code']}   Good once, until {until:%a %H:%M}."
        self.say(f"{said} Give it to them; it is not shown again.", wrong=False)


def _people(saved: Saved) -> set[str]:
    """Those whom a change set was about."""
    return {one.key for one in saved.applied if one.kind == "person"}
