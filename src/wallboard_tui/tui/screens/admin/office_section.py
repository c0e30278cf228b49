"""Room ``tui``, screens: a section of *Team* whose rows stand in the office (roles, people, teams), found as one
types.
"""

from collections.abc import Awaitable, Mapping, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar

from textual.widgets import Input

from wallboard_tui.model.administration import PersonRow, RoleRow, Row, Saved
from wallboard_tui.tui.look import Line
from wallboard_tui.tui.screens.admin.base import Section
from wallboard_tui.tui.screens.admin.office import Office, look_round
from wallboard_tui.tui.screens.admin.wording import saved_words

if TYPE_CHECKING:
    from wallboard_tui.tui.screens.admin.form import Form

R = TypeVar("R", RoleRow, PersonRow, Row)


class OfficeSection(Section, Generic[R]):
    """A list of rows of one kind, by key, with the details of the selected one."""

    depends: ClassVar[frozenset[str]] = frozenset({"role", "person", "team", "queue", "number"})

    def __init__(self) -> None:
        super().__init__()
        self.office: Office | None = None
        self._text = ""

    # What a kind of row says

    def rows_of(self, office: Office) -> Mapping[str, R]:
        """All rows, by key."""
        raise NotImplementedError

    def listed(self, office: Office) -> None:
        """Fills the table with those that are looked for."""
        raise NotImplementedError

    def details(self, row: R, office: Office, width: int) -> Sequence[Line]:
        """What is said of a row beside the list."""
        raise NotImplementedError

    def form_of(self, row: R, office: Office) -> "Form":
        """The form in which a row is changed."""
        raise NotImplementedError

    # The list

    @property
    def row(self) -> R | None:
        """The selected row."""
        return self.rows_of(self.office).get(self.selected or "") if self.office is not None else None

    async def load(self) -> None:
        self.office = await look_round(self.wallboard)

    def loaded(self) -> None:
        self.relist()

    def relist(self) -> None:
        if self.office is not None:
            self.listed(self.office)

    def searched(self, text: str) -> None:
        self._text = text
        self.relist()

    def sought(self, *said: object) -> bool:
        """Whether all words that were typed are found in what is said of a row."""
        text = " ".join(map(str, said)).casefold()
        return all(word in text for word in self._text.casefold().split())

    def chosen(self, key: str | None) -> None:
        office = self.office
        row = self.rows_of(office).get(key or "") if office is not None else None
        if row is None or office is None:
            self.show_detail(())
        else:
            self.show_detail(lambda width: self.details(row, office, width))

    async def refreshed(self, saved: Saved) -> None:
        await super().refreshed(saved)
        known = self.rows_of(self.office) if self.office is not None else {}
        here = {one.key for one in saved.applied if one.kind == self.kind_of and one.key in known}
        if here and self._text and not here & {row.value for row in self.table.rows}:
            # It has another name now, by which nobody looked for it.
            self.query_one("#search", Input).value = ""
            self.searched("")
            self.select(next(iter(here)))

    # Acting

    def opened(self, key: str) -> None:
        row = self.row
        if row is not None and row.editable:
            self.edit_row()
        elif row is not None:
            self.say(f"You can look at {row.doc['name']} and not change it. {row.why_not}", of=row.key)

    def edit_row(self) -> Awaitable[None] | None:
        """The form of the selected row."""
        row, office = self.row, self.office
        return self.over(self.form_of(row, office), self._said) if row is not None and office is not None else None

    def remove_row(self) -> Awaitable[None] | None:
        """Asks whether the selected row is to go, saying who loses what."""
        from wallboard_tui.tui.screens.admin.removing import Remove

        row, office = self.row, self.office
        if row is None or office is None or self.kind_of is None:
            return None
        return self.over(Remove(office, self.kind_of, row.key, str(row.doc["name"]), row.revision), self._said)

    def _said(self, saved: Saved | None) -> None:
        """What came of a form."""
        if saved is not None and saved.applied:
            self.say(saved_words(saved), wrong=False)
