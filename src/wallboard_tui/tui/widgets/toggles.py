"""Room ``tui``, widgets: a person's toggles as a table: as the role says, on, or off."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from rich.text import Text
from textual.binding import BindingType
from textual.message import Message

from wallboard_tui.tui.widgets.own_keys import OwnKeys
from wallboard_tui.tui.widgets.row_table import RowTable

VALUES: Mapping[bool | None, str] = {None: "as the role says", True: "on", False: "off"}
_AFTER: Mapping[bool | None, bool | None] = {None: True, True: False, False: None}

TITLE_W, VALUE_W = 26, 17
CONTROLS_AT = TITLE_W + VALUE_W + 6
"""The cells before what stands under “What it controls”, and its own pads."""


class ToggleTable(RowTable[Text], OwnKeys):
    """One row for each toggle; Space or Enter takes the next value. ``toggles`` holds those that are on or off."""

    BINDINGS: ClassVar[list[BindingType]] = [("space", "select_cursor", "Next value")]

    class Changed(Message):
        """Another value was given."""

    def __init__(self, *, id: str) -> None:
        super().__init__(id=id, cursor_type="row")
        self.toggles: dict[str, bool] = {}
        self.controls: dict[str, str] = {}
        """By name, what each controls."""
        self.narrow = False
        """There is no room for what each controls beside it."""
        self.room = 0
        """The cells of the table."""

    def offer(self, titles: Sequence[tuple[str, str, str]], toggles: Mapping[str, bool]) -> None:
        """Shows toggles (name, title, what it controls) with their values."""
        self.toggles = dict(toggles)
        self.clear(columns=True)
        self.controls = {name: controls for name, _, controls in titles}
        self.narrow = self.room < CONTROLS_AT + max((len(one) for one in self.controls.values()), default=0)
        every = (("Toggle", TITLE_W), ("For this person", VALUE_W), ("What it controls", None))
        columns = every[: 2 if self.narrow else 3]
        for title, width in columns:
            self.add_column(title, width=width, key=title)
        for name, title, controls in titles:
            cells = (Text(title), Text(VALUES[self.toggles.get(name)]), Text(controls, style="dim"))
            self.add_row(*cells[: len(columns)], key=name)

    @property
    def pointed(self) -> str:
        """What the toggle under the cursor controls, where there is no column that says it."""
        if not self.narrow or not self.row_count:
            return ""
        return self.controls.get(str(self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value), "")

    def action_select_cursor(self) -> None:
        if not self.row_count or self.disabled:
            return
        name = str(self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value)
        value = _AFTER[self.toggles.get(name)]
        if value is None:
            self.toggles.pop(name, None)
        else:
            self.toggles[name] = value
        self.update_cell(name, "For this person", Text(VALUES[value]))
        self.post_message(self.Changed())
