"""Room ``tui``, screens: *view as*: choosing through whose eyes to look at the board."""

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from wallboard_tui.model.administration import PersonRow
from wallboard_tui.tui.drawing.text import clean
from wallboard_tui.tui.screens.base import Dialog
from wallboard_tui.tui.terminal import TerminalError
from wallboard_tui.tui.widgets.bindings import bindings_of

HINT = "Their board, cut to what you may see yourself. Read-only, and in the audit trail."


class Eyes(Dialog[str]):
    """People to choose from, fewer with every letter typed; gives the key of one."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("dialog", only="eyes.")

    families = ("eyes", "dialog")

    def __init__(self) -> None:
        super().__init__()
        self._people: list[PersonRow] = []

    def compose_card(self) -> ComposeResult:
        with Vertical(id="picker", classes="card"):
            yield Static("View as", classes="heading")
            yield Static(HINT, classes="hint")
            yield Input(placeholder="name or role", id="wanted")
            yield OptionList(markup=False)
            yield Static("", id="picked", classes="error -calm", markup=False)

    def on_mount(self) -> None:
        self.run_worker(self._ask(), exclusive=True, exit_on_error=False)

    async def _ask(self) -> None:
        """A worker: asks who there is."""
        try:
            found = await self.wallboard.terminal.administer(lambda admin: admin.people())
        except TerminalError as error:
            self.query_one("#picked", Static).update(str(error))
            return
        own = self.wallboard.me.person if self.wallboard.me is not None else ""
        self._people = sorted((one for one in found if one.key != own), key=lambda one: str(one.doc["name"]).casefold())
        self._show("")

    def _show(self, wanted: str) -> None:
        words = wanted.casefold().split()
        found = [
            one for one in self._people if all(word in f"{_name(one)} {one.role_name}".casefold() for word in words)
        ]
        options = self.query_one(OptionList)
        options.clear_options()
        options.add_options(Option(f"{clean(_name(one))}  ({clean(one.role_name)})", id=one.key) for one in found)
        options.highlighted = 0 if found else None
        said = "" if found else "Nobody is called that." if self._people else "There is nobody else."
        self.query_one("#picked", Static).update(said)

    @on(Input.Changed, "#wanted")
    def _typed(self, event: Input.Changed) -> None:
        self._show(event.value)

    @on(Input.Submitted, "#wanted")
    def action_eyes_view(self) -> None:
        self.query_one(OptionList).action_select()

    @on(OptionList.OptionSelected)
    def _chosen(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(event.option_id)

    def action_eyes_down(self) -> None:
        self.query_one(OptionList).action_cursor_down()

    def action_eyes_up(self) -> None:
        self.query_one(OptionList).action_cursor_up()


def _name(one: PersonRow) -> str:
    return str(one.doc["name"])


def _known_as(one: PersonRow) -> str:
    return f"{_name(one)} {one.role_name}".casefold()
