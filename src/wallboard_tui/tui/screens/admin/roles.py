"""Room ``tui``, screens: *Team → Roles*: every role with the people who have it and exactly what it allows."""

from collections import Counter
from collections.abc import Awaitable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import BindingType

from wallboard_tui.model.administration import Edit, RoleRow, Saved
from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.screens.admin.columns import Column
from wallboard_tui.tui.screens.admin.merging import canonical
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.office_section import OfficeSection
from wallboard_tui.tui.screens.admin.role_draft import lacking
from wallboard_tui.tui.screens.admin.wording import role_lines
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.bindings import bindings_of

if TYPE_CHECKING:
    from wallboard_tui.tui.screens.admin.form import Form

ON_A_ROLE = frozenset({"roles.copy", "roles.edit", "roles.rename", "roles.remove", "roles.compare", "roles.give"})
NARROW = 46
"""In a list below this width a role and where it comes from stand in one column."""


def _pack(row: RoleRow) -> str:
    """The pack that a role comes from."""
    return str(row.doc.get("pack") or "made here")


class Roles(OfficeSection[RoleRow]):
    """All roles; the selected one with its people and exact permissions."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings_of("admin", only="admin."), *bindings_of("admin", only="roles.")]
    name_of = "roles"
    kind_of = "role"
    search = "search roles"

    def __init__(self) -> None:
        super().__init__()
        self._compare: str | None = None

    def rows_of(self, office: Office) -> Mapping[str, RoleRow]:
        return office.roles

    def details(self, row: RoleRow, office: Office, width: int) -> list[Line]:
        return role_lines(row, office, width, self.wallboard.look)

    def listed(self, office: Office) -> None:
        rows = [row for row in office.roles.values() if self.sought(row.doc["name"], row.doc.get("pack") or "custom")]
        rows.sort(key=lambda row: (not row.custom, str(row.doc.get("pack") or ""), not row.people))
        if self.list_width < NARROW:
            # There is no room for where each comes from: it is said of those that could be mistaken for another.
            names = Counter(str(row.doc["name"]).casefold() for row in office.roles.values())
            cells = [
                (row.key, (self._called(row, names[str(row.doc["name"]).casefold()] > 1), len(row.people)))
                for row in rows
            ]
            self.fill([Column("Role", share=1), Column("", 2)], cells)
        else:
            wide = [(row.key, (self._called(row), _pack(row), len(row.people))) for row in rows]
            self.fill([Column("Role", share=1), Column("From", 10), Column("People", 6)], wide)
        empty = "No role is called that. Esc shows all again." if office.roles else "There is no role yet. Press n."
        self.show_empty("" if rows else empty)

    def _called(self, row: RoleRow, ambiguous: bool = False) -> str:
        origin = f" ({_pack(row)})" if ambiguous else ""
        # Where none can be changed the details say it, and here it would be said of every row.
        others = any(one.editable for one in self.office.roles.values()) if self.office is not None else False
        return f"{row.doc['name']}{origin}" + ("  (view)" if others and not row.editable else "")

    def opened(self, key: str) -> None:
        if self._compare is not None:
            self._compare_with(key)
        else:
            super().opened(key)

    def underway(self) -> str:
        first = self.office.roles.get(self._compare or "") if self.office is not None else None
        return f"{first.doc['name']} and which other? Go to it, then Enter. Esc leaves it." if first else ""

    def acts(self, action: Action) -> bool:
        row = self.row
        if action.id in ON_A_ROLE and row is None:
            return False
        if action.id in ("roles.edit", "roles.rename", "roles.remove"):
            return row is not None and row.editable
        if action.id in ("roles.give", "roles.copy"):
            return row is not None and row.assignable
        return self.office is not None

    # Acting

    def action_roles_new(self) -> Awaitable[None]:
        from wallboard_tui.tui.screens.admin.role_form import RoleForm

        assert self.office is not None
        toggles = next((tuple(each.name for each in pack) for pack in self._packs() if pack), ())
        draft = {"name": "", "description": "", "grants": {}, "toggles": list(toggles)}
        return self.over(RoleForm(self.office, draft), self._made)

    def _packs(self) -> list[tuple[Any, ...]]:
        """Toggles of the organisation's packs: a new role offers those that its people know."""
        assert self.office is not None
        me = self.wallboard.me
        packs = me.organisation.get("packs") or () if me else ()
        return [self.office.catalogue.toggles.get(pack, ()) for pack in packs]

    def _made(self, saved: Saved | None) -> None:
        if saved is not None and saved.applied:
            self.say("The role is saved, and nobody has it yet. Press g to give it to people.", wrong=False)

    def action_roles_copy(self) -> Awaitable[None]:
        from wallboard_tui.tui.screens.admin.role_form import RoleForm

        row = self.row
        assert self.office is not None
        assert row is not None
        draft = {**canonical(row.doc), "name": f"{row.doc['name']} (copy)"}
        draft.pop("pack", None)
        return self.over(RoleForm(self.office, draft), self._made)

    def form_of(self, row: RoleRow, office: Office) -> "Form":
        from wallboard_tui.tui.screens.admin.role_form import RoleForm

        return RoleForm.of(row.key, office)

    def action_roles_edit(self) -> Awaitable[None] | None:
        return self.edit_row()

    def action_roles_rename(self) -> None:
        from wallboard_tui.tui.screens.question import Question

        row = self.row
        assert row is not None

        def done(name: str | None) -> None:
            assert self.office is not None
            name = (name or "").strip()
            wrong = lacking(row.key, {**row.doc, "name": name}, self.office.roles) if name else {}
            if wrong:
                self.say(wrong["name"])
            elif name and name != row.doc["name"]:
                self.run_worker(self._rename(row, name), group="rename", exit_on_error=False)

        self.app.push_screen(Question(f"Another name for {row.doc['name']}", "", str(row.doc["name"])), done)

    async def _rename(self, row: RoleRow, name: str) -> None:
        edit = Edit(kind="role", key=row.key, set={"name": name}, revision=row.revision)
        try:
            await self.refreshed(await self.ask(lambda admin: admin.change([edit])))
            self.say(f"{row.doc['name']} is called {name} now.", wrong=False)
        except TerminalError as error:
            self.say(f"{error.name}: {error}")
            self.reload()

    def action_roles_give(self) -> Awaitable[None] | None:
        from wallboard_tui.tui.screens.admin.give import Give

        if self.office is not None and self.row is not None:
            return self.over(Give(self.office, self.row.key), self._said)
        return None

    def action_roles_remove(self) -> Awaitable[None] | None:
        return self.remove_row()

    def action_roles_compare(self) -> None:
        """The first role is remembered; the next one that is opened stands beside it."""
        if self._compare is not None and self.selected is not None:
            self._compare_with(self.selected)
        elif self.row is not None:
            self._compare = self.row.key
            self.say("")

    def _compare_with(self, key: str) -> None:
        from wallboard_tui.tui.screens.admin.compare import Compare

        assert self.office is not None
        first, self._compare = self._compare, None
        self.say("")
        if first is not None and first in self.office.roles and key in self.office.roles:
            self.app.push_screen(Compare(self.office.roles[first], self.office.roles[key], self.office))

    def action_admin_close(self) -> None:
        if self._compare is not None:
            self._compare = None
            self.say("")
            return
        super().action_admin_close()
