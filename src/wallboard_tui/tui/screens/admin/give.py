"""Room ``tui``, screens: giving a role to people: one role to many, chosen by name, with what it means to each."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Select, SelectionList, Static
from textual.widgets.selection_list import Selection

from wallboard_tui.model.administration import Edit, PersonRow
from wallboard_tui.tui.screens.admin.choosing import Search
from wallboard_tui.tui.screens.admin.form import Form
from wallboard_tui.tui.screens.admin.form_keys import KEYS, Keys
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.one_of import OneOf
from wallboard_tui.tui.widgets.ticks import Ticks


class Give(Form):
    """People on the left, a role above them; on the right who gets and loses what by it.

    ``role``: the role to begin with. ``people``: those chosen to begin with; they stand first.
    """

    keys_of_fields: ClassVar[Mapping[type[Widget], Keys]] = {Search: (("Enter", "choose the first"),), **KEYS}

    def __init__(self, office: Office, role: str | None, people: Collection[str] = ()) -> None:
        super().__init__(office)
        self.role = role
        self.picked = set(people)
        self._first = frozenset(people)
        self.title_text = f"Give {office.called('role', role)} to people" if role and not people else "Change role"

    def compose_fields(self) -> ComposeResult:
        yield Static("Role", classes="label")
        value = self.role if self.role in self.office.assignable else None
        yield OneOf(self.office.handed_out(), value, prompt="choose a role", id="role")
        yield Static("", classes="note", id="note-role", markup=False)
        yield Static(self._count, classes="label", id="people-label", markup=False)
        yield Search(placeholder="search by name or present role", id="search", compact=True)
        yield Ticks(*self._selections(""), id="chosen", compact=True)
        yield Static("", classes="note", id="note-chosen", markup=False)

    @property
    def _count(self) -> str:
        """Over the list: how many are chosen, seen or not."""
        return f"People   {len(self.picked)} chosen" if self.picked else "People"

    def touched(self) -> None:
        self.query_one("#people-label", Static).update(self._count)
        super().touched()

    def _people(self, text: str) -> list[PersonRow]:
        words = text.casefold().split()
        found = [
            row
            for row in self.office.people.values()
            if all(word in f"{row.doc['name']} {row.role_name} {row.key}".casefold() for word in words)
        ]
        return sorted(found, key=lambda row: (row.key not in self._first, str(row.doc["name"]).casefold()))

    def _selections(self, text: str) -> list[Selection[str]]:
        rows = self._people(text)
        longest = max((len(str(row.doc["name"])) for row in rows), default=0)
        return [
            Selection(Content(f"{row.doc['name']:{longest}}   {row.role_name}"), row.key, row.key in self.picked,
                      disabled=not row.editable)
            for row in rows
        ]  # fmt: skip

    def on_mount(self) -> None:
        self.set_focus(self.query_one("#search" if self.role else "#role"))

    @on(Input.Changed, "#search")
    def _searched(self, event: Input.Changed) -> None:
        self._list(event.value)

    def _list(self, text: str) -> None:
        """Lists those who are searched for."""
        listed = self.query_one(SelectionList)
        with self.prevent(SelectionList.SelectedChanged):
            listed.clear_options()
            listed.add_options(self._selections(text))
        if listed.option_count:
            listed.highlighted = 0

    @on(Search.Entered)
    def _entered(self, event: Search.Entered) -> None:
        """Enter takes the first that was found, so that names can be typed one after the other."""
        found = [row.key for row in self._people(event.text) if row.editable]
        if not event.text:
            self.query_one(SelectionList).focus()
        elif found:
            self.picked ^= {found[0]}
            self._list(self.query_one(Search).value)
            self.touched()
        else:
            event.give_back()

    @on(SelectionList.SelectedChanged, "#chosen")
    def _picked(self, event: SelectionList.SelectedChanged[str]) -> None:
        listed = event.selection_list
        shown = {listed.get_option_at_index(index).value for index in range(listed.option_count)}
        self.picked = (self.picked - shown) | set(listed.selected)
        self.touched()

    @on(Select.Changed, "#role")
    def _role(self, event: Select.Changed) -> None:
        self.role = None if event.value is Select.NULL else str(event.value)
        self.touched()

    def lacking(self) -> dict[str, str]:
        if self.role is None:
            return {"role": "Choose the role they get."}
        return {} if self.picked else {"chosen": "Choose at least one person."}

    @property
    def changed(self) -> bool:
        return bool(self.edits())

    def edits(self) -> list[Edit]:
        rows = (self.office.people[key] for key in sorted(self.picked))
        return [
            Edit(kind="person", key=row.key, set={"role": self.role}, revision=row.revision)
            for row in rows
            if self.role and row.doc.get("role") != self.role
        ]

    def nothing_said(self) -> str:
        if wrong := self.lacking():
            return f"{next(iter(wrong.values()))} What it means to each is said here before you save."
        return "They have this role already." if not self.edits() else super().nothing_said()

    async def meanwhile(self, error: TerminalError) -> None:
        """Somebody changed one of them: the list is asked for again, the choice stays."""
        rows = await self.wallboard.terminal.administer(lambda admin: admin.people())
        changed = [
            f"{row.doc['name']} is {row.role_name} now"
            for row in rows
            if (old := self.office.people.get(row.key)) is not None and old.doc.get("role") != row.doc.get("role")
        ]
        self.office = replace(self.office, people={**self.office.people, **{row.key: row for row in rows}})
        said = f" {', '.join(changed)}." if changed else ""
        self.touched()
        self.say(f"{error}{said} Your choice is kept; save again if it is still right.")
