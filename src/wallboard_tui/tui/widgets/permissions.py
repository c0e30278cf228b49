"""Room ``tui``, widgets: the permissions of a role, or the grants of a person, as a table that is edited in place."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from rich.text import Text
from textual import events
from textual.binding import BindingType
from textual.message import Message

from wallboard_tui.model.administration import PermissionOf
from wallboard_tui.tui.widgets.own_keys import OwnKeys
from wallboard_tui.tui.widgets.row_table import RowTable

Words = Callable[[Sequence[str]], str]
"""A stored scope to be read."""
HEADS = {"data": "Calls and figures", "admin": "Administration"}

TITLE_W, LEVEL_W = 24, 7
SCOPE_AT = TITLE_W + LEVEL_W + 6
"""The cells before what stands under “For whom”, and its own pads."""
TYPING_S = 1.0
"""Letters that follow each other within this are one word."""


class PermissionTable(RowTable[Text], OwnKeys):
    """One row for each permission: what it is, the level, for whom. Space takes the next level, Enter asks for level
    and scope, a letter goes to the next permission that begins with it.

    ``grants`` are as a document stores them. ``default_scope``: what a permission gets that is switched on here.
    """

    BINDINGS: ClassVar[list[BindingType]] = [("space", "next_level", "Level")]

    class Changed(Message):
        """Another level or scope was given."""

    class Wanted(Message):
        """Level and scope of one permission are to be chosen."""

        def __init__(self, permission: PermissionOf) -> None:
            super().__init__()
            self.permission = permission

    class Pointed(Message):
        """The cursor is on a permission; ``None``: on a heading."""

        def __init__(self, permission: PermissionOf | None) -> None:
            super().__init__()
            self.permission = permission

    def __init__(self, permissions: Sequence[PermissionOf], words: Words, *, id: str, locked: bool = False) -> None:
        super().__init__(id=id, cursor_type="row", header_height=1)
        self._permissions = {one.name: one for one in permissions}
        self._words = words
        self._locked = locked
        self.dash = "–"
        """Stands where there is no level."""
        self.grants: dict[str, dict[str, Any]] = {}
        self.default_scope: list[str] = ["ALL"]
        self._scope_w = 20
        self._typed = ""
        self._typed_at = 0.0

    def on_mount(self) -> None:
        self.add_column("Permission", width=TITLE_W, key="title")
        self.add_column("Level", width=LEVEL_W, key="level")
        self.add_column("For whom", width=self._scope_w, key="scope")
        for group, head in HEADS.items():
            self.add_row(Text(head, style="bold"), Text(""), Text(""), key=f"#{group}")
            for name, one in self._permissions.items():
                if one.group == group:
                    self.add_row(Text(one.title), Text(""), Text(""), key=name)
        self._paint()
        self.move_cursor(row=1)

    def on_resize(self) -> None:
        # As wide as there is room: what is cut stands whole where level and scope are chosen.
        width = max(10, self.scrollable_content_region.width - SCOPE_AT)
        if width != self._scope_w:
            self._scope_w = width
            self.remove_column("scope")
            self.add_column("For whom", width=width, key="scope")
            self._paint()
        if self.cursor_row == 1:
            self.call_after_refresh(self.scroll_to, y=0, animate=False)  # its heading, too

    def action_cursor_up(self) -> None:
        super().action_cursor_up()
        if self.pointed is None and self.cursor_row > 0:
            super().action_cursor_up()
        elif self.pointed is None:
            self.move_cursor(row=1)
            self.scroll_to(y=0, animate=False)

    def action_cursor_down(self) -> None:
        super().action_cursor_down()
        if self.pointed is None:
            super().action_cursor_down()

    def action_scroll_top(self) -> None:
        self.move_cursor(row=1)
        self.scroll_to(y=0, animate=False)

    def put(self, grants: Mapping[str, Mapping[str, Any]]) -> None:
        """Shows other grants."""
        self.grants = {name: dict(grant) for name, grant in grants.items()}
        if self.row_count:
            self._paint()

    def set(self, name: str, grant: Mapping[str, Any] | None) -> None:
        """Gives one permission, or takes it away."""
        if grant is None:
            self.grants.pop(name, None)
        else:
            self.grants[name] = dict(grant)
        self._paint()
        self.post_message(self.Changed())

    def _paint(self) -> None:
        for name in self._permissions:
            grant = self.grants.get(name)
            level = str(grant.get("level", "")) if grant else self.dash
            words = self._words(grant.get("scope") or ()) if grant else ""
            style = "" if grant else "dim"
            self.update_cell(name, "title", Text(self._permissions[name].title, style=style))
            self.update_cell(name, "level", Text(level, style="bold" if level == "manage" else style))
            self.update_cell(name, "scope", Text(words, no_wrap=True, overflow="ellipsis"))

    @property
    def pointed(self) -> PermissionOf | None:
        """The permission under the cursor."""
        if not self.row_count:
            return None
        key = self.coordinate_to_cell_key(self.cursor_coordinate).row_key.value
        return self._permissions.get(key or "")

    def action_next_level(self) -> None:
        one = self.pointed
        if one is None or self._locked:
            return
        grant = self.grants.get(one.name)
        level = str(grant["level"]) if grant else "none"
        after = next_level(one.levels, level)
        scope = (grant or {}).get("scope") or (self.default_scope if one.scoped else [])
        self.set(one.name, None if after == "none" else {"level": after, "scope": list(scope)})

    def action_select_cursor(self) -> None:
        one = self.pointed
        if one is not None and not self._locked:
            self.post_message(self.Wanted(one))

    def watch_cursor_coordinate(self, old_coordinate: Any, new_coordinate: Any) -> None:
        super().watch_cursor_coordinate(old_coordinate, new_coordinate)
        self.post_message(self.Pointed(self.pointed))

    async def on_key(self, event: events.Key) -> None:
        """Letters go to the first permission whose title begins with them; the same letter again to the next."""
        letter = event.character
        if letter is None or not letter.isalpha():
            self._typed_at = 0.0  # any other key ends the word
            return
        event.stop()
        event.prevent_default()
        typed = letter.casefold() if event.time - self._typed_at > TYPING_S else self._typed + letter.casefold()
        self._typed, self._typed_at = typed, event.time
        again = len(set(typed)) == 1
        names = [name for name, one in self._permissions.items() if _begins(one, typed[0] if again else typed)]
        if not names:
            return
        here = self.pointed.name if self.pointed else ""
        after = names[(names.index(here) + 1) % len(names)] if again and here in names else names[0]
        self.move_cursor(row=self.get_row_index(after))


def next_level(levels: Sequence[str], level: str) -> str:
    """The level after this one, back to none after the last."""
    return levels[(levels.index(level) + 1) % len(levels)] if level in levels else levels[0]


def _begins(one: PermissionOf, letters: str) -> bool:
    return one.title.casefold().startswith(letters)
