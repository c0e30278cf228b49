"""Room ``tui``, screens: the keys that hold in a field of a form, as the form's last line says them. Pure."""

from collections.abc import Mapping
from typing import Final

from rich.text import Text
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Select, SelectionList, Tabs
from textual.widgets._select import SelectOverlay

from wallboard_tui.tui.widgets.permissions import PermissionTable
from wallboard_tui.tui.widgets.toggles import ToggleTable

Keys = tuple[tuple[str, str], ...]
"""Keys with what each does, the most needed first."""
KEYS: Final[Mapping[type[Widget], Keys]] = {
    Input: (("Enter", "next field"),),
    Select: (("Enter", "choose"), ("Tab", "next")),
    Checkbox: (("Space", "switch"), ("Tab", "next")),
    SelectOverlay: (("Enter", "take it"), ("letters", "find")),
    SelectionList: (("Space", "choose"), ("Tab", "next")),
    PermissionTable: (("Space", "level"), ("Enter", "for whom"), ("Tab", "next"), ("a letter", "jump")),
    ToggleTable: (("Space", "on, off"), ("Tab", "next")),
    Tabs: (("Left, Right", "page"), ("Tab", "next")),
    VerticalScroll: (("Up, Down", "read on"), ("Tab", "next")),
    Button: (("Enter", "save"), ("Tab", "next")),
}
LEAVE: Final = ("Esc", "leave")
GAP = "  "


def keys_in(field: Widget | None, known: Mapping[type[Widget], Keys]) -> Keys:
    """The keys of a field; none for one that is not known."""
    return next((keys for kind, keys in known.items() if isinstance(field, kind)), ())


def hint_of(field: Keys, always: Keys, width: int) -> Text:
    """The keys of a field and those that always hold, in ``width`` cells (0: not known yet). Where there is no room,
    those of the field go that are needed least.
    """
    shown = list(field)
    while shown and 0 < width < _room((*shown, *always)):
        shown.pop()
    text = Text(no_wrap=True)
    for number, (key, what) in enumerate((*shown, *always)):
        text.append(GAP if number else "").append(key, style="bold").append(f" {what}")
    return text


def _room(keys: Keys) -> int:
    return sum(len(key) + 1 + len(what) for key, what in keys) + len(GAP) * (len(keys) - 1)
