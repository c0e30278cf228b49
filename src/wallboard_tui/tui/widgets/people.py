"""Room ``tui``, widgets: the demo's people, to be chosen on the sign-in screen: who they are and what they see."""

from collections.abc import Sequence

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from wallboard_tui.tui.look import cells
from wallboard_tui.tui.terminal import DemoPerson

BESIDE = 3
"""Columns that a row needs beside its words: one on either side, and the scroll bar's."""
GAP = 2
FORM = 56
"""Columns that the rest of the screen takes, about."""


class PeopleToTry(OptionList):
    """Two lines for each person. Where there is room, roles and notes stand in a column of their own; else below the
    name, and a role goes without the name of its pack before it is cut.
    """

    def __init__(self, people: Sequence[DemoPerson]) -> None:
        super().__init__()
        self._people = tuple(people)
        self._room = 0
        self._column = max((cells(person.person) for person in people), default=0) + GAP
        self._longest = max((cells(person.note) for person in people), default=0)

    def on_mount(self) -> None:
        """Writes the rows for about the room there will be: a list without rows would be seen for a moment."""
        self._write(self.app.size.width - FORM)

    def on_resize(self) -> None:
        """Writes them anew when there is other room for them."""
        self._write(self.outer_size.width - BESIDE)

    def _write(self, room: int) -> None:
        if room != self._room:
            self._room = room
            here = self.highlighted
            with self.prevent(OptionList.OptionHighlighted):
                self.set_options(self._option(person, room) for person in self._people)
                self.highlighted = here

    def _option(self, person: DemoPerson, room: int) -> Option:
        beside = self._column + self._longest <= room
        name = f"{person.person:<{self._column}}" if beside else person.person + " " * GAP
        role = person.role if cells(name + person.role) <= room else person.role.partition(" (")[0]
        note = "\n" + " " * (self._column if beside else 0) + person.note if person.note else ""
        return Option(Content.assemble((name, "bold"), role, (note, "dim")), id=person.person)
