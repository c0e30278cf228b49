"""Room ``tui``, screens: the form of a person: a new one, or one that is there."""

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Checkbox, DataTable, Input, Select, SelectionList, Static, TabPane
from textual.widgets.selection_list import Selection

from wallboard_tui.model.administration import Edit, PersonRow, Saved
from wallboard_tui.tui.screens.admin import person_draft
from wallboard_tui.tui.screens.admin.document_form import DocumentForm, Standing
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.paged import Pages
from wallboard_tui.tui.screens.admin.permission_form import ask_for
from wallboard_tui.tui.screens.admin.person_draft import May
from wallboard_tui.tui.screens.admin.wording import FIELDS
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.one_of import OneOf
from wallboard_tui.tui.widgets.own_keys import TextLine
from wallboard_tui.tui.widgets.permissions import PermissionTable
from wallboard_tui.tui.widgets.ticks import Tick, Ticks
from wallboard_tui.tui.widgets.toggles import ToggleTable

CHECKS = ("disabled", "missed_mail", "report_mail")
BESIDE_FIELDS = 4
"""Of the three fifths of the screen that fields have, so many cells are pads."""
RETRIES = 3
"""Somebody who keeps changing the same team is waited for so often."""


class PersonForm(DocumentForm):
    """Tabs for the person, the phone, the Manage lists, toggles, grants and teams; what may not be changed is locked.

    ``may``: permission and level of whoever edits. ``row``: who is edited; ``None`` for somebody new.
    """

    kind = "person"
    lines_of_rules: ClassVar[dict[str, str]] = {
        "extension": "extension", "caller-id": "caller_ids", "missed-mail": "missed_mail", "schedule": "report_mail",
        "no-access": "role", "not-higher": "role", "wallboard": "toggles", "exists": "email", "last-admin": "role",
        "pin": "pin",
    }  # fmt: skip

    def __init__(self, office: Office, may: May, row: PersonRow | None = None) -> None:
        base = person_draft.begun(row)
        super().__init__(office, row.key if row else None, row.revision if row else None, base, dict(base))
        self.title_text = f"{row.doc['name']}  ({row.key})" if row else "New person"
        self._has_pin = bool(row and row.has_pin)
        self._writes = may("users", "manage")
        self._assigns = may("roles.assign", "manage") or may("roles", "manage") or (row is None and self._writes)
        self._teams = may("workgroups", "manage")
        self._pins = may("pins", "manage")
        self._saved = Saved(policy=0)
        """What was saved before a PIN was refused."""

    def compose_fields(self) -> ComposeResult:
        with Pages(id="person-pages"):
            with TabPane("Person", id="page-person"), VerticalScroll(can_focus=False):
                yield from self._text("name", "full name")
                if self.key is None:
                    yield from self._text("key", "short name to sign in with; made of the name when left empty")
                roles = person_draft.roles(self.draft, self.office)
                yield from self._choice("role", roles, "choose a role", locked=not self._assigns)
                yield from self._text("email", "also good to sign in with")
                boards = person_draft.boards(self.draft, self.office)
                yield from self._choice("board", boards, "none of their own", locked=not self._writes)
                yield Static("Mails and sign-in", classes="label")
                for field in CHECKS:
                    yield Tick(FIELDS[field], bool(self.draft.get(field)), id=field, disabled=not self._writes,
                                   compact=True)  # fmt: skip
                    yield Static("", classes="note", id=f"note-{field}", markup=False)
            with TabPane("Phone", id="page-phone"), VerticalScroll(can_focus=False):
                yield from self._text("extension", "needed to make and receive calls")
                yield from self._list("agents")
                yield from self._list("caller_ids")
                numbers = person_draft.numbers(self.draft, self.office)
                yield from self._choice("default_caller_id", numbers, "none", locked=not self._writes)
                if self._pins:
                    yield from self._text("pin", "has one; type another, or - to take it away" if self._has_pin else
                                          "none; 4 to 10 digits")  # fmt: skip
            with TabPane("Lists", id="page-lists"), VerticalScroll(can_focus=False):
                yield Static("What a person with limited reports may see: calls and figures of these.", classes="hint")
                yield from self._list("manage_queues")
                yield from self._list("manage_numbers")
                yield from self._text("manage_extensions", "extensions with commas between them: 101, 102")
            with TabPane("Toggles", id="page-toggles"):
                yield ToggleTable(id="toggles")
                yield Static("", classes="hint", id="toggle-controls", markup=False)
                yield Static("", classes="note", id="note-toggles", markup=False)
            with TabPane("Grants", id="page-grants"):
                yield Static("What this person gets beside the role. The role's own permissions stay.", classes="hint")
                yield PermissionTable(tuple(self.office.permissions.values()), self.office.words, id="permissions",
                                      locked=not self._writes)  # fmt: skip
                yield Static("", id="pointed", classes="hint", markup=False)
            with TabPane("Teams", id="page-teams"), VerticalScroll(can_focus=False):
                yield from self._list("joined")
                yield from self._list("managed")

    def _text(self, field: str, hint: str) -> ComposeResult:
        yield Static({"key": "Short name", "pin": "PIN"}.get(field) or FIELDS[field], classes="label")
        said = person_draft.shown(self.draft, field)
        yield TextLine(said, placeholder=hint, id=field, compact=True, disabled=not self._writes, max_length=190)
        yield Static("", classes="note", id=f"note-{field}", markup=False)

    def _choice(self, field: str, choices: list[tuple[str, str]], prompt: str, *, locked: bool) -> ComposeResult:
        yield Static(FIELDS[field], classes="label")
        yield OneOf(choices, self.draft.get(field), prompt=prompt, id=field, disabled=locked)
        yield Static("", classes="note", id=f"note-{field}", markup=False)

    def _list(self, field: str) -> ComposeResult:
        yield Static(FIELDS[field], classes="label")
        locked = not (self._teams if field in person_draft.TEAMS else self._writes)
        selections = self._selections(field)
        if not selections:
            what = person_draft.LISTS[field]
            yield Static(f"There is no {what} to choose, or none that you may see.", classes="hint")
        yield Ticks(*selections, id=field, compact=True, disabled=locked, classes="choices")
        yield Static("", classes="note", id=f"note-{field}", markup=False)

    def _selections(self, field: str) -> list[Selection[str]]:
        chosen = self.draft.get(field) or ()
        choices = person_draft.listed(self.draft, field, self.office)
        return [Selection(Content(name), key, key in chosen) for name, key in choices]

    def on_mount(self) -> None:
        self.query_one(PermissionTable).put(self.draft.get("grants") or {})
        self._offer_toggles()
        self.set_focus(self.query_one("#name"))

    def _offer_toggles(self) -> None:
        me = self.wallboard.me
        packs: Sequence[str] = tuple(me.organisation.get("packs") or ()) if me else ()
        table = self.query_one(ToggleTable)
        table.room = self.app.size.width * 3 // 5 - BESIDE_FIELDS
        table.offer(person_draft.offered_toggles(self.office, self.draft, packs), self.draft.get("toggles") or {})
        table.disabled = not self._writes

    # What is typed

    def _take(self, field: str, value: object) -> None:
        if (self.draft.get(field) or None) != (value or None):
            self.draft[field] = value
            self.touched()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        field, text = str(event.input.id), event.value.strip()
        if field == "manage_extensions":
            self._take(field, [one.strip() for one in text.split(",") if one.strip()])
        else:
            self._take(field, text or None)

    @on(Select.Changed)
    def _selected(self, event: Select.Changed) -> None:
        self._take(str(event.select.id), None if event.value is Select.NULL else event.value)
        if event.select.id == "role":
            self._offer_toggles()

    @on(SelectionList.SelectedChanged)
    def _listed(self, event: SelectionList.SelectedChanged[str]) -> None:
        self._take(str(event.selection_list.id), list(event.selection_list.selected))

    @on(Checkbox.Changed)
    def _checked(self, event: Checkbox.Changed) -> None:
        self._take(str(event.checkbox.id), event.value)

    @on(DataTable.RowHighlighted, "#toggles")
    def _pointed(self) -> None:
        self.query_one("#toggle-controls", Static).update(self.query_one(ToggleTable).pointed)

    @on(ToggleTable.Changed)
    def _toggled(self) -> None:
        self._take("toggles", dict(self.query_one(ToggleTable).toggles))

    @on(PermissionTable.Pointed)
    def _at_permission(self, message: PermissionTable.Pointed) -> None:
        one = message.permission
        self.query_one("#pointed", Static).update(one.controls if one else "")

    @on(PermissionTable.Changed)
    def _granted(self) -> None:
        self._take("grants", {name: dict(grant) for name, grant in self.query_one(PermissionTable).grants.items()})

    @on(PermissionTable.Wanted)
    def _wanted(self, message: PermissionTable.Wanted) -> None:
        ask_for(message.permission, self.query_one(PermissionTable), ["SELF"], self.office)

    # What is saved

    def lacking(self) -> dict[str, str]:
        return person_draft.lacking(self.key, self.draft, self.office.people)

    @property
    def changed(self) -> bool:
        return bool(self.draft.get("pin")) or (self.draft != self.base and bool(self.edits()))

    @property
    def worth_saving(self) -> bool:
        return bool(self.draft.get("pin")) or super().worth_saving

    def named_key(self, number: int) -> str:
        return person_draft.new_key(self.draft)

    def edits(self) -> list[Edit]:
        return person_draft.edits_of(self.key, self.revision, self.base, self.draft, self.office.teams)

    async def commit(self) -> Saved:
        """Saves the edits, and then the PIN, which is no edit: it is kept apart from everything that is exported or
        written down. Where it is refused, the form goes on from what was saved.
        """
        if self.edits():
            self._saved = await self._commit_edits()
        pin, key = self.draft.get("pin"), self.key or self.new_key
        try:
            if pin:
                await self.wallboard.terminal.administer(
                    lambda admin: admin.set_pin(key, None if pin == "-" else str(pin))
                )
        except TerminalError as error:
            if not self._saved.applied:
                raise
            self.key = key
            if (now := await self.standing()) is not None:
                self.rebase(now)
            raise TerminalError(error.name, f"{error} Everything else is saved.", details=error.details) from error
        return self._saved

    async def _commit_edits(self) -> Saved:
        """Saves the edits. Who else joins or leaves a team meanwhile is in nobody's way."""
        for _ in range(RETRIES):
            try:
                return await super().commit()
            except TerminalError as error:
                if error.name != "changed-meanwhile" or error.details.get("kind") != "team":
                    raise
                await self._renew_teams()
        return await super().commit()

    async def standing(self) -> Standing | None:
        people = await self.wallboard.terminal.administer(lambda admin: admin.people())
        await self._renew_teams()
        row = next((row for row in people if row.key == self.key), None)
        return Standing(person_draft.begun(row), row.revision, str(row.doc["name"])) if row else None

    async def _renew_teams(self) -> None:
        rows = await self.wallboard.terminal.administer(lambda admin: admin.teams()) if self._teams else ()
        if rows:
            self.office = replace(self.office, teams={row.key: row for row in rows})

    def put(self) -> None:
        with self.prevent(Input.Changed, Select.Changed, Checkbox.Changed, SelectionList.SelectedChanged):
            for field in self.query(Input):
                field.value = person_draft.shown(self.draft, str(field.id))
            for select in self.query(Select):
                select.value = self.draft.get(str(select.id)) or Select.NULL
            for check in self.query(Checkbox):
                check.value = bool(self.draft.get(str(check.id)))
            for listed in self.query(SelectionList):
                listed.clear_options()
                listed.add_options(self._selections(str(listed.id)))
        self.query_one(PermissionTable).put(self.draft.get("grants") or {})
        self._offer_toggles()
        self.touched()
