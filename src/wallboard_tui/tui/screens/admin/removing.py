"""Room ``tui``, screens: removing a role, a person or a team: who loses what is said first, and then asked once."""

from collections.abc import Mapping
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.widget import Widget
from textual.widgets import Button, Select, Static

from wallboard_tui.model.administration import Edit, EditedKind
from wallboard_tui.tui.screens.admin.form import Form
from wallboard_tui.tui.screens.admin.form_keys import KEYS, Keys
from wallboard_tui.tui.screens.admin.office import Office
from wallboard_tui.tui.widgets.one_of import OneOf

KEPT = {
    "person": "Calls and the audit trail keep the short name, and nobody else ever gets it. To close the sign-in for a "
    "while, disable the person instead.",
    "team": "Its people stay, and calls stay where they are. Whoever sees them through this team alone loses them.",
}
"""What is kept and what is not, by what is removed."""


class Remove(Form):
    """Says who loses what, and asks which role the people of a removed role get."""

    AUTO_FOCUS = "Select"
    """Never the button: nobody is removed by a key too many."""
    save_word = "Remove"
    keys_of_fields: ClassVar[Mapping[type[Widget], Keys]] = {**KEYS, Button: (("Enter", "remove"), ("Tab", "next"))}

    def __init__(self, office: Office, kind: EditedKind, key: str, name: str, revision: int) -> None:
        super().__init__(office)
        self._kind = kind
        self._key = key
        self._revision = revision
        self._instead: str | None = None
        self.title_text = f"Remove {f'the {kind} ' if kind != 'person' else ''}{name}"

    def compose_fields(self) -> ComposeResult:
        people = self.office.roles[self._key].people if self._kind == "role" else ()
        if kept := KEPT.get(self._kind):
            yield Static(kept, classes="hint", markup=False)
        elif not people:
            yield Static("Nobody has this role.", classes="hint", markup=False)
        else:
            count = "1 person has" if len(people) == 1 else f"{len(people)} people have"
            names = ", ".join(name for _, name in people)
            yield Static(f"{count} it: {names}", classes="hint", markup=False)
            yield Static("Role that they get instead", classes="label")
            yield OneOf(self.office.handed_out(but=self._key), prompt="choose a role", id="instead")
            yield Static("", classes="note", id="note-instead", markup=False)

    def lacking(self) -> dict[str, str]:
        people = self.office.roles[self._key].people if self._kind == "role" else ()
        return {"instead": "in-use: say which role they get instead."} if people and self._instead is None else {}

    @on(Select.Changed, "#instead")
    def _chosen(self, event: Select.Changed) -> None:
        self._instead = None if event.value is Select.NULL else str(event.value)
        self.touched()

    @property
    def changed(self) -> bool:
        return self._instead is not None

    @property
    def can_save(self) -> bool:
        return not self._saving and not self.lacking()

    def edits(self) -> list[Edit]:
        # Who loses what stands on this very screen: to save is to confirm it.
        return [Edit(kind=self._kind, key=self._key, remove=True, instead=self._instead, confirm=True,
                     revision=self._revision)]  # fmt: skip

    def nothing_said(self) -> str:
        if self.lacking():
            return "Choose a role; who loses what is said here."
        return self.once_known("Nobody loses anything by it.")
