"""Room ``tui``, screens: the form of a role: a new one, a copy, or one that is there."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widgets import Checkbox, Input, Select, Static, TabPane

from wallboard_tui.model.base import Doc
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.panes import PANES
from wallboard_tui.tui.screens.admin import role_draft
from wallboard_tui.tui.screens.admin.document_form import DocumentForm, Standing
from wallboard_tui.tui.screens.admin.merging import differing
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.paged import Pages
from wallboard_tui.tui.screens.admin.permission_form import ask_for
from wallboard_tui.tui.screens.admin.role_pages import FloorPage, TogglesPage
from wallboard_tui.tui.screens.admin.scopes import EXPLAINED, NUMBERS
from wallboard_tui.tui.screens.admin.wording import FIELDS, fact_lines, wrapped
from wallboard_tui.tui.widgets.one_of import OneOf
from wallboard_tui.tui.widgets.own_keys import TextLine
from wallboard_tui.tui.widgets.permissions import PermissionTable
from wallboard_tui.tui.widgets.ticks import Tick

LOGIN = "Without it nobody with this role can sign in. Their calls and figures are there as before."
CALLERS = "Advice: callers stay hidden without Caller numbers."


class RoleForm(DocumentForm):
    """Tabs for name, description and everything a role can allow; the personal floor; toggles; and sign-in.

    ``key``: the role that is changed; ``None`` for a new one, which begins with the fields of ``draft``.
    """

    kind = "role"
    lines_of_rules: ClassVar[dict[str, str]] = {"wrong-field": "name", "exists": "name"}

    def __init__(self, office: Office, draft: Doc, key: str | None = None, revision: int | None = None) -> None:
        begun = role_draft.begun(draft)
        super().__init__(office, key, revision, dict(begun) if key else {}, begun)
        self._started: Doc = dict(begun)
        self.title_text = f"Role {draft.get('name')}" if key else "New role"

    @classmethod
    def of(cls, key: str, office: Office) -> "RoleForm":
        """The form of a role that is there."""
        row = office.roles[key]
        return cls(office, row.doc, key, row.revision)

    def compose_fields(self) -> ComposeResult:
        with Pages(id="role-pages"):
            with TabPane("Role", id="page-role"):
                yield from self._role_page()
            with TabPane(FIELDS["floor"], id="page-floor"):
                yield FloorPage(self.office)
            with TabPane(FIELDS["toggles"], id="page-toggles"):
                yield TogglesPage()
            with TabPane("Sign-in", id="page-login"):
                yield Tick(FIELDS["login"], bool(self.draft["login"]), id="login", compact=True)
                yield Static(LOGIN, classes="hint")

    def _role_page(self) -> ComposeResult:
        yield Static("Name", classes="label")
        yield TextLine(str(self.draft.get("name") or ""), placeholder="such as QA Analyst", id="name", max_length=120,
                       compact=True)  # fmt: skip
        yield Static("", classes="note", id="note-name", markup=False)
        yield Static("About", classes="label")
        yield TextLine(str(self.draft.get("description") or ""), placeholder="what it is for", id="description",
                       max_length=500, compact=True)  # fmt: skip
        yield Static("What you switch on holds for", classes="label")
        yield OneOf(self._scopes(), "All", blank=False, id="scope")
        yield PermissionTable(tuple(self.office.permissions.values()), self.office.words, id="permissions")
        yield Static("", id="pointed", classes="hint", markup=False)

    def _scopes(self) -> list[tuple[str, str]]:
        presets = self.office.catalogue.presets
        return [(f"{name}: {EXPLAINED.get(name, '')}", name) for name, atoms in presets.items() if NUMBERS not in atoms]

    def on_mount(self) -> None:
        self._fill()
        self.set_focus(self.query_one("#permissions" if self.key else "#name"))

    @property
    def _table(self) -> PermissionTable:
        return self.query_one("#permissions", PermissionTable)

    def _fill(self) -> None:
        """Shows the draft on all pages but for what is typed."""
        me = self.wallboard.me
        packs = tuple(me.organisation.get("packs") or ()) if me else ()
        self._table.put(self.draft.get("grants") or {})
        self.query_one(FloorPage).put(self.draft.get("floor") or {}, self.draft.get("needs_extension") or ())
        known = role_draft.known_toggles(self.draft, packs, self.office)
        self.query_one(TogglesPage).put(known, self.draft.get("toggles") or ())
        with self.prevent(Checkbox.Changed):
            self.query_one("#login", Checkbox).value = bool(self.draft["login"])

    # What is typed

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        field, text = str(event.input.id), event.value.strip()
        if self.draft.get(field, "") != text:
            self.draft[field] = text
            self.touched()

    @on(Select.Changed, "#scope")
    def _scope_chosen(self, event: Select.Changed) -> None:
        self._table.default_scope = list(self.office.catalogue.presets[str(event.value)])

    @on(PermissionTable.Changed)
    def _granted(self) -> None:
        self.draft["grants"] = {name: dict(grant) for name, grant in self._table.grants.items()}
        self.touched()

    @on(FloorPage.Changed)
    def _floor_changed(self) -> None:
        page = self.query_one(FloorPage)
        self.draft["floor"], self.draft["needs_extension"] = page.floor, page.needs_extension
        self.touched()

    @on(TogglesPage.Changed)
    def _toggles_changed(self) -> None:
        self.draft["toggles"] = self.query_one(TogglesPage).toggles
        self.touched()

    @on(Checkbox.Changed, "#login")
    def _login_changed(self, event: Checkbox.Changed) -> None:
        self.draft["login"] = event.value
        self.touched()

    @on(PermissionTable.Pointed)
    def _pointed(self, message: PermissionTable.Pointed) -> None:
        one = message.permission
        self.query_one("#pointed", Static).update(one.controls if one else "")

    @on(PermissionTable.Wanted)
    def _wanted(self, message: PermissionTable.Wanted) -> None:
        ask_for(message.permission, self._table, self._table.default_scope, self.office)

    # What is saved

    def lacking(self) -> dict[str, str]:
        return role_draft.lacking(self.key, self.draft, self.office.roles)

    def before_rules(self, width: int) -> list[Line]:
        """What people with the role land on: never nothing, without its being said."""
        found = role_draft.opens(self.draft)
        if found is None or self._empty:
            return []
        if found:
            opens = ", ".join(PANES[name].title for name in found)
            lines = fact_lines("Opens", opens, width, self.wallboard.look)
            hides = role_draft.hides_callers(self.draft, found)
            return [*lines, *wrapped(CALLERS, width, self.wallboard.look, "warn")] if hides else lines
        said = "With this alone nothing opens in this program. Recordings and scores, for example, stand beside calls."
        return wrapped(
            f"Advice: {said} Add Calls, figures, reports or the wallboard.", width, self.wallboard.look, "warn"
        )

    def named_key(self, number: int) -> str:
        return role_draft.new_key(self.draft, self.office.roles, number)

    @property
    def changed(self) -> bool:
        return bool(differing(self._started, self.draft))

    @property
    def _empty(self) -> bool:
        return not (self.draft.get("grants") or self.draft.get("floor"))

    def nothing_said(self) -> str:
        if self.key is None and self._empty:
            return "Nothing is switched on yet: Tab goes to the list of permissions, Space switches one on."
        if self.key is None and not self.lacking():
            return "Nobody has this role yet. Save it, then give it to people with g."
        return super().nothing_said()

    async def standing(self) -> Standing | None:
        rows = await self.wallboard.terminal.administer(lambda admin: admin.roles())
        row = next((row for row in rows if row.key == self.key), None)
        return Standing(role_draft.begun(row.doc), row.revision, f"the role {row.doc['name']}") if row else None

    def gone(self) -> None:
        self.say("Somebody removed this role meanwhile. What you typed is still here.")
        self.key, self.base = None, {}

    def put(self) -> None:
        with self.prevent(Input.Changed):
            for field in ("name", "description"):
                self.query_one(f"#{field}", Input).value = str(self.draft.get(field) or "")
        self._fill()
        self.touched()
