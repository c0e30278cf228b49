"""Room ``tui``, screens: what forms do when somebody else saved first: say it field by field, and go on with both."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import DataTable, Static

from wallboard_tui.tui.actions import Action
from wallboard_tui.tui.drawing.text import clean
from wallboard_tui.tui.screens.admin.columns import Column, widths
from wallboard_tui.tui.screens.admin.merging import Meanwhile, Place
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.screens.admin.trail import NOT_PEOPLE
from wallboard_tui.tui.screens.admin.wording import place_title, place_value
from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.widgets.bindings import bindings_of

COLUMNS = (
    Column("Field", share=2), Column("It was", share=3), Column("Theirs", share=3), Column("Yours", share=3),
    Column("Holds", 6),
)  # fmt: skip
CARD_W, LOW = 110, 32
"""The card is so wide at most; on a screen that is lower it fills it."""


class Meanwhiles(Dialog[frozenset[Place]]):
    """What somebody else changed. Where both changed the same, Space says whose holds; one's own does at first.

    The result are the places where one gives way.
    """

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="meanwhile.")

    families = ("meanwhile",)

    def __init__(self, found: Sequence[Meanwhile], by: Mapping[str, str], what: str, office: Office) -> None:
        super().__init__()
        self._found = list(found)
        self._by = dict(by)
        self._what = what
        self._office = office
        self._give_way: set[Place] = set()

    def open_to(self, action: Action) -> bool:
        return super().open_to(action) and (action.id != "meanwhile.whose" or any(one.clash for one in self._found))

    def compose_card(self) -> ComposeResult:
        names = (NOT_PEOPLE.get(key) or self._office.called("person", key) for key in self._by.values() if key)
        who = ", ".join(dict.fromkeys(names))
        with Vertical(classes="card page", id="meanwhile"):
            yield Static(f"{who or 'Somebody'} changed {self._what} first", classes="heading", markup=False)
            said = "Nothing you typed is lost. Look at what changed, then save again."
            yield Static(said, classes="hint", markup=False)
            yield DataTable(id="meanwhile-rows", cursor_type="row")

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        width, height = self.app.size
        room = width - 4 if height < LOW else min(CARD_W, width * 9 // 10) - 6
        for column, cells_wide in zip(COLUMNS, widths(COLUMNS, room), strict=True):
            table.add_column(column.title, width=cells_wide, key=column.title)
        for one in self._found:
            place = one.place
            yours = one.yours if one.clash else None
            cells = [
                place_title(place, self._office),
                *(place_value(place, v, self._office) for v in (one.was, one.theirs)),
            ]
            same = "not changed by you" if one.yours == one.was else "the same"
            cells += [place_value(place, yours, self._office) if one.clash else same, self._holds(one)]
            table.add_row(*(Text(clean(cell)) for cell in cells), height=None, key="\0".join(place))
        table.focus()

    def _holds(self, one: Meanwhile) -> str:
        return "theirs" if not one.clash or one.place in self._give_way else "yours"

    def action_meanwhile_whose(self) -> None:
        table = self.query_one(DataTable)
        one = self._found[table.cursor_row]
        if one.clash:
            self._give_way ^= {one.place}
            table.update_cell("\0".join(one.place), "Holds", Text(self._holds(one)))

    def on_data_table_row_selected(self) -> None:
        self.action_meanwhile_go_on()

    def action_meanwhile_go_on(self) -> None:
        self.dismiss(frozenset(self._give_way))
