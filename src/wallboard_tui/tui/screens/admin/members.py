"""Room ``tui``, screens: *Team → Members*: everybody, with what each may do and where each part of it comes from."""

from collections.abc import Callable
from datetime import datetime
from typing import ClassVar
from zoneinfo import ZoneInfo

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Select

from wallboard_tui.model.administration import Edit, PersonRow, Saved
from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.look import Span
from wallboard_tui.tui.panes.seen import zone_name
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.office import Office, look_round
from wallboard_tui.tui.screens.admin.sure import Sure
from wallboard_tui.tui.screens.admin.wording import person_lines, saved_words
from wallboard_tui.tui.screens.admin.working import work
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.bindings import bindings_of

ON_PEOPLE = frozenset({"members.mark", "members.mark_all", "members.role", "members.switch"})
ON_A_PERSON = frozenset({"members.edit", "members.code", "members.remove"})


class Members(Section):
    """All people, found as one types, filtered by role and team; the selected one with what they may do."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings_of("admin", only="admin."),
        *bindings_of("admin", only="members."),
    ]
    name_of = "members"
    kind_of = "person"
    search = "search people"
    depends: ClassVar[frozenset[str]] = frozenset({"role", "person", "team", "queue", "number"})

    def __init__(self) -> None:
        super().__init__()
        self.office: Office | None = None
        self.marked: set[str] = set()
        self._wanted = ""
        self._role: str | None = None
        self._team: str | None = None
        self._counted = False

    def compose_above(self) -> ComposeResult:
        with Horizontal(id="filters"):
            yield Select([], prompt="any role", id="filter-role", compact=True)
            yield Select([], prompt="any team", id="filter-team", compact=True)

    async def load(self) -> None:
        self.office = await look_round(self.wallboard)

    def loaded(self) -> None:
        office = self.office
        assert office is not None
        self.marked &= office.people.keys()
        roles = {(self._role_word(row), str(row.doc["role"])) for row in office.people.values()}
        self._offer("#filter-role", sorted(roles), self._role)
        teams = {key for row in office.people.values() for key in (*row.teams, *row.manages)}
        self._offer("#filter-team", sorted((office.called("team", key), key) for key in teams), self._team)
        self._list()

    def _role_word(self, row: PersonRow) -> str:
        pack = str(row.doc["role"]).partition(":")[0]
        return row.role_name if pack == "custom" else f"{row.role_name} ({pack})"

    def _offer(self, id: str, choices: list[tuple[str, str]], chosen: str | None) -> None:
        select = self.query_one(id, Select)
        with self.prevent(Select.Changed):
            select.set_options([(Content(name), key) for name, key in choices])
            select.value = chosen if chosen in {key for _, key in choices} else Select.NULL

    def _list(self) -> None:
        """Fills the table with those who are looked for."""
        assert self.office is not None
        words = self._wanted.casefold().split()
        rows = [row for row in self.office.people.values() if self._fits(row, words)]
        rows.sort(key=lambda row: str(row.doc["name"]).casefold())
        narrow = self.size.width < 110
        role = (lambda row: row.role_name) if narrow else self._role_word
        cells = [(row.key, (self._mark(row), str(row.doc["name"]), role(row))) for row in rows]
        self.fill([("", 1), ("Person", 14 if narrow else 24), ("Role", 11 if narrow else 28)], cells)
        self.show_empty("" if rows else "Nobody is found like that. Esc in the search shows all again.")
        self._count()

    def _fits(self, row: PersonRow, words: list[str]) -> bool:
        doc = row.doc
        text = (
            f"{doc['name']} {row.key} {row.role_name} {doc.get('extension') or ''} {doc.get('email') or ''}".casefold()
        )
        if self._role is not None and doc.get("role") != self._role:
            return False
        if self._team is not None and self._team not in (*row.teams, *row.manages):
            return False
        return all(word in text for word in words)

    def _mark(self, row: PersonRow) -> str:
        glyphs = self.wallboard.look.glyphs
        if row.key in self.marked:
            return glyphs.tick
        return "-" if row.doc.get("disabled") or not row.can_sign_in else " "

    def _count(self) -> None:
        """Says how many are marked."""
        count = len(self.marked)
        words = "1 person is" if count == 1 else f"{count} people are"
        if count or self._counted:
            self.say(f"{words} marked. r changes their role, d disables or enables them." if count else "", wrong=False)
        self._counted = bool(count)

    def searched(self, text: str) -> None:
        self._wanted = text
        if self.office is not None:
            self._list()

    @on(Select.Changed, "#filter-role")
    def _by_role(self, event: Select.Changed) -> None:
        self._role = None if event.value is Select.NULL else str(event.value)
        self._list()

    @on(Select.Changed, "#filter-team")
    def _by_team(self, event: Select.Changed) -> None:
        self._team = None if event.value is Select.NULL else str(event.value)
        self._list()

    @property
    def row(self) -> PersonRow | None:
        """The selected person."""
        return self.office.people.get(self.selected or "") if self.office else None

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
            self.show_detail([(Span(str(error), "alert"),)])
            return
        office, row, look = self.office, self.row, self.wallboard.look
        if office is not None and row is not None and row.key == key:
            self.show_detail(lambda width: person_lines(row, access, office, width, look))

    def opened(self, key: str) -> None:
        if self.row is not None and self.row.editable:
            self.action_members_edit()
        elif self.row is not None:
            self.say(f"You can look at {self.row.doc['name']} and not change anything. {self.row.why_not}")

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
            return any(row.editable or action.id.startswith("members.mark") for row in self.meant)
        if action.id in ON_A_PERSON:
            return self.row is not None and self.row.editable
        return True

    def action_members_mark(self) -> None:
        """Marks the selected person, or takes the mark away, and goes on to the next."""
        row = self.row
        if row is None or not row.editable:
            return
        self.marked ^= {row.key}
        here = self.table.cursor_row
        self.table.update_cell_at(self.table.cursor_coordinate._replace(column=0), self.cell(self._mark(row)))
        self.table.move_cursor(row=here + 1, animate=False)
        self._count()

    def action_members_mark_all(self) -> None:
        """Marks everybody in the list; a second time, nobody."""
        assert self.office is not None
        keys = {row.value for row in self.table.rows if row.value is not None}
        able = {key for key in keys if self.office.people[key].editable}
        self.marked = self.marked - able if able <= self.marked else self.marked | able
        self._list()

    async def refreshed(self, saved: Saved) -> None:
        self.marked.clear()
        self._counted = False  # what was saved is said in the place of how many are marked
        await super().refreshed(saved)

    def _said(self, saved: Saved | None) -> None:
        """What came of a form."""
        if saved is not None:
            self.say(saved_words(saved), wrong=False)

    def action_members_new(self) -> None:
        from wallboard_tui.tui.screens.admin.person_form import PersonForm

        assert self.office is not None

        def done(saved: Saved | None) -> None:
            self._said(saved)
            people = self.office.people if self.office is not None else {}
            for key in _people(saved) & people.keys() if saved is not None else ():
                if people[key].can_sign_in:
                    self._give_code(key)

        self.over(PersonForm(self.office, self._me), done)

    @property
    def _me(self) -> "Callable[[str, str], bool]":
        me = self.wallboard.me
        return me.may if me is not None else lambda permission, level: False

    def action_members_edit(self) -> None:
        from wallboard_tui.tui.screens.admin.person_form import PersonForm

        if self.row is not None and self.office is not None:
            self.over(PersonForm(self.office, self._me, self.row), self._said)

    def action_members_role(self) -> None:
        from wallboard_tui.tui.screens.admin.give import Give

        assert self.office is not None
        people = [row.key for row in self.meant if row.editable]
        self.over(Give(self.office, None, people), self._said)

    def action_members_remove(self) -> None:
        from wallboard_tui.tui.screens.admin.removing import Remove

        row = self.row
        if row is not None and self.office is not None:
            self.over(Remove(self.office, "person", row.key, str(row.doc["name"]), row.revision), self._said)

    def action_members_switch(self) -> None:
        """Disables those who are meant; when all of them are disabled, enables them again."""
        people = [row for row in self.meant if row.editable]
        off = not all(row.doc.get("disabled") for row in people)
        names = ", ".join(str(row.doc["name"]) for row in people[:4]) + (" and others" if len(people) > 4 else "")
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
