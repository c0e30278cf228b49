"""Room ``tui``, screens: pages of the form of a role: its personal floor, and the toggles that it offers."""

from collections.abc import Mapping, Sequence

from textual import on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widgets import SelectionList, Static
from textual.widgets.selection_list import Selection

from wallboard_tui.model.administration import ToggleOf
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.permission_form import Given, ask_for
from wallboard_tui.tui.screens.admin.role_draft import chosen
from wallboard_tui.tui.screens.admin.wording import FIELDS
from wallboard_tui.tui.widgets.permissions import PermissionTable
from wallboard_tui.tui.widgets.ticks import Ticks

OWN = ("SELF",)
"""The scope that a permission of the floor begins with: the floor is about oneself."""


class FloorPage(Vertical):
    """What everybody with the role keeps about themselves, and which of it takes an extension."""

    class Changed(Message):
        """Another floor, or other permissions of it that take an extension."""

    def __init__(self, office: Office) -> None:
        super().__init__(id="floor-page")
        self._office = office
        self._begun: Sequence[str] = ()
        self.needs_extension: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("What everybody with it keeps about themselves, whatever is taken from them.", classes="hint")
        yield PermissionTable(tuple(self._office.permissions.values()), self._office.words, id="floor")
        what = f"{FIELDS['needs_extension']}: only for people who have one"
        yield Static(what, classes="label", id="needs-label")
        yield Ticks(id="needs_extension", compact=True, classes="choices")

    @property
    def floor(self) -> dict[str, dict[str, object]]:
        """The floor as a role stores it."""
        return {name: dict(grant) for name, grant in self.query_one(PermissionTable).grants.items()}

    def put(self, floor: Mapping[str, Given], needs_extension: Sequence[str]) -> None:
        """Shows another floor."""
        self._begun = self.needs_extension = list(needs_extension)
        table = self.query_one(PermissionTable)
        table.default_scope = list(OWN)
        table.put(floor)
        self._offer()

    def _offer(self) -> None:
        """Offers the permissions of the floor as those that may take an extension."""
        ticks, permissions = self.query_one(Ticks), self._office.permissions
        names = [name for name in permissions if name in self.floor]
        self.query_one("#needs-label").display = ticks.display = bool(names)
        with self.prevent(SelectionList.SelectedChanged):
            ticks.clear_options()
            ticks.add_options(
                Selection(Content(permissions[name].title), name, name in self.needs_extension) for name in names
            )

    @on(PermissionTable.Changed)
    def _granted(self, event: PermissionTable.Changed) -> None:
        event.stop()
        self.needs_extension = [name for name in self.needs_extension if name in self.floor]
        self._offer()
        self.post_message(self.Changed())

    @on(PermissionTable.Pointed)
    def _pointed(self, event: PermissionTable.Pointed) -> None:
        event.stop()

    @on(PermissionTable.Wanted)
    def _wanted(self, event: PermissionTable.Wanted) -> None:
        event.stop()
        ask_for(event.permission, self.query_one(PermissionTable), OWN, self._office)

    @on(SelectionList.SelectedChanged)
    def _ticked(self, event: SelectionList.SelectedChanged[str]) -> None:
        event.stop()
        found = chosen(self._begun, event.selection_list.selected, list(self._office.permissions))
        if found != self.needs_extension:
            self.needs_extension = found
            self.post_message(self.Changed())


class TogglesPage(Vertical):
    """The toggles that may be set for each person with the role."""

    class Changed(Message):
        """Other toggles are offered."""

    def __init__(self) -> None:
        super().__init__(id="toggles-page")
        self._known: dict[str, ToggleOf] = {}
        self._begun: Sequence[str] = ()
        self.toggles: list[str] = []

    def compose(self) -> ComposeResult:
        yield Static("What may be switched on or off for one person with this role.", classes="hint")
        yield Ticks(id="offered", compact=True)
        yield Static("", id="toggle-controls", classes="hint", markup=False)

    def put(self, known: Sequence[ToggleOf], toggles: Sequence[str]) -> None:
        """Shows the toggles there are, those ticked that the role offers."""
        self._known = {one.name: one for one in known}
        self._begun = self.toggles = list(toggles)
        ticks = self.query_one(Ticks)
        with self.prevent(SelectionList.SelectedChanged):
            ticks.clear_options()
            ticks.add_options(Selection(Content(one.title), one.name, one.name in toggles) for one in known)
        ticks.highlighted = 0 if known else None

    @on(SelectionList.SelectionHighlighted)
    def _pointed(self, event: SelectionList.SelectionHighlighted[str]) -> None:
        one = self._known.get(event.selection.value)
        self.query_one("#toggle-controls", Static).update(one.controls if one else "")

    @on(SelectionList.SelectedChanged)
    def _ticked(self, event: SelectionList.SelectedChanged[str]) -> None:
        event.stop()
        found = chosen(self._begun, event.selection_list.selected, list(self._known))
        if found != self.toggles:
            self.toggles = found
            self.post_message(self.Changed())
