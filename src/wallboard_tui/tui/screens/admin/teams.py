"""Room ``tui``, screens: *Team → Teams*: every team with its people, queues and numbers."""

from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from wallboard_tui.model.administration import Row, Saved
from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.screens.admin.columns import Column, left_for
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.office_section import OfficeSection
from wallboard_tui.tui.screens.admin.team_draft import past_words
from wallboard_tui.tui.screens.admin.wording import saved_words, team_lines
from wallboard_tui.tui.screens.admin.working import work
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.bindings import bindings_of

if TYPE_CHECKING:
    from wallboard_tui.tui.screens.admin.form import Form

COUNTED = ("members", "managers", "queues", "numbers")
"""What is counted of each team, the most needed first."""
NAME_W = 14
"""A team's name has so much room at least."""
TEAM = Column("Team", share=1)


def _column(field: str) -> Column:
    return Column(field.capitalize(), len(field))


class Teams(OfficeSection[Row]):
    """All teams; the selected one with what it has."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("admin", only="admin."), *bindings_of("admin", only="teams.")]
    name_of = "teams"
    kind_of = "team"
    search = "search teams"

    def rows_of(self, office: Office) -> Mapping[str, Row]:
        return office.teams

    def details(self, row: Row, office: Office, width: int) -> list[Line]:
        return team_lines(row, office, width, self.wallboard.look)

    def listed(self, office: Office) -> None:
        rows = [row for row in office.teams.values() if self.sought(row.doc["name"], row.key)]
        rows.sort(key=lambda row: str(row.doc["name"]).casefold())
        fields = self._fields
        cells = [(row.key, (self._called(row), *(len(row.doc.get(field) or ()) for field in fields))) for row in rows]
        self.fill([TEAM, *(_column(field) for field in fields)], cells)
        none = "There is no team yet. Press n." if self._may_make else "There is no team yet."
        self.show_empty("" if rows else "No team is called that. Esc shows all again." if office.teams else none)

    @property
    def _fields(self) -> tuple[str, ...]:
        """The counts that have room beside a team's name; the members' always."""
        for most in range(len(COUNTED), 1, -1):
            if left_for([TEAM, *(_column(field) for field in COUNTED[:most])], self.list_width) >= NAME_W:
                return COUNTED[:most]
        return COUNTED[:1]

    @property
    def _may_make(self) -> bool:
        return self.wallboard.me is not None and self.wallboard.me.may("workgroups", "manage")

    def _called(self, row: Row) -> str:
        return f"{row.doc['name']}" + ("" if row.editable else "  (view)")

    def acts(self, action: Action) -> bool:
        if action.id in ("teams.edit", "teams.past", "teams.remove"):
            return self.row is not None and self.row.editable
        return self.office is not None

    # Acting

    def action_teams_new(self) -> Awaitable[None]:
        from wallboard_tui.tui.screens.admin.team_form import TeamForm

        def made(saved: Saved | None) -> None:
            self._said(saved)
            if saved is not None and saved.applied:
                work(self, "past", self._say_past, saved)

        assert self.office is not None
        return self.over(TeamForm(self.office), made)

    async def _say_past(self, saved: Saved) -> None:
        """A worker: says how much a new team lacks of what is its own."""
        key = saved.applied[0].key
        name = self.office.called("team", key) if self.office is not None else key
        try:
            past = await self.ask(lambda admin: admin.past(key, dry_run=True))
        except TerminalError as error:
            self.say(f"{error.name}: {error}")
            return
        if words := past_words(past):
            said = f"{saved_words(saved)} {words} came in before {name} was there: p adds them."
            self.say(said, wrong=False)

    def form_of(self, row: Row, office: Office) -> "Form":
        from wallboard_tui.tui.screens.admin.team_form import TeamForm

        return TeamForm(office, row)

    def action_teams_edit(self) -> Awaitable[None] | None:
        return self.edit_row()

    def action_teams_past(self) -> None:
        from wallboard_tui.tui.screens.admin.past import Past

        def done(sentence: str | None) -> None:
            if sentence:
                self.say(sentence, wrong=False)

        if self.row is not None:
            self.app.push_screen(Past(self.row.key, str(self.row.doc["name"])), done)

    def action_teams_remove(self) -> Awaitable[None] | None:
        return self.remove_row()
