"""Room ``tui``, screens: the form of a team: a new one, or one that is there."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Input, Static, TabPane

from wallboard_tui.model.administration import Row
from wallboard_tui.tui.screens.admin import team_draft
from wallboard_tui.tui.screens.admin.choosing import Chooser, Search
from wallboard_tui.tui.screens.admin.document_form import DocumentForm, Standing
from wallboard_tui.tui.screens.admin.form_keys import KEYS, Keys
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.paged import Pages
from wallboard_tui.tui.screens.admin.wording import FIELDS
from wallboard_tui.tui.widgets.own_keys import TextLine

ABOUT: Mapping[str, str] = {
    "members": "Their calls and figures are the team's.",
    "managers": "They see what their role allows for the teams they manage.",
    "queues": "Calls that come in over these are the team's, whoever answers.",
    "numbers": "Calls to and from these are the team's.",
}


class TeamForm(DocumentForm):
    """Tabs for the name with members, for managers, and for the queues and numbers whose calls are the team's.

    ``row``: the team that is changed; ``None`` for a new one.
    """

    kind = "team"
    lines_of_rules: ClassVar[dict[str, str]] = {"wrong-field": "name", "exists": "name"}
    keys_of_fields: ClassVar[Mapping[type[Widget], Keys]] = {Search: (("Enter", "choose the first"),), **KEYS}

    def __init__(self, office: Office, row: Row | None = None) -> None:
        base = team_draft.begun(row.doc if row else None)
        super().__init__(office, row.key if row else None, row.revision if row else None, base, dict(base))
        self.title_text = f"{row.doc['name']}  ({row.key})" if row else "New team"

    def compose_fields(self) -> ComposeResult:
        with Pages(id="team-pages"):
            with TabPane("Team", id="page-team"):
                yield Static("Name", classes="label")
                yield TextLine(str(self.draft["name"]), placeholder="such as North", id="name", max_length=120,
                               compact=True)  # fmt: skip
                yield Static("", classes="note", id="note-name", markup=False)
                yield Static(FIELDS["members"], classes="label")
                yield from self._list("members", "search people")
            with TabPane(FIELDS["managers"], id="page-managers"):
                yield from self._list("managers", "search people")
            with TabPane(FIELDS["queues"], id="page-queues"):
                yield from self._list("queues", "search queues")
            with TabPane(FIELDS["numbers"], id="page-numbers"):
                yield from self._list("numbers", "search numbers")

    def _list(self, field: str, placeholder: str) -> ComposeResult:
        yield Static(ABOUT[field], classes="hint")
        yield Chooser(self._choices(field), self.draft[field], placeholder, id=field, locked=False)

    def _choices(self, field: str) -> list[tuple[str, str]]:
        return self.office.choices(team_draft.LISTS[field], self.draft[field])

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#name"))

    # What is typed

    @on(Input.Changed, "#name")
    def _named(self, event: Input.Changed) -> None:
        if self.draft["name"] != (name := event.value.strip()):
            self.draft["name"] = name
            self.touched()

    @on(Chooser.Changed)
    def _chosen(self, event: Chooser.Changed) -> None:
        self.draft[str(event.chooser.id)] = event.chooser.chosen
        self.touched()

    # What is saved

    def lacking(self) -> dict[str, str]:
        return team_draft.lacking(self.key, self.draft, self.office.teams)

    def named_key(self, number: int) -> str:
        return team_draft.new_key(self.draft, self.office.teams, number)

    def nothing_said(self) -> str:
        if self.key is None and not self.changed:
            return "Type a name. Ctrl+PgDn goes on to managers, queues and numbers."
        if self.key is None and not self.lacking():
            return "It has the calls that come in from now on; its past can be added when it is saved."
        return super().nothing_said()

    async def standing(self) -> Standing | None:
        rows = await self.wallboard.terminal.administer(lambda admin: admin.teams())
        row = next((row for row in rows if row.key == self.key), None)
        return Standing(team_draft.begun(row.doc), row.revision, f"the team {row.doc['name']}") if row else None

    def put(self) -> None:
        with self.prevent(Input.Changed):
            self.query_one("#name", Input).value = str(self.draft["name"])
        for chooser in self.query(Chooser):
            chooser.put(self._choices(str(chooser.id)), self.draft[str(chooser.id)] or ())
        self.touched()
